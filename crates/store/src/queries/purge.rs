//! Clearing away what is over, a bounded bite at a time.

use super::{Conn, Run, RunQueryDsl};
use crate::rows::{DEAD, DROPPED, SENT};
use crate::schema::{
    changes, clients, consents, counters, deliveries, events, events_to_relay, flows, grants, initial_tokens, polls,
    recoveries, revoked_tokens, sessions, single_uses,
};
use crate::types::{At, Hash, Uid, Word};
use base::{Id, Timestamp, WRONG_BY};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use identity::Purpose;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
const QUARTER: Duration = Duration::from_secs(90 * 24 * 3600);
const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

/// Deletes at most `$limit` rows of a tenant that match, found by the column that is unique within it.
macro_rules! bite {
    ($conn:ident, $tenant:ident, $limit:ident, $key:ty: $table:ident . $column:ident where $over:expr) => {{
        let mine = $table::tenant_id.eq(Uid($tenant));
        let query = $table::table.filter(mine).filter($over).limit($limit).select($table::$column);
        let keys: Vec<$key> = query.load($conn).await?;
        if keys.is_empty() {
            0
        } else {
            let over = $table::table.filter(mine).filter($table::$column.eq_any(keys)).filter($over);
            diesel::delete(over).execute($conn).await?
        }
    }};
}

/// Clears one bite of every table; says how many rows went. What is expired stays for a day or longer, so
/// that a late second use is still seen for what it is.
pub(crate) async fn bite(conn: &mut Conn, tenant: Id, limit: i64, now: Timestamp) -> QueryResult<usize> {
    let (day, week, month) = (At(now.minus(DAY)), At(now.minus(WEEK)), At(now.minus(MONTH)));
    let mut gone = bite!(conn, tenant, limit, Uid: flows.id where flows::expires_at.lt(day));
    gone += bite!(conn, tenant, limit, Uid: changes.id where changes::keep_until.lt(At(now)));
    gone += bite!(conn, tenant, limit, Uid: polls.id where polls::expires_at.lt(day));
    gone += bite!(conn, tenant, limit, Hash: single_uses.hash where single_uses::expires_at.lt(day));
    // A proof that is too old is refused for its age: to know it any longer tells nothing, and there is one a request. But a clock
    // that jumps ahead is set back again, and then the proof is not too old.
    let of = |purpose| single_uses::purpose.eq(Word(purpose));
    let proof = || of(Purpose::DpopProof).or(of(Purpose::ClientAssertion));
    let stale = single_uses::expires_at.lt(At(now.minus(WRONG_BY)));
    gone += bite!(conn, tenant, limit, Hash: single_uses.hash where proof().and(stale));
    gone += bite!(conn, tenant, limit, String: revoked_tokens.jti where revoked_tokens::expires_at.lt(day));
    gone += bite!(conn, tenant, limit, Uid: grants.id where grants::expires_at.lt(month));
    gone += bite!(conn, tenant, limit, Uid: sessions.id where sessions::expires_at.lt(month));
    // What strangers' documents said, unless somebody uses the app: it can be read again.
    let allowed = || consents::table.filter(consents::tenant_id.eq(Uid(tenant))).select(consents::client_id);
    let granted = || grants::table.filter(grants::tenant_id.eq(Uid(tenant))).select(grants::client_id);
    let unread = || clients::registered.eq("document").and(clients::read_at.lt(week));
    let unused = || clients::id.ne_all(allowed()).and(clients::id.ne_all(granted()));
    gone += bite!(conn, tenant, limit, Uid: clients.id where unread().and(unused()));
    let quarter = At(now.minus(QUARTER));
    gone += bite!(conn, tenant, limit, Uid: initial_tokens.id where initial_tokens::expires_at.lt(quarter));
    let idle = counters::updated_at.is_null().or(counters::updated_at.lt(week));
    let open = counters::locked_until.is_null().or(counters::locked_until.lt(At(now)));
    // Failures in a row are counted over a lifetime (NIST SP 800-63B-4 §3.2.2): a week's pause forgets none.
    let clean = counters::consecutive.eq(0).or(counters::updated_at.lt(At(now.minus(YEAR))));
    gone += bite!(conn, tenant, limit, Hash: counters.key where idle.and(open).and(clean));
    // What strangers asked for, with the addresses that they typed, is not kept; what the operator is told of is, for a while:
    // attacks, and what apps do by themselves.
    let told = || events::kind.like("attack.%").or(events::kind.like("client.%"));
    let waits = || exists(events_to_relay::table.filter(events_to_relay::seq.eq(events::seq)));
    let of_nobody = |until| {
        let mine = events::table.filter(events::tenant_id.eq(Uid(tenant))).filter(events::account_id.is_null());
        mine.filter(events::at.lt(until)).filter(not(waits())).limit(limit).select(events::id)
    };
    for past in
        [of_nobody(day).filter(not(told())).load(conn).await?, of_nobody(quarter).filter(told()).load(conn).await?]
    {
        gone += forget(conn, tenant, past).await?;
    }
    let made = deliveries::state.eq(SENT).or(deliveries::state.eq(DROPPED)).and(deliveries::finished_at.lt(month));
    let dead = deliveries::state.eq(DEAD).and(deliveries::finished_at.lt(At(now.minus(QUARTER))));
    // Long after the last of them counts against another.
    gone += bite!(conn, tenant, limit, Uid: recoveries.id where recoveries::expires_at.lt(quarter));
    gone += bite!(conn, tenant, limit, Uid: deliveries.id where dead);
    gone += bite!(conn, tenant, limit, Uid: deliveries.id where made);
    Ok(gone)
}

/// Deletes events that wait no longer, with what was made of them; says how many events.
async fn forget(conn: &mut Conn, tenant: Id, ids: Vec<Uid>) -> QueryResult<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let made = deliveries::table.filter(deliveries::tenant_id.eq(Uid(tenant)));
    diesel::delete(made.filter(deliveries::event_id.eq_any(&ids))).run(conn).await?;
    let these = events::table.filter(events::tenant_id.eq(Uid(tenant))).filter(events::id.eq_any(&ids));
    diesel::delete(these).execute(conn).await
}
