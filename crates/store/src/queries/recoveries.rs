//! Ways back into accounts of which everything was lost.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{RecoveryRow, all};
use crate::schema::recoveries;
use crate::types::{At, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;
use identity::Recovery;

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Recovery>> {
    let query = recoveries::table.find((Uid(tenant), Uid(id))).select(RecoveryRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Recovery::from))
}

pub(crate) async fn open(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Option<Recovery>> {
    let query = recoveries::table
        .filter(recoveries::tenant_id.eq(Uid(tenant)))
        .filter(recoveries::account_id.eq(Uid(account)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null())
        .select(RecoveryRow::as_select());
    Ok(query.first(conn).await.optional()?.map(Recovery::from))
}

pub(crate) async fn begun_since(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    since: Timestamp,
) -> QueryResult<Vec<Recovery>> {
    let query = recoveries::table
        .filter(recoveries::tenant_id.eq(Uid(tenant)))
        .filter(recoveries::account_id.eq(Uid(account)))
        .filter(recoveries::started_at.ge(At(since)))
        .order((recoveries::started_at.desc(), recoveries::id.desc()))
        .select(RecoveryRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn due(conn: &mut Conn, tenant: Id, now: Timestamp, limit: i64) -> QueryResult<Vec<Recovery>> {
    let query = recoveries::table
        .filter(recoveries::tenant_id.eq(Uid(tenant)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null())
        .filter(recoveries::due_at.le(At(now)))
        .order((recoveries::due_at, recoveries::id))
        .limit(limit)
        .select(RecoveryRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, recovery: &Recovery) -> QueryResult<()> {
    diesel::insert_into(recoveries::table).values(RecoveryRow::of(tenant, recovery)).kept().run(conn).await
}

pub(crate) async fn stop(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let open = recoveries::table
        .find((Uid(tenant), Uid(id)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null());
    Ok(diesel::update(open).set(recoveries::stopped_at.eq(At(now))).kept().execute(conn).await? == 1)
}

/// One statement looks and takes: it can be finished once, within its time, and not when it was stopped.
pub(crate) async fn finish(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let ready = recoveries::table
        .find((Uid(tenant), Uid(id)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null())
        .filter(recoveries::ready_at.le(At(now)))
        .filter(recoveries::expires_at.gt(At(now)));
    Ok(diesel::update(ready).set(recoveries::finished_at.eq(At(now))).kept().execute(conn).await? == 1)
}

/// One statement looks and takes: what is due is told once, by whichever server comes first.
pub(crate) async fn told(
    conn: &mut Conn,
    tenant: Id,
    id: Id,
    due: Option<Timestamp>,
    next: Option<Timestamp>,
) -> QueryResult<bool> {
    let untold = recoveries::table
        .find((Uid(tenant), Uid(id)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null())
        .filter(recoveries::due_at.eq(due.map(At)));
    Ok(diesel::update(untold).set(recoveries::due_at.eq(next.map(At))).kept().execute(conn).await? == 1)
}
