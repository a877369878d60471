//! The installation and its tenants.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::{Installation, Tenant};
use crate::rows::{TenantRow, all};
use crate::schema::{installation, tenants};
use crate::types::{At, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;

pub(crate) async fn ping(conn: &mut Conn) -> QueryResult<()> {
    diesel::select(1_i32.into_sql::<diesel::sql_types::Integer>()).get_result::<i32>(conn).await.map(drop)
}

pub(crate) async fn find(conn: &mut Conn) -> QueryResult<Option<Installation>> {
    let found =
        installation::table.select((installation::wrapped_key, installation::created_at)).get_result(conn).await;
    let found: Option<(Vec<u8>, At)> = found.optional()?;
    Ok(found.map(|(wrapped_key, At(created_at))| Installation { wrapped_key, created_at }))
}

pub(crate) async fn install(conn: &mut Conn, new: &Installation) -> QueryResult<bool> {
    let row = (
        installation::one.eq(1),
        installation::wrapped_key.eq(&new.wrapped_key),
        installation::created_at.eq(At(new.created_at)),
    );
    let rows =
        diesel::insert_into(installation::table).values(row).on_conflict_do_nothing().kept().execute(conn).await?;
    Ok(rows == 1)
}

pub(crate) async fn replace_installation(conn: &mut Conn, was: &[u8], new: &Installation) -> QueryResult<bool> {
    let found = installation::table.filter(installation::wrapped_key.eq(was));
    let row = (installation::wrapped_key.eq(&new.wrapped_key), installation::created_at.eq(At(new.created_at)));
    Ok(diesel::update(found).set(row).kept().execute(conn).await? == 1)
}

pub(crate) async fn tenants(conn: &mut Conn) -> QueryResult<Vec<Tenant>> {
    let rows = tenants::table.order(tenants::id).select(TenantRow::as_select()).load(conn).await?;
    Ok(all(rows))
}

pub(crate) async fn add_tenant(conn: &mut Conn, tenant: &Tenant) -> QueryResult<bool> {
    let row = TenantRow::from(tenant);
    Ok(diesel::insert_into(tenants::table).values(row).on_conflict_do_nothing().kept().execute(conn).await? == 1)
}

pub(crate) async fn update_tenant(conn: &mut Conn, tenant: &Tenant) -> QueryResult<()> {
    let row = TenantRow::from(tenant);
    diesel::update(tenants::table.find(Uid(tenant.id))).set(row).kept().run(conn).await
}

pub(crate) async fn close_set_up(conn: &mut Conn, tenant: Id, name: &str, now: Timestamp) -> QueryResult<bool> {
    let open = tenants::table.find(Uid(tenant)).filter(tenants::set_up_at.is_null());
    let rows =
        diesel::update(open).set((tenants::name.eq(name), tenants::set_up_at.eq(At(now)))).kept().execute(conn).await?;
    Ok(rows == 1)
}
