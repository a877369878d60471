//! What a mail tells.

use crate::change::ChangeMail;
use crate::notice::{FactorChange, key_changed};
use crate::recovery::RecoveryMail;
use base::Timestamp;
use identity::login::Reason;
use identity::{Agent, CredentialKind, Place};

/// What a mail tells. Links are absolute URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailModel {
    /// Confirms the address of a registration.
    ConfirmAddress {
        /// The name that was typed.
        name: String,
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// Someone tried to register an address that has an account.
    HaveAccount {
        /// What the person wants to be called.
        name: String,
        /// The sign-in page.
        sign_in: String,
        /// The page for a forgotten password.
        recover: String,
    },
    /// Invites somebody to make an account.
    Invitation {
        /// What the operator calls them.
        name: Option<String>,
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// Sets a new password.
    ResetPassword {
        /// What the person wants to be called.
        name: String,
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// A code that signs in, in the browser that asked.
    SignInCode {
        /// What the person wants to be called.
        name: String,
        /// The six digits; `None` for an account that takes more than a code by mail.
        code: Option<String>,
        /// How long it works, in seconds.
        lifetime: u64,
        /// Where it was asked for, when.
        facts: Facts,
    },
    /// A sign-in from a device that we do not know.
    NewSignIn {
        /// What the person wants to be called.
        name: String,
        /// Where, when, to what.
        facts: Facts,
        /// "No, it wasn't me": the page that asks, which needs no sign-in.
        no_link: String,
    },
    /// Too many wrong passwords; guessing is slowed down.
    Guessing {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// The page for a forgotten password.
        recover: String,
    },
    /// A sign-in was odd, or was refused for it.
    Odd {
        /// What the person wants to be called.
        name: String,
        /// Where, when, to what.
        facts: Facts,
        /// What was odd.
        reasons: Vec<Reason>,
        /// Whether nobody was let in.
        refused: bool,
        /// The page for a forgotten password.
        recover: String,
    },
    /// Too many wrong codes after a right password.
    GuessingCodes {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// The page for a forgotten password.
        recover: String,
    },
    /// A second factor was changed, or a recovery code used.
    FactorChanged {
        /// What the person wants to be called.
        name: String,
        /// What happened.
        change: FactorChange,
        /// Where, when.
        facts: Facts,
        /// The page of ways to sign in.
        review: String,
        /// The page for a forgotten password.
        recover: String,
    },
    /// The password was changed.
    PasswordChanged {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// Whether it was set anew by mail.
        by_mail: bool,
        /// The page for a forgotten password: the way back in for the owner.
        recover: String,
        /// Takes it back, while it can be.
        undo: Option<String>,
    },
    /// A passkey or security key was added or removed.
    KeyChanged {
        /// What the person wants to be called.
        name: String,
        /// Which of the two.
        key: CredentialKind,
        /// What the key is called.
        called: String,
        /// Where, when.
        facts: Facts,
        /// Whether it was removed.
        removed: bool,
        /// The page of ways to sign in.
        review: String,
    },
    /// There may be a copy of a passkey or security key; the sign-in with it was refused.
    KeyCopied {
        /// What the person wants to be called.
        name: String,
        /// What the key is called.
        called: String,
        /// Where, when.
        facts: Facts,
        /// The page of ways to sign in.
        review: String,
    },
    /// About a way back.
    Recovery {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// What it tells.
        tells: RecoveryMail,
    },
    /// About a sensitive change.
    Change {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// What it tells.
        tells: ChangeMail,
    },
    /// An account at another provider was connected or disconnected.
    IdentityChanged {
        /// What the person wants to be called.
        name: String,
        /// The provider's name for people.
        provider: String,
        /// The address or name that it told.
        who: Option<String>,
        /// Where, when.
        facts: Facts,
        /// Whether it was disconnected.
        removed: bool,
        /// The page of the ways to sign in.
        review: String,
    },
    /// An app asks for a yes.
    AppAsks {
        /// What the person wants to be called.
        name: String,
        /// The app's name.
        app: String,
        /// What it shows, too.
        message: Option<String>,
        /// Since when.
        at: Timestamp,
        /// The page that takes the answer.
        link: String,
        /// How long it waits, in seconds.
        lifetime: u64,
    },
    /// An app was given access.
    AppConnected {
        /// What the person wants to be called.
        name: String,
        /// Where, when; `app` is the app.
        facts: Facts,
        /// What it may see, as scope names.
        scopes: Vec<String>,
        /// The page of connected apps.
        manage: String,
    },
    /// Notices were switched off in a browser, or can't reach it any more.
    PushOff {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// Whether the browser's push service said that it is gone.
        gone: bool,
    },
}

/// The circumstances of what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Which browser.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// Which app.
    pub app: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl MailModel {
    pub(super) const fn key(&self) -> &'static str {
        match self {
            Self::ConfirmAddress { .. } => "confirm-address",
            Self::HaveAccount { .. } => "have-account",
            Self::Invitation { .. } => "invitation",
            Self::ResetPassword { .. } => "reset-password",
            Self::SignInCode { code: Some(_), .. } => "sign-in-code",
            Self::SignInCode { code: None, .. } => "no-sign-in-code",
            Self::NewSignIn { .. } => "new-sign-in",
            Self::Guessing { .. } => "guessing",
            Self::Odd { refused: false, .. } => "odd-sign-in",
            Self::Odd { refused: true, .. } => "refused",
            Self::GuessingCodes { .. } => "guessing-codes",
            Self::FactorChanged { change, .. } => change.key(),
            Self::PasswordChanged { .. } => "password-changed",
            Self::KeyChanged { key, removed, .. } => key_changed(*key, *removed),
            Self::KeyCopied { .. } => "key-copied",
            Self::Recovery { tells, .. } => tells.key(),
            Self::Change { tells, .. } => tells.key(),
            Self::IdentityChanged { removed: false, .. } => "identity-linked",
            Self::IdentityChanged { removed: true, .. } => "identity-unlinked",
            Self::AppConnected { .. } => "app-connected",
            Self::AppAsks { .. } => "app-asks",
            Self::PushOff { gone: false, .. } => "push-off",
            Self::PushOff { gone: true, .. } => "push-gone",
        }
    }

    /// The part that leads in: the same happening can have come about in several ways.
    pub(super) const fn lead(&self) -> &'static str {
        match self {
            Self::PasswordChanged { by_mail: true, .. } => "lead-mail",
            Self::Recovery { tells, .. } => tells.lead(),
            _ => "lead",
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::ConfirmAddress { name, .. }
            | Self::HaveAccount { name, .. }
            | Self::ResetPassword { name, .. }
            | Self::SignInCode { name, .. }
            | Self::NewSignIn { name, .. }
            | Self::Guessing { name, .. }
            | Self::Odd { name, .. }
            | Self::GuessingCodes { name, .. }
            | Self::FactorChanged { name, .. }
            | Self::PasswordChanged { name, .. }
            | Self::KeyChanged { name, .. }
            | Self::KeyCopied { name, .. }
            | Self::Recovery { name, .. }
            | Self::Change { name, .. }
            | Self::IdentityChanged { name, .. }
            | Self::AppConnected { name, .. }
            | Self::AppAsks { name, .. }
            | Self::PushOff { name, .. } => name,
            Self::Invitation { name, .. } => match name {
                Some(name) => name.as_str(),
                None => "",
            },
        }
    }
}
