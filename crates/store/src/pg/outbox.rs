//! How an event comes into the outbox and out of it.

use super::queries::events::rank;
use super::{Conn, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{EventRow, all};
use crate::schema::events;
use base::Id;
use diesel::dsl::{AsSelect, SqlTypeOf};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::sql_types::Integer;
use identity::EventRecord;

pub(crate) async fn emit(conn: &mut Conn, tenant: Id, record: &EventRecord) -> QueryResult<()> {
    let event = diesel::insert_into(events::table).values(EventRow::of(tenant, record)).returning(events::seq);
    Waiting { event, rank: rank(record) }.kept().execute(conn).await.map(drop)
}

/// An event that is written, and waits from then on: one way to the database and back for both.
struct Waiting<Q> {
    event: Q,
    rank: i32,
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Waiting<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("WITH event AS (");
        self.event.walk_ast(pass.reborrow())?;
        pass.push_sql(") INSERT INTO events_to_relay (seq, rank) SELECT seq, ");
        pass.push_bind_param::<Integer, _>(&self.rank)?;
        pass.push_sql(" FROM event");
        Ok(())
    }
}

pub(crate) async fn take(conn: &mut Conn, limit: i64) -> QueryResult<Vec<EventRecord>> {
    let rows: Vec<EventRow> = Taking { limit, columns: EventRow::as_select() }.kept().load(conn).await?;
    Ok(all(rows))
}

/// The next events, which wait no longer. By row lock, never by "later than the last": sequence numbers become visible out of order.
struct Taking {
    limit: i64,
    columns: AsSelect<EventRow, Pg>,
}

impl QueryFragment<Pg> for Taking {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("WITH next AS (SELECT seq FROM events_to_relay ORDER BY rank, seq LIMIT ");
        // Said in the text: what is bound has a plan made for it each time, which costs more than the rows.
        pass.push_sql(&self.limit.to_string());
        pass.push_sql(
            " FOR UPDATE SKIP LOCKED), taken AS (DELETE FROM events_to_relay AS waiting USING next WHERE waiting.seq = next.seq \
            RETURNING waiting.rank, waiting.seq) SELECT ",
        );
        self.columns.walk_ast(pass.reborrow())?;
        pass.push_sql(" FROM taken JOIN events ON events.seq = taken.seq ORDER BY taken.rank, taken.seq");
        Ok(())
    }
}

impl Query for Taking {
    type SqlType = SqlTypeOf<AsSelect<EventRow, Pg>>;
}
