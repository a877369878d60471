//! The pool, and one transaction's turn with a connection of it.

use super::{Conn, connect};
use crate::durability::Durability;
use crate::fault::{fault, is_away, unreachable_database};
use crate::store::{Pooler, StoreSettings};
use base::Fault;
use diesel::{ConnectionError, QueryResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool as Deadpool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, SimpleAsyncConnection, TransactionManager};
use std::time::Duration;

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// Longer than any statement of ours takes; a forgotten transaction must not hold its locks for ever.
const SETTINGS: &str = "SET statement_timeout = '10s'; \
    SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '30s'; \
    SET timezone = 'UTC'";

/// The same for one transaction: behind a pooler the next one may be on another connection, and another's on this one.
macro_rules! begin_with_settings {
    () => {
        "BEGIN; \
        SET LOCAL statement_timeout = '10s'; \
        SET LOCAL lock_timeout = '5s'; \
        SET LOCAL idle_in_transaction_session_timeout = '30s'; \
        SET LOCAL timezone = 'UTC'"
    };
}
/// For a commit that does not wait for the disk, nor for a standby.
macro_rules! unsynced {
    () => {
        "; SET LOCAL synchronous_commit = off"
    };
}

/// How a transaction begins: all of it in one step.
const fn begin(pooler: Pooler, durability: Durability) -> &'static str {
    match (pooler, durability) {
        (Pooler::None, Durability::Synced | Durability::Written) => "BEGIN",
        (Pooler::None, Durability::Redone) => concat!("BEGIN", unsynced!()),
        (_, Durability::Synced | Durability::Written) => begin_with_settings!(),
        (_, Durability::Redone) => concat!(begin_with_settings!(), unsynced!()),
    }
}

/// Connections to one PostgreSQL database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pool {
    url: String,
    pooler: Pooler,
    connections: Deadpool<Conn>,
    wait: Duration,
}

impl Pool {
    /// A pool that connects when it is first asked.
    pub(crate) fn new(url: &str, settings: &StoreSettings) -> Result<Self, Fault> {
        let (pooler, wait) = (settings.pooler, settings.wait);
        let mut config = ManagerConfig::<Conn>::default();
        // A query before each use would double the round trips: a broken connection shows soon enough.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| {
            Box::pin(async move {
                let mut conn = connect::connect(url, pooler).await?;
                if pooler == Pooler::None {
                    conn.batch_execute(SETTINGS).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
                }
                Ok(conn)
            })
        });
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let connections = Deadpool::builder(manager)
            .max_size(settings.max_connections.max(1))
            .build()
            .map_err(|error| Fault::new("make the database pool", error))?;
        Ok(Self { url: url.to_owned(), pooler, connections, wait })
    }

    /// A connection, within the time that a request may wait for one.
    async fn get(&self) -> Result<Turn, Fault> {
        match tokio::time::timeout(self.wait, self.connections.get()).await {
            Ok(Ok(conn)) => Ok(Turn { conn: Some(conn), begun: false }),
            Ok(Err(error)) => Err(unreachable_database(error)),
            Err(_) => Err(Fault::busy("every database connection is in use, or the database does not answer")),
        }
    }

    /// A connection outside the pool and without its time limits, for migrations.
    pub(crate) async fn apart(&self) -> Result<Conn, Fault> {
        connect::connect(&self.url, self.pooler).await.map_err(unreachable_database)
    }

    /// Begins a transaction. The server may have closed a connection while it lay idle: nothing was begun on it, so that another
    /// one can be taken.
    pub(crate) async fn begin(&self, durability: Durability) -> Result<Turn, Fault> {
        let mut turn = self.get().await?;
        match self.begin_on(&mut turn, durability).await? {
            Ok(()) => Ok(turn),
            Err(error) if is_away(&error) => {
                turn.give_up();
                let mut turn = self.get().await?;
                self.begin_on(&mut turn, durability).await?.map_err(|error| fault("begin a transaction", error))?;
                Ok(turn)
            }
            Err(error) => Err(fault("begin a transaction", error)),
        }
    }

    async fn begin_on(&self, turn: &mut Turn, durability: Durability) -> Result<QueryResult<()>, Fault> {
        // The guard first, BEGIN second: cancelled in between, the connection is closed all the same.
        turn.begun = true;
        let begin = begin(self.pooler, durability);
        Ok(Manager::begin_transaction_sql(&mut **turn.conn()?, begin).await)
    }

    /// A connection for one look. Behind a pooler that is a transaction too: a statement is prepared and run in two steps, which
    /// have to meet the same connection of the database.
    pub(crate) async fn look(&self) -> Result<Turn, Fault> {
        match self.pooler {
            Pooler::None => self.get().await,
            Pooler::Transaction | Pooler::TransactionPrepared => self.begin(Durability::Synced).await,
        }
    }

    /// Whether a connection is the database's own: a statement without a transaction around it is one by itself there.
    pub(crate) fn is_direct(&self) -> bool {
        self.pooler == Pooler::None
    }

    /// How many connections there are, by what they do, and how many callers wait for one.
    pub(crate) fn connections(&self) -> Vec<(&'static str, u64)> {
        let status = self.connections.status();
        let number = |n: usize| u64::try_from(n).unwrap_or_default();
        let used = status.size.saturating_sub(status.available);
        vec![("idle", number(status.available)), ("used", number(used)), ("waited_for", number(status.waiting))]
    }

    /// Hands out no more connections.
    pub(crate) fn close(&self) {
        self.connections.close();
    }
}

/// How long a rollback may take before its connection is given up.
const ROLLBACK: Duration = Duration::from_secs(2);

/// One transaction, or one look. Dropped without [`Turn::commit`] it is rolled back before its connection goes back to the
/// pool; a connection that does not answer to that is closed. A future that was cancelled half-way leaves nothing
/// that the next user could inherit, and a refusal costs no reconnect.
pub(crate) struct Turn {
    conn: Option<Object<Conn>>,
    /// Whether there is a transaction to end.
    begun: bool,
}

impl Turn {
    /// The connection.
    pub(crate) fn conn(&mut self) -> Result<&mut Object<Conn>, Fault> {
        self.conn.as_mut().ok_or(Fault::broken("the transaction is over"))
    }

    /// Closes the connection.
    pub(crate) fn give_up(&mut self) {
        if let Some(conn) = self.conn.take() {
            drop(Object::take(conn));
        }
    }

    /// Commits, and gives the connection back.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        Manager::commit_transaction(&mut **self.conn()?).await.map_err(|error| fault("commit", error))?;
        self.conn = None;
        Ok(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take().filter(|_| self.begun) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(conn));
            return;
        };
        runtime.spawn(async move {
            let back = tokio::time::timeout(ROLLBACK, Manager::rollback_transaction(&mut *conn)).await;
            if !matches!(back, Ok(Ok(()))) {
                drop(Object::take(conn));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_relay_does_again_does_not_wait_for_the_disk_and_says_so_for_its_transaction_alone() {
        for pooler in [Pooler::None, Pooler::Transaction, Pooler::TransactionPrepared] {
            for durability in [Durability::Synced, Durability::Written] {
                assert!(!begin(pooler, durability).contains("synchronous_commit"));
            }
            assert!(begin(pooler, Durability::Redone).ends_with("; SET LOCAL synchronous_commit = off"));
        }
    }
}
