//! What an account has: authenticator app, recovery codes, and all of it counted.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::{RecoveryCodeRow, TotpRow, all};
use crate::schema::{credentials, identities, passwords, recovery_codes, totps};
use crate::types::{At, Hash, Uid, Word};
use base::{Id, SecretHash, Timestamp};
use diesel::dsl::exists;
use diesel::prelude::*;
use identity::login::Factors;
use identity::{CredentialKind, RecoveryCode, Totp};

/// Counted in one statement: every sign-in asks.
pub(crate) async fn of(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Factors> {
    let keys = |kind| {
        credentials::table
            .filter(credentials::tenant_id.eq(Uid(tenant)))
            .filter(credentials::account_id.eq(Uid(account)))
            .filter(credentials::kind.eq(Word(kind)))
            .count()
            .single_value()
    };
    let codes = recovery_codes::table
        .filter(recovery_codes::tenant_id.eq(Uid(tenant)))
        .filter(recovery_codes::account_id.eq(Uid(account)))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .single_value();
    let linked = identities::table
        .filter(identities::tenant_id.eq(Uid(tenant)))
        .filter(identities::account_id.eq(Uid(account)))
        .count()
        .single_value();
    let found: (bool, bool, Option<i64>, Option<i64>, Option<i64>, Option<i64>) = diesel::select((
        exists(passwords::table.find((Uid(tenant), Uid(account)))),
        exists(totps::table.find((Uid(tenant), Uid(account))).filter(totps::confirmed_at.is_not_null())),
        keys(CredentialKind::Passkey),
        keys(CredentialKind::SecurityKey),
        codes,
        linked,
    ))
    .kept()
    .get_result(conn)
    .await?;
    let count = |n: Option<i64>| usize::try_from(n.unwrap_or(0)).unwrap_or(0);
    Ok(Factors {
        password: found.0,
        totp: found.1,
        passkeys: count(found.2),
        security_keys: count(found.3),
        recovery_codes: count(found.4),
        identities: count(found.5),
    })
}

pub(crate) async fn totp(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Option<Totp>> {
    let query = totps::table.find((Uid(tenant), Uid(account))).select(TotpRow::as_select());
    Ok(query.get_result(conn).await.optional()?.map(Totp::from))
}

pub(crate) async fn put_totp(conn: &mut Conn, tenant: Id, totp: &Totp) -> QueryResult<()> {
    diesel::insert_into(totps::table)
        .values(TotpRow::of(tenant, totp))
        .on_conflict((totps::tenant_id, totps::account_id))
        .do_update()
        .set(TotpRow::of(tenant, totp))
        .kept()
        .run(conn)
        .await
}

/// One statement looks and takes: of many codes of one step, one gets it (RFC 6238 §5.2).
pub(crate) async fn use_totp_step(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    step: i64,
    now: Timestamp,
) -> QueryResult<bool> {
    let unused = totps::table
        .find((Uid(tenant), Uid(account)))
        .filter(totps::confirmed_at.is_not_null())
        .filter(totps::last_step.lt(step));
    let spent = (totps::last_step.eq(step), totps::last_used_at.eq(At(now)));
    Ok(diesel::update(unused).set(spent).kept().execute(conn).await? == 1)
}

pub(crate) async fn delete_totp(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<bool> {
    Ok(diesel::delete(totps::table.find((Uid(tenant), Uid(account)))).kept().execute(conn).await? == 1)
}

pub(crate) async fn codes(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Vec<RecoveryCode>> {
    let query = recovery_codes::table
        .filter(recovery_codes::tenant_id.eq(Uid(tenant)))
        .filter(recovery_codes::account_id.eq(Uid(account)))
        .select(RecoveryCodeRow::as_select());
    Ok(all(query.load(conn).await?))
}

/// The new ones take the place of all that were there.
pub(crate) async fn replace_codes(conn: &mut Conn, tenant: Id, account: Id, codes: &[RecoveryCode]) -> QueryResult<()> {
    let old = recovery_codes::table
        .filter(recovery_codes::tenant_id.eq(Uid(tenant)))
        .filter(recovery_codes::account_id.eq(Uid(account)));
    diesel::delete(old).kept().run(conn).await?;
    for code in codes {
        diesel::insert_into(recovery_codes::table)
            .values(RecoveryCodeRow::of(tenant, code))
            .kept()
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// One statement looks and takes: of many at once, one gets it.
pub(crate) async fn use_code(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    hash: SecretHash,
    now: Timestamp,
) -> QueryResult<bool> {
    let unused =
        recovery_codes::table.find((Uid(tenant), Uid(account), Hash(hash))).filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unused).set(recovery_codes::used_at.eq(At(now))).kept().execute(conn).await? == 1)
}
