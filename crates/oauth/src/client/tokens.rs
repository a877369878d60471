//! What a client's tokens are like.

use super::InvalidClient;
use crate::id_token;
use crate::jose::SigningAlg;
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
    /// Life of an ID token, in seconds.
    #[serde(with = "seconds")]
    pub id_token_lifetime: Duration,
    /// How userinfo is signed for it (OpenID Connect Registration 1.0 §2); plain JSON when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    /// How introspection is signed for it when it asks for a JWT (RFC 9701 §6); RS256 when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_signed_response_alg: Option<SigningAlg>,
}

impl Default for TokenRules {
    fn default() -> Self {
        Self {
            access_token: AccessTokenForm::Jwt,
            id_token_lifetime: id_token::LIFETIME,
            userinfo_signed_response_alg: None,
            introspection_signed_response_alg: None,
        }
    }
}

impl TokenRules {
    pub(super) fn check(&self, is_fapi: bool) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        if self.id_token_lifetime < Duration::from_secs(1) || self.id_token_lifetime > MAX_ID_TOKEN_LIFETIME {
            return refuse("id_token_lifetime", "use 1 second to 1 day");
        }
        let weak = |alg: Option<SigningAlg>| is_fapi && alg == Some(SigningAlg::RS256);
        if weak(self.userinfo_signed_response_alg) {
            return refuse("userinfo_signed_response_alg", "use ES256 or EdDSA: FAPI 2.0 does not allow RS256");
        }
        if weak(self.introspection_signed_response_alg) {
            return refuse("introspection_signed_response_alg", "use ES256 or EdDSA: FAPI 2.0 does not allow RS256");
        }
        Ok(())
    }
}
