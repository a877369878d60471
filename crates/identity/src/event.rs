//! The catalogue of what can happen to an account.
//!
//! An event is written in the transaction of the change that it tells of. It is the person's activity log,
//! and what notices and mails are made from. It carries no secret.

use crate::credential::CredentialKind;
use crate::device::{Agent, Place};
use crate::preference::{Channel, Topic};
use crate::recovery::StopReason;
use crate::risk::{Finding, Outcome};
use crate::session::EndReason;
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};

/// What happened, with what is needed to say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum Event {
    /// The account was made and its address proven.
    #[serde(rename = "account.created")]
    AccountCreated {},
    /// Someone asked to register this address. Answered by mail alone: with a link, or with "you have an
    /// account already", so that the page tells nobody which addresses are known.
    #[serde(rename = "registration.requested")]
    RegistrationRequested {
        /// The flow that waits for the link.
        flow: Id,
        /// Which of the flow's registrations it is.
        number: u32,
        /// The address to write to.
        email: base::Email,
        /// The name that was typed.
        name: String,
        /// The language of the page.
        locale: Option<String>,
    },
    /// An operator invited this address.
    #[serde(rename = "account.invited")]
    Invited {
        /// The address to write to.
        email: base::Email,
        /// The name to begin with.
        name: Option<String>,
        /// Until when the invitation works.
        until: Timestamp,
    },
    /// Someone asked for a new password for this address. Whether it has an account is looked up when the
    /// mail is written, not when the page answers.
    #[serde(rename = "password.reset_requested")]
    ResetRequested {
        /// The address that was typed.
        email: base::Email,
        /// The language of the page.
        locale: Option<String>,
    },
    /// Someone asked for a code that signs in, for this address. Whether it has an account is looked up when the mail is
    /// written, not when the page answers.
    #[serde(rename = "login.code_requested")]
    SignInCodeRequested {
        /// The flow that takes the code.
        flow: Id,
        /// Which of the flow's codes it is.
        number: u32,
        /// The address that was typed.
        email: base::Email,
        /// The language of the page.
        locale: Option<String>,
    },
    /// A complete sign-in from a device that we know.
    #[serde(rename = "login.succeeded")]
    LoginSucceeded {
        /// The new session.
        session: Id,
        /// The name of the app that it was for.
        app: Option<String>,
    },
    /// A complete sign-in from a device that we do not know: "was this you?"
    #[serde(rename = "login.new_device")]
    NewDevice {
        /// The new session.
        session: Id,
        /// The device that is asked about.
        device: Id,
        /// The name of the app that it was for.
        app: Option<String>,
    },
    /// Too many wrong passwords; guessing is slowed down.
    #[serde(rename = "login.guessing")]
    Guessing {},
    /// A sign-in was right, and odd: what the risk rules found, and what followed.
    #[serde(rename = "login.risk")]
    Risk {
        /// The rules that fired.
        findings: Vec<Finding>,
        /// What followed.
        outcome: Outcome,
        /// The name of the app that it was for.
        app: Option<String>,
    },
    /// Many accounts were tried in vain from one address: for the operator.
    #[serde(rename = "attack.one_address")]
    ManyAccountsTried {
        /// The address, or the network of an IPv6 one.
        network: String,
        /// How many accounts, so far.
        accounts: u32,
    },
    /// Accounts were tried in vain from unusually many addresses: for the operator.
    #[serde(rename = "attack.many_addresses")]
    ManyAddressesTried {
        /// How many addresses, so far.
        addresses: u32,
    },
    /// Too many wrong codes after a right password: whoever it is knows that. Guessing is slowed down.
    #[serde(rename = "login.guessing_codes")]
    GuessingCodes {},
    /// "Yes, it was me."
    #[serde(rename = "device.confirmed")]
    DeviceConfirmed {
        /// The device that was confirmed.
        device: Id,
        /// What it is.
        agent: Agent,
    },
    /// "No, it wasn't me": its session and tokens were ended.
    #[serde(rename = "login.denied")]
    LoginDenied {
        /// The device that was denied.
        device: Id,
        /// What it is.
        agent: Agent,
    },
    /// The owner had a device forgotten.
    #[serde(rename = "device.forgotten")]
    DeviceForgotten {
        /// What it was.
        agent: Agent,
    },
    /// "Don't ask on this device": its owner is spared the second factor there.
    #[serde(rename = "device.trusted")]
    DeviceTrusted {
        /// What it is.
        agent: Agent,
        /// Until when.
        until: Timestamp,
    },
    /// Devices that were spared the second factor are asked for it again.
    #[serde(rename = "device.trust_withdrawn")]
    TrustWithdrawn {},
    /// A session was ended.
    #[serde(rename = "session.ended")]
    SessionEnded {
        /// Which.
        session: Id,
        /// Where it was.
        agent: Agent,
        /// Why.
        reason: EndReason,
    },
    /// The password was changed by someone who knew the old one.
    #[serde(rename = "password.changed")]
    PasswordChanged {},
    /// The password was set anew by mail.
    #[serde(rename = "password.reset")]
    PasswordReset {},
    /// A passkey or security key was added.
    #[serde(rename = "passkey.added")]
    PasskeyAdded {
        /// Which of the two.
        key: CredentialKind,
        /// What it is called.
        name: String,
        /// Its row, so that it can be undone.
        #[serde(default)]
        credential: Option<Id>,
    },
    /// A passkey or security key was removed.
    #[serde(rename = "passkey.removed")]
    PasskeyRemoved {
        /// Which of the two.
        key: CredentialKind,
        /// What it was called.
        name: String,
    },
    /// A passkey or security key was given another name.
    #[serde(rename = "passkey.renamed")]
    PasskeyRenamed {
        /// Which of the two.
        key: CredentialKind,
        /// What it is called now.
        name: String,
    },
    /// A passkey or security key signed with a counter that went back: there may be a copy of it. The sign-in was
    /// refused.
    #[serde(rename = "passkey.copied")]
    PasskeyCopied {
        /// Which of the two.
        key: CredentialKind,
        /// What it is called.
        name: String,
    },
    /// Someone who has lost everything asked for a way back. What it leads to is looked up when the mail is written.
    #[serde(rename = "recovery.requested")]
    RecoveryRequested {
        /// The address that was typed.
        email: base::Email,
        /// The language of the page.
        locale: Option<String>,
    },
    /// A way back was begun: it waits.
    #[serde(rename = "recovery.started")]
    RecoveryStarted {
        /// Which.
        recovery: Id,
        /// When it can be finished.
        ready_at: Timestamp,
        /// Whether an operator began it, at the command line.
        #[serde(default)]
        by_operator: bool,
    },
    /// It will soon be ready.
    #[serde(rename = "recovery.reminder")]
    RecoveryReminder {
        /// Which.
        recovery: Id,
        /// When it can be finished.
        ready_at: Timestamp,
    },
    /// Its wait is over: the mail has the link that ends it.
    #[serde(rename = "recovery.ready")]
    RecoveryReady {
        /// Which.
        recovery: Id,
        /// Until when it can be finished.
        expires_at: Timestamp,
    },
    /// It ended, and nothing was changed.
    #[serde(rename = "recovery.stopped")]
    RecoveryStopped {
        /// Which.
        recovery: Id,
        /// Why.
        why: StopReason,
    },
    /// It led to its end: a new password, and nothing else that signs in.
    #[serde(rename = "recovery.finished")]
    RecoveryFinished {
        /// Which.
        recovery: Id,
    },
    /// One was asked for and not begun.
    #[serde(rename = "recovery.refused")]
    RecoveryRefused {
        /// Not before this moment, as there were too many; `None` for an operator's account, which has none by mail.
        until: Option<Timestamp>,
    },
    /// An authenticator app was set up.
    #[serde(rename = "totp.added")]
    TotpAdded {},
    /// The authenticator app was removed.
    #[serde(rename = "totp.removed")]
    TotpRemoved {},
    /// A new set of recovery codes was made; older ones are void.
    #[serde(rename = "recovery_codes.made")]
    RecoveryCodesMade {},
    /// A recovery code was used.
    #[serde(rename = "recovery_code.used")]
    RecoveryCodeUsed {
        /// How many are left.
        left: usize,
    },
    /// An account at another provider was linked: it signs in from now on.
    #[serde(rename = "identity.linked")]
    IdentityLinked {
        /// What the provider is called.
        provider: String,
        /// The address or name that it told.
        who: Option<String>,
        /// Its row, so that it can be undone.
        #[serde(default)]
        identity: Option<Id>,
    },
    /// An account at another provider was unlinked.
    #[serde(rename = "identity.unlinked")]
    IdentityUnlinked {
        /// What the provider is called.
        provider: String,
        /// The address or name that it told.
        who: Option<String>,
    },
    /// An app was given access.
    #[serde(rename = "app.connected")]
    AppConnected {
        /// Its name.
        app: String,
        /// What it may see.
        scope: String,
    },
    /// An app's access was taken away.
    #[serde(rename = "app.removed")]
    AppRemoved {
        /// Its name.
        app: String,
    },
    /// Notices were switched on in a browser.
    #[serde(rename = "push.enabled")]
    PushEnabled {
        /// The subscription, which gets a first notice at once.
        subscription: Id,
    },
    /// The person asked for a test notice.
    #[serde(rename = "push.test")]
    PushTest {
        /// The subscription that gets it.
        subscription: Id,
    },
    /// Notices were switched off in a browser.
    #[serde(rename = "push.disabled")]
    PushDisabled {
        /// Where.
        agent: Agent,
    },
    /// A browser can't be reached any more: its push service said so.
    #[serde(rename = "push.gone")]
    PushGone {
        /// Where.
        agent: Agent,
    },
    /// What the person wants to be told was changed.
    #[serde(rename = "preferences.changed")]
    PreferencesChanged {
        /// Which topic.
        topic: Topic,
        /// Which channel.
        channel: Channel,
        /// On or off.
        on: bool,
    },
    /// When notices may ring was changed, or how much they say.
    #[serde(rename = "preferences.quiet")]
    QuietChanged {
        /// How it stands from then on.
        quiet: crate::Quiet,
    },
    /// Name, language or time zone were changed.
    #[serde(rename = "profile.changed")]
    ProfileChanged {},
    /// A refresh token was used twice: the app's access was ended.
    #[serde(rename = "token.replayed")]
    TokenReplayed {
        /// The app's name.
        app: String,
    },
}

/// The kind of an event, without its data: for filters and texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventKind(pub String);

/// Who is told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Every browser of the person and the mail address, whatever was switched off: what ends in somebody else's having
    /// the account must reach its owner.
    Alarm,
    /// Whom the person's preferences for this topic name.
    Topic(Topic),
    /// This one subscription, as the person asked for it in that very browser.
    Browser(Id),
    /// A mail, always.
    Mail,
    /// Nobody: it stands in the activity log.
    Log,
}

/// How urgent a notice is (RFC 8030 §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Can wait until the device wakes up by itself.
    Normal,
    /// Wakes a sleeping device.
    High,
}

impl Urgency {
    /// The value of the `Urgency` header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// An event as it is stored: what, to whom, from where, when.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Row id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// Whom it concerns; `None` for a request that may concern nobody.
    pub account: Option<Id>,
    /// The browser that caused it, which is not rung.
    pub device: Option<Id>,
    /// What that browser says of itself.
    pub agent: Agent,
    /// Where it seems to be.
    pub place: Option<Place>,
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Timestamp,
}

mod telling;
#[cfg(test)]
pub(crate) mod tests;
