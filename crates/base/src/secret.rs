//! The one type for every token, code, link and cookie: 256 random bits.
//!
//! A secret is shown once, as `wb_<kind>_<43 characters><6 of checksum>`, so that a scanner can find a
//! leaked one and a typing mistake is told from a wrong secret without a query. Stored is its SHA-256
//! alone, and it is looked up by that hash: no comparison whose time could tell anything.

use crate::Rng;
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// What a secret is for. A secret of one kind is never accepted for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// The cookie of a signed-in browser.
    Session,
    /// The cookie by which a browser is recognised.
    Device,
    /// The cookie that binds a login flow to its browser.
    Browser,
    /// An authorization code (RFC 6749 §4.1).
    Code,
    /// What a device asks for its tokens with (RFC 8628 §3.2).
    DeviceCode,
    /// What an app asks for its tokens with, while a person elsewhere is asked (CIBA Core §7.3).
    AuthRequest,
    /// A link sent by mail.
    Link,
    /// The name of a pushed authorization request (RFC 9126 §2.2).
    PushedRequest,
    /// A client's secret (RFC 6749 §2.3.1).
    Client,
    /// A token with which an app may register itself (RFC 7591 §3).
    InitialAccess,
    /// The token that manages a registration (RFC 7592).
    Registration,
    /// The token of the set-up link that the first start prints.
    Setup,
    /// The `state` of a sign-in by another provider (RFC 6749 §10.12), and what is derived from it.
    Upstream,
    /// Proof that a subscription receives what is sent to it.
    Push,
    /// What a page shows once and must be able to show again after a reload, without its having been stored: it is
    /// derived from the browser's cookie ([`Secret::derive`]), and never handed out itself.
    Shown,
}

impl SecretKind {
    const fn tag(self) -> &'static str {
        match self {
            Self::Session => "se",
            Self::Device => "de",
            Self::Browser => "br",
            Self::Code => "co",
            Self::DeviceCode => "dc",
            Self::AuthRequest => "ar",
            Self::Link => "li",
            Self::PushedRequest => "pr",
            Self::Client => "cs",
            Self::InitialAccess => "ia",
            Self::Registration => "ra",
            Self::Setup => "su",
            Self::Upstream => "us",
            Self::Push => "pu",
            Self::Shown => "sh",
        }
    }
}

/// 256 secret bits. It has neither `Debug` nor `Serialize`: the only way out is [`Secret::reveal`].
#[derive(Clone)]
pub struct Secret {
    kind: SecretKind,
    bits: Zeroizing<[u8; 32]>,
}

/// The SHA-256 of a secret: what is stored, and by what it is found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(pub [u8; 32]);

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

const BODY: usize = 43;
const CHECK: usize = 6;

impl Secret {
    /// A new secret.
    pub fn generate(kind: SecretKind, rng: &Rng) -> Self {
        Self { kind, bits: Zeroizing::new(rng.bytes()) }
    }

    /// The secret that follows from this one under a server key: the same every time.
    ///
    /// What is shown once is made so, and can be shown again after a reload without its having been stored
    /// (security.md, "Cautions").
    #[must_use]
    pub fn derive(&self, kind: SecretKind, key: &[u8; 32], context: &[u8]) -> Self {
        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        mac.update(kind.tag().as_bytes());
        mac.update(self.bits.as_slice());
        mac.update(context);
        let mut bits = [0; 32];
        for (to, from) in bits.iter_mut().zip(mac.sign().as_ref()) {
            *to = *from;
        }
        Self { kind, bits: Zeroizing::new(bits) }
    }

    /// Reads the text of a secret of the given kind. `None` for any other text: wrong kind, wrong length,
    /// a character flipped, appended or missing.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let rest = text.strip_prefix("wb_")?.strip_prefix(kind.tag())?.strip_prefix('_')?;
        if rest.len() != BODY + CHECK || !rest.is_ascii() {
            return None;
        }
        let (body, check) = rest.split_at(BODY);
        let bits: [u8; 32] = URL_SAFE_NO_PAD.decode(body).ok()?.try_into().ok()?;
        let secret = Self { kind, bits: Zeroizing::new(bits) };
        (secret.checksum() == check).then_some(secret)
    }

    /// The text to hand out, once.
    pub fn reveal(&self) -> String {
        format!("wb_{}_{}{}", self.kind.tag(), URL_SAFE_NO_PAD.encode(self.bits.as_slice()), self.checksum())
    }

    /// What to store and to look up by.
    pub fn hash(&self) -> SecretHash {
        self.hash_for(&[])
    }

    /// The hash bound to a context (an account, say), so that two rows of one secret can't be linked.
    pub fn hash_for(&self, context: &[u8]) -> SecretHash {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(self.kind.tag().as_bytes());
        hash.update(self.bits.as_slice());
        hash.update(context);
        to_hash(hash.finish().as_ref())
    }

    fn checksum(&self) -> String {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"checksum");
        hash.update(self.kind.tag().as_bytes());
        hash.update(self.bits.as_slice());
        URL_SAFE_NO_PAD.encode(hash.finish().as_ref()).chars().take(CHECK).collect()
    }
}

impl SecretHash {
    /// The SHA-256 of any bytes: for what others made (a client assertion's `jti`, a verifier, an endpoint).
    pub fn of(bytes: &[u8]) -> Self {
        to_hash(digest::digest(&digest::SHA256, bytes).as_ref())
    }

    /// The hash as unpadded base64url, for logs and cache keys.
    pub fn to_base64url(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

fn to_hash(digest: &[u8]) -> SecretHash {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(digest) {
        *to = *from;
    }
    SecretHash(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Secret {
        Secret::generate(SecretKind::Session, &Rng::seeded(3))
    }

    #[test]
    fn what_is_revealed_is_read_back() {
        let text = one().reveal();
        assert_eq!(Secret::parse(SecretKind::Session, &text).unwrap().hash(), one().hash());
    }

    #[test]
    fn a_secret_of_another_kind_is_refused() {
        assert!(Secret::parse(SecretKind::Device, &one().reveal()).is_none());
    }

    /// CVE-2026-27840: a token that is cut, lengthened or changed anywhere must not pass.
    #[test]
    fn every_changed_byte_is_noticed() {
        let text = one().reveal();
        for i in 0..text.len() {
            let mut flipped = text.clone().into_bytes();
            flipped[i] = if flipped[i] == b'A' { b'B' } else { b'A' };
            assert!(Secret::parse(SecretKind::Session, &String::from_utf8(flipped).unwrap()).is_none(), "byte {i}");
            assert!(Secret::parse(SecretKind::Session, &text[..i]).is_none());
        }
        assert!(Secret::parse(SecretKind::Session, &format!("{text}A")).is_none());
        assert!(Secret::parse(SecretKind::Session, &text.to_uppercase()).is_none());
    }

    #[test]
    fn a_derived_secret_is_the_same_each_time_and_bound_to_its_context() {
        let key = [9; 32];
        let child = one().derive(SecretKind::Shown, &key, b"grant");
        assert_eq!(child.hash(), one().derive(SecretKind::Shown, &key, b"grant").hash());
        assert_ne!(child.hash(), one().derive(SecretKind::Shown, &key, b"other").hash());
        assert_ne!(child.hash(), one().derive(SecretKind::Shown, &[8; 32], b"grant").hash());
    }

    #[test]
    fn one_secret_has_unlinkable_hashes() {
        assert_ne!(one().hash_for(b"account one"), one().hash_for(b"account two"));
    }
}
