//! Private keys at rest.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::{KeyUse, StoredKey};
use crate::rows::{KeyRow, all};
use crate::schema::keys;
use crate::types::{Uid, Word};
use base::Id;
use diesel::prelude::*;

pub(crate) async fn list(conn: &mut Conn, tenant: Id, usage: KeyUse) -> QueryResult<Vec<StoredKey>> {
    let query = keys::table
        .filter(keys::tenant_id.eq(Uid(tenant)))
        .filter(keys::usage.eq(Word(usage)))
        .order((keys::signs_from, keys::id))
        .select(KeyRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, key: &StoredKey) -> QueryResult<()> {
    diesel::insert_into(keys::table).values(KeyRow::of(tenant, key)).kept().run(conn).await
}

pub(crate) async fn update(conn: &mut Conn, tenant: Id, key: &StoredKey) -> QueryResult<()> {
    diesel::update(keys::table.find((Uid(tenant), Uid(key.id)))).set(KeyRow::of(tenant, key)).kept().run(conn).await
}

pub(crate) async fn delete(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<bool> {
    Ok(diesel::delete(keys::table.find((Uid(tenant), Uid(id)))).kept().execute(conn).await? == 1)
}
