//! Runs statements at once, on the thread that polls.
//!
//! A statement of ours is a few index look-ups in the page cache: a hop to a blocking thread costs more than
//! the statement. What waits for the disk, the commit, has a thread of its own (see `writer`). It also makes
//! a statement's future finish in a single poll: one that is dropped has run to its end or not at all.

use super::Conn;
use diesel::QueryResult;
use diesel::query_dsl::methods::{ExecuteDsl, LimitDsl, LoadQuery};
use std::future::{Ready, ready};

/// What the queries call, as diesel-async has it for PostgreSQL: each answers at once, and borrows what it binds and reads.
pub(crate) trait RunQueryDsl: Sized {
    /// Says how many rows it concerned.
    fn execute(self, conn: &mut Conn) -> Ready<QueryResult<usize>>
    where
        Self: ExecuteDsl<Conn>,
    {
        ready(ExecuteDsl::execute(self, conn))
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
