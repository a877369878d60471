//! Writing rows into a database that nobody uses yet.

use super::layout::Table;
use super::sql::Dialect;
use crate::fault::fault;
use crate::{pg, sqlite};
use base::Fault;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};

/// A connection that loads rows.
pub struct Loader(Target);

enum Target {
    Pg(Box<pg::Conn>),
    Sqlite(Box<sqlite::Conn>),
}

/// Numbers go on where the loaded ones end.
const CONTINUE: &str =
    "SELECT setval(pg_get_serial_sequence('events', 'seq'), coalesce((SELECT max(seq) FROM events), 0) + 1, false)";

impl Loader {
    pub(crate) async fn postgres(pool: &pg::Pool) -> Result<Self, Fault> {
        Ok(Self(Target::Pg(Box::new(pool.apart().await?))))
    }

    pub(crate) fn sqlite(db: &sqlite::Db) -> Result<Self, Fault> {
        Ok(Self(Target::Sqlite(Box::new(db.file().apart()?))))
    }

    /// Adds rows of a table, all or none; those that are there stay as they are. Says how many were new. The table's names
    /// were checked ([`super::Layout::check`]).
    ///
    /// # Errors
    /// [`Fault`] of the database, also for rows that are none of this table's.
    #[allow(
        clippy::disallowed_methods,
        reason = "the connection is the loader's own: no next user can inherit a transaction"
    )]
    pub async fn load(&mut self, table: &Table, rows: &[String]) -> Result<usize, Fault> {
        let rows = format!("[{}]", rows.join(","));
        let done = match &mut self.0 {
            // In a transaction, as a pooler may stand in between (`pg::Pool::look`).
            Target::Pg(conn) => {
                let write = diesel::sql_query(Dialect::Pg.write(table)).bind::<Text, _>(rows);
                conn.transaction(async |conn| write.execute(conn).await).await
            }
            Target::Sqlite(conn) => diesel::RunQueryDsl::execute(
                diesel::sql_query(Dialect::Sqlite.write(table)).bind::<Text, _>(rows),
                &mut **conn,
            ),
        };
        done.map_err(|error| fault("load rows", error))
    }

    /// Has what counts by itself go on behind the loaded rows.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn go_on(&mut self) -> Result<(), Fault> {
        match &mut self.0 {
            Target::Pg(conn) => conn.batch_execute(CONTINUE).await.map_err(|error| fault("go on counting", error)),
            // It takes the number behind the highest by itself.
            Target::Sqlite(_) => Ok(()),
        }
    }
}
