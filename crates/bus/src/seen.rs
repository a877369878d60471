//! What can come once and came before: a look that spares the database.

use crate::connection::Connection;
use crate::link::Link;
use base::SecretHash;

/// Whether it is known to have come. It is remembered after the database has taken it down, and never before: so a "yes" here is
/// what the database would say, however often a question is sent, and an answer that got lost has changed nothing.
pub(crate) async fn has_seen(link: &Link, what: &SecretHash) -> bool {
    let name = link.names.seen(what);
    let look = |mut connection: Connection| async move {
        redis::cmd("EXISTS").arg(name).query_async::<u64>(&mut connection).await
    };
    link.ask("seen", look).await.is_some_and(|there| there > 0)
}
