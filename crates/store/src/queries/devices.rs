//! Devices.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{DeviceRow, all};
use crate::schema::devices;
use crate::types::{At, Hash, Json, Uid};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;
use identity::{Device, Place};

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Device>> {
    let query = devices::table.find((Uid(tenant), Uid(id))).select(DeviceRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Device::from))
}

pub(crate) async fn find_by_secret(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    secret: SecretHash,
) -> QueryResult<Option<Device>> {
    let query = devices::table
        .filter(devices::tenant_id.eq(Uid(tenant)))
        .filter(devices::account_id.eq(Uid(account)))
        .filter(devices::secret.eq(Hash(secret)))
        .select(DeviceRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Device::from))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<Device>> {
    let query = devices::table
        .filter(devices::tenant_id.eq(Uid(tenant)))
        .filter(devices::account_id.eq(Uid(account)))
        .order((devices::last_seen_at.desc(), devices::id.desc()))
        .select(DeviceRow::as_select());
    Ok(all(query.load(conn).await?))
}

/// Whether the account has any.
pub(crate) async fn any(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<bool> {
    let of_account =
        devices::table.filter(devices::tenant_id.eq(Uid(tenant))).filter(devices::account_id.eq(Uid(account)));
    diesel::select(diesel::dsl::exists(of_account)).get_result(conn).await
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, device: &Device) -> QueryResult<()> {
    diesel::insert_into(devices::table).values(DeviceRow::of(tenant, device)).kept().run(conn).await
}

pub(crate) async fn update(conn: &mut Conn, tenant: Id, device: &Device) -> QueryResult<()> {
    diesel::update(devices::table.find((Uid(tenant), Uid(device.id))))
        .set(DeviceRow::of(tenant, device))
        .kept()
        .run(conn)
        .await
}

/// Notes a use, and nothing else: a page load must not write back what it read of the row.
pub(crate) async fn touch(
    conn: &mut Conn,
    tenant: Id,
    id: Id,
    now: Timestamp,
    place: Option<&Place>,
) -> QueryResult<()> {
    let device = devices::table.find((Uid(tenant), Uid(id)));
    diesel::update(device).set(devices::last_seen_at.eq(At(now))).kept().run(conn).await?;
    if let Some(place) = place {
        diesel::update(device).set(devices::place.eq(Json(place.clone()))).kept().run(conn).await?;
    }
    Ok(())
}

pub(crate) async fn distrust(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<usize> {
    let trusted = devices::table
        .filter(devices::tenant_id.eq(Uid(tenant)))
        .filter(devices::account_id.eq(Uid(account)))
        .filter(devices::trusted_until.is_not_null());
    diesel::update(trusted).set(devices::trusted_until.eq(None::<At>)).kept().execute(conn).await
}

pub(crate) async fn delete(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<bool> {
    Ok(diesel::delete(devices::table.find((Uid(tenant), Uid(id)))).kept().execute(conn).await? == 1)
}
