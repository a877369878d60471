//! What can be changed, and whether its owner is asked first.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sensitive change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Another mail address.
    Email,
    /// Another password.
    Password,
    /// Another telephone number, a first one, or none any more.
    Phone,
    /// One more passkey or security key.
    AddKey,
    /// One passkey or security key less.
    RemoveKey,
    /// An authenticator app where there was none.
    AddTotp,
    /// Another authenticator app in the place of the one before.
    ReplaceTotp,
    /// The authenticator app is removed.
    RemoveTotp,
    /// New recovery codes in the place of those before.
    RecoveryCodes,
    /// An account at another provider signs in from now on.
    Link,
    /// And one that does not any more.
    Unlink,
    /// A copy of everything that is kept about the person.
    Export,
    /// The account is deleted.
    Delete,
    /// An app that the operator marks as one of high risk is given access.
    Grant,
    /// Notices about who gets into the account are switched off. It never waits: off is as easy as on.
    NoticesOff,
}

/// What happens with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It is done, and stands in the activity log.
    Off,
    /// It is done, and its owner is told, with an undo where there is one.
    Notify,
    /// It waits until its owner says yes in another browser, or by mail.
    Confirm,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Email,
        Self::Password,
        Self::Phone,
        Self::AddKey,
        Self::RemoveKey,
        Self::AddTotp,
        Self::ReplaceTotp,
        Self::RemoveTotp,
        Self::RecoveryCodes,
        Self::Link,
        Self::Unlink,
        Self::Export,
        Self::Delete,
        Self::Grant,
        Self::NoticesOff,
    ];

    /// The name in settings, events and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password => "password",
            Self::Phone => "phone",
            Self::AddKey => "add_key",
            Self::RemoveKey => "remove_key",
            Self::AddTotp => "add_totp",
            Self::ReplaceTotp => "replace_totp",
            Self::RemoveTotp => "remove_totp",
            Self::RecoveryCodes => "recovery_codes",
            Self::Link => "link",
            Self::Unlink => "unlink",
            Self::Export => "export",
            Self::Delete => "delete",
            Self::Grant => "grant",
            Self::NoticesOff => "notices_off",
        }
    }

    /// What happens with it unless the operator says otherwise: what could lock the owner out, or carries their data
    /// away, waits.
    pub const fn by_default(self) -> Mode {
        match self {
            Self::Email
            | Self::RemoveKey
            | Self::ReplaceTotp
            | Self::RemoveTotp
            | Self::RecoveryCodes
            | Self::Export
            | Self::Delete
            | Self::Grant => Mode::Confirm,
            Self::Password
            | Self::Phone
            | Self::AddKey
            | Self::AddTotp
            | Self::Link
            | Self::Unlink
            | Self::NoticesOff => Mode::Notify,
        }
    }

    /// Whether whoever says yes proves who they are first, with a passkey or a password. A session alone is enough for
    /// the others.
    pub const fn is_high_risk(self) -> bool {
        matches!(self.by_default(), Mode::Confirm)
    }

    /// Whether it can be taken back after it was done.
    pub const fn can_be_undone(self) -> bool {
        matches!(self, Self::Email | Self::Password | Self::Phone)
    }
}

/// What the operator set, per kind. What was not set follows [`ChangeKind::by_default`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangePolicy(BTreeMap<ChangeKind, Mode>);

impl ChangePolicy {
    /// A policy of these modes.
    pub fn of(modes: impl IntoIterator<Item = (ChangeKind, Mode)>) -> Self {
        Self(modes.into_iter().collect())
    }

    /// The same mode for everything.
    pub fn all(mode: Mode) -> Self {
        Self::of(ChangeKind::ALL.map(|kind| (kind, mode)))
    }

    /// What happens with a change of this kind.
    pub fn mode(&self, kind: ChangeKind) -> Mode {
        self.0.get(&kind).copied().unwrap_or_else(|| kind.by_default())
    }
}
