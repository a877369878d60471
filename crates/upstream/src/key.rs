//! A provider's public key, verified with aws-lc-rs.
//!
//! There is no symmetric key: whatever an ID token's header says, a text that we know ourselves (our secret, a public
//! key read as bytes) can't have signed it.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKeyType, CoreJsonWebKeyUse, CoreJwsSigningAlgorithm as Alg};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, SignatureVerificationError};
use serde::{Deserialize, Serialize};

/// The algorithms that are taken (RFC 7518 §3.1, RFC 8037 §3.1): none without a signature, none with a shared secret.
pub(crate) const ALGS: [Alg; 10] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EcdsaP521Sha512,
    Alg::EdDsa,
];

/// A key of a JWK set (RFC 7517 §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicKey {
    kty: CoreJsonWebKeyType,
    #[serde(rename = "use")]
    usage: Option<CoreJsonWebKeyUse>,
    kid: Option<JsonWebKeyId>,
    alg: Option<NamedAlg>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The algorithm that a key is for. A key for encryption names one that is none for signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum NamedAlg {
    Signs(Alg),
    Other(String),
}

impl PublicKey {
    fn part(&self, part: &Option<String>) -> Result<Vec<u8>, SignatureVerificationError> {
        let text = part.as_deref().ok_or_else(|| invalid("a part of it is missing"))?;
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| invalid("a part of it is not base64url"))
    }

    fn rsa(&self, how: &'static RsaParameters, message: &[u8], signature: &[u8]) -> Outcome {
        let key = RsaPublicKeyComponents { n: self.part(&self.n)?, e: self.part(&self.e)? };
        key.verify(how, message, signature).map_err(|_| mismatch())
    }

    fn ec(
        &self,
        (curve, length): (&str, usize),
        how: &'static dyn VerificationAlgorithm,
        (message, signature): (&[u8], &[u8]),
    ) -> Outcome {
        if self.crv.as_deref() != Some(curve) {
            return Err(invalid("it is on another curve"));
        }
        // SEC 1 §2.3.3: an uncompressed point; each coordinate has its full length (RFC 7518 §6.2.1.2).
        let (x, y) = (self.part(&self.x)?, self.part(&self.y)?);
        if x.len() != length || y.len() != length {
            return Err(invalid("a coordinate has another length"));
        }
        UnparsedPublicKey::new(how, [vec![4], x, y].concat()).verify(message, signature).map_err(|_| mismatch())
    }
}

type Outcome = Result<(), SignatureVerificationError>;

fn invalid(why: &str) -> SignatureVerificationError {
    SignatureVerificationError::InvalidKey(why.to_owned())
}

fn mismatch() -> SignatureVerificationError {
    SignatureVerificationError::CryptoError("the signature does not fit".to_owned())
}

impl JsonWebKey for PublicKey {
    type KeyUse = CoreJsonWebKeyUse;
    type SigningAlgorithm = Alg;

    fn key_id(&self) -> Option<&JsonWebKeyId> {
        self.kid.as_ref()
    }

    fn key_type(&self) -> &CoreJsonWebKeyType {
        &self.kty
    }

    fn key_use(&self) -> Option<&CoreJsonWebKeyUse> {
        self.usage.as_ref()
    }

    fn signing_alg(&self) -> JsonWebKeyAlgorithm<&Alg> {
        match &self.alg {
            None => JsonWebKeyAlgorithm::Unspecified,
            Some(NamedAlg::Signs(alg)) => JsonWebKeyAlgorithm::Algorithm(alg),
            Some(NamedAlg::Other(_)) => JsonWebKeyAlgorithm::Unsupported,
        }
    }

    /// A key that verifies nothing.
    fn new_symmetric(_: Vec<u8>) -> Self {
        Self {
            kty: CoreJsonWebKeyType::Symmetric,
            usage: None,
            kid: None,
            alg: None,
            crv: None,
            n: None,
            e: None,
            x: None,
            y: None,
        }
    }

    fn verify_signature(&self, alg: &Alg, message: &[u8], signature: &[u8]) -> Outcome {
        let signed = (message, signature);
        match alg {
            Alg::RsaSsaPkcs1V15Sha256 => self.rsa(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            Alg::RsaSsaPkcs1V15Sha384 => self.rsa(&RSA_PKCS1_2048_8192_SHA384, message, signature),
            Alg::RsaSsaPkcs1V15Sha512 => self.rsa(&RSA_PKCS1_2048_8192_SHA512, message, signature),
            Alg::RsaSsaPssSha256 => self.rsa(&RSA_PSS_2048_8192_SHA256, message, signature),
            Alg::RsaSsaPssSha384 => self.rsa(&RSA_PSS_2048_8192_SHA384, message, signature),
            Alg::RsaSsaPssSha512 => self.rsa(&RSA_PSS_2048_8192_SHA512, message, signature),
            Alg::EcdsaP256Sha256 => self.ec(("P-256", 32), &ECDSA_P256_SHA256_FIXED, signed),
            Alg::EcdsaP384Sha384 => self.ec(("P-384", 48), &ECDSA_P384_SHA384_FIXED, signed),
            Alg::EcdsaP521Sha512 => self.ec(("P-521", 66), &ECDSA_P521_SHA512_FIXED, signed),
            Alg::EdDsa if self.crv.as_deref() == Some("Ed25519") => {
                let key = UnparsedPublicKey::new(&ED25519, self.part(&self.x)?);
                key.verify(message, signature).map_err(|_| mismatch())
            }
            other => Err(SignatureVerificationError::UnsupportedAlg(format!("{other:?}"))),
        }
    }

    /// For `at_hash` (OpenID Connect Core §3.1.3.6): the hash that belongs to the algorithm.
    fn hash_bytes(&self, bytes: &[u8], alg: &Alg) -> Result<Vec<u8>, String> {
        let how = match alg {
            Alg::RsaSsaPkcs1V15Sha256 | Alg::RsaSsaPssSha256 | Alg::EcdsaP256Sha256 => &SHA256,
            Alg::RsaSsaPkcs1V15Sha384 | Alg::RsaSsaPssSha384 | Alg::EcdsaP384Sha384 => &SHA384,
            // Ed25519 is made with SHA-512 (RFC 8032 §5.1).
            Alg::RsaSsaPkcs1V15Sha512 | Alg::RsaSsaPssSha512 | Alg::EcdsaP521Sha512 | Alg::EdDsa => &SHA512,
            other => return Err(format!("{other:?} has no hash here")),
        };
        Ok(digest::digest(how, bytes).as_ref().to_vec())
    }
}
