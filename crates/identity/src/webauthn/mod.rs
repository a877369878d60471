//! Passkeys and security keys: Web Authentication Level 3, the relying party's side.
//!
//! What a browser sends is read strictly here first: the client data field by field, the framing of the authenticator's
//! bytes to the last one, whose the credential is. Then `webauthn-rs-core` verifies it. The library is lenient where we
//! are not: it takes every URL of an origin, does not know `topOrigin`, reads over trailing bytes, lets credential ids be
//! 4096 bytes long, and leaves the user handle to its caller.
//!
//! The options for the browser are written here as well, with a challenge from the caller's [`Rng`](base::Rng), so that
//! what a ceremony keeps is small and of our own making.

mod authenticator_data;
mod client_data;
mod models;
mod options;
mod reading;
mod record;
mod registration;
mod signing;

pub use models::model_name;
pub use options::Owner;
pub use reading::{Assertion, Creation};
pub use registration::NewKey;
pub use signing::Verified;

use base::{Origin, Rng, SecretHash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;

/// How long a browser lets a person look for their key (WebAuthn §15.1 recommends five to ten minutes).
pub const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// A tenant as a relying party: its id is the host of its origin, and that origin alone counts.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    origin: Origin,
    id: String,
    name: String,
    core: WebauthnCore,
}

impl RelyingParty {
    /// The relying party of an origin. `None` where browsers have no passkeys: at an IP address (WebAuthn §5.1.3).
    pub fn of(origin: &Origin, name: &str) -> Option<Self> {
        let url = Url::parse(origin.as_str()).ok()?;
        let id = url.domain()?.to_owned();
        let core = WebauthnCore::new_unsafe_experts_only(name, &id, vec![url], PATIENCE, Some(false), Some(false));
        Some(Self { origin: origin.clone(), id, name: name.to_owned(), core })
    }

    /// Whether no other origin shares its id: a host has one for all its ports. Then what is unknown here is unknown
    /// everywhere, and a browser may be told to forget it.
    pub fn is_alone(&self) -> bool {
        self.origin.is_https() && self.origin.authority() == self.id
    }

    /// Its id (`rpId`).
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// What a key signs, so that its answer can't be from another time: 256 random bits. Not a secret.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// A new one.
    pub fn new(rng: &Rng) -> Self {
        Self(rng.bytes())
    }

    /// By what it is found in the table of what can be used once.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    fn text(&self) -> String {
        encode(&self.0)
    }
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl TryFrom<String> for Challenge {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        decode(&text)?.try_into().map(Self).map_err(|_| KeyError::Unreadable)
    }
}

impl From<Challenge> for String {
    fn from(challenge: Challenge) -> Self {
        challenge.text()
    }
}

/// What a key is asked for in a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// To say who it is: a passkey that verifies its user.
    First,
    /// To stand beside a first factor: any key of the account.
    Second,
}

/// A sign-in by key that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// What is to be signed.
    pub challenge: Challenge,
    /// What the key is asked for.
    pub stage: Stage,
}

/// Why what a browser sent is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It is not what a browser's `toJSON()` gives, or its bytes are not framed as they must be.
    #[error("not a credential as browsers send it")]
    Unreadable,
    /// It answers another kind of question: made where it should have signed, or the other way round.
    #[error("an answer to another kind of question")]
    Kind,
    /// It answers another challenge.
    #[error("an answer to another challenge")]
    Challenge,
    /// It was made on another origin.
    #[error("made on another origin")]
    Origin,
    /// It was made in a frame of another site's page.
    #[error("made within another site's page")]
    CrossOrigin,
    /// It was made for another relying party.
    #[error("made for another relying party")]
    RelyingParty,
    /// Nobody touched the authenticator.
    #[error("nobody was present")]
    NotPresent,
    /// The authenticator did not verify its user, and has to.
    #[error("the user was not verified")]
    NotVerified,
    /// It says that it is backed up and can't be, or what it said of that at first is not true any more.
    #[error("its word on backups contradicts itself")]
    Backup,
    /// Its public key is of an algorithm that was not offered, or no key at all.
    #[error("not a key of an algorithm that was offered")]
    Algorithm,
    /// The credential's id is shorter or longer than may be.
    #[error("a credential id of the wrong length")]
    CredentialId,
    /// It comes with an attestation, which nobody asked for, or a false one.
    #[error("an attestation that was not asked for")]
    Attestation,
    /// The account has this very key already.
    #[error("the account has this key already")]
    Excluded,
    /// It is another person's, or another credential than it says.
    #[error("the credential of someone else")]
    Owner,
    /// A security key signs in beside a first factor, not by itself.
    #[error("a security key can't stand alone")]
    NotAPasskey,
    /// The signature is not the key's.
    #[error("a signature that does not verify")]
    Signature,
    /// Everything is right, but the authenticator's counter did not go up: there may be a copy of the key
    /// (WebAuthn §6.1.1).
    #[error("the counter went back: there may be a copy of the key")]
    CountedBack,
}

impl From<WebauthnError> for KeyError {
    fn from(error: WebauthnError) -> Self {
        use WebauthnError as E;
        match error {
            E::InvalidClientDataType => Self::Kind,
            E::MismatchedChallenge => Self::Challenge,
            E::InvalidRPOrigin => Self::Origin,
            E::CredentialCrossOrigin => Self::CrossOrigin,
            E::InvalidRPIDHash => Self::RelyingParty,
            E::UserNotPresent => Self::NotPresent,
            E::UserNotVerified => Self::NotVerified,
            E::CredentialMayNotBeHardwareBound | E::CredentialBackupEligibilityInconsistent => Self::Backup,
            E::CredentialPossibleCompromise => Self::CountedBack,
            E::AuthenticationFailure | E::SignatureInvalid => Self::Signature,
            E::CredentialAlteredAlgFromRequest
            | E::COSEKeyInvalidCBORValue
            | E::COSEKeyInvalidType
            | E::COSEKeyInvalidAlgorithm
            | E::COSEKeyEDUnsupported
            | E::COSEKeyECDSAXYInvalid
            | E::COSEKeyECDSAInvalidCurve
            | E::COSEKeyRSANEInvalid
            | E::COSEKeyEDDSAXInvalid
            | E::COSEKeyEDDSAInvalidCurve
            | E::EcdsaPointInvalid
            | E::RsaParametersInvalid
            | E::SshPublicKeyEDUnsupported => Self::Algorithm,
            E::AttestationNotSupported
            | E::AttestationStatementMapInvalid
            | E::AttestationStatementSigMissing
            | E::AttestationStatementSigInvalid
            | E::AttestationStatementAlgMissing
            | E::AttestationStatementAlgInvalid
            | E::AttestationStatementAlgMismatch => Self::Attestation,
            _ => Self::Unreadable,
        }
    }
}

/// Bytes as WebAuthn's JSON has them: base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Unreadable)
}
