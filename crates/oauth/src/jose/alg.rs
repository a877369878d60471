//! Algorithms that clients sign with. What this server signs with itself is [`SigningAlg`](super::SigningAlg).

use super::jwk::PublicJwk;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A signature algorithm of a client (RFC 7518 §3.1, RFC 8037 §3.1). `none` is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum JwsAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
    /// HMAC with SHA-256, under the client's secret.
    HS256,
}

impl JwsAlg {
    /// Those with a key pair, as discovery lists them.
    pub const ASYMMETRIC: [Self; 4] = [Self::RS256, Self::PS256, Self::ES256, Self::EdDSA];
    /// Those that FAPI 2.0 allows (Security Profile §5.4.1).
    pub const FAPI: [Self; 3] = [Self::PS256, Self::ES256, Self::EdDSA];
    /// The one under a shared secret.
    pub const SYMMETRIC: [Self; 1] = [Self::HS256];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
        }
    }

    /// Whether a key of this kind can be used with it: the key decides, never the token's header (RFC 8725 §3.1).
    pub const fn fits(self, jwk: &PublicJwk) -> bool {
        matches!(
            (self, jwk),
            (Self::RS256 | Self::PS256, PublicJwk::Rsa { .. })
                | (Self::ES256, PublicJwk::Ec { .. })
                | (Self::EdDSA, PublicJwk::Okp { .. })
        )
    }
}

/// The text names no algorithm that clients can sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signature algorithm: use PS256, ES256, EdDSA, RS256 or HS256")]
pub struct UnknownJwsAlg;

impl FromStr for JwsAlg {
    type Err = UnknownJwsAlg;

    fn from_str(text: &str) -> Result<Self, UnknownJwsAlg> {
        let all = Self::ASYMMETRIC.into_iter().chain(Self::SYMMETRIC);
        // RFC 9864 names Ed25519 by its own name; the key tells them apart here anyway.
        let text = if text == "Ed25519" { "EdDSA" } else { text };
        all.into_iter().find(|alg| alg.as_str() == text).ok_or(UnknownJwsAlg)
    }
}

impl fmt::Display for JwsAlg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
