//! Events: the activity log. How they come into it and out of the outbox is written for each database (`outbox`).

use super::{Conn, RunQueryDsl};
use crate::rows::{EventRow, all};
use crate::schema::events;
use crate::types::{At, Uid};
use base::{Cursor, Id, Page, Timestamp};
use diesel::prelude::*;
use identity::EventRecord;

/// After whatever concerns an account.
const OF_NOBODY: i32 = 1_000;

/// In which order an event is relayed: what concerns an account goes first, and of that what is urgent, so that neither a flood of
/// strangers' requests nor one of news holds its warnings up.
pub(crate) fn rank(record: &EventRecord) -> i32 {
    let of_nobody = if record.account.is_none() { OF_NOBODY } else { 0 };
    of_nobody - record.event.priority()
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<EventRecord>> {
    let query = events::table
        .filter(events::id.eq(Uid(id)))
        .filter(events::tenant_id.eq(Uid(tenant)))
        .select(EventRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(EventRecord::from))
}

pub(crate) async fn list(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    from: Cursor,
    limit: i64,
) -> QueryResult<Page<EventRecord>> {
    let before = match from.0 {
        None => i64::MAX,
        // A cursor that means nothing here begins nowhere: the page is empty.
        Some(id) => {
            let known = events::table.filter(events::id.eq(Uid(id))).filter(events::tenant_id.eq(Uid(tenant)));
            known.select(events::seq).get_result(conn).await.optional()?.unwrap_or(i64::MIN)
        }
    };
    let rows = events::table
        .filter(events::tenant_id.eq(Uid(tenant)))
        .filter(events::account_id.eq(Uid(account)))
        .filter(events::seq.lt(before))
        .order(events::seq.desc())
        .limit(limit.saturating_add(1))
        .select(EventRow::as_select())
        .load(conn)
        .await?;
    Ok(Page::cut(all(rows), usize::try_from(limit).unwrap_or(0), |record: &EventRecord| record.id))
}

pub(crate) async fn of_kinds(
    conn: &mut Conn,
    tenant: Id,
    kinds: &[&str],
    since: Timestamp,
    limit: i64,
) -> QueryResult<Vec<EventRecord>> {
    let query = events::table
        .filter(events::tenant_id.eq(Uid(tenant)))
        .filter(events::kind.eq_any(kinds))
        .filter(events::at.ge(At(since)))
        .order(events::seq.desc())
        .limit(limit)
        .select(EventRow::as_select());
    Ok(all(query.load(conn).await?))
}

/// More than anybody does to one account between two looks at it.
const MOST: i64 = 1_000;

/// At most a thousand.
pub(crate) async fn kinds_of(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    kinds: &[&str],
    since: Timestamp,
) -> QueryResult<Vec<EventRecord>> {
    let query = events::table
        .filter(events::tenant_id.eq(Uid(tenant)))
        .filter(events::account_id.eq(Uid(account)))
        .filter(events::kind.eq_any(kinds))
        .filter(events::at.ge(At(since)))
        .order(events::seq.desc())
        .limit(MOST)
        .select(EventRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn count_kinds(conn: &mut Conn, tenant: Id, kinds: &[&str], since: Timestamp) -> QueryResult<i64> {
    let query = events::table
        .filter(events::tenant_id.eq(Uid(tenant)))
        .filter(events::kind.eq_any(kinds))
        .filter(events::at.ge(At(since)));
    query.count().get_result(conn).await
}
