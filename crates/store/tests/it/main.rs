//! The same stories on SQLite and on PostgreSQL.
//!
//! PostgreSQL is the server of `WATCHBELL_TEST_POSTGRES_URL`, on which databases may be created, or else a
//! private one that is started from the installed binaries and goes with this process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that meets trouble says so and stops"
)]

mod carry;
mod cluster;
mod place;
mod plans;
mod samples;

mod counters;
mod deliveries;
mod isolation;
mod migrations;
mod once;
mod postgres;
mod preferences;
mod purge;
mod recoveries;
mod round_trip;
mod sqlite;
mod subscriptions;
mod transactions;

/// Makes a test of each story on each database.
macro_rules! stories {
    ($($name:ident),* $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let at = crate::place::Place::sqlite().await;
                super::$name(&at).await;
                at.leave().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(at) = crate::place::Place::postgres().await else { return };
                super::$name(&at).await;
                at.leave().await;
            }
        }
    )* };
}
pub(crate) use stories;
