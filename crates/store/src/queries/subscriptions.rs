//! Browsers that can be rung.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::Subscription;
use crate::rows::{SubscriptionRow, all};
use crate::schema::subscriptions;
use crate::types::{At, Hash, Uid};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;

/// One row per endpoint: whoever subscribes last in a browser owns it. A row of the same id with another
/// endpoint gives way, so that a renewed endpoint takes its place.
pub(crate) async fn put(conn: &mut Conn, tenant: Id, new: &Subscription) -> QueryResult<()> {
    let older =
        subscriptions::table.find((Uid(tenant), Uid(new.id))).filter(subscriptions::endpoint.ne(Hash(new.endpoint)));
    diesel::delete(older).kept().run(conn).await?;
    let row = SubscriptionRow::of(tenant, new);
    diesel::insert_into(subscriptions::table)
        .values(&row)
        .on_conflict((subscriptions::tenant_id, subscriptions::endpoint))
        .do_update()
        .set((subscriptions::id.eq(Uid(new.id)), &row))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<Subscription>> {
    let query = subscriptions::table
        .filter(subscriptions::tenant_id.eq(Uid(tenant)))
        .filter(subscriptions::account_id.eq(Uid(account)))
        .order((subscriptions::created_at, subscriptions::id))
        .select(SubscriptionRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Subscription>> {
    let query = subscriptions::table.find((Uid(tenant), Uid(id))).select(SubscriptionRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Subscription::from))
}

pub(crate) async fn find_by_endpoint(
    conn: &mut Conn,
    tenant: Id,
    endpoint: SecretHash,
) -> QueryResult<Option<Subscription>> {
    let query = subscriptions::table
        .filter(subscriptions::tenant_id.eq(Uid(tenant)))
        .filter(subscriptions::endpoint.eq(Hash(endpoint)))
        .select(SubscriptionRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Subscription::from))
}

pub(crate) async fn delete(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<bool> {
    Ok(diesel::delete(subscriptions::table.find((Uid(tenant), Uid(id)))).kept().execute(conn).await? == 1)
}

pub(crate) async fn delete_of_device(conn: &mut Conn, tenant: Id, device: Id) -> QueryResult<usize> {
    let query = subscriptions::table
        .filter(subscriptions::tenant_id.eq(Uid(tenant)))
        .filter(subscriptions::device_id.eq(Uid(device)));
    diesel::delete(query).kept().execute(conn).await
}

pub(crate) async fn delete_of_session(conn: &mut Conn, tenant: Id, session: Id) -> QueryResult<usize> {
    let query = subscriptions::table
        .filter(subscriptions::tenant_id.eq(Uid(tenant)))
        .filter(subscriptions::session_id.eq(Uid(session)));
    diesel::delete(query).kept().execute(conn).await
}

pub(crate) async fn forget(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<()> {
    super::deliveries::forget_pushes(conn, tenant, account).await?;
    let query = subscriptions::table
        .filter(subscriptions::tenant_id.eq(Uid(tenant)))
        .filter(subscriptions::account_id.eq(Uid(account)));
    diesel::delete(query).kept().run(conn).await
}

pub(crate) async fn delivered(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<()> {
    diesel::update(subscriptions::table.find((Uid(tenant), Uid(id))))
        .set((
            subscriptions::delivered_at.eq(At(now)),
            subscriptions::failing_since.eq(None::<At>),
            subscriptions::strikes.eq(0),
        ))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn failed(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<()> {
    let row = subscriptions::table.find((Uid(tenant), Uid(id)));
    diesel::update(row).set(subscriptions::strikes.eq(subscriptions::strikes + 1)).kept().run(conn).await?;
    diesel::update(row.filter(subscriptions::failing_since.is_null()))
        .set(subscriptions::failing_since.eq(At(now)))
        .kept()
        .run(conn)
        .await
}
