//! Mails about a way back: what a request for one leads to, and what is told of one that is under way.
//!
//! Links are minted here, when a mail is written: the one that begins the wait, the one that ends it, and in every mail
//! between them the one that stops it.

use crate::mail_sink::{Letter, NewLink, mint};
use crate::relay::Parts;
use crate::words::{self, link};
use base::{Email, Fault, Id, routes};
use identity::recovery::{Asking, Standing, StopReason, WINDOW, Way};
use identity::{Account, AccountStatus, Event, EventRecord, Purpose, Recovery};
use serde_json::json;
use std::time::Duration;
use store::model::Tenant;
use view::mail::{Facts, MailModel};
use view::{RecoveryMail, RecoveryNews};

/// A refusal is written into the person's log once within this time, however often somebody asks.
const DAY: Duration = Duration::from_secs(24 * 3600);
const RECENT: i64 = 50;

/// Answers a request. An address without an account gets nothing, as nobody is told which have one.
pub(crate) async fn asked(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    (email, locale): (&Email, &Option<String>),
) -> Result<Option<Letter>, Fault> {
    let now = parts.clock.now();
    let mut read = parts.store.read(tenant.id).await?;
    let account = read.find_account_by_email(&email.key()).await?;
    let Some(account) = account.filter(|account| account.status == AccountStatus::Active) else { return Ok(None) };
    let factors = read.factors(account.id).await?;
    let recent = read.list_recoveries(account.id, now.minus(WINDOW)).await?;
    drop(read);
    let asking = Asking { role: account.role, factors: &factors, wait: parts.recovery_wait, recent: &recent };
    let asker = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let (facts, tells) = match asking.way(now) {
        Way::Off => return Ok(None),
        Way::NewPassword => (asker, new_password(parts, tenant, &account).await?),
        Way::Begin => (asker, begin(parts, tenant, &account).await?),
        Way::Operator => {
            note_refusal(parts, record, &account, None).await?;
            (asker, RecoveryMail::Operator)
        }
        Way::TooOften { until } => {
            note_refusal(parts, record, &account, Some(until)).await?;
            (asker, RecoveryMail::TooOften { until, recover: tenant.origin.join(routes::RECOVER) })
        }
        Way::Open(open) => (begun(open), goes_on(parts, tenant, open).await?),
    };
    let model = MailModel::Recovery { name: account.name.clone(), facts, tells };
    Ok(Some(Letter { to: account.email.clone(), locale: locale.clone(), account: Some(account), model }))
}

async fn new_password(parts: &Parts, tenant: &Tenant, account: &Account) -> Result<RecoveryMail, Fault> {
    let new = NewLink { purpose: Purpose::ResetPassword, account: Some(account.id), flow: None, about: json!({}) };
    let token = mint(parts, tenant, new, parts.reset_lifetime).await?;
    let lifetime = parts.reset_lifetime.as_secs();
    Ok(RecoveryMail::NewPassword { link: link(tenant, routes::RESET, &token), lifetime })
}

async fn begin(parts: &Parts, tenant: &Tenant, account: &Account) -> Result<RecoveryMail, Fault> {
    let new = NewLink { purpose: Purpose::BeginRecovery, account: Some(account.id), flow: None, about: json!({}) };
    let token = mint(parts, tenant, new, parts.reset_lifetime).await?;
    let link = link(tenant, routes::RECOVERY_BEGIN, &token);
    Ok(RecoveryMail::Asked { link, lifetime: parts.reset_lifetime.as_secs(), wait: parts.recovery_wait.as_secs() })
}

/// One is open: how it stands, and a new link where the old one may be lost. Its clock goes on. The link of one that an
/// operator began is the operator's to give.
async fn goes_on(parts: &Parts, tenant: &Tenant, open: &Recovery) -> Result<RecoveryMail, Fault> {
    if open.standing(parts.clock.now()) == Standing::Ready && !open.is_by_operator() {
        return ready(parts, tenant, open).await;
    }
    let news = RecoveryNews::Started { ready_at: open.ready_at, by_operator: open.is_by_operator() };
    Ok(RecoveryMail::News { news, link: stop(parts, tenant, open).await?, stop: None })
}

/// What is told of one; nothing when it is over and the mail would ask to stop it.
pub(crate) async fn told(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    account: &Account,
) -> Result<Option<MailModel>, Fault> {
    let (Some(news), Some(id)) = (words::recovery(&record.event), record.event.recovery()) else { return Ok(None) };
    let found = parts.store.read(tenant.id).await?.find_recovery(id).await?;
    let open = found.filter(|recovery| recovery.is_open(parts.clock.now()));
    let here = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let page = |path| RecoveryMail::News { news, link: tenant.origin.join(path), stop: None };
    let (facts, tells) = match (news, open) {
        (RecoveryNews::Started { .. } | RecoveryNews::Reminder { .. }, Some(open)) => {
            (begun(&open), RecoveryMail::News { news, link: stop(parts, tenant, &open).await?, stop: None })
        }
        (RecoveryNews::Ready { .. }, Some(open)) => (begun(&open), ready(parts, tenant, &open).await?),
        (RecoveryNews::Started { .. } | RecoveryNews::Reminder { .. } | RecoveryNews::Ready { .. }, None) => {
            return Ok(None);
        }
        (RecoveryNews::Stopped { why: StopReason::Expired }, _) => (here, page(routes::RECOVERY)),
        (RecoveryNews::Stopped { .. } | RecoveryNews::Finished, _) => (here, page(routes::RECOVER)),
    };
    Ok(Some(MailModel::Recovery { name: account.name.clone(), facts, tells }))
}

/// The link that ends it, and the one that stops it.
async fn ready(parts: &Parts, tenant: &Tenant, recovery: &Recovery) -> Result<RecoveryMail, Fault> {
    let token = mint(parts, tenant, about(recovery, Purpose::FinishRecovery), time_left(parts, recovery)).await?;
    Ok(RecoveryMail::News {
        news: RecoveryNews::Ready { expires_at: recovery.expires_at },
        link: link(tenant, routes::RECOVERY_FINISH, &token),
        stop: Some(stop(parts, tenant, recovery).await?),
    })
}

async fn stop(parts: &Parts, tenant: &Tenant, recovery: &Recovery) -> Result<String, Fault> {
    let token = mint(parts, tenant, about(recovery, Purpose::StopRecovery), time_left(parts, recovery)).await?;
    Ok(link(tenant, routes::RECOVERY_STOP, &token))
}

fn about(recovery: &Recovery, purpose: Purpose) -> NewLink {
    let about = json!({ "recovery": recovery.id.to_string() });
    NewLink { purpose, account: Some(recovery.account), flow: None, about }
}

fn time_left(parts: &Parts, recovery: &Recovery) -> Duration {
    recovery.expires_at.since(parts.clock.now())
}

/// In which circumstances it was begun.
fn begun(recovery: &Recovery) -> Facts {
    Facts { agent: recovery.agent.clone(), place: recovery.place.clone(), app: None, at: recovery.started_at }
}

/// Writes a refusal into the person's log.
async fn note_refusal(
    parts: &Parts,
    asked: &EventRecord,
    account: &Account,
    until: Option<base::Timestamp>,
) -> Result<(), Fault> {
    let now = parts.clock.now();
    let mut tx = parts.store.begin(asked.tenant).await?;
    tx.lock_account(account.id).await?;
    let log = tx.list_events(account.id, base::Cursor(None), RECENT).await?;
    let noted = |old: &EventRecord| matches!(old.event, Event::RecoveryRefused { .. }) && now.since(old.at) < DAY;
    if !log.items.iter().any(noted) {
        let event = Event::RecoveryRefused { until };
        let id = Id::at(now, &parts.rng);
        tx.emit(&EventRecord { id, account: Some(account.id), device: None, event, at: now, ..asked.clone() }).await?;
    }
    tx.commit().await
}
