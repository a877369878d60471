//! JSON Web Encryption (RFC 7516), of what goes out to clients that register a key for it. Nothing that is encrypted is ever
//! read here: a door that is not there can't be forced.

mod content;
#[cfg(test)]
mod cookbook_tests;
#[cfg(test)]
mod tests;

use super::jwk::PublicJwk;
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::digest;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base::{Fault, Rng};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use content::Key;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::str::FromStr;
use zeroize::Zeroizing;

/// How the key of the content comes to the recipient (RFC 7518 §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JweAlg {
    /// Encrypted to an RSA key (§4.3).
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// Agreed with an elliptic curve key, on P-256 (§4.6).
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
}

/// How the content is encrypted (RFC 7518 §5.1). Both take a key of 256 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum JweEnc {
    /// AES in CBC mode with HMAC (§5.2.3): what is meant when nothing is named (OpenID Connect Registration 1.0 §2).
    #[default]
    #[serde(rename = "A128CBC-HS256")]
    A128CbcHs256,
    /// AES in Galois/Counter mode (§5.3).
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

/// The text names nothing that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not known: use RSA-OAEP-256 or ECDH-ES, with A256GCM or A128CBC-HS256")]
pub struct UnknownEncryption;

impl JweAlg {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 2] = [Self::RsaOaep256, Self::EcdhEs];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
        }
    }

    const fn fits(self, jwk: &PublicJwk) -> bool {
        matches!((self, jwk), (Self::RsaOaep256, PublicJwk::Rsa { .. }) | (Self::EcdhEs, PublicJwk::Ec { .. }))
    }
}

impl JweEnc {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 2] = [Self::A128CbcHs256, Self::A256Gcm];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256Gcm => "A256GCM",
        }
    }
}

impl FromStr for JweAlg {
    type Err = UnknownEncryption;

    fn from_str(text: &str) -> Result<Self, UnknownEncryption> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == text).ok_or(UnknownEncryption)
    }
}

impl FromStr for JweEnc {
    type Err = UnknownEncryption;

    fn from_str(text: &str) -> Result<Self, UnknownEncryption> {
        Self::ALL.into_iter().find(|enc| enc.as_str() == text).ok_or(UnknownEncryption)
    }
}

/// A key of a client that is encrypted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptionKey {
    /// Its id, as the client names it.
    pub kid: Option<String>,
    /// The one algorithm that it is for, where the client says so.
    pub alg: Option<JweAlg>,
    /// Its public members.
    pub jwk: PublicJwk,
}

impl EncryptionKey {
    /// Whether it can be encrypted to so.
    pub fn does(&self, alg: JweAlg) -> bool {
        alg.fits(&self.jwk) && self.alg.is_none_or(|own| own == alg)
    }
}

/// Whom something is encrypted to, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The key.
    pub key: EncryptionKey,
    /// With which its half of the work is done.
    pub alg: JweAlg,
    /// And ours.
    pub enc: JweEnc,
}

impl Recipient {
    /// Encrypts to the recipient, in compact form (RFC 7516 §5.1). `cty` says what it is: `JWT` for a token inside (RFC 7519 §5.2).
    ///
    /// # Errors
    /// [`Fault`] when the key is none.
    pub fn encrypt(&self, text: &str, cty: Option<&'static str>, rng: &Rng) -> Result<String, Fault> {
        let (key, encrypted, epk) = self.content_key(rng)?;
        let mut header = Map::new();
        header.insert("alg".to_owned(), Value::from(self.alg.as_str()));
        header.insert("enc".to_owned(), Value::from(self.enc.as_str()));
        let more = [("cty", cty.map(Value::from)), ("kid", self.key.kid.clone().map(Value::from)), ("epk", epk)];
        header.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        let header = URL_SAFE_NO_PAD.encode(Value::Object(header).to_string());
        let iv: [u8; 16] = rng.bytes();
        let iv = self.enc.iv(&iv);
        let (ciphertext, tag) = content::seal(self.enc, &key, (iv, header.as_bytes()), text.as_bytes())?;
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Ok([header, part(&encrypted), part(iv), part(&ciphertext), part(&tag)].join("."))
    }

    /// The key of the content, how it is told to the recipient, and the public half of what it was agreed with.
    fn content_key(&self, rng: &Rng) -> Result<(Key, Vec<u8>, Option<Value>), Fault> {
        match &self.key.jwk {
            PublicJwk::Rsa { n, e } => {
                let key: Key = Zeroizing::new(rng.bytes());
                let encrypted = oaep((n.as_str(), e.as_str()), key.as_slice())?;
                Ok((key, encrypted, None))
            }
            PublicJwk::Ec { x, y } => {
                let own = PrivateKey::generate(&ECDH_P256).map_err(|e| Fault::new("make a key to encrypt with", e))?;
                let (key, epk) = agreed(&own, (x.as_str(), y.as_str()), self.enc)?;
                Ok((key, Vec::new(), Some(epk)))
            }
            PublicJwk::Okp { .. } => Err(Fault::broken("encrypt: a key for signatures alone")),
        }
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD.decode(text).map_err(|e| Fault::new("decode a public key", e))
}

/// RFC 7518 §4.3.
fn oaep((n, e): (&str, &str), key: &[u8]) -> Result<Vec<u8>, Fault> {
    let failed = |e| Fault::new("encrypt to an RSA key", e);
    let public: PublicEncryptingKey =
        RsaPublicKeyComponents { n: bytes(n)?, e: bytes(e)? }.try_into().map_err(failed)?;
    let public = OaepPublicEncryptingKey::new(public).map_err(failed)?;
    let mut encrypted = vec![0; public.ciphertext_size()];
    let length = public.encrypt(&OAEP_SHA256_MGF1SHA256, key, &mut encrypted, None).map_err(failed)?.len();
    encrypted.truncate(length);
    Ok(encrypted)
}

/// RFC 7518 §4.6: the agreed key is that of the content.
fn agreed(own: &PrivateKey, (x, y): (&str, &str), enc: JweEnc) -> Result<(Key, Value), Fault> {
    let failed = |e| Fault::new("agree on a key", e);
    // SEC 1 §2.3.3: an uncompressed point.
    let point = [vec![4], bytes(x)?, bytes(y)?].concat();
    let peer = UnparsedPublicKey::new(&ECDH_P256, point);
    let key = agree(own, peer, aws_lc_rs::error::Unspecified, |z| Ok(concat_kdf(z, enc.as_str(), (b"", b""), 256)));
    let public = own.compute_public_key().map_err(failed)?;
    let coordinates = public.as_ref().get(1..).and_then(|rest| rest.split_at_checked(32));
    let (x, y) = coordinates.ok_or(Fault::broken("agree on a key: its public half is no point"))?;
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    Ok((key.map_err(failed)?, json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })))
}

/// The one round of the Concat KDF that 256 bits take (RFC 7518 §4.6.2, NIST SP 800-56A §5.8.1). Fewer bits are its beginning.
fn concat_kdf(z: &[u8], algorithm: &str, (apu, apv): (&[u8], &[u8]), bits: u32) -> Key {
    let counted = |part: &[u8]| {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        [length.to_be_bytes().as_slice(), part].concat()
    };
    let mut round = digest::Context::new(&digest::SHA256);
    round.update(&1_u32.to_be_bytes());
    round.update(z);
    for part in [algorithm.as_bytes(), apu, apv] {
        round.update(&counted(part));
    }
    round.update(&bits.to_be_bytes());
    let mut key: Key = Zeroizing::new([0; 32]);
    for (to, from) in key.iter_mut().zip(round.finish().as_ref()) {
        *to = *from;
    }
    key
}
