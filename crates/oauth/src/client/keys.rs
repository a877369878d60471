//! The public keys of a client.

use super::InvalidClient;
use super::validate::is_web_link;
use crate::jose::ClientKeySet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where a client's public keys are (RFC 7591 §2): here, or where the client publishes them. Kept as they came: some may be
/// for purposes other than signatures.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientKeys {
    /// A JWK set by value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Where one is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
}

impl ClientKeys {
    /// Whether there are any.
    pub const fn is_none(&self) -> bool {
        self.jwks.is_none() && self.jwks_uri.is_none()
    }

    pub(super) fn validate(&self) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return refuse("jwks", "register jwks or jwks_uri, not both");
        }
        if let Some(set) = &self.jwks
            && let Err(invalid) = ClientKeySet::of(set)
        {
            return refuse("jwks", invalid.advice());
        }
        if self.jwks_uri.as_deref().is_some_and(|uri| !is_web_link(uri)) {
            return refuse("jwks_uri", "use an https address of at most 2048 bytes");
        }
        Ok(())
    }

    /// Whether some of the keys, as far as they are known here, can verify a signature.
    pub fn can_verify(&self) -> bool {
        let by_value = |set| ClientKeySet::of(set).is_ok_and(|keys| !keys.is_empty());
        self.jwks_uri.is_some() || self.jwks.as_ref().is_some_and(by_value)
    }

    /// Whether some of them can be the key of a certificate, or have one beside them.
    pub fn can_identify(&self) -> bool {
        let by_value = |set| ClientKeySet::of(set).is_ok_and(|keys| !keys.certificates().is_empty());
        self.can_verify() || self.jwks.as_ref().is_some_and(by_value)
    }
}
