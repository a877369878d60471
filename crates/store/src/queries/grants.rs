//! Grants with their refresh tokens, and access tokens that were ended by themselves.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::{Access, AppInSession, Consent, Giver, Grant, Standing};
use crate::rows::{AccountRow, ConsentRow, GrantRow, SessionRow};
use crate::schema::{accounts, consents, grants, revoked_tokens, sessions};
use crate::types::{At, Count, Json, Uid};
use base::{Id, Timestamp};
use diesel::dsl::max;
use diesel::prelude::*;
use identity::Session;
use oauth::grant_terms::GrantTerms;

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, grant: &Grant) -> QueryResult<()> {
    diesel::insert_into(grants::table).values(GrantRow::of(tenant, grant)).kept().run(conn).await
}

/// One statement looks and makes: of many at once, one is first.
pub(crate) async fn begin(conn: &mut Conn, tenant: Id, grant: &Grant) -> QueryResult<bool> {
    let rows = diesel::insert_into(grants::table)
        .values(GrantRow::of(tenant, grant))
        .on_conflict((grants::tenant_id, grants::id))
        .do_nothing()
        .kept()
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Grant>> {
    let query = grants::table.find((Uid(tenant), Uid(id))).select(GrantRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Grant::from))
}

pub(crate) async fn find_access(conn: &mut Conn, tenant: Id, grant: Id, jti: &str) -> QueryResult<Option<Access>> {
    let of_account = accounts::tenant_id.eq(grants::tenant_id).and(grants::account_id.eq(accounts::id.nullable()));
    let of_token = revoked_tokens::tenant_id.eq(grants::tenant_id).and(revoked_tokens::jti.eq(jti));
    let found: Option<(GrantRow, AccountRow, Option<At>)> = grants::table
        .inner_join(accounts::table.on(of_account))
        .left_join(revoked_tokens::table.on(of_token))
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::id.eq(Uid(grant)))
        .select((GrantRow::as_select(), AccountRow::as_select(), revoked_tokens::expires_at.nullable()))
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|(grant, account, ended)| Access {
        grant: grant.into(),
        account: account.into(),
        is_ended: ended.is_some(),
    }))
}

pub(crate) async fn lock(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Grant>> {
    let query = grants::table.find((Uid(tenant), Uid(id))).select(GrantRow::as_select());
    Ok(locked!(query).get_result(conn).await.optional()?.map(Grant::from))
}

pub(crate) async fn lock_standing(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Standing>> {
    hold!(conn, grants::table.find((Uid(tenant), Uid(id))).select(grants::id));
    find_standing(conn, tenant, id).await
}

pub(crate) async fn find_standing(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Standing>> {
    let of_account = accounts::tenant_id.eq(grants::tenant_id).and(grants::account_id.eq(accounts::id.nullable()));
    let of_session = sessions::tenant_id.eq(grants::tenant_id).and(grants::session_id.eq(sessions::id.nullable()));
    let found: Option<(GrantRow, AccountRow, Option<SessionRow>)> = grants::table
        .inner_join(accounts::table.on(of_account))
        .left_join(sessions::table.on(of_session))
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::id.eq(Uid(id)))
        .select((GrantRow::as_select(), AccountRow::as_select(), Option::<SessionRow>::as_select()))
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|(grant, account, session)| Standing {
        grant: grant.into(),
        account: account.into(),
        session: session.map(Session::from),
    }))
}

pub(crate) async fn lock_giver(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    session: Id,
    client: Id,
) -> QueryResult<Option<Giver>> {
    hold!(conn, accounts::table.find((Uid(tenant), Uid(account))).select(accounts::id));
    let of_session = sessions::tenant_id.eq(accounts::tenant_id).and(sessions::account_id.eq(accounts::id));
    let of_client = consents::tenant_id
        .eq(accounts::tenant_id)
        .and(consents::account_id.eq(accounts::id))
        .and(consents::client_id.eq(Uid(client)));
    let found: Option<(AccountRow, SessionRow, Option<ConsentRow>)> = accounts::table
        .inner_join(sessions::table.on(of_session))
        .left_join(consents::table.on(of_client))
        .filter(accounts::tenant_id.eq(Uid(tenant)))
        .filter(accounts::id.eq(Uid(account)))
        .filter(sessions::id.eq(Uid(session)))
        .select((AccountRow::as_select(), SessionRow::as_select(), Option::<ConsentRow>::as_select()))
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|(account, session, consent)| Giver {
        account: account.into(),
        session: session.into(),
        consent: consent.map(Consent::from),
    }))
}

pub(crate) async fn save_terms(conn: &mut Conn, tenant: Id, id: Id, terms: &GrantTerms) -> QueryResult<()> {
    let query = grants::table.find((Uid(tenant), Uid(id)));
    diesel::update(query).set(grants::terms.eq(Json(terms.clone()))).kept().run(conn).await
}

pub(crate) async fn touch(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<()> {
    let query = grants::table.find((Uid(tenant), Uid(id))).filter(grants::last_used_at.lt(At(now)));
    diesel::update(query).set(grants::last_used_at.eq(At(now))).kept().run(conn).await
}

pub(crate) async fn revoke(conn: &mut Conn, tenant: Id, id: Id, now: Timestamp) -> QueryResult<bool> {
    let query = grants::table.find((Uid(tenant), Uid(id))).filter(grants::revoked_at.is_null());
    Ok(diesel::update(query).set(grants::revoked_at.eq(At(now))).kept().execute(conn).await? == 1)
}

pub(crate) async fn revoke_of_session(
    conn: &mut Conn,
    tenant: Id,
    session: Id,
    now: Timestamp,
    spare_offline: bool,
) -> QueryResult<usize> {
    // Either every grant, or those that are not offline.
    let query = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::session_id.eq(Uid(session)))
        .filter(grants::offline.eq(false).or(grants::offline.ne(spare_offline)))
        .filter(grants::revoked_at.is_null());
    diesel::update(query).set(grants::revoked_at.eq(At(now))).kept().execute(conn).await
}

pub(crate) async fn revoke_of_app(
    conn: &mut Conn,
    tenant: Id,
    session: Id,
    client: Id,
    now: Timestamp,
) -> QueryResult<usize> {
    let query = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::session_id.eq(Uid(session)))
        .filter(grants::client_id.eq(Uid(client)))
        .filter(grants::expires_at.gt(At(now)))
        .filter(grants::revoked_at.is_null());
    diesel::update(query).set(grants::revoked_at.eq(At(now))).kept().execute(conn).await
}

/// Also those that belong to no session.
pub(crate) async fn revoke_elsewhere(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    session: Id,
    now: Timestamp,
) -> QueryResult<usize> {
    let query = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::account_id.eq(Uid(account)))
        .filter(grants::session_id.is_null().or(grants::session_id.ne(Uid(session))))
        .filter(grants::revoked_at.is_null());
    diesel::update(query).set(grants::revoked_at.eq(At(now))).kept().execute(conn).await
}

/// Also of sessions that have ended: what they left behind (`offline_access`) ends with the device.
pub(crate) async fn revoke_of_device(conn: &mut Conn, tenant: Id, device: Id, now: Timestamp) -> QueryResult<usize> {
    let there = sessions::table
        .filter(sessions::tenant_id.eq(Uid(tenant)))
        .filter(sessions::device_id.eq(Uid(device)))
        .select(sessions::id);
    let there: Vec<Uid> = there.load(conn).await?;
    if there.is_empty() {
        return Ok(0);
    }
    let query = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::session_id.eq_any(there))
        .filter(grants::revoked_at.is_null());
    diesel::update(query).set(grants::revoked_at.eq(At(now))).kept().execute(conn).await
}

pub(crate) async fn revoke_of(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    client: Option<Id>,
    now: Timestamp,
) -> QueryResult<usize> {
    let query = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::account_id.eq(Uid(account)))
        .filter(grants::revoked_at.is_null());
    let revoked = grants::revoked_at.eq(At(now));
    match client {
        Some(client) => {
            diesel::update(query.filter(grants::client_id.eq(Uid(client)))).set(revoked).kept().execute(conn).await
        }
        None => diesel::update(query).set(revoked).kept().execute(conn).await,
    }
}

/// Grouped where they are: an app that comes again and again has many grants in one session.
pub(crate) async fn apps_in_sessions(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    now: Timestamp,
) -> QueryResult<Vec<AppInSession>> {
    let rows: Vec<(Option<Uid>, Uid, Option<At>)> = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::account_id.eq(Uid(account)))
        .filter(grants::session_id.is_not_null())
        .filter(grants::revoked_at.is_null())
        .filter(grants::expires_at.gt(At(now)))
        .group_by((grants::session_id, grants::client_id))
        .select((grants::session_id, grants::client_id, max(grants::last_used_at)))
        .load(conn)
        .await?;
    let mut apps: Vec<AppInSession> = rows
        .into_iter()
        .filter_map(|(session, client, last_used)| {
            Some(AppInSession { session: session?.0, client: client.0, last_used: last_used?.0 })
        })
        .collect();
    apps.sort_by_key(|app| (std::cmp::Reverse(app.last_used), app.client, app.session));
    Ok(apps)
}

pub(crate) async fn find_in_session(
    conn: &mut Conn,
    tenant: Id,
    session: Id,
    client: Id,
    now: Timestamp,
) -> QueryResult<Option<Grant>> {
    let query = grants::table
        .filter(grants::tenant_id.eq(Uid(tenant)))
        .filter(grants::session_id.eq(Uid(session)))
        .filter(grants::client_id.eq(Uid(client)))
        .filter(grants::revoked_at.is_null())
        .filter(grants::expires_at.gt(At(now)))
        .order((grants::last_used_at.desc(), grants::id.desc()))
        .select(GrantRow::as_select());
    Ok(query.first(conn).await.optional()?.map(Grant::from))
}

/// One statement looks and rotates: of many at once, one is first.
pub(crate) async fn rotate(conn: &mut Conn, tenant: Id, id: Id, generation: u32, now: Timestamp) -> QueryResult<bool> {
    let due = grants::table
        .find((Uid(tenant), Uid(id)))
        .filter(grants::generation.eq(Count(generation)))
        .filter(grants::revoked_at.is_null());
    let next = (
        grants::generation.eq(Count(generation.saturating_add(1))),
        grants::rotated_at.eq(At(now)),
        grants::last_used_at.eq(At(now)),
    );
    Ok(diesel::update(due).set(next).kept().execute(conn).await? == 1)
}

pub(crate) async fn revoke_token(conn: &mut Conn, tenant: Id, jti: &str, expires_at: Timestamp) -> QueryResult<()> {
    let row = (
        revoked_tokens::tenant_id.eq(Uid(tenant)),
        revoked_tokens::jti.eq(jti),
        revoked_tokens::expires_at.eq(At(expires_at)),
    );
    diesel::insert_into(revoked_tokens::table).values(row).on_conflict_do_nothing().kept().run(conn).await
}

pub(crate) async fn is_token_revoked(conn: &mut Conn, tenant: Id, jti: &str) -> QueryResult<bool> {
    let query = revoked_tokens::table.find((Uid(tenant), jti)).select(revoked_tokens::expires_at);
    let found: Option<At> = query.get_result(conn).await.optional()?;
    Ok(found.is_some())
}
