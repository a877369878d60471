//! Passkeys and security keys: their part of the page of ways to sign in.

use base::Timestamp;
use identity::Agent;
use serde::Serialize;

/// The account's keys. Forms: `key`, `name` → POST [`base::routes::KEY_RENAME`]; `key` → POST
/// [`base::routes::KEY_REMOVE`]. Adding one is the script's work ([`base::routes::API_KEYS`]).
#[derive(Debug, Clone, Default, Serialize)]
pub struct Keys {
    /// The passkeys, oldest first.
    pub passkeys: Vec<KeyCard>,
    /// The security keys, oldest first.
    pub security_keys: Vec<KeyCard>,
    /// Whether a passkey can be added.
    pub add_passkey: bool,
    /// Whether a security key can be added.
    pub add_security_key: bool,
    /// A name that was not taken.
    pub refused: Option<RefusedName>,
}

/// A passkey or security key.
#[derive(Debug, Clone, Serialize)]
pub struct KeyCard {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What its provider is called, where the name does not say so.
    pub model: Option<String>,
    /// Whether its provider copies it to other devices.
    pub synced: bool,
    /// Since when.
    pub created: Timestamp,
    /// Last sign-in with it.
    pub last_used: Option<Timestamp>,
    /// The browser of that sign-in.
    pub last_used_in: Option<Agent>,
    /// What its removal means.
    pub removal: Removal,
}

/// What the removal of a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removal {
    /// It is one of several.
    Plain,
    /// It is the last passkey: what is left is another way to sign in.
    Last,
    /// It is the only way to sign in, and can't be removed.
    OnlyWay,
}

/// A name that a key was not given.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedName {
    /// Which key.
    pub key: String,
    /// What was typed.
    pub typed: String,
}
