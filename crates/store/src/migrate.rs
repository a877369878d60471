//! Migrations: the same names for both databases, embedded, recorded in the database, each in a transaction.

use crate::{pg, sqlite};
use base::Fault;
use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Two servers that start at once must not both migrate: whoever comes second waits, and finds it done.
const LOCK: &str = "SELECT pg_advisory_lock(8245927)";

/// Which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the newest layout.
    Up,
    /// To the layout of one version, unless it is a newer one already.
    UpTo(String),
    /// Back to an empty database.
    Down,
}

/// The version of the newest layout.
pub(crate) fn newest() -> String {
    known().into_iter().max().unwrap_or_default()
}

/// The versions of all steps.
pub(crate) fn known() -> Vec<String> {
    let known = MigrationSource::<Sqlite>::migrations(&SQLITE).unwrap_or_default();
    known.iter().map(|step| step.name().version().to_string()).collect()
}

/// Runs the steps that lead to a version.
fn up_to<DB: Backend>(conn: &mut impl MigrationHarness<DB>, all: EmbeddedMigrations, version: &str) -> Done
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let mut steps = conn.pending_migrations(all)?;
    steps.retain(|step| *step.name().version().to_string() <= *version);
    conn.run_migrations(&steps).map(|ran| ran.len())
}

type Done = Result<usize, Box<dyn Error + Send + Sync>>;

/// Migrates a SQLite file; says how many steps it took.
pub(crate) async fn sqlite(db: &sqlite::Db, way: Way) -> Result<usize, Fault> {
    let mut conn = db.file().apart()?;
    let turn = db.file().turn_to_migrate()?;
    let done = tokio::task::spawn_blocking(move || -> Done {
        // Whoever comes second waits here, and finds it done.
        if let Err(error) = turn.lock() {
            return Err(error.into());
        }
        match way {
            Way::Up => conn.run_pending_migrations(SQLITE).map(|ran| ran.len()),
            Way::UpTo(version) => up_to::<Sqlite>(&mut conn, SQLITE, &version),
            Way::Down => MigrationHarness::<Sqlite>::revert_all_migrations(&mut conn, SQLITE).map(|ran| ran.len()),
        }
    });
    let done = done.await.map_err(|error| Fault::new("migrate the database", error))?;
    done.map_err(|error| Fault::new("migrate the database", error))
}

/// Migrates a PostgreSQL database; says how many steps it took.
pub(crate) async fn postgres(pool: &pg::Pool, way: Way) -> Result<usize, Fault> {
    let mut conn = pool.apart().await?;
    conn.batch_execute(LOCK).await.map_err(|error| Fault::new("wait for the migration lock", error))?;
    let done = tokio::task::spawn_blocking(move || -> Done {
        // The lock goes with the connection.
        let mut conn: AsyncConnectionWrapper<AsyncPgConnection> = conn.into();
        match way {
            Way::Up => conn.run_pending_migrations(POSTGRES).map(|ran| ran.len()),
            Way::UpTo(version) => up_to::<Pg>(&mut conn, POSTGRES, &version),
            Way::Down => MigrationHarness::<Pg>::revert_all_migrations(&mut conn, POSTGRES).map(|ran| ran.len()),
        }
    });
    let done = done.await.map_err(|error| Fault::new("migrate the database", error))?;
    done.map_err(|error| Fault::new("migrate the database", error))
}
