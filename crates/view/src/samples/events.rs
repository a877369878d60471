//! One event of every kind, and of every way to say it.

use super::{NOW, firefox, pixel, windows};
use base::Id;
use identity::recovery::StopReason;
use identity::risk::{Action, Finding, Outcome, Rule};
use identity::{
    AnswerDue, AppAnswered, AppAsks, AskEnding, AskedForCode, AskedForReset, AskedToJoin, CameBy, ChangeKind, Channel,
    CredentialKind, EndReason, Event, Exchanged, Invitation, OwnRegistration, Topic,
};

/// One event of every kind, and of every way to say it.
pub fn events() -> Vec<Event> {
    let id = Id::from_bytes([7; 16]);
    let app = || Some("Acme Shop".to_owned());
    let ended = |reason| Event::SessionEnded { session: id, agent: pixel(), reason };
    let risk = |action, outcome| Event::Risk {
        findings: Rule::ALL.into_iter().map(|rule| Finding { rule, action }).collect(),
        outcome,
        app: app(),
    };
    let answered =
        |how| Event::AppAnswered(AppAnswered { ask: id, client: id, app: "Acme Bank".to_owned(), how, rang: true });
    let registration = || OwnRegistration {
        client_id: "0190a1b2".to_owned(),
        app: "Acme Shop".to_owned(),
        by: CameBy::Anybody,
        token: None,
        changed: vec!["redirect_uris".to_owned()],
    };
    let stopped = |why| Event::RecoveryStopped { recovery: id, why };
    let mut events = vec![
        Event::NewDevice { session: id, device: id, app: app() },
        Event::LoginSucceeded { session: id, app: app() },
        Event::PasswordChanged { change: None },
        Event::PushEnabled { subscription: id },
        Event::AppConnected { app: "Acme Shop".to_owned(), scope: "openid email".to_owned() },
        Event::NewDevice { session: id, device: id, app: None },
        Event::LoginSucceeded { session: id, app: None },
        Event::AccountCreated {},
        Event::Guessing {},
        risk(Action::Shadow, Outcome::Recorded),
        risk(Action::Notify, Outcome::Noted),
        risk(Action::Notify, Outcome::Told),
        risk(Action::Ask, Outcome::Asked),
        risk(Action::Refuse, Outcome::Refused),
        Event::ManyAccountsTried { network: "203.0.113.7".to_owned(), accounts: 12 },
        Event::ManyAddressesTried { addresses: 640 },
        Event::GuessingCodes {},
        Event::DeviceConfirmed { device: id, agent: pixel() },
        Event::LoginDenied { device: id, agent: windows() },
        Event::DeviceForgotten { agent: windows() },
        Event::DeviceTrusted { agent: firefox(), until: NOW },
        Event::TrustWithdrawn {},
        ended(EndReason::SignedOut),
        ended(EndReason::SignedOutByApp),
        ended(EndReason::EndedByOwner),
        ended(EndReason::Denied),
        ended(EndReason::PasswordChanged),
        ended(EndReason::Replaced),
        ended(EndReason::EndedByOperator),
        ended(EndReason::Restored),
        Event::PasswordReset {},
        Event::TotpAdded {},
        Event::TotpRemoved {},
        Event::RecoveryCodesMade {},
        Event::RecoveryCodeUsed { left: 7 },
        Event::RecoveryCodeUsed { left: 1 },
        Event::RecoveryCodeUsed { left: 0 },
        Event::IdentityLinked {
            provider: "Google".to_owned(),
            who: Some("jane@example.com".to_owned()),
            identity: None,
        },
        Event::IdentityLinked { provider: "GitHub".to_owned(), who: None, identity: None },
        Event::IdentityUnlinked { provider: "Google".to_owned(), who: Some("jane@example.com".to_owned()) },
        Event::IdentityUnlinked { provider: "GitHub".to_owned(), who: None },
        Event::AppRemoved { app: "Acme Shop".to_owned() },
        Event::AppAsks(AppAsks {
            ask: id,
            client: id,
            app: "Acme Bank".to_owned(),
            message: None,
            until: NOW,
            rings: true,
        }),
        answered(AskEnding::Allowed),
        answered(AskEnding::Denied),
        answered(AskEnding::WrongNumber),
        Event::AnswerDue(AnswerDue { client: id, ask: id }),
        Event::ClientRegistered(registration()),
        Event::ClientChanged(registration()),
        Event::ClientWithdrawn(registration()),
        Event::AppSignedOut { app: "Acme Shop".to_owned(), agent: pixel() },
        Event::PushTest { subscription: id },
        Event::PushDisabled { agent: firefox() },
        Event::PushGone { agent: pixel() },
        Event::QuietChanged(identity::QuietChange { quiet: identity::Quiet::default(), silences: false }),
        Event::ProfileChanged {},
        Event::RecoveryStarted { recovery: id, ready_at: NOW, by_operator: false },
        Event::RecoveryStarted { recovery: id, ready_at: NOW, by_operator: true },
        Event::RecoveryReminder { recovery: id, ready_at: NOW },
        Event::RecoveryReady { recovery: id, expires_at: NOW },
        stopped(StopReason::Asked),
        stopped(StopReason::SignedIn),
        stopped(StopReason::CredentialChanged),
        stopped(StopReason::Expired),
        stopped(StopReason::Replaced),
        Event::RecoveryFinished { recovery: id },
        Event::RecoveryRefused { until: Some(NOW) },
        Event::RecoveryRefused { until: None },
        Event::TokenExchanged(Exchanged { app: "Acme Orders".to_owned(), from: "Acme Shop".to_owned() }),
        Event::TokenReplayed { app: "Acme Shop".to_owned() },
    ];
    for (key, name) in [(CredentialKind::Passkey, "iCloud Keychain"), (CredentialKind::SecurityKey, "YubiKey 5 NFC")] {
        let name = || name.to_owned();
        events.extend([
            Event::PasskeyAdded { key, name: name(), credential: None },
            Event::PasskeyRemoved { key, name: name() },
            Event::PasskeyRenamed { key, name: name() },
            Event::PasskeyCopied { key, name: name() },
        ]);
    }
    if let Ok(email) = "jane@example.com".parse::<base::Email>() {
        let name = "Jane Doe".to_owned();
        events.push(Event::Invited(Invitation { email: email.clone(), name: Some(name.clone()), until: NOW }));
        events.push(Event::RegistrationRequested(AskedToJoin {
            flow: id,
            number: 1,
            email: email.clone(),
            name,
            locale: None,
        }));
        events.push(Event::EmailChanged { change: id, from: email.clone(), to: email.clone() });
        events.push(Event::NewAddress { change: id, email: email.clone(), locale: None });
        events.push(Event::AccountDeleted { email: email.clone(), locale: None });
        events.push(Event::RecoveryRequested { email: email.clone(), locale: None });
        events.push(Event::SignInCodeRequested(AskedForCode {
            flow: id,
            number: 1,
            email: email.clone(),
            locale: None,
        }));
        events.push(Event::ResetRequested(AskedForReset { email, locale: None }));
    }
    if let Ok(phone) = "+33142685300".parse::<identity::Phone>() {
        events.push(Event::PhoneChanged { change: id, from: None, to: Some(phone.clone()) });
        events.push(Event::PhoneChanged { change: id, from: Some(phone), to: None });
    }
    for what in ChangeKind::ALL {
        let about = (what == ChangeKind::Email).then(|| "j…@new.example".to_owned());
        events.push(Event::ChangeRequested { change: id, what, about, until: NOW, rings: true });
        events.push(Event::ChangeUndone { change: id, what });
    }
    let over = |how| Event::ChangeEnded { change: id, what: ChangeKind::Email, about: None, how, rang: true };
    events.extend(super::change::ENDINGS.map(over));
    events.extend([
        ended(EndReason::LockedDown),
        Event::ApprovalsPaused { until: NOW },
        Event::DeniedOften { times: 2 },
        Event::LockedDown {},
        Event::LockdownLifted {},
        Event::Exported {},
    ]);
    for topic in Topic::ALL {
        for channel in Channel::ALL {
            events.extend([true, false].map(|on| Event::PreferencesChanged { topic, channel, on }));
        }
    }
    events
}
