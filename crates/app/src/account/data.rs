//! What is kept of a person: a copy of it, and the end of it.

use crate::change::Made;
use crate::here::{By, Here};
use crate::login::Recent;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Cursor, Fault, Id};
use identity::change::{Change, Ending};
use identity::{Event, Role};
use serde_json::{Value, json};
use std::time::Duration;
use store::Tx;

/// How long a copy can be fetched, in the session that asked for it.
const FETCHED_WITHIN: Duration = Duration::from_secs(3600);
/// How much of the activity log is in it.
const EVENTS: i64 = 5_000;

/// A copy of what is kept.
#[derive(Debug, Clone)]
pub struct Export(pub Value);

/// Why an account is not deleted, or a copy not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataRefusal {
    /// An operator's account is not deleted here: another operator takes the role away first.
    Operator,
    /// There is no such copy for this session, or not any more.
    Gone,
}

impl Here {
    /// Asks for a copy of everything that is kept. Answers with the id under which it is fetched.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn ask_for_export(&self, recent: &Recent, visitor: &Visitor) -> Result<Made<Id>, Fault> {
        let (mut tx, _) = self.begin_recent(recent).await?;
        let made = self.change(&mut tx, recent, Change::Export {}, visitor).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// The copy, once it was allowed.
    ///
    /// # Errors
    /// [`DataRefusal::Gone`].
    pub async fn export(&self, signed: &Signed, change: Id) -> Answer<Export, DataRefusal> {
        let mut read = self.read().await?;
        let found = read.find_change(change).await?.filter(|change| change.asker.session == signed.session.id);
        let allowed = found.filter(|change| matches!(change.change, Change::Export {})).and_then(|change| change.ended);
        let now = self.now();
        if !allowed.is_some_and(|ended| ended.how == Ending::Applied && now < ended.at.plus(FETCHED_WITHIN)) {
            return refuse(DataRefusal::Gone);
        }
        let (account, id) = (&signed.account, signed.id());
        let events = read.list_events(id, Cursor(None), EVENTS).await?.items;
        let events = events.into_iter().filter(|record| record.event.is_shown());
        let preferences = read.preferences(id).await?;
        let chosen = preferences.chosen.iter();
        Ok(Export(json!({
            "account": {
                "id": account.id, "email": account.email, "email_verified_at": account.email_verified_at.to_rfc3339(),
                "name": account.name, "phone": account.phone, "details": account.details, "attributes": account.attributes,
                "locale": account.locale, "time_zone": account.time_zone,
                "created_at": account.created_at.to_rfc3339(), "updated_at": account.updated_at.to_rfc3339(),
            },
            "password_changed_at": read.password_changed_at(id).await?.map(base::Timestamp::to_rfc3339),
            "passkeys_and_security_keys": read.list_credentials(id).await?.iter().map(|key| json!({
                "kind": key.kind, "name": key.name, "created_at": key.created_at.to_rfc3339(),
                "last_used_at": key.last_used_at.map(base::Timestamp::to_rfc3339), "last_used_in": key.last_used_in,
            })).collect::<Vec<_>>(),
            "authenticator_app_since": read.find_totp(id).await?.map(|app| app.created_at.to_rfc3339()),
            "recovery_codes_left": read.list_recovery_codes(id).await?.iter().filter(|c| c.used_at.is_none()).count(),
            "other_accounts": read.list_identities(id).await?.iter().map(|one| json!({
                "provider": one.provider, "subject": one.subject, "email": one.email, "name": one.name,
                "created_at": one.created_at.to_rfc3339(),
            })).collect::<Vec<_>>(),
            "devices": read.list_devices(id).await?.iter().map(|device| json!({
                "browser": device.agent, "place": device.place, "first_seen_at": device.first_seen_at.to_rfc3339(),
                "last_seen_at": device.last_seen_at.to_rfc3339(),
            })).collect::<Vec<_>>(),
            "apps": self.apps(signed).await?.iter().map(|app| json!({
                "name": app.name, "scope": app.scope, "since": app.since.to_rfc3339(),
            })).collect::<Vec<_>>(),
            "notices": chosen.map(|((topic, channel), on)| json!({
                "topic": topic.as_str(), "channel": channel.as_str(), "on": on,
            })).collect::<Vec<_>>(),
            "push_subscriptions": read.list_subscriptions(id).await?.iter().map(|one| json!({
                "service": one.service, "created_at": one.created_at.to_rfc3339(),
                "delivered_at": one.delivered_at.map(base::Timestamp::to_rfc3339),
            })).collect::<Vec<_>>(),
            "activity": events.map(|record| json!({
                "at": record.at.to_rfc3339(), "event": record.event, "browser": record.agent, "place": record.place,
            })).collect::<Vec<_>>(),
        })))
    }

    /// Asks for the end of the account.
    ///
    /// # Errors
    /// [`DataRefusal::Operator`].
    pub async fn delete_account(&self, recent: &Recent, visitor: &Visitor) -> Answer<Made<()>, DataRefusal> {
        let (mut tx, _) = self.begin_recent(recent).await?;
        let operator = tx.lock_account(recent.id()).await?.is_some_and(|account| account.role == Role::Admin);
        if operator {
            return refuse(DataRefusal::Operator);
        }
        let made = self.change(&mut tx, recent, Change::Delete {}, visitor).await?;
        tx.commit().await?;
        Ok(made.map(drop))
    }
}

/// Deletes an account with everything that is kept of it, and tells its owner by mail. `false` for an operator's.
pub(crate) async fn delete_everything(here: &Here, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<bool, Fault> {
    let Some(account) = tx.lock_account(account).await?.filter(|account| account.role != Role::Admin) else {
        return Ok(false);
    };
    for session in tx.list_sessions(account.id, here.now()).await? {
        here.tell_apps(tx, &session).await?;
    }
    tx.delete_account(account.id).await?;
    let event = Event::AccountDeleted { email: account.email, locale: account.locale };
    here.emit(tx, &By { account: None, device: None, visitor: by.visitor }, event).await?;
    Ok(true)
}
