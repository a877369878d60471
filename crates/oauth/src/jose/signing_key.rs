//! Private keys: made, kept, and signed with.

use super::SigningAlg;
use super::jwk::{PublicJwk, VerifyingKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base::Fault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use std::fmt;
use zeroize::Zeroizing;

/// Room for the claims of most tokens, in bytes.
const USUAL: usize = 1_024;

/// A private key that knows its id and its one algorithm.
pub struct SigningKey {
    private: Private,
    public: VerifyingKey,
}

enum Private {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.alg(), self.kid())
    }
}

impl SigningKey {
    /// A new key. RSA takes some tenths of a second: keep it off the threads that answer requests.
    ///
    /// # Errors
    /// [`Fault`] when the machine can't make one.
    pub fn generate(alg: SigningAlg) -> Result<Self, Fault> {
        let failed = |e| Fault::new("generate a signing key", e);
        let private = match alg {
            SigningAlg::RS256 => Private::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?)),
            SigningAlg::ES256 => Private::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?),
            SigningAlg::EdDSA => Private::Ed(Ed25519KeyPair::generate().map_err(failed)?),
        };
        Self::with(private)
    }

    /// Reads a key from PKCS #8 (RFC 5958).
    ///
    /// # Errors
    /// [`Fault`] when it is not a key for this algorithm.
    pub fn from_pkcs8(alg: SigningAlg, der: &[u8]) -> Result<Self, Fault> {
        let failed = |e| Fault::new("read a signing key", e);
        let private = match alg {
            SigningAlg::RS256 => Private::Rsa(Box::new(RsaKeyPair::from_pkcs8(der).map_err(failed)?)),
            SigningAlg::ES256 => {
                Private::Ec(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map_err(failed)?)
            }
            SigningAlg::EdDSA => Private::Ed(Ed25519KeyPair::from_pkcs8(der).map_err(failed)?),
        };
        Self::with(private)
    }

    /// The key as PKCS #8, to be sealed and stored.
    ///
    /// # Errors
    /// [`Fault`] when it can't be written.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let failed = |e| Fault::new("write a signing key", e);
        let der = match &self.private {
            Private::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                der.as_ref().to_vec()
            }
            Private::Ec(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
            Private::Ed(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(der))
    }

    /// The key's id: its thumbprint (RFC 7638).
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// Its one algorithm.
    pub const fn alg(&self) -> SigningAlg {
        self.public.alg()
    }

    /// Its public half.
    pub const fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs claims as a compact JWS. `typ` says what kind of token it is (RFC 8725 §3.11).
    ///
    /// # Errors
    /// [`Fault`] when the claims can't be written or the key can't sign.
    pub fn sign<T: Serialize>(&self, typ: &'static str, claims: &T) -> Result<String, Fault> {
        let mut payload = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut payload, claims).map_err(|e| Fault::new("write the claims of a token", e))?;
        // Nothing in here needs escaping: a known word, base64url, and a constant.
        let header = format!(r#"{{"alg":"{}","kid":"{}","typ":"{typ}"}}"#, self.alg(), self.kid());
        let mut out = String::with_capacity((header.len() + payload.len()) / 3 * 4 + 360);
        URL_SAFE_NO_PAD.encode_string(header, &mut out);
        out.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut out);
        let signature = self.signature(out.as_bytes())?;
        out.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut out);
        Ok(out)
    }

    /// The signature over a signing input (RFC 7515 §5.1).
    ///
    /// # Errors
    /// [`Fault`] when the key can't sign.
    pub fn signature(&self, input: &[u8]) -> Result<Vec<u8>, Fault> {
        #[allow(
            clippy::disallowed_methods,
            reason = "the library asks for a generator and then uses its own for nonces and blinding"
        )]
        let rng = SystemRandom::new();
        let failed = |e| Fault::new("sign a token", e);
        match &self.private {
            Private::Rsa(pair) => {
                let mut out = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, input, &mut out).map_err(failed)?;
                Ok(out)
            }
            Private::Ec(pair) => Ok(pair.sign(&rng, input).map_err(failed)?.as_ref().to_vec()),
            Private::Ed(pair) => Ok(pair.try_sign(input).map_err(failed)?.as_ref().to_vec()),
        }
    }

    fn with(private: Private) -> Result<Self, Fault> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = match &private {
            Private::Rsa(pair) => PublicJwk::Rsa {
                n: text(pair.public_key().modulus().big_endian_without_leading_zero()),
                e: text(pair.public_key().exponent().big_endian_without_leading_zero()),
            },
            Private::Ec(pair) => {
                // SEC 1 §2.3.3: a byte 4, then both coordinates.
                let point = pair.public_key().as_ref().split_first().map(|(_, both)| both.split_at_checked(32));
                let (x, y) = point.flatten().ok_or(Fault::broken("read the point of a P-256 key"))?;
                PublicJwk::Ec { x: text(x), y: text(y) }
            }
            Private::Ed(pair) => PublicJwk::Okp { x: text(pair.public_key().as_ref()) },
        };
        Ok(Self { private, public: VerifyingKey::new(jwk)? })
    }
}
