//! PostgreSQL: a pool of connections, and the queries compiled for it.

/// Locks the rows of a query until the end of the transaction.
macro_rules! locked {
    ($query:expr) => {
        $query.for_update()
    };
}
/// Holds a row, of which one column is asked for, until the end of the transaction.
macro_rules! hold {
    ($conn:expr, $query:expr) => {{
        let _: Option<crate::types::Uid> = locked!($query).get_result($conn).await.optional()?;
    }};
}
/// Locks the rows of a query, and passes over those that others hold.
macro_rules! skip_locked {
    ($query:expr) => {
        $query.for_update().skip_locked()
    };
}

pub(crate) mod batches;
mod connect;
pub(crate) mod outbox;
mod pool;
mod run;

#[path = "../queries/mod.rs"]
pub(crate) mod queries;

pub(crate) use pool::{Pool, Turn};

pub(crate) use diesel_async::RunQueryDsl;
pub(crate) use run::Run;

/// A connection.
pub(crate) type Conn = diesel_async::AsyncPgConnection;
