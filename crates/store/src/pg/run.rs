//! Runs statements that only change something.

use super::{Conn, RunQueryDsl};
use diesel::QueryResult;
use diesel_async::methods::ExecuteDsl;

/// Runs a statement of which nobody asks how many rows it concerned.
pub(crate) trait Run: Sized {
    /// Runs it.
    async fn run<'conn, 'query>(self, conn: &'conn mut Conn) -> QueryResult<()>
    where
        Self: RunQueryDsl<Conn> + ExecuteDsl<Conn> + 'query,
    {
        self.execute(conn).await.map(drop)
    }
}

impl<T> Run for T {}
