//! Clients, and what accounts allowed them.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::Consent;
use crate::rows::{ClientRow, ConsentRow, all};
use crate::schema::{clients, consents, grants};
use crate::types::{At, Json, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;
use oauth::Client;

pub(crate) async fn find(conn: &mut Conn, tenant: Id, client_id: &str) -> QueryResult<Option<Client>> {
    let query = clients::table
        .filter(clients::tenant_id.eq(Uid(tenant)))
        .filter(clients::client_id.eq(client_id))
        .select(clients::data);
    let found: Option<Json<Client>> = query.get_result(conn).await.optional()?;
    Ok(found.map(|client| client.0))
}

pub(crate) async fn find_by_id(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Client>> {
    let query = clients::table.find((Uid(tenant), Uid(id))).select(clients::data);
    let found: Option<Json<Client>> = query.get_result(conn).await.optional()?;
    Ok(found.map(|client| client.0))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id) -> QueryResult<Vec<Client>> {
    let query = clients::table.filter(clients::tenant_id.eq(Uid(tenant))).order(clients::id).select(clients::data);
    let found: Vec<Json<Client>> = query.load(conn).await?;
    Ok(found.into_iter().map(|client| client.0).collect())
}

pub(crate) async fn of_session(conn: &mut Conn, tenant: Id, session: Id) -> QueryResult<Vec<Client>> {
    let there = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::session_id.eq(Uid(session)))
        .select(grants::client_id);
    let query = clients::table
        .filter(clients::tenant_id.eq(Uid(tenant)))
        .filter(clients::id.eq_any(there))
        .order(clients::id)
        .select(clients::data);
    let found: Vec<Json<Client>> = query.load(conn).await?;
    Ok(found.into_iter().map(|client| client.0).collect())
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, client: &Client) -> QueryResult<bool> {
    let rows = diesel::insert_into(clients::table)
        .values(ClientRow::of(tenant, client))
        .on_conflict((clients::tenant_id, clients::client_id))
        .do_nothing()
        .kept()
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn update(conn: &mut Conn, tenant: Id, client: &Client) -> QueryResult<()> {
    diesel::update(clients::table.find((Uid(tenant), Uid(client.id))))
        .set(ClientRow::of(tenant, client))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn lock(conn: &mut Conn, tenant: Id, client_id: &str) -> QueryResult<Option<Client>> {
    let query = clients::table
        .filter(clients::tenant_id.eq(Uid(tenant)))
        .filter(clients::client_id.eq(client_id))
        .select(clients::data);
    let found: Option<Json<Client>> = locked!(query).get_result(conn).await.optional()?;
    Ok(found.map(|client| client.0))
}

/// With it go its grants and their tokens, and what people allowed it.
pub(crate) async fn delete(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<bool> {
    Ok(diesel::delete(clients::table.find((Uid(tenant), Uid(id)))).kept().execute(conn).await? == 1)
}

pub(crate) async fn delete_registered(
    conn: &mut Conn,
    tenant: Id,
    before: Timestamp,
    also_used: bool,
) -> QueryResult<usize> {
    let old = clients::table
        .filter(clients::tenant_id.eq(Uid(tenant)))
        .filter(clients::registered.is_not_null())
        .filter(clients::created_at.lt(At(before)));
    if also_used {
        return diesel::delete(old).kept().execute(conn).await;
    }
    let allowed = consents::table.filter(consents::tenant_id.eq(Uid(tenant))).select(consents::client_id);
    let granted = grants::table.filter(grants::tenant_id.eq(Uid(tenant))).select(grants::client_id);
    let unused = old.filter(clients::id.ne_all(allowed)).filter(clients::id.ne_all(granted));
    diesel::delete(unused).kept().execute(conn).await
}

pub(crate) async fn find_consent(conn: &mut Conn, tenant: Id, account: Id, client: Id) -> QueryResult<Option<Consent>> {
    let query = consents::table.find((Uid(tenant), Uid(account), Uid(client))).select(ConsentRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Consent::from))
}

pub(crate) async fn list_consents(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<Consent>> {
    let query = consents::table
        .filter(consents::tenant_id.eq(Uid(tenant)))
        .filter(consents::account_id.eq(Uid(account)))
        .order((consents::last_used_at.desc(), consents::client_id))
        .select(ConsentRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn put_consent(conn: &mut Conn, tenant: Id, consent: &Consent) -> QueryResult<()> {
    diesel::insert_into(consents::table)
        .values(ConsentRow::of(tenant, consent))
        .on_conflict((consents::tenant_id, consents::account_id, consents::client_id))
        .do_update()
        .set(ConsentRow::of(tenant, consent))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn delete_consent(conn: &mut Conn, tenant: Id, account: Id, client: Id) -> QueryResult<bool> {
    Ok(diesel::delete(consents::table.find((Uid(tenant), Uid(account), Uid(client)))).kept().execute(conn).await? == 1)
}
