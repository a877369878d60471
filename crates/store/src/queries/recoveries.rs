//! Ways back into accounts of which everything was lost.

use super::Conn;
use crate::rows::RecoveryRow;
use crate::schema::recoveries;
use crate::types::{At, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use identity::Recovery;

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Recovery>> {
    let query = recoveries::table.find((Uid(tenant), Uid(id))).select(RecoveryRow::as_select());
    Ok(query.first(conn).await.optional()?.map(Recovery::from))
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

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, recovery: &Recovery) -> QueryResult<()> {
    diesel::insert_into(recoveries::table).values(RecoveryRow::of(tenant, recovery)).execute(conn).await.map(drop)
}

pub(crate) async fn stop(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let open = recoveries::table
        .find((Uid(tenant), Uid(id)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null());
    Ok(diesel::update(open).set(recoveries::stopped_at.eq(At(now))).execute(conn).await? == 1)
}

/// One statement looks and takes: it can be finished once, within its time, and not when it was stopped.
pub(crate) async fn finish(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let ready = recoveries::table
        .find((Uid(tenant), Uid(id)))
        .filter(recoveries::stopped_at.is_null())
        .filter(recoveries::finished_at.is_null())
        .filter(recoveries::ready_at.le(At(now)))
        .filter(recoveries::expires_at.gt(At(now)));
    Ok(diesel::update(ready).set(recoveries::finished_at.eq(At(now))).execute(conn).await? == 1)
}
