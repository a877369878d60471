//! Runs statements at once, on the thread that polls.
//!
//! A statement of ours is a few index look-ups in the page cache: a hop to a blocking thread costs more than
//! the statement. What waits for the disk, the commit that syncs, has a thread of its own (see `writer`). It also makes
//! a statement's future finish in a single poll: one that is dropped has run to its end or not at all.

use super::Conn;
use diesel::connection::LoadConnection;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{LimitDsl, LoadQuery};
use diesel::sqlite::Sqlite;
use diesel::{Connection, QueryResult, sql_types};
use std::future::{Ready, ready};

diesel::define_sql_function! {
    /// How many rows the last statement that changes something changed (SQLite, "Built-In Scalar SQL Functions").
    fn changes() -> Integer;
}

/// What the queries call, as diesel-async has it for PostgreSQL: each answers at once, and borrows what it binds and reads.
pub(crate) trait RunQueryDsl: Sized {
    /// Says how many rows it concerned.
    fn execute(self, conn: &mut Conn) -> Ready<QueryResult<usize>>
    where
        Self: QueryFragment<Sqlite> + QueryId,
    {
        ready(change(conn, Change(self)).and_then(|()| changed(conn)))
    }

    /// Every row.
    fn load<'query, U>(self, conn: &mut Conn) -> Ready<QueryResult<Vec<U>>>
    where
        Self: LoadQuery<'query, Conn, U>,
    {
        ready(self.internal_load(conn).and_then(Iterator::collect))
    }

    /// The one row.
    fn get_result<'query, U>(self, conn: &mut Conn) -> Ready<QueryResult<U>>
    where
        Self: LoadQuery<'query, Conn, U>,
    {
        ready(self.internal_load(conn).and_then(|mut rows| rows.next().unwrap_or(Err(diesel::NotFound))))
    }

    /// The first row of several.
    fn first<'query, U>(self, conn: &mut Conn) -> Ready<QueryResult<U>>
    where
        Self: LimitDsl,
        diesel::helper_types::Limit<Self>: LoadQuery<'query, Conn, U>,
    {
        RunQueryDsl::get_result(LimitDsl::limit(self, 1), conn)
    }
}

impl<T> RunQueryDsl for T {}

/// Runs a statement of which nobody asks how many rows it concerned: on SQLite that is a statement more.
pub(crate) trait Run: Sized {
    /// Runs it.
    fn run(self, conn: &mut Conn) -> Ready<QueryResult<()>>
    where
        Self: QueryFragment<Sqlite> + QueryId,
    {
        ready(change(conn, Change(self)))
    }
}

impl<T> Run for T {}

/// How many rows the last statement concerned.
fn changed(conn: &mut Conn) -> QueryResult<usize> {
    let rows: i32 = diesel::RunQueryDsl::get_result(diesel::select(changes()), conn)?;
    Ok(usize::try_from(rows).unwrap_or(0))
}

/// Runs a statement that changes something.
fn change<Q: QueryFragment<Sqlite> + QueryId>(conn: &mut Conn, statement: Change<Q>) -> QueryResult<()> {
    // It has no rows: to ask for the first is to run it.
    if let Some(Err(error)) = LoadConnection::load(conn, statement)?.next() {
        return Err(error);
    }
    Ok(())
}

/// A statement without rows, as one that is loaded. Diesel's own `execute` looks at a statement by a reference, which hides from it
/// that one is kept ([`Kept`](crate::kept::Kept)): it would be prepared anew each time.
struct Change<Q>(Q);

impl<Q: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Change<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, backend: &Sqlite) -> QueryResult<bool> {
        self.0.is_safe_to_cache_prepared(backend)
    }
}

impl<Q: QueryId> QueryId for Change<Q> {
    type QueryId = Q::QueryId;

    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q> Query for Change<Q> {
    type SqlType = sql_types::Integer;
}

/// A statement of ours that has one text and binds nothing.
pub(super) struct Say(pub(super) &'static str);

impl QueryFragment<Sqlite> for Say {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}

impl QueryId for Say {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Say {
    pub(super) fn to(self, conn: &mut Conn) -> QueryResult<()> {
        conn.execute_returning_count(&self).map(drop)
    }
}
