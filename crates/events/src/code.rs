//! The mail with a code that signs in.

use crate::mail_sink::Letter;
use crate::relay::Parts;
use base::{Email, Fault, Id};
use identity::login::{MAIL_CODE_KEY, MAIL_CODE_LIFETIME, MailSecret};
use identity::{AccountStatus, EventRecord, Role};
use store::model::Tenant;
use view::mail::{Facts, MailModel};

/// What was asked for.
pub(crate) struct Asked<'a> {
    /// The flow that takes the code.
    pub(crate) flow: Id,
    /// Which of its codes it is.
    pub(crate) number: u32,
    /// The address that was typed.
    pub(crate) email: &'a Email,
    /// The language of the page.
    pub(crate) locale: &'a Option<String>,
}

/// Nothing for an address that has no account, and for a code that a newer one has taken the place of. Whose account takes
/// more than a code by mail is told so, and gets none.
pub(crate) async fn sign_in(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    asked: Asked<'_>,
) -> Result<Option<Letter>, Fault> {
    let mut read = parts.store.read(tenant.id).await?;
    let flow = read.find_flow(asked.flow).await?;
    let code = flow.and_then(|flow| flow.mail_code).filter(|code| code.number == asked.number);
    let left = record.at.plus(MAIL_CODE_LIFETIME).since(parts.clock.now());
    let account = read.find_account_by_email(&asked.email.key()).await?;
    let account = account.filter(|account| account.status == AccountStatus::Active);
    let (Some(account), Some(code), false) = (account, code, left.is_zero()) else { return Ok(None) };
    let takes_more = account.role == Role::Admin || read.factors(account.id).await?.has_second();
    let key = parts.keyring.subkey(MAIL_CODE_KEY);
    let digits = (!takes_more).then(|| MailSecret::of(&key, asked.flow, code.number).digits().to_string());
    let model = MailModel::SignInCode {
        name: account.name.clone(),
        code: digits,
        lifetime: left.as_secs(),
        facts: Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at },
    };
    Ok(Some(Letter { to: account.email.clone(), locale: asked.locale.clone(), account: Some(account), model }))
}
