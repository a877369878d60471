//! What a client's tokens are like.

use super::{ClientKeys, InvalidClient};
use crate::id_token;
use crate::jose::{ClientKeySet, JweAlg, JweEnc, Recipient, SigningAlg};
use crate::seconds;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const MAX_ID_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// The form of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTokenForm {
    /// Signed: APIs read it themselves (RFC 9068).
    #[default]
    Jwt,
    /// Sealed: nobody but this server can read it, and APIs ask (RFC 7662).
    Opaque,
}

/// Rules for one client's tokens, and for what is told about a token in the form of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenRules {
    /// The form of its access tokens.
    pub access_token: AccessTokenForm,
    /// How its access tokens are signed, where they are; ES256 when left out. RS256 is for APIs that know nothing newer (RFC 9068
    /// §2.1 has every server offer it).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_alg: Option<SigningAlg>,
    /// Life of an ID token, in seconds.
    #[serde(with = "seconds")]
    pub id_token_lifetime: Duration,
    /// How userinfo is signed for it (OpenID Connect Registration 1.0 §2); plain JSON when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    /// How its ID tokens are encrypted, if they are (OpenID Connect Registration 1.0 §2), …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_alg: Option<JweAlg>,
    /// … and with what; A128CBC-HS256 when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_enc: Option<JweEnc>,
    /// How userinfo is encrypted for it, if it is, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_alg: Option<JweAlg>,
    /// … and with what; A128CBC-HS256 when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_enc: Option<JweEnc>,
    /// How introspection is signed for it when it asks for a JWT (RFC 9701 §6); RS256 when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_signed_response_alg: Option<SigningAlg>,
}

impl Default for TokenRules {
    fn default() -> Self {
        Self {
            access_token: AccessTokenForm::Jwt,
            access_token_alg: None,
            id_token_lifetime: id_token::LIFETIME,
            userinfo_signed_response_alg: None,
            id_token_encrypted_response_alg: None,
            id_token_encrypted_response_enc: None,
            userinfo_encrypted_response_alg: None,
            userinfo_encrypted_response_enc: None,
            introspection_signed_response_alg: None,
        }
    }
}

impl TokenRules {
    /// How ID tokens are encrypted, if they are.
    pub fn id_token_encryption(&self) -> Option<(JweAlg, JweEnc)> {
        Some((self.id_token_encrypted_response_alg?, self.id_token_encrypted_response_enc.unwrap_or_default()))
    }

    /// How userinfo is encrypted, if it is.
    pub fn userinfo_encryption(&self) -> Option<(JweAlg, JweEnc)> {
        Some((self.userinfo_encrypted_response_alg?, self.userinfo_encrypted_response_enc.unwrap_or_default()))
    }

    fn check_encryption(&self, keys: &ClientKeys) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        if self.id_token_encrypted_response_enc.is_some() && self.id_token_encrypted_response_alg.is_none() {
            return refuse("id_token_encrypted_response_enc", "name id_token_encrypted_response_alg too");
        }
        if self.userinfo_encrypted_response_enc.is_some() && self.userinfo_encrypted_response_alg.is_none() {
            return refuse("userinfo_encrypted_response_enc", "name userinfo_encrypted_response_alg too");
        }
        let set = keys.jwks.as_ref().and_then(|set| ClientKeySet::of(set).ok());
        let lacks = |alg| keys.jwks_uri.is_none() && set.as_ref().and_then(|set| recipient(set, alg)).is_none();
        if self.id_token_encryption().is_some_and(lacks) {
            return refuse("id_token_encrypted_response_alg", "register a key that it fits: RSA, or P-256 for ECDH-ES");
        }
        if self.userinfo_encryption().is_some_and(lacks) {
            return refuse("userinfo_encrypted_response_alg", "register a key that it fits: RSA, or P-256 for ECDH-ES");
        }
        Ok(())
    }

    pub(super) fn check(&self, is_fapi: bool, keys: &ClientKeys) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        if self.id_token_lifetime < Duration::from_secs(1) || self.id_token_lifetime > MAX_ID_TOKEN_LIFETIME {
            return refuse("id_token_lifetime", "use 1 second to 1 day");
        }
        let weak = |alg: Option<SigningAlg>| is_fapi && alg == Some(SigningAlg::RS256);
        if weak(self.access_token_alg) {
            return refuse("access_token_alg", "use ES256 or EdDSA: FAPI 2.0 does not allow RS256");
        }
        if weak(self.userinfo_signed_response_alg) {
            return refuse("userinfo_signed_response_alg", "use ES256 or EdDSA: FAPI 2.0 does not allow RS256");
        }
        if weak(self.introspection_signed_response_alg) {
            return refuse("introspection_signed_response_alg", "use ES256 or EdDSA: FAPI 2.0 does not allow RS256");
        }
        self.check_encryption(keys)
    }
}

/// The key of a client that something is encrypted to: one that is for that alone, before one that is for everything.
pub fn recipient(keys: &ClientKeySet, (alg, enc): (JweAlg, JweEnc)) -> Option<Recipient> {
    let fitting = keys.for_encryption().iter().filter(|key| key.does(alg));
    let key = fitting.max_by_key(|key| key.alg.is_some())?.clone();
    Some(Recipient { key, alg, enc })
}
