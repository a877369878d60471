//! Accounts at other providers.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{IdentityRow, all};
use crate::schema::identities;
use crate::types::{At, Uid};
use base::{Id, Timestamp};
use diesel::prelude::*;
use identity::FederatedIdentity;

pub(crate) async fn find(
    conn: &mut Conn,
    tenant: Id,
    issuer: &str,
    subject: &str,
) -> QueryResult<Option<FederatedIdentity>> {
    let query = identities::table
        .filter(identities::tenant_id.eq(Uid(tenant)))
        .filter(identities::issuer.eq(issuer))
        .filter(identities::subject.eq(subject))
        .select(IdentityRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(FederatedIdentity::from))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<FederatedIdentity>> {
    let query = identities::table
        .filter(identities::tenant_id.eq(Uid(tenant)))
        .filter(identities::account_id.eq(Uid(account)))
        .order(identities::id)
        .select(IdentityRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, identity: &FederatedIdentity) -> QueryResult<bool> {
    let rows = diesel::insert_into(identities::table)
        .values(IdentityRow::of(tenant, identity))
        .on_conflict((identities::tenant_id, identities::issuer, identities::subject))
        .do_nothing()
        .kept()
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

/// Notes a sign-in, with what the provider told this time.
pub(crate) async fn used(
    conn: &mut Conn,
    tenant: Id,
    id: Id,
    told: (Option<&str>, Option<&str>),
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(identities::table.find((Uid(tenant), Uid(id))))
        .set((identities::email.eq(told.0), identities::name.eq(told.1), identities::last_used_at.eq(At(now))))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn delete(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<bool> {
    Ok(diesel::delete(identities::table.find((Uid(tenant), Uid(id)))).kept().execute(conn).await? == 1)
}
