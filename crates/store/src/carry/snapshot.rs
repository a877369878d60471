//! Reading a database as it is at one moment, while others write.

use super::Told;
use super::layout::Table;
use super::sql::Dialect;
use crate::fault::fault;
use crate::{pg, sqlite};
use base::Fault;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel_async::SimpleAsyncConnection;

/// One moment of a database.
pub struct Snapshot(Moment);

enum Moment {
    Pg(Box<pg::Conn>),
    Sqlite(Box<sqlite::Conn>),
}

/// Reads that see one moment, and nothing of a statement's time limit.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL timezone = 'UTC'";

/// Rows, each with its columns as text.
macro_rules! rows {
    ($database:ident: $conn:expr, $statement:expr, $after:expr) => {{
        use $database::RunQueryDsl as _;
        let query = diesel::sql_query($statement);
        match $after {
            Some(row) => query.bind::<Text, _>(row).load::<Told>($conn).await,
            None => query.load::<Told>($conn).await,
        }
    }};
}

impl Snapshot {
    pub(crate) async fn postgres(pool: &pg::Pool) -> Result<Self, Fault> {
        let mut conn = pool.apart().await?;
        conn.batch_execute(BEGIN).await.map_err(|error| fault("begin to read the whole database", error))?;
        Ok(Self(Moment::Pg(Box::new(conn))))
    }

    pub(crate) fn sqlite(db: &sqlite::Db) -> Result<Self, Fault> {
        let mut conn = db.file().reader()?;
        conn.batch_execute("BEGIN").map_err(|error| fault("begin to read the whole database", error))?;
        Ok(Self(Moment::Sqlite(Box::new(conn))))
    }

    /// At most `limit` rows of a table in the order of its key: the first, or those behind `after`, the last row that was
    /// read. The table's names were checked ([`super::Layout::check`]).
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn rows(&mut self, table: &Table, after: Option<&str>, limit: usize) -> Result<Vec<String>, Fault> {
        let found = match &mut self.0 {
            Moment::Pg(conn) => rows!(pg: &mut **conn, Dialect::Pg.read(table, after.is_some(), limit), after),
            Moment::Sqlite(conn) => {
                rows!(sqlite: &mut **conn, Dialect::Sqlite.read(table, after.is_some(), limit), after)
            }
        };
        let found = found.map_err(|error| fault("read the whole database", error))?;
        Ok(found.into_iter().map(|row| row.told).collect())
    }
}
