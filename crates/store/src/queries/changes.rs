//! Sensitive changes, and accounts in which there are none.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::ChangeRow;
use crate::schema::{changes, lockdowns};
use crate::types::{At, Json, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;
use identity::PendingChange;

fn all(found: Vec<Json<PendingChange>>) -> Vec<PendingChange> {
    found.into_iter().map(|change| change.0).collect()
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, change: &PendingChange) -> QueryResult<()> {
    diesel::insert_into(changes::table).values(ChangeRow::of(tenant, change)).kept().run(conn).await
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<PendingChange>> {
    let query = changes::table.find((Uid(tenant), Uid(id))).select(changes::data);
    let found: Option<Json<PendingChange>> = query.get_result(conn).await.optional()?;
    Ok(found.map(|change| change.0))
}

pub(crate) async fn open(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<PendingChange>> {
    let query = changes::table
        .filter(changes::tenant_id.eq(Uid(tenant)))
        .filter(changes::account_id.eq(Uid(account)))
        .filter(changes::ended_at.is_null())
        .order((changes::expires_at, changes::id))
        .select(changes::data);
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn due(conn: &mut Conn, tenant: Id, now: Timestamp, limit: i64) -> QueryResult<Vec<PendingChange>> {
    let query = changes::table
        .filter(changes::tenant_id.eq(Uid(tenant)))
        .filter(changes::ended_at.is_null())
        .filter(changes::expires_at.le(At(now)))
        .order((changes::expires_at, changes::id))
        .limit(limit)
        .select(changes::data);
    Ok(all(query.load(conn).await?))
}

/// One that has not ended: its first end stays.
pub(crate) async fn save(conn: &mut Conn, tenant: Id, change: &PendingChange) -> QueryResult<bool> {
    let open = changes::table.find((Uid(tenant), Uid(change.id))).filter(changes::ended_at.is_null());
    Ok(diesel::update(open).set(ChangeRow::of(tenant, change)).kept().execute(conn).await? == 1)
}

pub(crate) async fn save_ended(conn: &mut Conn, tenant: Id, change: &PendingChange) -> QueryResult<()> {
    let row = changes::table.find((Uid(tenant), Uid(change.id)));
    diesel::update(row).set(ChangeRow::of(tenant, change)).kept().run(conn).await
}

pub(crate) async fn ended_since(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    since: Timestamp,
) -> QueryResult<Vec<PendingChange>> {
    let query = changes::table
        .filter(changes::tenant_id.eq(Uid(tenant)))
        .filter(changes::account_id.eq(Uid(account)))
        .filter(changes::ended_at.ge(At(since)))
        .order((changes::ended_at, changes::id))
        .select(changes::data);
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn lock_down(conn: &mut Conn, tenant: Id, account: Id, now: Timestamp) -> QueryResult<bool> {
    if locked_down_since(conn, tenant, account).await?.is_some() {
        return Ok(false);
    }
    let row =
        (lockdowns::tenant_id.eq(Uid(tenant)), lockdowns::account_id.eq(Uid(account)), lockdowns::since.eq(At(now)));
    Ok(diesel::insert_into(lockdowns::table).values(row).kept().execute(conn).await? == 1)
}

pub(crate) async fn locked_down_since(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Option<Timestamp>> {
    let query = lockdowns::table.find((Uid(tenant), Uid(account))).select(lockdowns::since);
    let found: Option<At> = query.get_result(conn).await.optional()?;
    Ok(found.map(|at| at.0))
}

pub(crate) async fn lift_lockdown(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<bool> {
    Ok(diesel::delete(lockdowns::table.find((Uid(tenant), Uid(account)))).kept().execute(conn).await? == 1)
}
