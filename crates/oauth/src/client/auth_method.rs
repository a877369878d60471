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
    /// By the certificate of its connection, from an authority (RFC 8705 §2.1).
    #[serde(rename = "tls_client_auth")]
    TlsClientAuth,
    /// By the certificate of its connection, which it registered (RFC 8705 §2.2).
    #[serde(rename = "self_signed_tls_client_auth")]
    SelfSignedTlsClientAuth,
}

impl ClientAuthMethod {
    /// Those that need nothing of the connection, as discovery lists them.
    pub const ALL: [Self; 5] = [Self::SecretBasic, Self::SecretPost, Self::SecretJwt, Self::PrivateKeyJwt, Self::None];

    /// Those by the certificate of the connection, where the server learns of it.
    pub const BY_CERTIFICATE: [Self; 2] = [Self::TlsClientAuth, Self::SelfSignedTlsClientAuth];

    /// All of them.
    pub fn every() -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().chain(Self::BY_CERTIFICATE)
    }

    /// The method's registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
            Self::SecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
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

    /// Whether it does so by the certificate of its connection (RFC 8705 §2).
    pub const fn is_by_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    /// Whether it does so by signing with a key of its own, which it has to register.
    pub const fn has_keys(self) -> bool {
        matches!(self, Self::PrivateKeyJwt)
    }
}
