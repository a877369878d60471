//! Scopes that an operator defines.

use super::{Conn, RunQueryDsl};
use crate::kept::Keep;
use crate::schema::own_scopes;
use crate::types::{Json, Uid};
use base::Id;
use diesel::prelude::*;
use oauth::own_scope::OwnScope;

pub(crate) async fn list(conn: &mut Conn, tenant: Id) -> QueryResult<Vec<OwnScope>> {
    let query = own_scopes::table
        .filter(own_scopes::tenant_id.eq(Uid(tenant)))
        .order(own_scopes::name)
        .select(own_scopes::data);
    let found: Vec<Json<OwnScope>> = query.load(conn).await?;
    Ok(found.into_iter().map(|scope| scope.0).collect())
}

pub(crate) async fn put(conn: &mut Conn, tenant: Id, scope: &OwnScope) -> QueryResult<()> {
    let data = Json(scope.clone());
    diesel::insert_into(own_scopes::table)
        .values((own_scopes::tenant_id.eq(Uid(tenant)), own_scopes::name.eq(&scope.name), own_scopes::data.eq(&data)))
        .on_conflict((own_scopes::tenant_id, own_scopes::name))
        .do_update()
        .set(own_scopes::data.eq(&data))
        .kept()
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn remove(conn: &mut Conn, tenant: Id, name: &str) -> QueryResult<bool> {
    let rows = diesel::delete(own_scopes::table.find((Uid(tenant), name))).kept().execute(conn).await?;
    Ok(rows == 1)
}
