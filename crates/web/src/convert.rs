//! From what the use cases answer to what the pages show.

use app::account::{DeviceEntry, Line, LinkedIdentity};
use app::login::{Pending, ProviderName};
use app::push::RungBrowser;
use app::recovery::Shown;
use base::Timestamp;
use identity::password_policy::WeakPassword;
use identity::recovery::Standing;
use identity::{Device, Event};
use std::time::Duration;
use view::pages::recovery::{RecoveryStanding, RecoveryStands};
use view::pages::upstream::{LinkWay, LinkedAccount, OtherAccounts, PendingAccount, ProviderButton};
use view::pages::{AppSession, DeviceCard, Line as ShownLine, PasswordProblem, PasswordRules};

/// A wait in whole seconds, rounded up; at most ninety days, as nobody plans further.
pub(crate) fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).clamp(1, 90 * 24 * 3600)
}

/// Since when a browser is not reached. One or two failures are a push service's own trouble.
pub(crate) fn unreached_since(browser: &RungBrowser) -> Option<Timestamp> {
    browser.subscription.failing_since.filter(|_| browser.subscription.strikes >= 3)
}

/// What a new password must have here.
pub(crate) fn rules(here: &app::Here) -> PasswordRules {
    PasswordRules { min: here.settings().password.min_length }
}

/// Why a password is not good enough.
pub(crate) const fn weakness(weak: WeakPassword) -> PasswordProblem {
    match weak {
        WeakPassword::TooShort { min } => PasswordProblem::TooShort { min },
        WeakPassword::TooLong { max } => PasswordProblem::TooLong { max },
        WeakPassword::TooCommon => PasswordProblem::TooCommon,
        WeakPassword::Guessable { .. } => PasswordProblem::Guessable,
        WeakPassword::ContainsContext => PasswordProblem::ContainsYou,
        WeakPassword::Breached => PasswordProblem::Breached,
    }
}

/// A device with its sessions.
pub(crate) fn device(entry: DeviceEntry, now: Timestamp) -> DeviceCard {
    let session = |app: app::account::AppSession| AppSession {
        client: app.client.to_string(),
        name: app.name,
        last_used: app.last_used,
    };
    let Device { id, agent, place, first_seen_at, last_seen_at, known_at, trusted_until, .. } = entry.device;
    DeviceCard {
        id: id.to_string(),
        agent,
        place,
        first_seen: first_seen_at,
        last_seen: last_seen_at,
        here: entry.here,
        signed_in: entry.signed_in,
        known: known_at.is_some(),
        apps: entry.apps.into_iter().map(session).collect(),
        may_forget: entry.may_forget,
        trusted_until: trusted_until.filter(|until| now < *until),
    }
}

/// A line of the log; `devices` are the account's, to see which of them wait for "was this you?".
pub(crate) fn line(line: Line, devices: &[DeviceEntry]) -> ShownLine {
    let open_question = match &line.event {
        Event::NewDevice { device, .. } => {
            devices.iter().any(|entry| entry.device.id == *device && entry.device.known_at.is_none() && !entry.here)
        }
        _ => false,
    };
    ShownLine {
        id: line.id.to_string(),
        event: line.event,
        agent: line.agent,
        place: line.place,
        at: line.at,
        open_question,
    }
}

/// A way back.
pub(crate) fn recovery(shown: Shown, token: Option<String>) -> RecoveryStands {
    RecoveryStands {
        id: shown.id.to_string(),
        token,
        account: shown.account,
        agent: shown.agent,
        place: shown.place,
        started_at: shown.started_at,
        ready_at: shown.ready_at,
        expires_at: shown.expires_at,
        by_operator: shown.by_operator,
        standing: match shown.standing {
            Standing::Waiting => RecoveryStanding::Waiting,
            Standing::Ready => RecoveryStanding::Ready,
            Standing::Stopped => RecoveryStanding::Stopped,
            Standing::Expired => RecoveryStanding::Expired,
            Standing::Finished => RecoveryStanding::Finished,
        },
    }
}

/// A provider's button.
pub(crate) fn button(provider: ProviderName) -> ProviderButton {
    ProviderButton { key: provider.key, name: provider.name }
}

/// An account at another provider that waits to be connected.
pub(crate) fn pending(pending: Pending) -> PendingAccount {
    let Pending { provider, who, account, can_join, way } = pending;
    let way = match way {
        app::login::LinkWay::SignIn => LinkWay::SignIn,
        app::login::LinkWay::Elsewhere => LinkWay::Elsewhere,
        app::login::LinkWay::Ask => LinkWay::Ask,
    };
    PendingAccount { provider, who, account, can_join, way }
}

/// The accounts at other providers.
pub(crate) fn other_accounts(others: app::account::OtherAccounts) -> OtherAccounts {
    let linked = |one: LinkedIdentity| LinkedAccount {
        id: one.id.to_string(),
        provider: one.provider,
        who: one.who,
        since: one.since,
        last_used: one.last_used,
        works: one.works,
    };
    OtherAccounts {
        linked: others.linked.into_iter().map(linked).collect(),
        providers: others.providers.into_iter().map(button).collect(),
        note: None,
    }
}
