//! What an account has to sign in with, besides its password: passkeys and security keys, an authenticator app,
//! recovery codes, accounts at other providers.

use crate::device::Agent;
use base::{Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

/// What a WebAuthn credential is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// Signs in by itself: discoverable, and it verifies its user.
    Passkey,
    /// A second factor beside a first one.
    SecurityKey,
}

/// A passkey or security key (WebAuthn Level 3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credential {
    /// Row id.
    pub id: Id,
    /// Whose it is.
    pub account: Id,
    /// The authenticator's id of it; unique within the tenant.
    pub credential_id: Vec<u8>,
    /// What it is used as.
    pub kind: CredentialKind,
    /// What its owner calls it; at first, what its provider is called.
    pub name: String,
    /// The authenticator's model: chooses a name and an icon, and decides nothing.
    pub aaguid: Option<Id>,
    /// Whether its provider copies it to the owner's other devices.
    pub synced: bool,
    /// What the library verifies an assertion with: public key, counter, flags. No secret.
    pub record: serde_json::Value,
    /// Since when.
    pub created_at: Timestamp,
    /// Last sign-in with it.
    pub last_used_at: Option<Timestamp>,
    /// The browser of that sign-in.
    pub last_used_in: Option<Agent>,
}

/// An authenticator app (RFC 6238).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totp {
    /// Whose it is.
    pub account: Id,
    /// The seed, sealed.
    pub sealed: Vec<u8>,
    /// The newest step that was used: it and all before it are spent (RFC 6238 §5.2).
    pub last_step: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// When a code of it was seen; before that it counts for nothing.
    pub confirmed_at: Option<Timestamp>,
    /// Last sign-in with it.
    pub last_used_at: Option<Timestamp>,
}

/// A recovery code, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct RecoveryCode {
    /// Whose it is.
    pub account: Id,
    /// Hash of the code, bound to the account.
    pub hash: SecretHash,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// An account at another provider by which its owner signs in here. It is found by (issuer, subject) alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FederatedIdentity {
    /// Row id.
    pub id: Id,
    /// Whose it is.
    pub account: Id,
    /// The provider's key in the configuration.
    pub provider: String,
    /// The issuer identifier.
    pub issuer: String,
    /// The subject at that issuer.
    pub subject: String,
    /// The address that the provider told: shown, and decides nothing.
    pub email: Option<String>,
    /// The name that the provider told.
    pub name: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last sign-in with it.
    pub last_used_at: Option<Timestamp>,
}
