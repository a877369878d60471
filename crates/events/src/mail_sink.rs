//! Writes and sends one mail.
//!
//! A link's token is made here, when the mail is written, and stored as a hash: no secret rests in the outbox.
//! Whether an address has an account is looked up here too, so that no page's answer depends on it.

use crate::ask;
use crate::backoff;
use crate::change;
use crate::code;
use crate::mailer::MailTrouble;
use crate::recovery;
use crate::relay::Parts;
use crate::words::{self, factor_change, link, recipient};
use base::{Email, Fault, Id, Secret, SecretKind, Timestamp, routes};
use identity::risk::{self, Rule, why};
use identity::way_off::KEY_PURPOSE;
use identity::{
    Account, AccountStatus, AskedForCode, AskedToJoin, Channel, Event, EventRecord, Purpose, SingleUse, WayOff,
};
use serde_json::json;
use std::time::Duration;
use store::model::{Delivery, Outcome, Tenant};
use view::mail::{Facts, Foot, MailModel, Off};

/// A mail to write.
pub(crate) struct Letter {
    pub(crate) to: Email,
    pub(crate) account: Option<Account>,
    pub(crate) locale: Option<String>,
    pub(crate) model: MailModel,
}

/// Attempts one mail.
pub(crate) async fn attempt(parts: &Parts, delivery: &Delivery) -> Result<Outcome, Fault> {
    let mut read = parts.store.read(delivery.tenant).await?;
    let Some(record) = read.find_event(delivery.event).await? else { return Ok(Outcome::Dropped("its event is gone")) };
    let account = match record.account {
        Some(account) => read.find_account(account).await?,
        None => None,
    };
    drop(read);
    let Some(tenant) = parts.store.tenants().await?.into_iter().find(|t| t.id == delivery.tenant) else {
        return Ok(Outcome::Dropped("its tenant is gone"));
    };
    let Some(letter) = letter(parts, &tenant, (&record, account)).await? else {
        return Ok(Outcome::Dropped("there is nobody to write to"));
    };
    let to = recipient(&tenant, letter.account.as_ref(), letter.locale.as_deref());
    let way_off = way_off(parts, &tenant, &record);
    let settings = tenant.origin.join(routes::NOTIFICATIONS);
    let foot = Foot { settings: &settings, off: off(&record, way_off.as_deref()) };
    let mail = parts.view.mail(&to, foot, &letter.model)?;
    let name = letter.account.as_ref().map(|account| account.name.as_str());
    let later = |error| backoff::retry(delivery, (parts.clock.now(), &parts.rng), None, error);
    Ok(match parts.mailer.send((&letter.to, name), mail, delivery.id).await {
        Ok(()) => Outcome::Sent,
        Err(MailTrouble::Away(error)) => {
            shut(parts, &error);
            later(error)
        }
        Err(MailTrouble::Passing(error)) => later(error),
        Err(MailTrouble::Lasting(error)) => Outcome::Dead(error),
    })
}

/// Shuts the gate for the mails behind this one.
fn shut(parts: &Parts, error: &str) {
    if let Some(wait) = parts.mailer.gate.shut_for(parts.clock.now(), &parts.rng) {
        let seconds = wait.as_secs_f64();
        tracing::warn!(
            error,
            seconds,
            "the mail server is away: mails wait, and one tries again; see `watchbell doctor`"
        );
    }
}

/// The link that switches mails of this kind off.
fn way_off(parts: &Parts, tenant: &Tenant, record: &EventRecord) -> Option<String> {
    let topic = record.event.topic().filter(|topic| !topic.is_locked(Channel::Email))?;
    let way = WayOff { account: record.account?, topic, channel: Channel::Email };
    let token = way.token(&parts.keyring.subkey(KEY_PURPOSE), tenant.id);
    Some(tenant.origin.join(&routes::way_off(&token)))
}

/// How mails of this kind are switched off. What concerns no account answers somebody who asked.
fn off<'a>(record: &EventRecord, way_off: Option<&'a str>) -> Off<'a> {
    match (way_off, record.account) {
        (Some(link), _) => Off::Link(link),
        (None, Some(_)) => Off::Never,
        (None, None) => Off::Asked,
    }
}

async fn letter(
    parts: &Parts,
    tenant: &Tenant,
    (record, account): (&EventRecord, Option<Account>),
) -> Result<Option<Letter>, Fault> {
    match &record.event {
        Event::RegistrationRequested(asked) => registration(parts, tenant, asked).await,
        Event::Invited(invited) => invitation(parts, tenant, (&invited.email, &invited.name), invited.until).await,
        Event::ResetRequested(asked) => reset(parts, tenant, (&asked.email, &asked.locale)).await,
        Event::SignInCodeRequested(AskedForCode { flow, number, email, locale }) => {
            code::sign_in(parts, tenant, record, code::Asked { flow: *flow, number: *number, email, locale }).await
        }
        Event::NewAddress { change, email, locale } => {
            change::new_address(parts, tenant, record, (*change, email, locale)).await
        }
        Event::AccountDeleted { email, locale } => Ok(Some(change::deleted(record, (email, locale)))),
        Event::RecoveryRequested { email, locale } => recovery::asked(parts, tenant, record, (email, locale)).await,
        event => {
            let Some(account) = account else { return Ok(None) };
            if let Event::PreferencesChanged { topic, channel, .. } = event {
                return Ok(Some(change::notices_off(tenant, record, account, (*topic, *channel))));
            }
            if let Event::QuietChanged(_) = event {
                return Ok(Some(change::notices_quiet(tenant, record, account)));
            }
            if let Event::AppAsks(asks) = event {
                return ask::told(parts, tenant, record, (asks, account)).await;
            }
            if words::change(record).is_some() {
                return change::told(parts, tenant, record, &account).await;
            }
            let Some(model) = told(parts, tenant, (record, event), &account).await? else { return Ok(None) };
            Ok(Some(Letter { to: account.email.clone(), locale: None, account: Some(account), model }))
        }
    }
}

async fn registration(parts: &Parts, tenant: &Tenant, asked: &AskedToJoin) -> Result<Option<Letter>, Fault> {
    let present = parts.store.read(tenant.id).await?.find_account_by_email(&asked.email.key()).await?;
    if let Some(account) = present {
        let model = MailModel::HaveAccount {
            name: account.name.clone(),
            sign_in: tenant.origin.join(routes::LOGIN),
            recover: tenant.origin.join(routes::RECOVER),
        };
        return Ok(Some(Letter {
            to: account.email.clone(),
            locale: asked.locale.clone(),
            account: Some(account),
            model,
        }));
    }
    let new = NewLink {
        purpose: Purpose::ConfirmEmail,
        account: None,
        flow: Some(asked.flow),
        about: json!({ "number": asked.number }),
    };
    let token = mint(parts, tenant, new, parts.confirm_lifetime).await?;
    let model = MailModel::ConfirmAddress {
        name: asked.name.clone(),
        link: link(tenant, routes::CONFIRM_EMAIL, &token),
        lifetime: parts.confirm_lifetime.as_secs(),
    };
    Ok(Some(Letter { to: asked.email.clone(), locale: asked.locale.clone(), account: None, model }))
}

async fn invitation(
    parts: &Parts,
    tenant: &Tenant,
    (email, name): (&Email, &Option<String>),
    until: Timestamp,
) -> Result<Option<Letter>, Fault> {
    let present = parts.store.read(tenant.id).await?.find_account_by_email(&email.key()).await?;
    let lifetime = until.since(parts.clock.now());
    if present.is_some() || lifetime.is_zero() {
        return Ok(None);
    }
    let about = json!({ "email": email.as_str(), "name": name });
    let new = NewLink { purpose: Purpose::Invite, account: None, flow: None, about };
    let token = mint(parts, tenant, new, lifetime).await?;
    let model = MailModel::Invitation {
        name: name.clone(),
        link: link(tenant, routes::INVITE, &token),
        lifetime: lifetime.as_secs(),
    };
    Ok(Some(Letter { to: email.clone(), locale: None, account: None, model }))
}

async fn reset(
    parts: &Parts,
    tenant: &Tenant,
    (email, locale): (&Email, &Option<String>),
) -> Result<Option<Letter>, Fault> {
    let present = parts.store.read(tenant.id).await?.find_account_by_email(&email.key()).await?;
    let Some(account) = present.filter(|account| account.status == AccountStatus::Active) else { return Ok(None) };
    let new = NewLink { purpose: Purpose::ResetPassword, account: Some(account.id), flow: None, about: json!({}) };
    let token = mint(parts, tenant, new, parts.reset_lifetime).await?;
    let model = MailModel::ResetPassword {
        name: account.name.clone(),
        link: link(tenant, routes::RESET, &token),
        lifetime: parts.reset_lifetime.as_secs(),
    };
    Ok(Some(Letter { to: account.email.clone(), locale: locale.clone(), account: Some(account), model }))
}

/// What is told about something that happened; nothing for what has no mail.
async fn told(
    parts: &Parts,
    tenant: &Tenant,
    (record, event): (&EventRecord, &Event),
    account: &Account,
) -> Result<Option<MailModel>, Fault> {
    let name = account.name.clone();
    let facts =
        |app: Option<String>| Facts { agent: record.agent.clone(), place: record.place.clone(), app, at: record.at };
    let recover = || tenant.origin.join(routes::RECOVER);
    Ok(Some(match event {
        Event::NewDevice { app, .. } => {
            let new = NewLink {
                purpose: Purpose::WasThisYou,
                account: Some(account.id),
                flow: None,
                about: json!({ "event": record.id.to_string() }),
            };
            let token = mint(parts, tenant, new, parts.answer_lifetime).await?;
            MailModel::NewSignIn {
                name,
                facts: facts(app.clone()),
                no_link: link(tenant, routes::WAS_THIS_YOU, &token),
            }
        }
        Event::Guessing {} => MailModel::Guessing { name, facts: facts(None), recover: recover() },
        Event::Risk { findings, outcome, app } => MailModel::Odd {
            name,
            facts: facts(app.clone()),
            reasons: why(findings, *outcome).map(Rule::reason).collect(),
            refused: *outcome == risk::Outcome::Refused,
            recover: recover(),
        },
        Event::GuessingCodes {} => MailModel::GuessingCodes { name, facts: facts(None), recover: recover() },
        Event::PasswordChanged { change } => {
            let undo = match change {
                Some(change) => change::undo(parts, tenant, *change).await?,
                None => None,
            };
            MailModel::PasswordChanged { name, facts: facts(None), by_mail: false, recover: recover(), undo }
        }
        Event::PasswordReset {} => {
            MailModel::PasswordChanged { name, facts: facts(None), by_mail: true, recover: recover(), undo: None }
        }
        Event::PasskeyAdded { key, name: called, .. } | Event::PasskeyRemoved { key, name: called } => {
            let removed = matches!(event, Event::PasskeyRemoved { .. });
            MailModel::KeyChanged {
                name,
                key: *key,
                called: called.clone(),
                facts: facts(None),
                removed,
                review: tenant.origin.join(routes::SIGN_IN),
            }
        }
        Event::PasskeyCopied { name: called, .. } => MailModel::KeyCopied {
            name,
            called: called.clone(),
            facts: facts(None),
            review: tenant.origin.join(routes::SIGN_IN),
        },
        event if event.recovery().is_some() => return recovery::told(parts, tenant, record, account).await,
        Event::IdentityLinked { provider, who, .. } | Event::IdentityUnlinked { provider, who } => {
            MailModel::IdentityChanged {
                name,
                provider: provider.clone(),
                who: who.clone(),
                facts: facts(None),
                removed: matches!(event, Event::IdentityUnlinked { .. }),
                review: tenant.origin.join(routes::SIGN_IN),
            }
        }
        Event::AppConnected { app, scope } => MailModel::AppConnected {
            name,
            facts: facts(Some(app.clone())),
            scopes: scope.split(' ').map(str::to_owned).collect(),
            manage: tenant.origin.join(routes::APPS),
        },
        Event::PushDisabled { agent } | Event::PushGone { agent } => {
            let gone = matches!(event, Event::PushGone { .. });
            MailModel::PushOff { name, facts: Facts { agent: agent.clone(), ..facts(None) }, gone }
        }
        event => {
            let Some(change) = factor_change(event) else { return Ok(None) };
            let review = tenant.origin.join(routes::SIGN_IN);
            MailModel::FactorChanged { name, change, facts: facts(None), review, recover: recover() }
        }
    }))
}

pub(crate) struct NewLink {
    pub(crate) purpose: Purpose,
    pub(crate) account: Option<Id>,
    pub(crate) flow: Option<Id>,
    pub(crate) about: serde_json::Value,
}

/// Makes a single-use link. Of links that set a password only the newest works.
pub(crate) async fn mint(parts: &Parts, tenant: &Tenant, new: NewLink, lifetime: Duration) -> Result<Secret, Fault> {
    let now = parts.clock.now();
    let token = Secret::generate(SecretKind::Link, &parts.rng);
    let row = SingleUse {
        hash: token.hash(),
        purpose: new.purpose,
        account: new.account,
        client: None,
        flow: new.flow,
        data: new.about,
        created_at: now,
        expires_at: now.plus(lifetime),
        consumed_at: None,
    };
    let mut tx = parts.store.begin(tenant.id).await?;
    if let (Purpose::ResetPassword | Purpose::BeginRecovery | Purpose::FinishRecovery, Some(account)) =
        (new.purpose, new.account)
    {
        tx.void_single_uses(new.purpose, account, now).await?;
    }
    tx.put_single_use(&row).await?;
    tx.commit().await?;
    Ok(token)
}
