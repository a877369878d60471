//! Mails about sensitive changes: codes and links are made here, when a mail is written.

use crate::mail_sink::{Letter, NewLink, mint};
use crate::relay::Parts;
use crate::words::{self, link};
use base::{Email, Fault, Id, Timestamp, routes};
use identity::change::{Before, CHANGE_KEY, Change, ChangeSecret, Leg, PendingChange, UNDO_FOR};
use identity::{Account, Channel, Event, EventRecord, Phone, Purpose, Topic};
use serde_json::json;
use std::time::Duration;
use store::Read;
use store::model::Tenant;
use view::ChangeMail;
use view::mail::{Facts, MailModel};

/// How long the link that lifts a lockdown works.
const LIFTED_WITHIN: Duration = Duration::from_secs(7 * 24 * 3600);

/// The mail about an event that is about a change; nothing when there is nothing to tell any more.
pub(crate) async fn told(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    account: &Account,
) -> Result<Option<Letter>, Fault> {
    let to = match &record.event {
        // To where its owner was to be reached before.
        Event::EmailChanged { from, .. } => from.clone(),
        // While a change of the address can be undone, the address before it says yes: who has taken the account over
        // has its mailbox, too.
        Event::ChangeRequested { .. } => address_before(parts, tenant, account).await?,
        _ => account.email.clone(),
    };
    let Some(tells) = tells(parts, tenant, record, account).await? else { return Ok(None) };
    let facts = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let model = MailModel::Change { name: account.name.clone(), facts, tells };
    Ok(Some(Letter { to, locale: None, account: Some(account.clone()), model }))
}

/// The address to which an account's owner was to be reached before the changes that can still be undone.
async fn address_before(parts: &Parts, tenant: &Tenant, account: &Account) -> Result<Email, Fault> {
    let now = parts.clock.now();
    let ended = parts.store.read(tenant.id).await?.list_ended_changes(account.id, now.minus(UNDO_FOR)).await?;
    let undoable = ended.into_iter().filter(|change| change.undo_until().is_some_and(|until| now < until));
    let before = undoable.filter_map(|change| change.before).find_map(|before| match before {
        Before::Email(email, _) => Some(email),
        Before::Password(_) | Before::Phone(_) => None,
    });
    Ok(before.unwrap_or_else(|| account.email.clone()))
}

async fn tells(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    account: &Account,
) -> Result<Option<ChangeMail>, Fault> {
    let recover = tenant.origin.join(routes::RECOVER);
    let Some(news) = words::change(record) else { return Ok(None) };
    Ok(Some(match (&record.event, news) {
        (Event::ChangeRequested { change, .. }, _) => {
            let mut read = parts.store.read(tenant.id).await?;
            let now = parts.clock.now();
            let found = read.find_change(*change).await?;
            // Whoever has clicked the notice is at it: a mail besides would only be one more thing to look at. Where they
            // could say yes, that is: a browser too new for its word to count spares nobody the mail.
            if is_seen(&mut read, record, now).await? {
                return Ok(None);
            }
            // Decided, or said yes to, before the mail went out.
            let open = found.filter(|change| change.is_open(now) && change.approved_at.is_none());
            let Some(open) = open else { return Ok(None) };
            let lifetime = open.expires_at.since(now);
            ChangeMail::Asked {
                what: open.change.kind(),
                about: about(&open.change),
                code: code(parts, open.id, Leg::Yes),
                link: answer(parts, tenant, &open, lifetime).await?,
                lifetime: lifetime.as_secs(),
            }
        }
        (Event::EmailChanged { change, to, .. }, _) => {
            let Some(undo) = undo(parts, tenant, *change).await? else { return Ok(None) };
            ChangeMail::EmailChanged { to: to.as_str().to_owned(), undo }
        }
        (Event::PhoneChanged { change, from, to }, _) => {
            let Some(undo) = undo(parts, tenant, *change).await? else { return Ok(None) };
            let whole = |phone: &Phone| phone.as_str().to_owned();
            ChangeMail::PhoneChanged { before: from.as_ref().map(whole), after: to.as_ref().map(whole), undo }
        }
        (Event::LockedDown {}, news) => {
            let new =
                NewLink { purpose: Purpose::LiftLockdown, account: Some(account.id), flow: None, about: json!({}) };
            let token = mint(parts, tenant, new, LIFTED_WITHIN).await?;
            ChangeMail::News { news, link: recover, second: Some(link(tenant, routes::LOCKDOWN, &token)) }
        }
        (Event::ChangeEnded { .. }, _) => return Ok(None),
        (_, news) => ChangeMail::News { news, link: recover, second: None },
    }))
}

/// Whether the notice was clicked in a browser where a yes can be said.
pub(crate) async fn is_seen(read: &mut Read, record: &EventRecord, now: Timestamp) -> Result<bool, Fault> {
    for subscription in read.clicked_in(record.id).await? {
        let Some(subscription) = read.find_subscription(subscription).await? else { continue };
        let device = read.find_device(subscription.device).await?;
        if device.is_some_and(|device| Some(device.id) != record.device && device.vouches(now)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The code that proves a new address; or, to whoever has an account with it, the word that somebody wanted it.
pub(crate) async fn new_address(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    (change, email, locale): (Id, &Email, &Option<String>),
) -> Result<Option<Letter>, Fault> {
    let mut read = parts.store.read(tenant.id).await?;
    let now = parts.clock.now();
    let Some(open) = read.find_change(change).await?.filter(|change| change.is_open(now)) else { return Ok(None) };
    let taken = read.find_account_by_email(&email.key()).await?;
    let tells = if taken.is_some_and(|other| other.id != open.account) {
        ChangeMail::AddressTaken
    } else {
        let lifetime = open.expires_at.since(now).as_secs();
        ChangeMail::NewAddress { code: code(parts, change, Leg::NewAddress), lifetime }
    };
    let facts = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let model = MailModel::Change { name: String::new(), facts, tells };
    Ok(Some(Letter { to: email.clone(), locale: locale.clone(), account: None, model }))
}

/// Notices about who gets into the account were switched off: told by mail, so that nobody silences the bell unheard.
pub(crate) fn notices_off(
    tenant: &Tenant,
    record: &EventRecord,
    account: Account,
    (topic, channel): (Topic, Channel),
) -> Letter {
    let facts = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let tells = ChangeMail::NoticesOff { topic, channel, settings: tenant.origin.join(routes::NOTIFICATIONS) };
    let model = MailModel::Change { name: account.name.clone(), facts, tells };
    Letter { to: account.email.clone(), locale: None, account: Some(account), model }
}

/// The same where a pause or quiet hours hold them back.
pub(crate) fn notices_quiet(tenant: &Tenant, record: &EventRecord, account: Account) -> Letter {
    let facts = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let tells = ChangeMail::NoticesQuiet { settings: tenant.origin.join(routes::NOTIFICATIONS) };
    let model = MailModel::Change { name: account.name.clone(), facts, tells };
    Letter { to: account.email.clone(), locale: None, account: Some(account), model }
}

/// The last mail to a person.
pub(crate) fn deleted(record: &EventRecord, (email, locale): (&Email, &Option<String>)) -> Letter {
    let facts = Facts { agent: record.agent.clone(), place: record.place.clone(), app: None, at: record.at };
    let model = MailModel::Change { name: email.as_str().to_owned(), facts, tells: ChangeMail::Deleted };
    Letter { to: email.clone(), locale: locale.clone(), account: None, model }
}

/// The link that undoes a change; nothing when it can't be undone.
pub(crate) async fn undo(parts: &Parts, tenant: &Tenant, change: Id) -> Result<Option<String>, Fault> {
    let found = parts.store.read(tenant.id).await?.find_change(change).await?;
    let Some(change) = found.filter(|change| change.undo_until().is_some()) else { return Ok(None) };
    answer(parts, tenant, &change, UNDO_FOR).await.map(Some)
}

async fn answer(parts: &Parts, tenant: &Tenant, change: &PendingChange, works: Duration) -> Result<String, Fault> {
    let new = NewLink {
        purpose: Purpose::AnswerChange,
        account: Some(change.account),
        flow: None,
        about: json!({ "change": change.id.to_string() }),
    };
    let token = mint(parts, tenant, new, works).await?;
    Ok(link(tenant, routes::CHANGE, &token))
}

fn code(parts: &Parts, change: Id, leg: Leg) -> String {
    let key = parts.keyring.subkey(CHANGE_KEY);
    ChangeSecret::new(&key, change).code(leg).to_string()
}

/// What it is about: to the account's own mailbox, addresses and numbers are told whole.
fn about(change: &Change) -> Option<String> {
    match change {
        Change::Email { to, .. } => Some(to.as_str().to_owned()),
        Change::Phone { from, to } => Phone::step(from.as_ref(), to.as_ref(), |phone| phone.as_str().to_owned()),
        other => other.about(),
    }
}
