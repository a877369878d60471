//! What can be proven in a flow, and by which methods.

use super::Assurance;
use crate::session::Amr;
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A way to prove something, as an operator switches it on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// A security key, as a second factor.
    SecurityKey,
    /// An authenticator app, with its recovery codes.
    Totp,
    /// A code by mail, as the only factor.
    MailCode,
    /// An account at another provider.
    Upstream,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Password, Self::Passkey, Self::SecurityKey, Self::Totp, Self::MailCode, Self::Upstream];

    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::SecurityKey => "security_key",
            Self::Totp => "totp",
            Self::MailCode => "mail_code",
            Self::Upstream => "upstream",
        }
    }

    /// The method of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

/// Which methods count. Evidence of another one is worth nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Methods(BTreeSet<Method>);

impl Methods {
    /// These and no others.
    pub fn of(methods: impl IntoIterator<Item = Method>) -> Self {
        Self(methods.into_iter().collect())
    }

    /// Whether the method counts.
    pub fn has(&self, method: Method) -> bool {
        self.0.contains(&method)
    }

    /// Those that are in both: what a tenant allows and a client wants.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// Whether a proof is of a method that counts. What a session proved counts if all of its methods do; what a device
    /// remembers is of none.
    pub fn count(&self, proof: &Evidence) -> bool {
        match proof {
            Evidence::Session { amr, .. } => self.cover(amr),
            _ => proof.method().is_none_or(|method| self.has(method)),
        }
    }

    /// Whether what was proven in these ways (RFC 8176 §2) was proven by methods that count. A key's `amr` does not say
    /// whether it stood alone.
    pub fn cover(&self, amr: &[Amr]) -> bool {
        amr.iter().all(|how| match how {
            Amr::Pwd => self.has(Method::Password),
            Amr::Email => self.has(Method::MailCode),
            Amr::Otp => self.has(Method::Totp),
            Amr::Hwk | Amr::Swk => self.has(Method::Passkey) || self.has(Method::SecurityKey),
            Amr::Fed => self.has(Method::Upstream),
            Amr::Mfa => true,
        })
    }

    /// Every method of the set.
    pub fn iter(&self) -> impl Iterator<Item = Method> + '_ {
        self.0.iter().copied()
    }
}

impl Default for Methods {
    fn default() -> Self {
        Self::of(Method::ALL)
    }
}

/// Something that was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Evidence {
    /// The account's password was given.
    Password {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
    /// The account's address was proven by a link, in the browser that asked or with the code that it shows,
    /// together with the password that was set in the same flow.
    Registered {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
    /// A passkey or security key signed the flow's challenge (WebAuthn §7.2).
    Key {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
        /// The credential's row.
        credential: Id,
        /// Whether it is a passkey, which may stand alone.
        passkey: bool,
        /// Whether the authenticator verified its user (flag UV): that is a second factor.
        user_verified: bool,
        /// Whether the key is copied to other devices.
        synced: bool,
    },
    /// A code of the account's authenticator app was given (RFC 6238).
    Totp {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
    /// One of the account's recovery codes was given.
    RecoveryCode {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
    /// A code from a mail to the account's address was typed in the browser that asked. Low assurance: never part
    /// of two factors.
    MailCode {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
    /// Another provider vouched for a linked identity.
    Upstream {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
        /// The identity's row.
        identity: Id,
    },
    /// This browser's live session had proven it before: a step-up asks for the rest alone.
    Session {
        /// Whose.
        account: Id,
        /// When it was proven (`auth_time`).
        at: Timestamp,
        /// The session, which must still be live when it is looked at.
        session: Id,
        /// How.
        amr: Vec<Amr>,
        /// How much.
        reached: Assurance,
    },
    /// The owner said "don't ask on this device", and the time has not run out: spares the second factor that the
    /// account or the operator asks for as a rule, and proves nothing.
    Remembered {
        /// Whose.
        account: Id,
        /// When it was looked at.
        at: Timestamp,
        /// The device.
        device: Id,
    },
}

impl Evidence {
    /// Whose it is.
    pub const fn account(&self) -> Id {
        match self {
            Self::Password { account, .. }
            | Self::Registered { account, .. }
            | Self::Key { account, .. }
            | Self::Totp { account, .. }
            | Self::RecoveryCode { account, .. }
            | Self::MailCode { account, .. }
            | Self::Upstream { account, .. }
            | Self::Session { account, .. }
            | Self::Remembered { account, .. } => *account,
        }
    }

    /// When it was given.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Password { at, .. }
            | Self::Registered { at, .. }
            | Self::Key { at, .. }
            | Self::Totp { at, .. }
            | Self::RecoveryCode { at, .. }
            | Self::MailCode { at, .. }
            | Self::Upstream { at, .. }
            | Self::Session { at, .. }
            | Self::Remembered { at, .. } => *at,
        }
    }

    /// The method it is of. What a session or a device remembers is of none.
    pub const fn method(&self) -> Option<Method> {
        match self {
            Self::Password { .. } | Self::Registered { .. } => Some(Method::Password),
            Self::Key { passkey: true, .. } => Some(Method::Passkey),
            Self::Key { passkey: false, .. } => Some(Method::SecurityKey),
            Self::Totp { .. } | Self::RecoveryCode { .. } => Some(Method::Totp),
            Self::MailCode { .. } => Some(Method::MailCode),
            Self::Upstream { .. } => Some(Method::Upstream),
            Self::Session { .. } | Self::Remembered { .. } => None,
        }
    }
}
