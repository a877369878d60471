//! What the database says of itself: for `watchbell doctor` alone.

use super::{Conn, RunQueryDsl};
use crate::fault::{is_away, is_in_the_way};
use crate::types::{At, sql};
use base::Timestamp;
use diesel::dsl::sql as literal;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::Text;

diesel::table! {
    /// Where the steps that were taken are written down.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// What an expression says, such as the version of the database's program.
pub(crate) async fn word(conn: &mut Conn, expression: &'static str) -> QueryResult<String> {
    diesel::select(literal::<Text>(expression)).get_result(conn).await
}

/// The database's clock: to compare it with ours, and for nothing else.
pub(crate) async fn clock(conn: &mut Conn) -> QueryResult<Timestamp> {
    let At(now) = diesel::select(literal::<sql::Moment>("clock_timestamp()")).get_result(conn).await?;
    Ok(now)
}

/// The steps that were taken. None in a database without tables.
pub(crate) async fn steps(conn: &mut Conn) -> QueryResult<Vec<String>> {
    use __diesel_schema_migrations::dsl as taken;
    match taken::__diesel_schema_migrations.select(taken::version).order(taken::version).load(conn).await {
        Err(Error::DatabaseError(..)) => Ok(Vec::new()),
        found => found,
    }
}

/// Whether a table has all of these columns.
pub(crate) async fn has(conn: &mut Conn, table: &str, columns: &[String]) -> QueryResult<bool> {
    // With the table's name: SQLite takes a quoted name that is no column's for a text.
    let columns: Vec<_> = columns.iter().map(|column| format!("\"{table}\".\"{column}\"")).collect();
    let look = format!("SELECT {} FROM \"{table}\" LIMIT 0", columns.join(", "));
    match diesel::sql_query(look).execute(conn).await {
        Err(error @ Error::DatabaseError(..)) if !is_away(&error) && !is_in_the_way(&error) => Ok(false),
        looked => looked.map(|_| true),
    }
}
