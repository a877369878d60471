//! How an event comes into the outbox and out of it.

use super::queries::events::rank;
use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{EventRow, all};
use crate::schema::{deliveries, events, events_to_relay as waiting};
use crate::types::Uid;
use base::Id;
use diesel::dsl::{AsSelect, SqlTypeOf};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer};
use identity::EventRecord;

pub(crate) async fn emit(conn: &mut Conn, tenant: Id, record: &EventRecord) -> QueryResult<()> {
    let event = diesel::insert_into(events::table).values(EventRow::of(tenant, record)).returning(events::seq);
    Waiting { event, rank: rank(record) }.kept().run(conn).await
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
    let rows: Vec<EventRow> = Taking { limit, columns: EventRow::as_select() }.load(conn).await?;
    Ok(all(rows))
}

/// The next events, which wait no longer. By row lock, never by "later than the last": sequence numbers become visible out of order.
struct Taking {
    limit: i64,
    columns: AsSelect<EventRow, Pg>,
}

impl QueryFragment<Pg> for Taking {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // Planned each time, by how much waits then: a plan that is made when nothing does goes through all that waits a minute later.
        pass.unsafe_to_cache_prepared();
        pass.push_sql("WITH next AS (SELECT seq FROM events_to_relay ORDER BY rank, seq LIMIT ");
        pass.push_bind_param::<BigInt, _>(&self.limit)?;
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

impl QueryId for Taking {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::RunQueryDsl<Conn> for Taking {}

/// Deletes everything that happened to an account, and what was made of it. The events go first, so that what is deleted with them is what
/// was written with them; then what waits, where a relay that is just taking it up is waited for; and last what that has made.
pub(crate) async fn forget(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<()> {
    let log = events::table.filter(events::tenant_id.eq(Uid(tenant))).filter(events::account_id.eq(Uid(account)));
    let gone: Vec<(i64, Uid)> = diesel::delete(log).returning((events::seq, events::id)).load(conn).await?;
    let (seqs, ids): (Vec<i64>, Vec<Uid>) = gone.into_iter().unzip();
    diesel::delete(waiting::table.filter(waiting::seq.eq_any(seqs))).kept().run(conn).await?;
    let made = deliveries::table.filter(deliveries::tenant_id.eq(Uid(tenant))).filter(deliveries::event_id.eq_any(ids));
    diesel::delete(made).kept().run(conn).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a database that was vacuumed while nothing waited, a plan that is kept takes seconds for a hundred of 200,000.
    #[test]
    fn what_is_taken_is_planned_by_how_much_waits() {
        let taking = Taking { limit: 100, columns: EventRow::as_select() };
        assert!(!taking.is_safe_to_cache_prepared(&Pg).unwrap());
    }
}
