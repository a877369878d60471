//! What the database says of itself: for `watchbell doctor` alone.

use super::{Conn, RunQueryDsl};
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
