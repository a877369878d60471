//! How a client proves who it is.

use serde::{Deserialize, Serialize};

/// How a client proves itself at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientAuthMethod {
    /// A public client: it has no secret.
    #[serde(rename = "none")]
    None,
    /// Its secret stands in the `Authorization` header.
    #[serde(rename = "client_secret_basic")]
    SecretBasic,
    /// Its secret stands in the body.
    #[serde(rename = "client_secret_post")]
    SecretPost,
}

impl ClientAuthMethod {
    /// The method's registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
        }
    }

    /// Whether the client has a secret (a confidential client, RFC 6749 §2.1).
    pub const fn is_confidential(self) -> bool {
        !matches!(self, Self::None)
    }
}
