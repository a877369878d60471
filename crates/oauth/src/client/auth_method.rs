//! How a client proves who it is.

use serde::{Deserialize, Serialize};

/// How a client proves itself at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientAuthMethod {
    /// A public client: it proves nothing.
    #[serde(rename = "none")]
    None,
    /// Its secret stands in the `Authorization` header.
    #[serde(rename = "client_secret_basic")]
    SecretBasic,
    /// Its secret stands in the body.
    #[serde(rename = "client_secret_post")]
    SecretPost,
    /// It signs an assertion under its secret (OpenID Connect Core §9).
    #[serde(rename = "client_secret_jwt")]
    SecretJwt,
    /// It signs an assertion with a private key (OpenID Connect Core §9, RFC 7523).
    #[serde(rename = "private_key_jwt")]
    PrivateKeyJwt,
}

impl ClientAuthMethod {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 5] = [Self::SecretBasic, Self::SecretPost, Self::SecretJwt, Self::PrivateKeyJwt, Self::None];

    /// The method's registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
            Self::SecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Whether the client can prove who it is (a confidential client, RFC 6749 §2.1).
    pub const fn is_confidential(self) -> bool {
        !matches!(self, Self::None)
    }

    /// Whether it does so by a secret that we share.
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::SecretBasic | Self::SecretPost | Self::SecretJwt)
    }

    /// Whether it does so by a key of its own, which it has to register.
    pub const fn has_keys(self) -> bool {
        matches!(self, Self::PrivateKeyJwt)
    }
}
