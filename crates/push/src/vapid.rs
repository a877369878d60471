//! Voluntary Application Server Identification (RFC 8292): who sends, signed.

use crate::contact::Contact;
use crate::curve::KeyPair;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base::{Rng, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// Half of what the RFC allows (§2), so that a clock that is wrong by hours does no harm.
const LIFE: Duration = Duration::from_secs(12 * 3_600);
/// A token is replaced when less than this is left of it.
const REST: Duration = Duration::from_secs(3_600);
/// Tokens that are kept. Origins come from outside, so their number must be bounded.
const MOST_TOKENS: usize = 4_096;

/// The key by which push services know us. A subscription is tied to the key it was made with.
pub struct VapidKey {
    pair: EcdsaKeyPair,
    private: Zeroizing<[u8; 32]>,
    public: [u8; 65],
    text: String,
}

/// The bytes are no VAPID key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a VAPID key: expected the 32 bytes of a P-256 private key")]
pub struct NotAVapidKey;

impl VapidKey {
    /// A new key.
    ///
    /// # Errors
    /// [`NotAVapidKey`] when the library does not take its own key.
    pub fn generate(rng: &Rng) -> Result<Self, NotAVapidKey> {
        Self::from_pair(&KeyPair::generate(rng))
    }

    /// From its stored private scalar.
    ///
    /// # Errors
    /// [`NotAVapidKey`] when it is not 32 bytes in range.
    pub fn from_private(private: &[u8]) -> Result<Self, NotAVapidKey> {
        let private: &[u8; 32] = private.try_into().map_err(|_| NotAVapidKey)?;
        Self::from_pair(&KeyPair::from_private(private).map_err(|_| NotAVapidKey)?)
    }

    fn from_pair(keys: &KeyPair) -> Result<Self, NotAVapidKey> {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, keys.private(), keys.public())
            .map_err(|_| NotAVapidKey)?;
        let text = URL_SAFE_NO_PAD.encode(keys.public());
        Ok(Self { pair, private: Zeroizing::new(*keys.private()), public: *keys.public(), text })
    }

    /// The private scalar, to be sealed.
    pub fn private(&self) -> &[u8; 32] {
        &self.private
    }

    /// The public key as an uncompressed point.
    pub const fn public(&self) -> &[u8; 65] {
        &self.public
    }

    /// The public key as unpadded base64url: what a page gives as `applicationServerKey`, and `k` of the header.
    pub fn public_base64url(&self) -> &str {
        &self.text
    }

    /// A token for one push service (RFC 8292 §2): a JWT signed with ES256.
    fn token(&self, audience: &str, contact: &Contact, expires: Timestamp) -> String {
        let claims = serde_json::json!({ "aud": audience, "exp": expires.seconds(), "sub": contact.as_str() });
        let header = URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        #[allow(clippy::disallowed_methods, reason = "aws-lc-rs draws the nonce itself and does not use this argument")]
        let rng = SystemRandom::new();
        #[allow(
            clippy::expect_used,
            reason = "signing a short text with a valid key fails only if the library is broken"
        )]
        let signature = self.pair.sign(&rng, signed.as_bytes()).expect("ECDSA with a valid key");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VapidKey({})", self.text)
    }
}

/// Tokens that were signed, per key and push service: a signature costs a third of an encryption.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<(String, String), Token>>);

struct Token {
    header: String,
    expires: Timestamp,
}

impl Tokens {
    /// The value of `Authorization` (RFC 8292 §3).
    pub(crate) fn header(&self, key: &VapidKey, audience: &str, contact: &Contact, now: Timestamp) -> String {
        let place = (key.text.clone(), audience.to_owned());
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back leaves tokens that live too long for the RFC.
        let usable = |token: &&Token| token.expires.since(now) > REST && token.expires.since(now) <= LIFE;
        if let Some(token) = tokens.get(&place).filter(usable) {
            return token.header.clone();
        }
        if tokens.len() >= MOST_TOKENS {
            tokens.retain(|_, token| usable(&&*token));
            if tokens.len() >= MOST_TOKENS {
                tokens.clear();
            }
        }
        let expires = now.plus(LIFE);
        let header = format!("vapid t={}, k={}", key.token(audience, contact, expires), key.text);
        tokens.insert(place, Token { header: header.clone(), expires });
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use serde_json::Value;

    fn key() -> VapidKey {
        VapidKey::generate(&Rng::seeded(1)).unwrap()
    }

    fn contact() -> Contact {
        "mailto:ops@example.com".parse().unwrap()
    }

    fn claims(header: &str, key: &VapidKey) -> Value {
        let token = header.strip_prefix("vapid t=").unwrap();
        let token = token.strip_suffix(&format!(", k={}", key.public_base64url())).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public());
        public.verify(signed.as_bytes(), &signature).unwrap();
        let (head, body) = signed.split_once('.').unwrap();
        let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
        assert_eq!(head, serde_json::json!({ "typ": "JWT", "alg": "ES256" }));
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
    }

    #[test]
    fn a_token_names_service_sender_and_end_and_is_signed() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let header = Tokens::default().header(&key(), "https://push.example:8443", &contact(), now);
        let expected = serde_json::json!({
            "aud": "https://push.example:8443", "exp": 1_790_000_000 + 12 * 3_600, "sub": "mailto:ops@example.com" });
        assert_eq!(claims(&header, &key()), expected);
    }

    #[test]
    fn a_token_is_used_again_until_shortly_before_its_end() {
        let (tokens, key, start) = (Tokens::default(), key(), Timestamp::from_seconds(1_790_000_000));
        let at = |hours: u64| {
            tokens.header(&key, "https://a.example", &contact(), start.plus(Duration::from_secs(hours * 3_600)))
        };
        let first = at(0);
        assert_eq!(first, at(10));
        assert_ne!(first, at(11));
        assert_eq!(claims(&at(11), &key)["exp"], 1_790_000_000 + 23 * 3_600);
    }

    #[test]
    fn tokens_are_per_service_and_per_key() {
        let (tokens, now) = (Tokens::default(), Timestamp::from_seconds(1_790_000_000));
        let other = VapidKey::generate(&Rng::seeded(2)).unwrap();
        let a = tokens.header(&key(), "https://a.example", &contact(), now);
        assert_ne!(a, tokens.header(&key(), "https://b.example", &contact(), now));
        let theirs = tokens.header(&other, "https://a.example", &contact(), now);
        assert_eq!(claims(&theirs, &other)["aud"], "https://a.example");
    }

    #[test]
    fn a_clock_set_back_makes_a_new_token() {
        let (tokens, key, now) = (Tokens::default(), key(), Timestamp::from_seconds(1_790_000_000));
        tokens.header(&key, "https://a.example", &contact(), now);
        let earlier = now.minus(Duration::from_secs(24 * 3_600));
        let header = tokens.header(&key, "https://a.example", &contact(), earlier);
        assert_eq!(claims(&header, &key)["exp"], earlier.plus(LIFE).seconds());
    }

    #[test]
    fn the_number_of_tokens_is_bounded() {
        let (tokens, key, now) = (Tokens::default(), key(), Timestamp::from_seconds(1_790_000_000));
        for i in 0..MOST_TOKENS + 10 {
            let _ = tokens
                .0
                .lock()
                .unwrap()
                .insert((String::new(), i.to_string()), Token { header: String::new(), expires: now.plus(LIFE) });
        }
        tokens.header(&key, "https://a.example", &contact(), now);
        assert!(tokens.0.lock().unwrap().len() <= MOST_TOKENS);
    }

    #[test]
    fn a_key_comes_back_from_its_private_bytes() {
        let again = VapidKey::from_private(key().private()).unwrap();
        assert_eq!(again.public_base64url(), key().public_base64url());
        assert_eq!(again.public_base64url().len(), 87);
        assert!(VapidKey::from_private(&[0; 32]).is_err() && VapidKey::from_private(&[1; 31]).is_err());
        assert!(!format!("{again:?}").contains(&URL_SAFE_NO_PAD.encode(again.private())));
    }
}
