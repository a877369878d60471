//! JSON Web Signature (RFC 7515) and, for what goes out, Encryption ([`jwe`]): as much of them as an issuer needs and no more.
//!
//! A key knows its algorithm; a token's header only has to name the same one. `jwk`, `jku`, `x5u` and `x5c` are not
//! read, so no token can bring its own key; `crit`, `zip` and `b64` are refused. Tokens that clients signed are read by
//! [`client_jws`], with the keys that they registered ([`client_keys`]).

pub mod alg;
pub mod client_jws;
pub mod client_keys;
#[cfg(test)]
mod client_tests;
mod compact;
pub(crate) mod embedded;
pub mod jwe;
pub mod jwk;
pub mod key_set;
#[cfg(test)]
mod published_tests;
pub mod signing_key;
#[cfg(test)]
mod tests;
pub mod times;
pub mod verify;

use base::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

pub use alg::{JwsAlg, UnknownJwsAlg};
pub use client_jws::{TypRule, verify_client_jws};
pub use client_keys::{ClientKeySet, InvalidKeySet};
pub use jwe::{EncryptionKey, JweAlg, JweEnc, Recipient};
pub use jwk::{PublicJwk, VerifyingKey};
pub use key_set::KeySet;
pub use signing_key::SigningKey;
pub use times::{Window, check_times};
pub use verify::{Claims, Expected, JwtError, verify};

/// Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SigningAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits.
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

impl SigningAlg {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 3] = [Self::RS256, Self::ES256, Self::EdDSA];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
        }
    }
}

/// The text names no algorithm known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signature algorithm: use RS256, ES256 or EdDSA")]
pub struct UnknownAlg;

impl FromStr for SigningAlg {
    type Err = UnknownAlg;

    fn from_str(text: &str) -> Result<Self, UnknownAlg> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == text).ok_or(UnknownAlg)
    }
}

impl fmt::Display for SigningAlg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which of several keys of one algorithm signs at a moment: the newest that has begun to, and has not been retired. Each
/// comes with the moment from which it signs, and the one from which a newer one does. Where none has begun to, the first does: the
/// clock by which they were made was ahead of this one, and they are published since.
pub fn signs_at<T>(now: Timestamp, keys: impl IntoIterator<Item = (Timestamp, Option<Timestamp>, T)>) -> Option<T> {
    let live = keys.into_iter().filter(|(_, retired, _)| retired.is_none_or(|at| now < at));
    let (begun, ahead): (Vec<_>, Vec<_>) = live.partition(|(from, _, _)| *from <= now);
    let newest = begun.into_iter().max_by_key(|(from, _, _)| *from);
    newest.or_else(|| ahead.into_iter().min_by_key(|(from, _, _)| *from)).map(|(_, _, key)| key)
}
