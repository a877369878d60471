//! What can be used once.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::SingleUseRow;
use crate::schema::single_uses;
use crate::types::{At, Hash, Uid, Word};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;
use identity::{Purpose, SingleUse};

pub(crate) async fn put(conn: &mut Conn, tenant: Id, new: &SingleUse) -> QueryResult<()> {
    diesel::insert_into(single_uses::table).values(SingleUseRow::of(tenant, new)).kept().run(conn).await
}

/// One statement looks and keeps: of many at once, one is first.
pub(crate) async fn take(conn: &mut Conn, tenant: Id, used: &SingleUse) -> QueryResult<bool> {
    let rows = diesel::insert_into(single_uses::table)
        .values(SingleUseRow::of(tenant, used))
        .on_conflict((single_uses::tenant_id, single_uses::hash))
        .do_nothing()
        .kept()
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn find(
    conn: &mut Conn,
    tenant: Id,
    hash: SecretHash,
    purpose: Purpose,
) -> QueryResult<Option<SingleUse>> {
    let query = single_uses::table
        .find((Uid(tenant), Hash(hash)))
        .filter(single_uses::purpose.eq(Word(purpose)))
        .select(SingleUseRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(SingleUse::from))
}

/// One statement looks and takes: of many at once, one gets the row.
pub(crate) async fn consume(
    conn: &mut Conn,
    tenant: Id,
    hash: SecretHash,
    purpose: Purpose,
    now: Timestamp,
) -> QueryResult<Option<SingleUse>> {
    if spend(conn, tenant, hash, purpose, now).await? { find(conn, tenant, hash, purpose).await } else { Ok(None) }
}

/// One statement looks and uses: of many at once, one is first.
pub(crate) async fn spend(
    conn: &mut Conn,
    tenant: Id,
    hash: SecretHash,
    purpose: Purpose,
    now: Timestamp,
) -> QueryResult<bool> {
    let unused = single_uses::table
        .find((Uid(tenant), Hash(hash)))
        .filter(single_uses::purpose.eq(Word(purpose)))
        .filter(single_uses::consumed_at.is_null())
        .filter(single_uses::expires_at.gt(At(now)));
    Ok(diesel::update(unused).set(single_uses::consumed_at.eq(At(now))).kept().execute(conn).await? == 1)
}

pub(crate) async fn void(
    conn: &mut Conn,
    tenant: Id,
    purpose: Purpose,
    account: Id,
    now: Timestamp,
) -> QueryResult<()> {
    let unused = single_uses::table
        .filter(single_uses::tenant_id.eq(Uid(tenant)))
        .filter(single_uses::account_id.eq(Uid(account)))
        .filter(single_uses::purpose.eq(Word(purpose)))
        .filter(single_uses::consumed_at.is_null());
    diesel::update(unused).set(single_uses::consumed_at.eq(At(now))).kept().run(conn).await
}

pub(crate) async fn forget(conn: &mut Conn, tenant: Id, purpose: Purpose, account: Id) -> QueryResult<()> {
    let theirs = single_uses::table
        .filter(single_uses::tenant_id.eq(Uid(tenant)))
        .filter(single_uses::purpose.eq(Word(purpose)))
        .filter(single_uses::account_id.eq(Uid(account)));
    diesel::delete(theirs).kept().run(conn).await
}
