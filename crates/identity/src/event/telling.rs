//! What is told of each event: its name, to whom, how urgently, for how long.

use super::{Event, Notice, QuietChange, Urgency};
use crate::change::ChangeKind;
use crate::preference::Topic;
use crate::risk::Outcome;
use base::Id;
use std::time::Duration;

impl Event {
    /// The name of the kind, as in `login.new_device`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AccountCreated {} => "account.created",
            Self::RegistrationRequested(_) => "registration.requested",
            Self::Invited(_) => "account.invited",
            Self::ResetRequested { .. } => "password.reset_requested",
            Self::SignInCodeRequested(_) => "login.code_requested",
            Self::LoginSucceeded { .. } => "login.succeeded",
            Self::NewDevice { .. } => "login.new_device",
            Self::Guessing {} => "login.guessing",
            Self::Risk { .. } => "login.risk",
            Self::ManyAccountsTried { .. } => "attack.one_address",
            Self::ManyAddressesTried { .. } => "attack.many_addresses",
            Self::GuessingCodes {} => "login.guessing_codes",
            Self::DeviceConfirmed { .. } => "device.confirmed",
            Self::LoginDenied { .. } => "login.denied",
            Self::DeviceForgotten { .. } => "device.forgotten",
            Self::DeviceTrusted { .. } => "device.trusted",
            Self::TrustWithdrawn {} => "device.trust_withdrawn",
            Self::SessionEnded { .. } => "session.ended",
            Self::PasswordChanged { .. } => "password.changed",
            Self::PasswordReset {} => "password.reset",
            Self::EmailChanged { .. } => "account.email_changed",
            Self::PhoneChanged { .. } => "account.phone_changed",
            Self::ChangeRequested { .. } => "change.requested",
            Self::NewAddress { .. } => "change.new_address",
            Self::ChangeEnded { .. } => "change.ended",
            Self::ChangeUndone { .. } => "change.undone",
            Self::ApprovalsPaused { .. } => "change.approvals_paused",
            Self::DeniedOften { .. } => "change.denied_often",
            Self::LockedDown {} => "account.locked_down",
            Self::LockdownLifted {} => "account.lockdown_lifted",
            Self::Exported {} => "account.exported",
            Self::AccountDeleted { .. } => "account.deleted",
            Self::PasskeyAdded { .. } => "passkey.added",
            Self::PasskeyRemoved { .. } => "passkey.removed",
            Self::PasskeyRenamed { .. } => "passkey.renamed",
            Self::PasskeyCopied { .. } => "passkey.copied",
            Self::RecoveryRequested { .. } => "recovery.requested",
            Self::RecoveryStarted { .. } => "recovery.started",
            Self::RecoveryReminder { .. } => "recovery.reminder",
            Self::RecoveryReady { .. } => "recovery.ready",
            Self::RecoveryStopped { .. } => "recovery.stopped",
            Self::RecoveryFinished { .. } => "recovery.finished",
            Self::RecoveryRefused { .. } => "recovery.refused",
            Self::TotpAdded {} => "totp.added",
            Self::TotpRemoved {} => "totp.removed",
            Self::RecoveryCodesMade {} => "recovery_codes.made",
            Self::RecoveryCodeUsed { .. } => "recovery_code.used",
            Self::IdentityLinked { .. } => "identity.linked",
            Self::IdentityUnlinked { .. } => "identity.unlinked",
            Self::AppConnected { .. } => "app.connected",
            Self::AppRemoved { .. } => "app.removed",
            Self::AppSignedOut { .. } => "app.signed_out",
            Self::LogoutDue(_) => "app.logout_due",
            Self::AppAsks(_) => "app.asks",
            Self::AppAnswered(_) => "app.answered",
            Self::AnswerDue(_) => "app.answer_due",
            Self::ClientRegistered(_) => "client.registered",
            Self::ClientChanged(_) => "client.changed",
            Self::ClientWithdrawn(_) => "client.withdrawn",
            Self::PushEnabled { .. } => "push.enabled",
            Self::PushTest { .. } => "push.test",
            Self::PushDisabled { .. } => "push.disabled",
            Self::PushGone { .. } => "push.gone",
            Self::PreferencesChanged { .. } => "preferences.changed",
            Self::QuietChanged(_) => "preferences.quiet",
            Self::ProfileChanged {} => "profile.changed",
            Self::TokenExchanged(_) => "token.exchanged",
            Self::TokenReplayed { .. } => "token.replayed",
        }
    }

    /// What comes first of what waits to be told: security overtakes the rest.
    pub const fn priority(&self) -> i32 {
        match self {
            Self::ChangeRequested { .. }
            | Self::ChangeEnded { .. }
            | Self::LockedDown {}
            | Self::ChangeUndone { .. }
            | Self::AppAsks(_)
            | Self::AppAnswered(_)
            | Self::AnswerDue(_) => 20,
            Self::NewDevice { .. }
            | Self::Risk { .. }
            | Self::EmailChanged { .. }
            | Self::PhoneChanged { .. }
            | Self::DeniedOften { .. }
            | Self::PasswordChanged { .. }
            | Self::PasswordReset {}
            | Self::Guessing {}
            | Self::LogoutDue(_) => 10,
            Self::RecoveryStarted { .. }
            | Self::RecoveryReminder { .. }
            | Self::RecoveryReady { .. }
            | Self::RecoveryStopped { .. }
            | Self::RecoveryFinished { .. } => 10,
            Self::RegistrationRequested(_)
            | Self::ResetRequested { .. }
            | Self::SignInCodeRequested(_)
            | Self::RecoveryRequested { .. }
            | Self::NewAddress { .. }
            | Self::Invited(_)
            | Self::PushEnabled { .. }
            | Self::PushTest { .. } => 5,
            _ => 0,
        }
    }

    /// Who is told of it, and by what.
    pub const fn notice(&self) -> Notice {
        match self {
            Self::NewDevice { .. }
            | Self::Guessing {}
            | Self::GuessingCodes {}
            | Self::Risk { outcome: Outcome::Told | Outcome::Refused, .. }
            | Self::PasskeyCopied { .. } => Notice::Topic(Topic::NewDevice),
            Self::PasswordChanged { .. }
            | Self::PasswordReset {}
            | Self::PasskeyAdded { .. }
            | Self::PasskeyRemoved { .. }
            | Self::TotpAdded {}
            | Self::TotpRemoved {}
            | Self::RecoveryCodesMade {}
            | Self::RecoveryCodeUsed { .. }
            | Self::IdentityLinked { .. }
            | Self::IdentityUnlinked { .. }
            | Self::Exported {}
            | Self::EmailChanged { .. }
            | Self::PhoneChanged { .. } => Notice::Topic(Topic::CredentialChanged),
            Self::ChangeRequested { rings: true, .. } | Self::ApprovalsPaused { .. } => {
                Notice::Topic(Topic::ChangeRequested)
            }
            Self::AppAsks(asks) if asks.rings => Notice::Topic(Topic::ChangeRequested),
            Self::AppAnswered(answered) if answered.rang => Notice::Over(Topic::ChangeRequested),
            Self::ChangeEnded { rang: true, .. } => Notice::Over(Topic::ChangeRequested),
            Self::AppConnected { .. } => Notice::Topic(Topic::AppConnected),
            Self::LogoutDue(due) => Notice::App(due.client),
            Self::AnswerDue(due) => Notice::App(due.client),
            Self::PushEnabled { subscription } | Self::PushTest { subscription } => Notice::Browser(*subscription),
            // A thief who silences the bell must not do it in silence.
            Self::PushDisabled { .. } | Self::PushGone { .. } => Notice::Mail,
            Self::PreferencesChanged { topic, on: false, .. } if topic.is_security() => Notice::Mail,
            Self::QuietChanged(QuietChange { silences: true, .. }) => Notice::Mail,
            Self::RegistrationRequested(_)
            | Self::ResetRequested { .. }
            | Self::SignInCodeRequested(_)
            | Self::RecoveryRequested { .. }
            | Self::ChangeRequested { rings: false, .. }
            | Self::NewAddress { .. }
            | Self::AccountDeleted { .. }
            | Self::Invited(_) => Notice::Mail,
            Self::RecoveryStarted { .. }
            | Self::RecoveryReminder { .. }
            | Self::RecoveryReady { .. }
            | Self::RecoveryStopped { .. }
            | Self::RecoveryFinished { .. }
            | Self::ChangeUndone { .. }
            | Self::DeniedOften { .. }
            | Self::LockedDown {}
            | Self::LockdownLifted {} => Notice::Alarm,
            Self::AccountCreated {}
            | Self::LoginSucceeded { .. }
            | Self::Risk { .. }
            | Self::ManyAccountsTried { .. }
            | Self::ManyAddressesTried { .. }
            | Self::DeviceConfirmed { .. }
            | Self::LoginDenied { .. }
            | Self::DeviceForgotten { .. }
            | Self::DeviceTrusted { .. }
            | Self::TrustWithdrawn {}
            | Self::SessionEnded { .. }
            | Self::ChangeEnded { rang: false, .. }
            | Self::PasskeyRenamed { .. }
            | Self::RecoveryRefused { .. }
            | Self::AppRemoved { .. }
            | Self::AppAsks(_)
            | Self::AppAnswered(_)
            | Self::AppSignedOut { .. }
            | Self::ClientRegistered(_)
            | Self::ClientChanged(_)
            | Self::ClientWithdrawn(_)
            | Self::PreferencesChanged { .. }
            | Self::QuietChanged(_)
            | Self::ProfileChanged {}
            | Self::TokenExchanged(_)
            | Self::TokenReplayed { .. } => Notice::Log,
        }
    }

    /// Whether it stands in the person's own log. What a rule did in the shadow does not: it is the operator's trial,
    /// and changed nothing for anybody.
    pub const fn is_shown(&self) -> bool {
        !matches!(self, Self::Risk { outcome: Outcome::Nothing | Outcome::Recorded, .. })
    }

    /// The topic under which a person steers the notice; `None` when there is none.
    pub const fn topic(&self) -> Option<Topic> {
        match self.notice() {
            Notice::Topic(topic) | Notice::Over(topic) => Some(topic),
            Notice::Alarm | Notice::Browser(_) | Notice::Mail | Notice::App(_) | Notice::Log => None,
        }
    }

    /// The way back that it tells of.
    pub const fn recovery(&self) -> Option<Id> {
        match self {
            Self::RecoveryStarted { recovery, .. }
            | Self::RecoveryReminder { recovery, .. }
            | Self::RecoveryReady { recovery, .. }
            | Self::RecoveryStopped { recovery, .. }
            | Self::RecoveryFinished { recovery } => Some(*recovery),
            _ => None,
        }
    }

    /// The sensitive change that it tells the doing of.
    pub const fn does(&self) -> Option<ChangeKind> {
        Some(match self {
            Self::EmailChanged { .. } => ChangeKind::Email,
            Self::PhoneChanged { .. } => ChangeKind::Phone,
            Self::PasswordChanged { .. } => ChangeKind::Password,
            Self::PasskeyAdded { .. } => ChangeKind::AddKey,
            Self::PasskeyRemoved { .. } => ChangeKind::RemoveKey,
            Self::TotpAdded {} => ChangeKind::AddTotp,
            Self::TotpRemoved {} => ChangeKind::RemoveTotp,
            Self::RecoveryCodesMade {} => ChangeKind::RecoveryCodes,
            Self::IdentityLinked { .. } => ChangeKind::Link,
            Self::IdentityUnlinked { .. } => ChangeKind::Unlink,
            Self::Exported {} => ChangeKind::Export,
            Self::AccountDeleted { .. } => ChangeKind::Delete,
            Self::PreferencesChanged { topic, on: false, .. } if topic.is_security() => ChangeKind::NoticesOff,
            Self::QuietChanged(QuietChange { silences: true, .. }) => ChangeKind::NoticesOff,
            _ => return None,
        })
    }

    /// The change that it asks about, or tells the end of.
    pub const fn change(&self) -> Option<Id> {
        match self {
            Self::ChangeRequested { change, .. }
            | Self::ChangeEnded { change, .. }
            | Self::ChangeUndone { change, .. }
            | Self::EmailChanged { change, .. }
            | Self::PhoneChanged { change, .. } => Some(*change),
            Self::PasswordChanged { change } => *change,
            _ => None,
        }
    }

    /// What an app asks, of which it tells.
    pub const fn ask(&self) -> Option<&Id> {
        match self {
            Self::AppAsks(asks) => Some(&asks.ask),
            Self::AppAnswered(answered) => Some(&answered.ask),
            _ => None,
        }
    }

    /// Whether it asks for an answer in a browser: then a mail is for who does not click there.
    pub const fn waits_for_click(&self) -> bool {
        matches!(self, Self::ChangeRequested { .. } | Self::AppAsks(_))
    }

    /// Whether it asks to stop a way back: worth nothing any more when that is over.
    pub const fn warns_of_recovery(&self) -> bool {
        matches!(self, Self::RecoveryStarted { .. } | Self::RecoveryReminder { .. } | Self::RecoveryReady { .. })
    }

    /// Whether it can ring a browser at all.
    pub const fn rings(&self) -> bool {
        matches!(self.notice(), Notice::Alarm | Notice::Topic(_) | Notice::Over(_) | Notice::Browser(_))
    }

    /// How soon a sleeping device should be woken for it.
    pub const fn urgency(&self) -> Urgency {
        match self.notice() {
            Notice::Alarm | Notice::Topic(Topic::NewDevice | Topic::CredentialChanged | Topic::ChangeRequested) => {
                Urgency::High
            }
            Notice::Topic(Topic::AppConnected)
            | Notice::Over(_)
            | Notice::Browser(_)
            | Notice::Mail
            | Notice::App(_)
            | Notice::Log => Urgency::Normal,
        }
    }

    /// How long the notice is worth delivering: it becomes the push message's TTL (RFC 8030 §5.2).
    pub const fn valid_for(&self) -> Duration {
        match self {
            Self::PushEnabled { .. } | Self::PushTest { .. } => Duration::from_secs(5 * 60),
            Self::SignInCodeRequested(_) => crate::login::MAIL_CODE_LIFETIME,
            Self::ChangeRequested { .. } | Self::ChangeEnded { .. } | Self::NewAddress { .. } => {
                crate::change::APPROVAL_LIFETIME
            }
            Self::AppAsks(_) | Self::AppAnswered(_) | Self::AnswerDue(_) => crate::change::APPROVAL_LIFETIME,
            Self::ResetRequested { .. } | Self::RecoveryRequested { .. } => Duration::from_secs(3600),
            Self::Guessing {} | Self::GuessingCodes {} => Duration::from_secs(3600),
            // A phone that was off for days must still hear of it.
            Self::RecoveryStarted { .. } | Self::RecoveryReminder { .. } | Self::RecoveryReady { .. } => {
                Duration::from_secs(7 * 24 * 3600)
            }
            Self::RecoveryStopped { .. } | Self::RecoveryFinished { .. } => Duration::from_secs(7 * 24 * 3600),
            _ => Duration::from_secs(24 * 3600),
        }
    }
}
