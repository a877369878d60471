//! Public keys: as JSON (RFC 7517), by thumbprint (RFC 7638), and ready to verify with.

use super::{JwsAlg, SigningAlg};
use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents,
};
use base::Fault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The public members of a key, each unpadded base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicJwk {
    /// `kty` RSA (RFC 7518 §6.3).
    Rsa {
        /// Modulus.
        n: String,
        /// Exponent.
        e: String,
    },
    /// `kty` EC on P-256 (RFC 7518 §6.2).
    Ec {
        /// First coordinate.
        x: String,
        /// Second coordinate.
        y: String,
    },
    /// `kty` OKP with Ed25519 (RFC 8037 §2).
    Okp {
        /// The public key.
        x: String,
    },
}

impl PublicJwk {
    /// The one algorithm that a key of this kind is used with here.
    pub const fn alg(&self) -> SigningAlg {
        match self {
            Self::Rsa { .. } => SigningAlg::RS256,
            Self::Ec { .. } => SigningAlg::ES256,
            Self::Okp { .. } => SigningAlg::EdDSA,
        }
    }

    /// The SHA-256 thumbprint (RFC 7638 §3), which is the key's id.
    pub fn thumbprint(&self) -> String {
        // The required members alone, in lexicographic order, without white space.
        let canonical = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            Self::Ec { x, y } => format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#),
            Self::Okp { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#),
        };
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref())
    }

    /// The key as it stands in a JWK set.
    pub fn to_json(&self, kid: &str) -> Value {
        let alg = self.alg().as_str();
        match self {
            Self::Rsa { n, e } => json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid, "n": n, "e": e}),
            Self::Ec { x, y } => {
                json!({"kty": "EC", "use": "sig", "alg": alg, "kid": kid, "crv": "P-256", "x": x, "y": y})
            }
            Self::Okp { x } => json!({"kty": "OKP", "use": "sig", "alg": alg, "kid": kid, "crv": "Ed25519", "x": x}),
        }
    }

    fn parse(&self) -> Result<ParsedPublicKey, Fault> {
        self.parse_with(&RSA_PKCS1_2048_8192_SHA256)
    }

    /// Whether the members make a key: a point on its curve, a modulus of a size that will do.
    pub(super) fn is_key(&self) -> bool {
        self.parse().is_ok()
    }

    /// The key, ready to verify with an algorithm that [fits](JwsAlg::fits) it; `None` with any other.
    pub(super) fn parse_for(&self, alg: JwsAlg) -> Option<ParsedPublicKey> {
        let rsa = if alg == JwsAlg::PS256 { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
        if alg.fits(self) { self.parse_with(rsa).ok() } else { None }
    }

    fn parse_with(&self, rsa: &'static RsaParameters) -> Result<ParsedPublicKey, Fault> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|e| Fault::new("decode a public key", e));
        match self {
            Self::Rsa { n, e } => RsaPublicKeyComponents { n: bytes(n)?, e: bytes(e)? }.to_parsed_public_key(rsa),
            Self::Ec { x, y } => {
                // SEC 1 §2.3.3: an uncompressed point.
                let mut point = vec![4];
                point.extend(bytes(x)?);
                point.extend(bytes(y)?);
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            }
            Self::Okp { x } => ParsedPublicKey::new(&ED25519, bytes(x)?),
        }
        .map_err(|e| Fault::new("read a public key", e))
    }
}

/// A public key that knows its id and its one algorithm.
#[derive(Debug, Clone)]
pub struct VerifyingKey {
    kid: String,
    jwk: PublicJwk,
    parsed: ParsedPublicKey,
}

impl VerifyingKey {
    /// From its public members.
    ///
    /// # Errors
    /// [`Fault`] when they are no key.
    pub fn new(jwk: PublicJwk) -> Result<Self, Fault> {
        Ok(Self { kid: jwk.thumbprint(), parsed: jwk.parse()?, jwk })
    }

    /// The key's id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm it is used with.
    pub const fn alg(&self) -> SigningAlg {
        self.jwk.alg()
    }

    /// Its public members.
    pub const fn jwk(&self) -> &PublicJwk {
        &self.jwk
    }

    /// Whether `signature` is this key's over `input`. ECDSA signatures are the 64 bytes of RFC 7518 §3.4, never DER.
    pub fn is_signature(&self, input: &[u8], signature: &[u8]) -> bool {
        let length_fits = match self.alg() {
            SigningAlg::ES256 | SigningAlg::EdDSA => signature.len() == 64,
            SigningAlg::RS256 => true,
        };
        length_fits && self.parsed.verify_sig(input, signature).is_ok()
    }
}
