//! The keys of a client: its JWK set (RFC 7517 §5), by value or fetched, or its secret.
//!
//! What is not understood here is left aside, as RFC 7517 §5 asks; what is understood has to be right.

use super::alg::JwsAlg;
use super::jwe::{EncryptionKey, JweAlg, UnknownEncryption};
use super::jwk::PublicJwk;
use crate::certificate::ClientCertificate;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use std::fmt;
use zeroize::Zeroizing;

/// The longest JWK set, in bytes.
pub const MAX_JWKS: usize = 64 * 1024;
/// The most keys in a set.
pub const MAX_KEYS: usize = 50;
/// The longest `kid`, in bytes.
const MAX_KID: usize = 256;
/// The shortest RSA modulus, in bytes: 2048 bits (RFC 7518 §3.3).
const MIN_MODULUS: usize = 256;
/// The shortest secret, in bytes: 256 bits (RFC 7518 §3.2).
const MIN_SECRET: usize = 32;
/// Members that a key only has in its private form (RFC 7518 §6.2.2, §6.3.2, §6.4, RFC 8037 §2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// What is wrong with a JWK set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.advice())]
pub enum InvalidKeySet {
    /// Not JSON of the form `{"keys":[…]}`.
    Unreadable,
    /// Over [`MAX_JWKS`] or [`MAX_KEYS`].
    TooLarge,
    /// A private or secret key.
    Private,
    /// A key of a known kind that is broken.
    Malformed,
    /// An RSA key that is too short.
    Weak,
}

impl InvalidKeySet {
    /// What is wrong, and what to do.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Unreadable => {
                "this is no JWK set: write {'keys':[...]} with a JSON object for each key (RFC 7517 section 5)"
            }
            Self::TooLarge => "the JWK set is too large: use at most 50 keys and 64 KiB",
            Self::Private => "the JWK set has a private key: replace that key now, and register public members alone",
            Self::Malformed => "a key can't be used: check that its members are whole and in base64url without padding",
            Self::Weak => "an RSA key is too short: use at least 2048 bits",
        }
    }
}

/// The keys that a client's signatures are checked with.
#[derive(Debug, Clone, Default)]
pub struct ClientKeySet {
    keys: Vec<ClientKey>,
    certificates: Vec<Vec<u8>>,
    for_encryption: Vec<EncryptionKey>,
    secret: Option<ClientSecret>,
}

/// One public key of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    /// Its id, as the client names it.
    pub kid: Option<String>,
    /// The one algorithm that it is for, where the client says so.
    pub alg: Option<JwsAlg>,
    /// Its public members.
    pub jwk: PublicJwk,
    /// Whether there is a certificate beside it (`x5c`).
    pub has_certificate: bool,
}

#[derive(Clone)]
pub(super) struct ClientSecret(Zeroizing<Vec<u8>>);

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(..)")
    }
}

impl ClientSecret {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl ClientKeySet {
    /// Reads a JWK set as it was sent or fetched.
    ///
    /// # Errors
    /// [`InvalidKeySet`].
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidKeySet> {
        if bytes.len() > MAX_JWKS {
            return Err(InvalidKeySet::TooLarge);
        }
        Self::of(&serde_json::from_slice(bytes).map_err(|_| InvalidKeySet::Unreadable)?)
    }

    /// Reads a JWK set.
    ///
    /// # Errors
    /// [`InvalidKeySet`].
    pub fn of(set: &Value) -> Result<Self, InvalidKeySet> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(InvalidKeySet::Unreadable)?;
        if keys.len() > MAX_KEYS {
            return Err(InvalidKeySet::TooLarge);
        }
        let (mut known, mut certificates, mut for_encryption) = (Vec::new(), Vec::new(), Vec::new());
        for key in keys {
            let key = key.as_object().ok_or(InvalidKeySet::Unreadable)?;
            known.extend(ClientKey::of(key)?);
            certificates.extend(certificate(key)?);
            for_encryption.extend(encryption_key(key)?);
        }
        Ok(Self { keys: known, certificates, for_encryption, secret: None })
    }

    /// A client's secret as its one key, for HS256. Nothing when it is shorter than RFC 7518 §3.2 allows.
    pub fn of_secret(secret: &[u8]) -> Self {
        let secret = (secret.len() >= MIN_SECRET).then(|| ClientSecret(Zeroizing::new(secret.to_vec())));
        Self { secret, ..Self::default() }
    }

    /// Whether nothing can be verified with it.
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.secret.is_none()
    }

    /// The public keys, for signatures.
    pub fn keys(&self) -> &[ClientKey] {
        &self.keys
    }

    /// The public keys that can be encrypted to.
    pub fn for_encryption(&self) -> &[EncryptionKey] {
        &self.for_encryption
    }

    /// The certificates that the keys come with, as DER.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    pub(super) const fn secret(&self) -> Option<&ClientSecret> {
        self.secret.as_ref()
    }
}

impl ClientKey {
    /// Reads a key of a set; `None` for one that is not for signatures, or of a kind not known here.
    fn of(key: &Map<String, Value>) -> Result<Option<Self>, InvalidKeySet> {
        let Some(jwk) = public_jwk(key)? else { return Ok(None) };
        if !is_for_signatures(key)? {
            return Ok(None);
        }
        let alg = match text(key, "alg")? {
            None => None,
            // One that is not known here, or not for signatures.
            Some(alg) => match alg.parse::<JwsAlg>() {
                Ok(alg) if alg.fits(&jwk) => Some(alg),
                _ => return Ok(None),
            },
        };
        let kid = text(key, "kid")?;
        if kid.is_some_and(|kid| kid.len() > MAX_KID) {
            return Err(InvalidKeySet::TooLarge);
        }
        Ok(Some(Self { kid: kid.map(str::to_owned), alg, jwk, has_certificate: key.contains_key("x5c") }))
    }

    /// Whether it can verify with an algorithm.
    pub(super) fn does(&self, alg: JwsAlg) -> bool {
        alg.fits(&self.jwk) && self.alg.is_none_or(|own| own == alg)
    }
}

/// Reads a public key; `None` for a kind or curve that is not known here. The members are checked to be written in the
/// one canonical way, so that a key has one thumbprint (RFC 7638 §7).
///
/// # Errors
/// [`InvalidKeySet`] for a private key, and for one that is broken or weak.
pub fn public_jwk(key: &Map<String, Value>) -> Result<Option<PublicJwk>, InvalidKeySet> {
    if PRIVATE.iter().any(|member| key.contains_key(*member)) {
        return Err(InvalidKeySet::Private);
    }
    let kty = text(key, "kty")?.ok_or(InvalidKeySet::Malformed)?;
    let jwk = match (kty, text(key, "crv")?) {
        ("RSA", _) => {
            let (n, e) = (integer(key, "n")?, integer(key, "e")?);
            if URL_SAFE_NO_PAD.decode(&n).map_or(0, |bytes| bytes.len()) < MIN_MODULUS {
                return Err(InvalidKeySet::Weak);
            }
            PublicJwk::Rsa { n, e }
        }
        ("EC", Some("P-256")) => PublicJwk::Ec { x: of_32_bytes(key, "x")?, y: of_32_bytes(key, "y")? },
        ("OKP", Some("Ed25519")) => PublicJwk::Okp { x: of_32_bytes(key, "x")? },
        _ => return Ok(None),
    };
    // A point off its curve, or an even modulus.
    if jwk.is_key() { Ok(Some(jwk)) } else { Err(InvalidKeySet::Malformed) }
}

/// The certificate of a key: the first of `x5c` (RFC 7517 §4.7), in base64 with padding.
fn certificate(key: &Map<String, Value>) -> Result<Option<Vec<u8>>, InvalidKeySet> {
    let Some(chain) = key.get("x5c") else { return Ok(None) };
    let first = chain.as_array().and_then(|chain| chain.first()).and_then(Value::as_str);
    let der = first.and_then(|text| STANDARD.decode(text).ok()).ok_or(InvalidKeySet::Malformed)?;
    let read = ClientCertificate::from_der(der.clone()).ok_or(InvalidKeySet::Malformed)?;
    // "The key in the first certificate MUST match the public key represented by other members of the JWK."
    match (public_jwk(key)?, read.public_jwk()) {
        (Some(jwk), own) if own.as_ref() != Some(&jwk) => Err(InvalidKeySet::Malformed),
        _ => Ok(Some(der)),
    }
}

/// Reads a key of a set as one to encrypt to; `None` for one that is for signatures, or of a kind not known here.
fn encryption_key(key: &Map<String, Value>) -> Result<Option<EncryptionKey>, InvalidKeySet> {
    if text(key, "use")?.is_some_and(|word| word != "enc") {
        return Ok(None);
    }
    let Some(jwk) = public_jwk(key)?.filter(|jwk| !matches!(jwk, PublicJwk::Okp { .. })) else { return Ok(None) };
    let alg = match text(key, "alg")?.map(|alg| alg.parse::<JweAlg>()) {
        None => None,
        Some(Ok(alg)) => Some(alg),
        Some(Err(UnknownEncryption)) => return Ok(None),
    };
    let kid = text(key, "kid")?.map(str::to_owned);
    Ok(Some(EncryptionKey { kid, alg, jwk }))
}

/// `use` and `key_ops` (RFC 7517 §4.2, §4.3).
fn is_for_signatures(key: &Map<String, Value>) -> Result<bool, InvalidKeySet> {
    let by_use = text(key, "use")?.is_none_or(|word| word == "sig");
    let by_ops = match key.get("key_ops") {
        None => true,
        Some(Value::Array(ops)) => ops.iter().any(|op| op == "verify"),
        Some(_) => return Err(InvalidKeySet::Malformed),
    };
    Ok(by_use && by_ops)
}

fn text<'a>(key: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, InvalidKeySet> {
    match key.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(InvalidKeySet::Malformed),
    }
}

fn bytes(key: &Map<String, Value>, name: &str) -> Result<(String, Vec<u8>), InvalidKeySet> {
    let text = text(key, name)?.ok_or(InvalidKeySet::Malformed)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidKeySet::Malformed)?;
    Ok((text.to_owned(), bytes))
}

fn of_32_bytes(key: &Map<String, Value>, name: &str) -> Result<String, InvalidKeySet> {
    match bytes(key, name)? {
        (text, bytes) if bytes.len() == 32 => Ok(text),
        _ => Err(InvalidKeySet::Malformed),
    }
}

/// A `Base64urlUInt` (RFC 7518 §2): no more octets than needed.
fn integer(key: &Map<String, Value>, name: &str) -> Result<String, InvalidKeySet> {
    match bytes(key, name)? {
        (text, bytes) if bytes.first().is_some_and(|first| *first != 0) => Ok(text),
        _ => Err(InvalidKeySet::Malformed),
    }
}
