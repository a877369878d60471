//! Migrations: the same names for both databases, embedded, recorded in the database, each in a transaction.

use crate::fault::tells_of_others;
use crate::{pg, sqlite};
use base::Fault;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;
use std::time::Duration;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Two servers that start at once must not both migrate: whoever comes second waits, and finds it done. It goes with the transaction of
/// one step: a lock that goes with the connection would be left behind in a pooler.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8245927)";

/// How long a step waits for a table. Whoever comes after it waits behind it: servers of the version before go on meanwhile.
const BRIEFLY: &str = "SET LOCAL lock_timeout = '300ms'";
/// How often a step is tried when others are in its way, as a backup that reads every table is until it ends.
const TRIES: u32 = 240;
/// How long they have to themselves in between.
const PAUSE: Duration = Duration::from_millis(700);

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
fn up_to(conn: &mut impl MigrationHarness<Sqlite>, version: &str) -> Done {
    let mut steps = conn.pending_migrations(SQLITE)?;
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
            Way::Up => {
                let steps = conn.run_pending_migrations(SQLITE)?.len();
                sqlite::counts::plant(&mut conn)?;
                Ok(steps)
            }
            Way::UpTo(version) => up_to(&mut conn, &version),
            Way::Down => {
                let steps = MigrationHarness::<Sqlite>::revert_all_migrations(&mut conn, SQLITE)?.len();
                sqlite::counts::uproot(&mut conn)?;
                Ok(steps)
            }
        }
    });
    let done = done.await.map_err(|error| Fault::new("migrate the database", error))?;
    done.map_err(|error| Fault::new("migrate the database", error))
}

/// Migrates a PostgreSQL database; says how many steps it took.
pub(crate) async fn postgres(pool: &pg::Pool, way: Way) -> Result<usize, Fault> {
    let conn = pool.apart().await?;
    let done = tokio::task::spawn_blocking(move || -> Done {
        let mut conn: AsyncConnectionWrapper<AsyncPgConnection> = conn.into();
        let (mut steps, mut tries): (usize, u32) = (0, 0);
        loop {
            match conn.transaction(|conn| postgres_step(conn, &way)) {
                Ok(true) => (steps, tries) = (steps.saturating_add(1), 0),
                Ok(false) => return Ok(steps),
                Err(error) if tries < TRIES && tells_of_others(&error.to_string()) => {
                    if tries == 0 {
                        tracing::warn!(%error, "a migration waits until a table is free");
                    }
                    tries = tries.saturating_add(1);
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    });
    let done = done.await.map_err(|error| Fault::new("migrate the database", error))?;
    done.map_err(|error| Fault::new("migrate the database", error))
}

/// Takes the next step, within a transaction; says whether there was one.
fn postgres_step(
    conn: &mut AsyncConnectionWrapper<AsyncPgConnection>,
    way: &Way,
) -> Result<bool, Box<dyn Error + Send + Sync>> {
    conn.batch_execute(LOCK)?;
    if *way == Way::Down {
        let there = MigrationHarness::<Pg>::applied_migrations(conn)?;
        if !there.is_empty() {
            conn.revert_last_migration(POSTGRES)?;
        }
        return Ok(!there.is_empty());
    }
    let next = MigrationHarness::<Pg>::pending_migrations(conn, POSTGRES)?.into_iter().next();
    let next = next.filter(|step| match way {
        Way::UpTo(version) => *step.name().version().to_string() <= **version,
        Way::Up | Way::Down => true,
    });
    let Some(step) = next else { return Ok(false) };
    conn.batch_execute(BRIEFLY)?;
    conn.run_migration(&step)?;
    Ok(true)
}
