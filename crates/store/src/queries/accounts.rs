//! Accounts and their passwords.

use super::{Conn, Run, RunQueryDsl, outbox};
use crate::kept::Keep;
use crate::rows::{AccountRow, all};
use crate::schema::{accounts, passwords, single_uses};
use crate::types::{At, Uid, Word};
use base::{Cursor, Id, Page, Timestamp};
use diesel::prelude::*;
use identity::Account;
use identity::account::PasswordHash;

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Account>> {
    let query = accounts::table.find((Uid(tenant), Uid(id))).select(AccountRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Account::from))
}

pub(crate) async fn lock(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Account>> {
    let query = accounts::table.find((Uid(tenant), Uid(id))).select(AccountRow::as_select());
    Ok(locked!(query).get_result(conn).await.optional()?.map(Account::from))
}

pub(crate) async fn find_by_email(conn: &mut Conn, tenant: Id, email_key: &str) -> QueryResult<Option<Account>> {
    let query = accounts::table
        .filter(accounts::tenant_id.eq(Uid(tenant)))
        .filter(accounts::email_key.eq(email_key))
        .select(AccountRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Account::from))
}

pub(crate) async fn list(conn: &mut Conn, tenant: Id, from: Cursor, limit: i64) -> QueryResult<Page<Account>> {
    let rows = accounts::table
        .filter(accounts::tenant_id.eq(Uid(tenant)))
        .filter(accounts::id.gt(Uid(from.0.unwrap_or(Id::from_bytes([0; 16])))))
        .order(accounts::id)
        .limit(limit.saturating_add(1))
        .select(AccountRow::as_select())
        .load(conn)
        .await?;
    Ok(Page::cut(all(rows), usize::try_from(limit).unwrap_or(0), |account: &Account| account.id))
}

pub(crate) async fn count(conn: &mut Conn, tenant: Id) -> QueryResult<i64> {
    accounts::table.filter(accounts::tenant_id.eq(Uid(tenant))).count().get_result(conn).await
}

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, account: &Account) -> QueryResult<bool> {
    let rows = diesel::insert_into(accounts::table)
        .values((AccountRow::of(tenant, account), accounts::email_key.eq(account.email.key())))
        .on_conflict((accounts::tenant_id, accounts::email_key))
        .do_nothing()
        .kept()
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn update(conn: &mut Conn, tenant: Id, account: &Account) -> QueryResult<()> {
    diesel::update(accounts::table.find((Uid(tenant), Uid(account.id))))
        .set((AccountRow::of(tenant, account), accounts::email_key.eq(account.email.key())))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn password(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Option<PasswordHash>> {
    let query = passwords::table.find((Uid(tenant), Uid(account))).select(passwords::hash);
    let found: Option<Word<PasswordHash>> = query.get_result(conn).await.optional()?;
    Ok(found.map(|hash| hash.0))
}

pub(crate) async fn password_changed_at(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Option<Timestamp>> {
    let query = passwords::table.find((Uid(tenant), Uid(account))).select(passwords::changed_at);
    let found: Option<At> = query.get_result(conn).await.optional()?;
    Ok(found.map(|at| at.0))
}

pub(crate) async fn put_password(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    hash: &PasswordHash,
    now: Timestamp,
) -> QueryResult<()> {
    let what = (passwords::hash.eq(Word(hash.clone())), passwords::changed_at.eq(At(now)));
    diesel::insert_into(passwords::table)
        .values((passwords::tenant_id.eq(Uid(tenant)), passwords::account_id.eq(Uid(account)), what.clone()))
        .on_conflict((passwords::tenant_id, passwords::account_id))
        .do_update()
        .set(what)
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn renew_password(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    old: &PasswordHash,
    new: &PasswordHash,
) -> QueryResult<bool> {
    let this = passwords::table.find((Uid(tenant), Uid(account))).filter(passwords::hash.eq(Word(old.clone())));
    Ok(diesel::update(this).set(passwords::hash.eq(Word(new.clone()))).kept().execute(conn).await? == 1)
}

pub(crate) async fn delete_password(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<()> {
    diesel::delete(passwords::table.find((Uid(tenant), Uid(account)))).kept().run(conn).await
}

/// What hangs on the row goes with it; what only names it goes first.
pub(crate) async fn delete(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<()> {
    outbox::forget(conn, tenant, account).await?;
    let links = single_uses::table
        .filter(single_uses::tenant_id.eq(Uid(tenant)))
        .filter(single_uses::account_id.eq(Uid(account)));
    diesel::delete(links).kept().run(conn).await?;
    diesel::delete(accounts::table.find((Uid(tenant), Uid(account)))).kept().run(conn).await
}
