//! What an event says in a notice, and where its buttons lead. The words themselves are the view's.

use base::{Id, Secret, routes};
use identity::risk::{Outcome, Rule, why};
use identity::{Account, Event, EventRecord, Phone};
use serde_json::{Value, json};
use store::model::Tenant;
use view::{ChangeNews, FactorChange, Locale, NoticeAction, NoticeModel, Recipient, RecoveryNews};

/// What an event says in a notice; nothing if it rings nobody.
pub(crate) fn notice(record: &EventRecord) -> Option<NoticeModel> {
    let (agent, place, at) = (record.agent.clone(), record.place.clone(), record.at);
    Some(match &record.event {
        Event::NewDevice { app, .. } => NoticeModel::NewDevice { agent, place, app: app.clone(), at },
        Event::Guessing {} => NoticeModel::Guessing { agent, place, at },
        Event::Risk { findings, outcome, .. } => NoticeModel::Odd {
            agent,
            place,
            at,
            reasons: why(findings, *outcome).map(Rule::reason).collect(),
            refused: *outcome == Outcome::Refused,
        },
        Event::GuessingCodes {} => NoticeModel::GuessingCodes { agent, place, at },
        Event::PasswordChanged { change } => {
            NoticeModel::PasswordChanged { agent, at, by_mail: false, undo: change.is_some() }
        }
        Event::PasswordReset {} => NoticeModel::PasswordChanged { agent, at, by_mail: true, undo: false },
        Event::PasskeyAdded { key, name, .. } => {
            NoticeModel::KeyChanged { key: *key, name: name.clone(), agent, at, removed: false }
        }
        Event::PasskeyRemoved { key, name } => {
            NoticeModel::KeyChanged { key: *key, name: name.clone(), agent, at, removed: true }
        }
        Event::PasskeyCopied { name, .. } => NoticeModel::KeyCopied { name: name.clone(), agent, place, at },
        Event::RecoveryStarted { .. }
        | Event::RecoveryReminder { .. }
        | Event::RecoveryReady { .. }
        | Event::RecoveryStopped { .. }
        | Event::RecoveryFinished { .. } => NoticeModel::Recovery { agent, place, at, news: recovery(&record.event)? },
        Event::IdentityLinked { provider, .. } => {
            NoticeModel::IdentityChanged { provider: provider.clone(), agent, at, removed: false }
        }
        Event::IdentityUnlinked { provider, .. } => {
            NoticeModel::IdentityChanged { provider: provider.clone(), agent, at, removed: true }
        }
        Event::AppConnected { app, .. } => NoticeModel::AppConnected { app: app.clone() },
        Event::AppAsks(asks) => {
            NoticeModel::AppAsks { app: asks.app.clone(), message: asks.message.clone(), until: asks.until }
        }
        Event::AppAnswered(answered) => {
            NoticeModel::AppAnswered { app: answered.app.clone(), how: answered.how, by: agent }
        }
        Event::PushEnabled { .. } => NoticeModel::PushEnabled,
        Event::PushTest { .. } => NoticeModel::PushTest { at },
        _ if change(record).is_some() => NoticeModel::Change { agent, place, at, news: change(record)? },
        event => NoticeModel::FactorChanged { change: factor_change(event)?, agent, at },
    })
}

/// What an event says of a second factor; nothing if it is about something else.
pub(crate) const fn factor_change(event: &Event) -> Option<FactorChange> {
    Some(match event {
        Event::TotpAdded {} => FactorChange::TotpAdded,
        Event::TotpRemoved {} => FactorChange::TotpRemoved,
        Event::RecoveryCodesMade {} => FactorChange::CodesMade,
        Event::RecoveryCodeUsed { left } => FactorChange::CodeUsed { left: *left },
        _ => return None,
    })
}

/// What is told of a sensitive change as such; nothing of what has words of its own, or only stands in the log.
pub(crate) fn change(record: &EventRecord) -> Option<ChangeNews> {
    Some(match &record.event {
        Event::ChangeRequested { what, about, until, .. } => {
            ChangeNews::Requested { what: *what, about: about.clone(), until: *until }
        }
        Event::ChangeEnded { what, how, .. } => ChangeNews::Over { what: *what, how: *how, by: record.agent.clone() },
        Event::EmailChanged { .. } => ChangeNews::EmailChanged,
        Event::PhoneChanged { from, to, .. } => {
            ChangeNews::PhoneChanged { before: from.as_ref().map(Phone::masked), after: to.as_ref().map(Phone::masked) }
        }
        Event::ChangeUndone { what, .. } => ChangeNews::Undone { what: *what },
        Event::ApprovalsPaused { until } => ChangeNews::Paused { until: *until },
        Event::DeniedOften { times } => ChangeNews::DeniedOften { times: *times },
        Event::LockedDown {} => ChangeNews::LockedDown,
        Event::LockdownLifted {} => ChangeNews::LockdownLifted,
        Event::Exported {} => ChangeNews::Exported,
        _ => return None,
    })
}

/// What is told of a way back; nothing of what only stands in the log.
pub(crate) fn recovery(event: &Event) -> Option<RecoveryNews> {
    Some(match event {
        Event::RecoveryStarted { ready_at, by_operator, .. } => {
            RecoveryNews::Started { ready_at: *ready_at, by_operator: *by_operator }
        }
        Event::RecoveryReminder { ready_at, .. } => RecoveryNews::Reminder { ready_at: *ready_at },
        Event::RecoveryReady { expires_at, .. } => RecoveryNews::Ready { expires_at: *expires_at },
        Event::RecoveryStopped { why, .. } => RecoveryNews::Stopped { why: *why },
        Event::RecoveryFinished { .. } => RecoveryNews::Finished,
        _ => return None,
    })
}

/// Who reads it: in their language and time zone, or in those of the page that it came from.
pub(crate) fn recipient(tenant: &Tenant, account: Option<&Account>, page: Option<&str>) -> Recipient {
    let tag = account.and_then(|account| account.locale.as_deref()).or(page);
    Recipient {
        brand: tenant.name.clone(),
        locale: tag.and_then(Locale::from_tag).unwrap_or_default(),
        time_zone: account.and_then(|account| account.time_zone.clone()),
        hide_details: false,
    }
}

/// The links of a notice, built from the tenant's origin alone.
pub(crate) struct Links<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) record: &'a EventRecord,
}

impl Links<'_> {
    /// Where a click leads.
    pub(crate) fn navigate(&self) -> String {
        self.tenant.origin.join(&match &self.record.event {
            Event::NewDevice { .. } => routes::was_this_you(self.record.id),
            Event::AppConnected { .. } => routes::APPS.to_owned(),
            Event::PasskeyAdded { .. } | Event::PasskeyRemoved { .. } | Event::PasskeyCopied { .. } => {
                routes::SIGN_IN.to_owned()
            }
            Event::IdentityLinked { .. } | Event::IdentityUnlinked { .. } => routes::SIGN_IN.to_owned(),
            event if event.change().is_some() => event.change().map(routes::change).unwrap_or_default(),
            event if event.ask().is_some() => event.ask().copied().map(routes::ask).unwrap_or_default(),
            Event::LockedDown {} => routes::LOCKDOWN.to_owned(),
            Event::Guessing {} | Event::Risk { .. } | Event::PasswordChanged { .. } | Event::PasswordReset {} => {
                routes::SECURE.to_owned()
            }
            Event::ApprovalsPaused { .. }
            | Event::DeniedOften { .. }
            | Event::LockdownLifted {}
            | Event::Exported {} => routes::SECURE.to_owned(),
            Event::GuessingCodes {}
            | Event::TotpAdded {}
            | Event::TotpRemoved {}
            | Event::RecoveryCodesMade {}
            | Event::RecoveryCodeUsed { .. } => routes::SECURE.to_owned(),
            event if event.recovery().is_some() => event.recovery().map(routes::recovery).unwrap_or_default(),
            _ => routes::NOTIFICATIONS.to_owned(),
        })
    }

    /// Where a "no" leads on.
    fn secured(&self) -> String {
        self.tenant.origin.join(&format!("{}?event={}", routes::SECURE, self.record.id))
    }

    /// Where a button leads.
    pub(crate) fn action(&self, action: &str) -> String {
        match action {
            "secure" => self.tenant.origin.join(routes::SECURE),
            "review" if self.record.event.change().is_none() && self.record.event.ask().is_none() => {
                self.tenant.origin.join(routes::SIGN_IN)
            }
            "manage" => self.tenant.origin.join(routes::APPS),
            "settings" | "off" => self.tenant.origin.join(routes::NOTIFICATIONS),
            _ => self.navigate(),
        }
    }

    /// Where a "no" is posted.
    fn denial(event: &Event) -> Option<String> {
        let ask = event.ask().map(|id| routes::ask_answer(*id, "deny"));
        ask.or_else(|| event.change().map(|id| routes::change_answer(id, "deny")))
    }

    /// What the notice goes on telling of: an event by itself, or the way back or the change that several tell of.
    fn thread(&self) -> Id {
        let event = &self.record.event;
        let app = match event {
            // A newer request of an app takes the place of the one before.
            Event::AppAsks(asks) => Some(asks.client),
            Event::AppAnswered(answered) => Some(answered.client),
            _ => None,
        };
        event.recovery().or_else(|| event.change()).or(app).unwrap_or(self.record.id)
    }

    /// A later notice of the same thing takes the place of the earlier.
    pub(crate) fn tag(&self) -> String {
        let about = match &self.record.event {
            Event::NewDevice { .. } => "login",
            Event::PushEnabled { .. } | Event::PushTest { .. } => "notices",
            event if event.recovery().is_some() => "recovery",
            Event::ChangeRequested { .. } | Event::ChangeEnded { .. } => "confirm",
            Event::AppAsks(_) | Event::AppAnswered(_) => "ask",
            _ => "notice",
        };
        format!("{about}:{}", self.thread())
    }

    /// What the service worker gets with a click: the buttons, where they lead, and what they post first; and what speaks for
    /// its browser when it tells that the notice was shown or clicked.
    pub(crate) fn data(&self, actions: &[NoticeAction], receipt: &str) -> Value {
        let actions: Vec<Value> = actions
            .iter()
            .map(|action| match (&self.record.event, action.action) {
                (Event::NewDevice { .. }, answer @ ("yes" | "no")) => json!({
                    "action": answer,
                    "post": self.tenant.origin.join(&routes::was_this_you_answer(self.record.id, answer)),
                    "navigate": if answer == "no" { self.secured() } else { self.navigate() },
                }),
                (event, "stop") => json!({
                    "action": "stop",
                    "post": event.recovery().map(|id| self.tenant.origin.join(&routes::recovery_stop(id))),
                    "navigate": self.navigate(),
                }),
                (event, "deny") => json!({
                    "action": "deny",
                    "post": Self::denial(event).map(|path| self.tenant.origin.join(&path)),
                    "navigate": self.navigate(),
                }),
                (_, "ok") => json!({ "action": "ok" }),
                (_, other) => json!({ "action": other, "navigate": self.action(other) }),
            })
            .collect();
        json!({ "navigate": self.navigate(), "actions": actions, "receipt": receipt })
    }
}

/// The absolute link of a mail with its token.
pub(crate) fn link(tenant: &Tenant, path: &str, token: &Secret) -> String {
    tenant.origin.join(&routes::with_token(path, token))
}
