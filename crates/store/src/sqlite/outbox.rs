//! How an event comes into the outbox and out of it.

use super::queries::events::rank;
use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::EventRow;
use crate::schema::{deliveries, events, events_to_relay as waiting};
use crate::types::Uid;
use base::Id;
use diesel::prelude::*;
use identity::EventRecord;

pub(crate) async fn emit(conn: &mut Conn, tenant: Id, record: &EventRecord) -> QueryResult<()> {
    let event = diesel::insert_into(events::table).values(EventRow::of(tenant, record)).returning(events::seq);
    let seq: i64 = event.kept().get_result(conn).await?;
    let row = (waiting::seq.eq(seq), waiting::rank.eq(rank(record)));
    // The number of an event that is gone is given again.
    diesel::replace_into(waiting::table).values(row).kept().run(conn).await
}

/// Nobody else takes at the same time: what comes before the last that was found was found too.
pub(crate) async fn take(conn: &mut Conn, limit: i64) -> QueryResult<Vec<EventRecord>> {
    let rows: Vec<(i32, i64, EventRow)> = waiting::table
        .inner_join(events::table.on(events::seq.eq(waiting::seq)))
        .order((waiting::rank, waiting::seq))
        .limit(limit)
        .select((waiting::rank, waiting::seq, EventRow::as_select()))
        .load(conn)
        .await?;
    let Some(&(rank, seq, _)) = rows.last() else { return Ok(Vec::new()) };
    let more_urgent = waiting::table.filter(waiting::rank.lt(rank));
    diesel::delete(more_urgent).kept().run(conn).await?;
    let as_urgent = waiting::table.filter(waiting::rank.eq(rank)).filter(waiting::seq.le(seq));
    diesel::delete(as_urgent).kept().run(conn).await?;
    Ok(rows.into_iter().map(|(_, _, row)| row.into()).collect())
}

/// Deletes everything that happened to an account, and what was made of it.
pub(crate) async fn forget(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<()> {
    let log = || events::table.filter(events::tenant_id.eq(Uid(tenant))).filter(events::account_id.eq(Uid(account)));
    let theirs = waiting::table.filter(waiting::seq.eq_any(log().select(events::seq)));
    diesel::delete(theirs).kept().run(conn).await?;
    let made = deliveries::table
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::event_id.eq_any(log().select(events::id)));
    diesel::delete(made).kept().run(conn).await?;
    diesel::delete(log()).kept().run(conn).await
}
