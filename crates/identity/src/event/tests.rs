use super::*;
use crate::risk::{Action, Rule};
use std::time::Duration;

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn email() -> base::Email {
    "anna@example.com".parse().unwrap()
}

const READY: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn registration() -> OwnRegistration {
    let (client_id, app) = ("0190a1b2".to_owned(), "Acme".to_owned());
    OwnRegistration { client_id, app, by: CameBy::Anybody, token: None, changed: Vec::new() }
}

/// One event of each kind.
pub(crate) fn one_of_each() -> Vec<Event> {
    let agent = Agent { browser: "Firefox".into(), os: "Linux".into(), ..Agent::default() };
    vec![
        Event::AccountCreated {},
        Event::RegistrationRequested(AskedToJoin {
            flow: id(1),
            number: 1,
            email: email(),
            name: "Anna".into(),
            locale: None,
        }),
        Event::ResetRequested(AskedForReset { email: email(), locale: Some("de".into()) }),
        Event::SignInCodeRequested(AskedForCode { flow: id(1), number: 1, email: email(), locale: None }),
        Event::Invited(Invitation { email: email(), name: None, until: Timestamp::from_seconds(1_790_000_000) }),
        Event::LoginSucceeded { session: id(1), app: None },
        Event::NewDevice { session: id(1), device: id(2), app: Some("Acme".into()) },
        Event::Guessing {},
        Event::Risk {
            findings: vec![Finding { rule: Rule::NewCountry, action: Action::Notify }],
            outcome: Outcome::Told,
            app: None,
        },
        Event::ManyAccountsTried { network: "203.0.113.7".into(), accounts: 10 },
        Event::ManyAddressesTried { addresses: 500 },
        Event::GuessingCodes {},
        Event::DeviceConfirmed { device: id(2), agent: agent.clone() },
        Event::LoginDenied { device: id(2), agent: agent.clone() },
        Event::DeviceForgotten { agent: agent.clone() },
        Event::DeviceTrusted { agent: agent.clone(), until: Timestamp::from_seconds(1_790_000_000) },
        Event::TrustWithdrawn {},
        Event::SessionEnded { session: id(1), agent: agent.clone(), reason: EndReason::SignedOut },
        Event::PasswordChanged { change: Some(id(5)) },
        Event::EmailChanged { change: id(5), from: email(), to: email() },
        Event::PhoneChanged { change: id(5), from: None, to: Some("+41446681800".parse().unwrap()) },
        Event::ChangeRequested {
            change: id(5),
            what: ChangeKind::Email,
            about: Some("j…@example.com".into()),
            until: READY,
            rings: true,
        },
        Event::NewAddress { change: id(5), email: email(), locale: None },
        Event::ChangeEnded { change: id(5), what: ChangeKind::Email, about: None, how: Ending::Denied, rang: true },
        Event::ChangeUndone { change: id(5), what: ChangeKind::Password },
        Event::ApprovalsPaused { until: READY },
        Event::DeniedOften { times: 2 },
        Event::LockedDown {},
        Event::LockdownLifted {},
        Event::Exported {},
        Event::AccountDeleted { email: email(), locale: None },
        Event::PasswordReset {},
        Event::PasskeyAdded {
            key: CredentialKind::Passkey,
            name: "iCloud Keychain".into(),
            credential: Some(Id::from_bytes([8; 16])),
        },
        Event::PasskeyRemoved { key: CredentialKind::SecurityKey, name: "YubiKey 5".into() },
        Event::PasskeyRenamed { key: CredentialKind::Passkey, name: "Phone".into() },
        Event::PasskeyCopied { key: CredentialKind::SecurityKey, name: "YubiKey 5".into() },
        Event::RecoveryRequested { email: email(), locale: None },
        Event::RecoveryStarted { recovery: id(4), ready_at: READY, by_operator: false },
        Event::RecoveryReminder { recovery: id(4), ready_at: READY },
        Event::RecoveryReady { recovery: id(4), expires_at: READY },
        Event::RecoveryStopped { recovery: id(4), why: crate::recovery::StopReason::Asked },
        Event::RecoveryFinished { recovery: id(4) },
        Event::RecoveryRefused { until: Some(READY) },
        Event::TotpAdded {},
        Event::TotpRemoved {},
        Event::RecoveryCodesMade {},
        Event::RecoveryCodeUsed { left: 7 },
        Event::IdentityLinked { provider: "GitHub".into(), who: Some("anna".into()), identity: None },
        Event::IdentityUnlinked { provider: "GitHub".into(), who: None },
        Event::AppConnected { app: "Acme".into(), scope: "openid".into() },
        Event::AppRemoved { app: "Acme".into() },
        Event::AppSignedOut { app: "Acme".into(), agent: agent.clone() },
        Event::AppAsks(AppAsks {
            ask: id(7),
            client: id(6),
            app: "Acme Bank".into(),
            message: Some("W4-SCT".into()),
            until: Timestamp::from_seconds(1_790_000_300),
            rings: true,
        }),
        Event::AppAnswered(AppAnswered {
            ask: id(7),
            client: id(6),
            app: "Acme Bank".into(),
            how: AskEnding::Allowed,
            rang: true,
        }),
        Event::AnswerDue(AnswerDue { client: id(6), ask: id(7) }),
        Event::LogoutDue(LogoutDue { client: id(6), session: id(1), subject: "anna".into() }),
        Event::ClientRegistered(OwnRegistration { token: Some(id(4)), by: CameBy::InitialToken, ..registration() }),
        Event::ClientChanged(OwnRegistration { changed: vec!["redirect_uris".into()], ..registration() }),
        Event::ClientWithdrawn(registration()),
        Event::PushEnabled { subscription: id(3) },
        Event::PushTest { subscription: id(3) },
        Event::PushDisabled { agent: agent.clone() },
        Event::PushGone { agent },
        Event::PreferencesChanged { topic: Topic::AppConnected, channel: Channel::Push, on: true },
        Event::QuietChanged(QuietChange { quiet: crate::Quiet::default(), silences: false }),
        Event::ProfileChanged {},
        Event::TokenExchanged(Exchanged { app: "Orders".into(), from: "Acme".into() }),
        Event::TokenReplayed { app: "Acme".into() },
    ]
}

#[test]
fn every_event_is_stored_under_its_kind_and_read_back_unchanged() {
    for event in one_of_each() {
        let stored = serde_json::to_value(&event).unwrap();
        assert_eq!(stored.get("kind").unwrap(), event.kind());
        assert_eq!(serde_json::from_value::<Event>(stored).unwrap(), event);
    }
}

#[test]
fn no_two_kinds_share_a_name() {
    let mut kinds: Vec<_> = one_of_each().iter().map(Event::kind).collect();
    let all = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), all);
}

#[test]
fn exactly_these_events_can_ring_a_browser() {
    let ringing: Vec<_> = one_of_each().iter().filter(|event| event.rings()).map(Event::kind).collect();
    let expected = [
        "login.new_device",
        "login.guessing",
        "login.risk",
        "login.guessing_codes",
        "password.changed",
        "account.email_changed",
        "account.phone_changed",
        "change.requested",
        "change.ended",
        "change.undone",
        "change.approvals_paused",
        "change.denied_often",
        "account.locked_down",
        "account.lockdown_lifted",
        "account.exported",
        "password.reset",
        "passkey.added",
        "passkey.removed",
        "passkey.copied",
        "recovery.started",
        "recovery.reminder",
        "recovery.ready",
        "recovery.stopped",
        "recovery.finished",
        "totp.added",
        "totp.removed",
        "recovery_codes.made",
        "recovery_code.used",
        "identity.linked",
        "identity.unlinked",
        "app.connected",
        "app.asks",
        "app.answered",
        "push.enabled",
        "push.test",
    ];
    assert_eq!(ringing, expected);
}

#[test]
fn what_threatens_the_account_wakes_a_sleeping_phone_and_the_rest_waits() {
    for event in one_of_each() {
        let high = event.notice() == Notice::Alarm
            || matches!(
                event,
                Event::NewDevice { .. }
                    | Event::Guessing {}
                    | Event::IdentityLinked { .. }
                    | Event::IdentityUnlinked { .. }
                    | Event::Risk { .. }
                    | Event::PasswordChanged { .. }
                    | Event::PasswordReset {}
                    | Event::EmailChanged { .. }
                    | Event::PhoneChanged { .. }
                    | Event::ChangeRequested { .. }
                    | Event::ApprovalsPaused { .. }
                    | Event::Exported {}
                    | Event::PasskeyAdded { .. }
                    | Event::PasskeyRemoved { .. }
                    | Event::PasskeyCopied { .. }
                    | Event::GuessingCodes {}
                    | Event::TotpAdded {}
                    | Event::TotpRemoved {}
                    | Event::RecoveryCodesMade {}
                    | Event::RecoveryCodeUsed { .. }
                    | Event::AppAsks(_)
            );
        assert_eq!(event.urgency() == Urgency::High, high, "{}", event.kind());
    }
}

#[test]
fn a_test_notice_is_worthless_after_five_minutes_and_a_warning_after_a_day() {
    assert_eq!(Event::PushTest { subscription: id(1) }.valid_for(), Duration::from_secs(300));
    let new = Event::NewDevice { session: id(1), device: id(2), app: None };
    assert_eq!(new.valid_for(), Duration::from_secs(86_400));
}

#[test]
fn an_event_of_an_unknown_kind_is_refused() {
    assert!(serde_json::from_str::<Event>(r#"{"kind":"account.stolen","data":{}}"#).is_err());
}

#[test]
fn what_the_risk_rules_found_is_told_when_it_was_to_be_told_or_nobody_got_in() {
    let risk = |outcome| Event::Risk { findings: Vec::new(), outcome, app: None };
    let told = Notice::Topic(Topic::NewDevice);
    for (outcome, notice, shown) in [
        (Outcome::Recorded, Notice::Log, false),
        (Outcome::Noted, Notice::Log, true),
        (Outcome::Told, told, true),
        (Outcome::Asked, Notice::Log, true),
        (Outcome::Refused, told, true),
    ] {
        assert_eq!((risk(outcome).notice(), risk(outcome).is_shown()), (notice, shown), "{outcome:?}");
    }
    assert!(one_of_each().iter().all(Event::is_shown));
}
