//! Tokens with which apps may register themselves (RFC 7591 §3, "initial access token").

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::InitialToken;
use crate::rows::{InitialTokenRow, all};
use crate::schema::initial_tokens;
use crate::types::{At, Hash, Uid};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, token: &InitialToken) -> QueryResult<()> {
    let row = InitialTokenRow::of(tenant, token);
    diesel::insert_into(initial_tokens::table).values(row).kept().run(conn).await
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, hash: SecretHash) -> QueryResult<Option<InitialToken>> {
    let query = initial_tokens::table
        .filter(initial_tokens::tenant_id.eq(Uid(tenant)))
        .filter(initial_tokens::hash.eq(Hash(hash)))
        .select(InitialTokenRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(InitialToken::from))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id) -> QueryResult<Vec<InitialToken>> {
    let query = initial_tokens::table
        .filter(initial_tokens::tenant_id.eq(Uid(tenant)))
        .order(initial_tokens::id)
        .select(InitialTokenRow::as_select());
    Ok(all(query.load(conn).await?))
}

/// One statement looks and counts: of many at once, no more get through than there are uses left.
pub(crate) async fn spend(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let live = initial_tokens::table
        .find((Uid(tenant), Uid(id)))
        .filter(initial_tokens::used.lt(initial_tokens::uses))
        .filter(initial_tokens::expires_at.gt(At(now)))
        .filter(initial_tokens::withdrawn_at.is_null());
    Ok(diesel::update(live).set(initial_tokens::used.eq(initial_tokens::used + 1)).kept().execute(conn).await? == 1)
}

pub(crate) async fn withdraw(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let standing = initial_tokens::table.find((Uid(tenant), Uid(id))).filter(initial_tokens::withdrawn_at.is_null());
    Ok(diesel::update(standing).set(initial_tokens::withdrawn_at.eq(At(now))).kept().execute(conn).await? == 1)
}
