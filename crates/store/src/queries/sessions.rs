//! Sessions.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::SignedIn;
use crate::rows::{AccountRow, DeviceRow, SessionRow, all};
use crate::schema::{accounts, devices, sessions};
use crate::types::{At, Hash, Json, Uid, Word};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;
use identity::{EndReason, Session};

pub(crate) async fn find_signed_in(conn: &mut Conn, tenant: Id, secret: SecretHash) -> QueryResult<Option<SignedIn>> {
    let of_account = sessions::tenant_id.eq(accounts::tenant_id).and(sessions::account_id.eq(accounts::id));
    let of_device = sessions::tenant_id.eq(devices::tenant_id).and(sessions::device_id.eq(devices::id));
    let found: Option<(SessionRow, AccountRow, DeviceRow)> = sessions::table
        .inner_join(accounts::table.on(of_account))
        .inner_join(devices::table.on(of_device))
        .filter(sessions::tenant_id.eq(Uid(tenant)))
        .filter(sessions::secret.eq(Hash(secret)))
        .select((SessionRow::as_select(), AccountRow::as_select(), DeviceRow::as_select()))
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|(session, account, device)| SignedIn {
        session: session.into(),
        account: account.into(),
        device: device.into(),
    }))
}

pub(crate) async fn lock_signed_in(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    secret: SecretHash,
) -> QueryResult<Option<SignedIn>> {
    hold!(conn, accounts::table.find((Uid(tenant), Uid(account))).select(accounts::id));
    find_signed_in(conn, tenant, secret).await
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Session>> {
    let query = sessions::table.find((Uid(tenant), Uid(id))).select(SessionRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Session::from))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id, account: Id, now: Timestamp) -> QueryResult<Vec<Session>> {
    let query = sessions::table
        .filter(sessions::tenant_id.eq(Uid(tenant)))
        .filter(sessions::account_id.eq(Uid(account)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(At(now)))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .select(SessionRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, session: &Session) -> QueryResult<()> {
    diesel::insert_into(sessions::table).values(SessionRow::of(tenant, session)).kept().run(conn).await
}

/// Leaves `ended_at` alone: a session that was ended meanwhile stays so.
pub(crate) async fn update(conn: &mut Conn, tenant: Id, session: &Session) -> QueryResult<()> {
    let query = sessions::table.find((Uid(tenant), Uid(session.id))).filter(sessions::ended_at.is_null());
    diesel::update(query)
        .set((
            sessions::device_id.eq(Uid(session.device)),
            sessions::secret.eq(Hash(session.secret)),
            sessions::last_seen_at.eq(At(session.last_seen_at)),
            sessions::auth_time.eq(At(session.auth_time)),
            sessions::amr.eq(Json(session.amr.clone())),
            sessions::acr.eq(&session.acr),
            sessions::expires_at.eq(At(session.expires_at)),
        ))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn touch(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<()> {
    let query = sessions::table.find((Uid(tenant), Uid(id))).filter(sessions::last_seen_at.lt(At(now)));
    diesel::update(query).set(sessions::last_seen_at.eq(At(now))).kept().run(conn).await
}

pub(crate) async fn end(conn: &mut Conn, tenant: Id, id: Id, reason: EndReason, now: Timestamp) -> QueryResult<bool> {
    let query = sessions::table.find((Uid(tenant), Uid(id))).filter(sessions::ended_at.is_null());
    let end = (sessions::ended_at.eq(At(now)), sessions::end_reason.eq(Word(reason)));
    Ok(diesel::update(query).set(end).kept().execute(conn).await? == 1)
}
