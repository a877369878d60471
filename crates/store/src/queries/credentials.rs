//! Passkeys and security keys.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{CredentialRow, all};
use crate::schema::credentials;
use crate::types::{At, Json, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;
use identity::{Agent, Credential};

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Credential>> {
    let query = credentials::table.find((Uid(tenant), Uid(id))).select(CredentialRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Credential::from))
}

pub(crate) async fn find_by_credential_id(
    conn: &mut Conn,
    tenant: Id,
    credential_id: &[u8],
) -> QueryResult<Option<Credential>> {
    let query = credentials::table
        .filter(credentials::tenant_id.eq(Uid(tenant)))
        .filter(credentials::credential_id.eq(credential_id))
        .select(CredentialRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Credential::from))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<Credential>> {
    let query = credentials::table
        .filter(credentials::tenant_id.eq(Uid(tenant)))
        .filter(credentials::account_id.eq(Uid(account)))
        .order(credentials::id)
        .select(CredentialRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, credential: &Credential) -> QueryResult<bool> {
    let rows = diesel::insert_into(credentials::table)
        .values(CredentialRow::of(tenant, credential))
        .on_conflict((credentials::tenant_id, credentials::credential_id))
        .do_nothing()
        .kept()
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn rename(conn: &mut Conn, tenant: Id, id: Id, name: &str) -> QueryResult<()> {
    let query = diesel::update(credentials::table.find((Uid(tenant), Uid(id))));
    query.set(credentials::name.eq(name)).kept().run(conn).await
}

/// Notes a sign-in: the record with its new counter and flags, when, and in which browser.
pub(crate) async fn used(
    conn: &mut Conn,
    tenant: Id,
    id: Id,
    record: &serde_json::Value,
    (now, agent): (Timestamp, &Agent),
) -> QueryResult<()> {
    diesel::update(credentials::table.find((Uid(tenant), Uid(id))))
        .set((
            credentials::record.eq(Json(record.clone())),
            credentials::last_used_at.eq(At(now)),
            credentials::last_used_in.eq(Json(agent.clone())),
        ))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn delete(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<bool> {
    Ok(diesel::delete(credentials::table.find((Uid(tenant), Uid(id)))).kept().execute(conn).await? == 1)
}
