//! Nonces for proofs (RFC 9449 §8): made of a server key and the time, so that none has to be kept.

use aws_lc_rs::hmac;
use base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// How long one nonce is the current one, in seconds. It is taken for one such span longer.
const SPAN: i64 = 120;

/// Makes nonces and knows them again.
pub struct Nonces(Zeroizing<[u8; 32]>);

impl Nonces {
    /// Nonces under a server key.
    pub const fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    /// The current one.
    pub fn current(&self, now: Timestamp) -> String {
        self.of(now.seconds().div_euclid(SPAN))
    }

    /// Whether one is, or was a moment ago, or for a clock that is ahead of ours, the current one.
    pub fn accepts(&self, nonce: &str, now: Timestamp) -> bool {
        let span = now.seconds().div_euclid(SPAN);
        [span, span.saturating_sub(1), span.saturating_add(1)].into_iter().any(|span| self.of(span) == nonce)
    }

    fn of(&self, span: i64) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice()), &span.to_be_bytes());
        URL_SAFE_NO_PAD.encode(tag.as_ref().get(..18).unwrap_or_default())
    }
}
