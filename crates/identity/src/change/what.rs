//! What is to be changed.

use super::ChangeKind;
use crate::account::PasswordHash;
use crate::credential::{Credential, CredentialKind, FederatedIdentity, Totp};
use crate::phone::Phone;
use base::{Email, Id, SecretHash};
use serde::{Deserialize, Serialize};

/// A change, with all that is needed to carry it out when its asker is long gone. It holds no secret: hashes, or what
/// is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Change {
    /// Another mail address.
    Email {
        /// The present one.
        from: Email,
        /// The new one.
        to: Email,
    },
    /// Another password.
    Password {
        /// The new one.
        hash: PasswordHash,
        /// Whether the other devices are signed out.
        end_others: bool,
    },
    /// Another telephone number, a first one, or none any more.
    Phone {
        /// The present one.
        from: Option<Phone>,
        /// The new one.
        to: Option<Phone>,
    },
    /// One more passkey or security key.
    AddKey {
        /// Its row.
        key: Box<Credential>,
    },
    /// One less.
    RemoveKey {
        /// Its row.
        key: Id,
        /// Which of the two.
        what: CredentialKind,
        /// What it is called.
        name: String,
        /// Whether the other devices are signed out.
        end_others: bool,
    },
    /// An authenticator app that has shown a right code.
    SetTotp {
        /// Its row.
        app: Totp,
        /// Whether there is another, which gives way.
        replaces: bool,
        /// A first set of recovery codes, where there is none.
        codes: Vec<SecretHash>,
        /// Which set they are: the browser that asked can show it.
        set: Option<Id>,
        /// Whether the other devices are signed out.
        end_others: bool,
    },
    /// The authenticator app is removed.
    RemoveTotp {
        /// Whether the other devices are signed out.
        end_others: bool,
    },
    /// New recovery codes.
    RecoveryCodes {
        /// Which set: the browser that asked can show it.
        set: Id,
        /// Their hashes.
        codes: Vec<SecretHash>,
    },
    /// An account at another provider.
    Link {
        /// Its row.
        identity: FederatedIdentity,
    },
    /// One less.
    Unlink {
        /// Its row.
        identity: Id,
        /// The provider's name for people.
        provider: String,
    },
    /// A copy of everything that is kept.
    Export {},
    /// The account is deleted.
    Delete {},
    /// Access for an app.
    Grant {
        /// The client's row.
        client: Id,
        /// Its name.
        app: String,
        /// What it may see, space-separated (RFC 6749 §3.3).
        scope: String,
        /// The flow that goes on once it has it.
        flow: Id,
    },
}

impl Change {
    /// Of what kind it is.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Email { .. } => ChangeKind::Email,
            Self::Password { .. } => ChangeKind::Password,
            Self::Phone { .. } => ChangeKind::Phone,
            Self::AddKey { .. } => ChangeKind::AddKey,
            Self::RemoveKey { .. } => ChangeKind::RemoveKey,
            Self::SetTotp { replaces: false, .. } => ChangeKind::AddTotp,
            Self::SetTotp { replaces: true, .. } => ChangeKind::ReplaceTotp,
            Self::RemoveTotp { .. } => ChangeKind::RemoveTotp,
            Self::RecoveryCodes { .. } => ChangeKind::RecoveryCodes,
            Self::Link { .. } => ChangeKind::Link,
            Self::Unlink { .. } => ChangeKind::Unlink,
            Self::Export {} => ChangeKind::Export,
            Self::Delete {} => ChangeKind::Delete,
            Self::Grant { .. } => ChangeKind::Grant,
        }
    }

    /// What it is about, in a word or two, as a lock screen may show it: addresses and numbers are masked.
    pub fn about(&self) -> Option<String> {
        match self {
            Self::Email { to, .. } => Some(to.masked()),
            Self::Phone { from, to } => Phone::step(from.as_ref(), to.as_ref(), Phone::masked),
            Self::AddKey { key } => Some(key.name.clone()),
            Self::RemoveKey { name, .. } => Some(name.clone()),
            Self::Link { identity } => Some(identity.provider.clone()),
            Self::Unlink { provider, .. } => Some(provider.clone()),
            Self::Grant { app, .. } => Some(app.clone()),
            Self::Password { .. }
            | Self::SetTotp { .. }
            | Self::RemoveTotp { .. }
            | Self::RecoveryCodes { .. }
            | Self::Export {}
            | Self::Delete {} => None,
        }
    }

    /// Forgets what would open something: it is not needed any more.
    pub(super) fn forget(&mut self) {
        match self {
            Self::Password { hash, .. } => hash.0.clear(),
            Self::SetTotp { app, codes, .. } => {
                app.sealed.clear();
                codes.clear();
            }
            Self::RecoveryCodes { codes, .. } => codes.clear(),
            _ => {}
        }
    }

    /// Whether another one asks for the same, and so takes its place.
    pub fn replaces(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::RemoveKey { key: a, .. }, Self::RemoveKey { key: b, .. }) => a == b,
            (Self::Unlink { identity: a, .. }, Self::Unlink { identity: b, .. }) => a == b,
            (Self::Grant { client: a, .. }, Self::Grant { client: b, .. }) => a == b,
            _ => self.kind() == other.kind(),
        }
    }
}
