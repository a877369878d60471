//! Requests for whose answer an app comes back.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::Poll;
use crate::schema::polls;
use crate::types::{At, Json, Uid};
use base::Id;
use diesel::prelude::*;

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, poll: &Poll) -> QueryResult<()> {
    let row = (
        polls::tenant_id.eq(Uid(tenant)),
        polls::id.eq(Uid(poll.id)),
        polls::expires_at.eq(At(poll.polling.expires_at)),
        polls::waits_for.eq(poll.waits_for().map(Uid)),
        polls::data.eq(Json(poll.clone())),
    );
    diesel::insert_into(polls::table).values(row).kept().run(conn).await
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Poll>> {
    let query = polls::table.find((Uid(tenant), Uid(id))).select(polls::data);
    let found: Option<Json<Poll>> = query.get_result(conn).await.optional()?;
    Ok(found.map(|poll| poll.0))
}

pub(crate) async fn waiting(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<Poll>> {
    let query = polls::table
        .filter(polls::tenant_id.eq(Uid(tenant)))
        .filter(polls::waits_for.eq(Uid(account)))
        .order((polls::expires_at, polls::id))
        .select(polls::data);
    let found: Vec<Json<Poll>> = query.load(conn).await?;
    Ok(found.into_iter().map(|poll| poll.0).collect())
}

pub(crate) async fn lock(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Poll>> {
    let query = polls::table.find((Uid(tenant), Uid(id))).select(polls::data);
    let found: Option<Json<Poll>> = locked!(query).get_result(conn).await.optional()?;
    Ok(found.map(|poll| poll.0))
}

pub(crate) async fn save(conn: &mut Conn, tenant: Id, poll: &Poll) -> QueryResult<()> {
    let row = polls::table.find((Uid(tenant), Uid(poll.id)));
    let changed = (polls::waits_for.eq(poll.waits_for().map(Uid)), polls::data.eq(Json(poll.clone())));
    diesel::update(row).set(changed).kept().run(conn).await
}
