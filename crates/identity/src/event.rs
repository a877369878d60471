//! The catalogue of what can happen to an account, written in the transaction of the change: the activity log, and what
//! notices and mails are made from. No secret is in it.

use crate::change::Ending;
use crate::risk::{Finding, Outcome};
use crate::{Agent, ChangeKind, Channel, CredentialKind, EndReason, Topic};
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};

/// What happened, with what is needed to say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum Event {
    /// The account was made and its address proven.
    #[serde(rename = "account.created")]
    AccountCreated {},
    /// Someone asked to register this address. The answer goes by mail, so that the page tells nobody which are known.
    #[serde(rename = "registration.requested")]
    RegistrationRequested(AskedToJoin),
    /// An operator invited this address.
    #[serde(rename = "account.invited")]
    Invited(Invitation),
    /// Someone asked for a new password for this address. That it has an account shows only when the mail is written.
    #[serde(rename = "password.reset_requested")]
    ResetRequested(AskedForReset),
    /// Someone asked for a code that signs in, for this address. That it has an account shows only when the mail is written.
    #[serde(rename = "login.code_requested")]
    SignInCodeRequested(AskedForCode),
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
    PasswordChanged {
        /// The change, which can be undone for a while.
        #[serde(default)]
        change: Option<Id>,
    },
    /// The mail address was changed.
    #[serde(rename = "account.email_changed")]
    EmailChanged {
        /// The change, which can be undone for a while.
        change: Id,
        /// The address before, to which this is told.
        from: base::Email,
        /// The one that it is now.
        to: base::Email,
    },
    /// The telephone number was changed, set or removed.
    #[serde(rename = "account.phone_changed")]
    PhoneChanged {
        /// The change, which can be undone for a while.
        change: Id,
        /// The number before.
        from: Option<crate::Phone>,
        /// The one that it is now.
        to: Option<crate::Phone>,
    },
    /// A sensitive change was asked for, and waits for its owner's yes.
    #[serde(rename = "change.requested")]
    ChangeRequested {
        /// Which.
        change: Id,
        /// What is to be changed.
        what: ChangeKind,
        /// What it is about, as a lock screen may show it.
        about: Option<String>,
        /// Until when it can be answered.
        until: Timestamp,
        /// Whether browsers are rung, or a mail alone goes out.
        rings: bool,
    },
    /// A new mail address is to prove itself: it gets a code.
    #[serde(rename = "change.new_address")]
    NewAddress {
        /// The change that waits for it.
        change: Id,
        /// The address to write to.
        email: base::Email,
        /// The language of the page.
        locale: Option<String>,
    },
    /// Such a change came to its end.
    #[serde(rename = "change.ended")]
    ChangeEnded {
        /// Which.
        change: Id,
        /// What was to be changed.
        what: ChangeKind,
        /// What it was about.
        about: Option<String>,
        /// How it ended.
        how: Ending,
        /// Whether browsers were rung for it.
        rang: bool,
    },
    /// Something that was done was taken back, and the account locked down.
    #[serde(rename = "change.undone")]
    ChangeUndone {
        /// Which.
        change: Id,
        /// What had been changed.
        what: ChangeKind,
    },
    /// Too many changes were asked for: browsers are not rung for the next ones.
    #[serde(rename = "change.approvals_paused")]
    ApprovalsPaused {
        /// Until when.
        until: Timestamp,
    },
    /// One request after another was denied: somebody is at it.
    #[serde(rename = "change.denied_often")]
    DeniedOften {
        /// How often within a day.
        times: u32,
    },
    /// "It wasn't me": every session ended, and nothing sensitive can be changed until the owner is back.
    #[serde(rename = "account.locked_down")]
    LockedDown {},
    /// The owner is back.
    #[serde(rename = "account.lockdown_lifted")]
    LockdownLifted {},
    /// A copy of what is kept was made.
    #[serde(rename = "account.exported")]
    Exported {},
    /// The account was deleted. This is all that is left of it, until it was told.
    #[serde(rename = "account.deleted")]
    AccountDeleted {
        /// The address to tell it to.
        email: base::Email,
        /// The person's language.
        locale: Option<String>,
    },
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
    /// A passkey or security key signed with a counter that went back, and was refused: there may be a copy of it.
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
        why: crate::recovery::StopReason,
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
    /// An app was signed out in one browser, from the list of devices.
    #[serde(rename = "app.signed_out")]
    AppSignedOut {
        /// Its name.
        app: String,
        /// Where it was.
        agent: Agent,
    },
    /// A session ended in which an app was signed in to. It names no account, for it must outlive one that was deleted.
    #[serde(rename = "app.logout_due")]
    LogoutDue(LogoutDue),
    /// An app asks for a yes, from elsewhere.
    #[serde(rename = "app.asks")]
    AppAsks(AppAsks),
    /// It was answered.
    #[serde(rename = "app.answered")]
    AppAnswered(AppAnswered),
    /// It was answered, and the app is to be told. It names no account, as it is told to nobody else.
    #[serde(rename = "app.answer_due")]
    AnswerDue(AnswerDue),
    /// An app registered itself, or was met as a document: for the operator.
    #[serde(rename = "client.registered")]
    ClientRegistered(OwnRegistration),
    /// An app changed what it had registered, or its document says something else: for the operator.
    #[serde(rename = "client.changed")]
    ClientChanged(OwnRegistration),
    /// An app withdrew its registration: for the operator.
    #[serde(rename = "client.withdrawn")]
    ClientWithdrawn(OwnRegistration),
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
    QuietChanged(QuietChange),
    /// Name, language or time zone were changed.
    #[serde(rename = "profile.changed")]
    ProfileChanged {},
    /// An app got a token for the person by way of another app's (RFC 8693).
    #[serde(rename = "token.exchanged")]
    TokenExchanged(Exchanged),
    /// A refresh token was used twice: the app's access was ended.
    #[serde(rename = "token.replayed")]
    TokenReplayed {
        /// The app's name.
        app: String,
    },
}

mod asked;
mod record;
pub use asked::*;
pub use record::{EventKind, EventRecord, Notice, Urgency};
mod telling;
#[cfg(test)]
pub(crate) mod tests;
