//! Statements that are prepared once for a connection, and kept.
//!
//! Diesel prepares every `UPDATE` anew, every `INSERT … ON CONFLICT DO UPDATE`, and on PostgreSQL every `INSERT`: what they say
//! may depend on their values, as a change of `None` leaves a column out. Preparing costs more than the statement: on SQLite a parse
//! and a plan, on PostgreSQL a round trip. What is kept here is found again by its text, so a text that differs is another statement.
//! On SQLite a list of values has a text for each length: those are not kept.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement that is kept.
pub(crate) struct Kept<Q>(Q);

/// Keeps a statement.
pub(crate) trait Keep: Sized {
    /// Prepares it once for each connection, however often it is run there.
    fn kept(self) -> Kept<Self> {
        Kept(self)
    }
}

impl<Q> Keep for Q {}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Kept<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Without an id of its own: it is looked for by its text.
impl<Q> QueryId for Kept<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> diesel::RunQueryDsl<Conn> for Kept<Q> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::sessions;
    use diesel::prelude::*;
    use diesel::sqlite::Sqlite;

    /// Should diesel begin to keep these by itself one day, this module can go.
    #[test]
    fn a_change_is_kept_though_diesel_would_prepare_it_anew() {
        let change = || diesel::update(sessions::table).set(sessions::acr.eq("1"));
        assert!(!change().is_safe_to_cache_prepared(&Sqlite).unwrap());
        assert!(change().kept().is_safe_to_cache_prepared(&Sqlite).unwrap());
    }

    #[test]
    fn nothing_is_looked_up_by_its_key_with_a_plan_of_its_own() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/queries");
        let mut first = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            first.extend(text.matches(".first(conn)").map(|_| name.clone()));
        }
        first.sort();
        assert_eq!(first, ["deliveries.rs", "grants.rs", "recoveries.rs"], "the first of several, both");
    }

    #[test]
    fn what_it_says_is_what_it_said() {
        let change = || diesel::update(sessions::table).set(sessions::acr.eq("1"));
        let text = |query: String| query.split(" -- ").next().unwrap().to_owned();
        let (plain, kept) = (diesel::debug_query::<Sqlite, _>(&change()).to_string(), change().kept());
        assert_eq!(text(plain), text(diesel::debug_query::<Sqlite, _>(&kept).to_string()));
    }
}
