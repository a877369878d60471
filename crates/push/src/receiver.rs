//! The browser's side of the encryption: for doubles of push services, and for tests.

use crate::coding;
use crate::curve::{KeyPair, NotOnCurve, Point};
use crate::encryption::content_secret;
use base::Rng;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The keys that a browser makes for a subscription (RFC 8291 §3.1, §3.2).
pub struct Receiver {
    keys: KeyPair,
    auth: [u8; 16],
}

/// A body can't be decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotDecrypt {
    /// It is not `aes128gcm` (RFC 8188 §2.1), or its key id is not a public key.
    #[error("not an aes128gcm body with the sender's public key")]
    Malformed,
    /// It was made for other keys, or was changed.
    #[error("made for other keys, or changed on its way")]
    WrongKeys,
}

impl Receiver {
    /// New keys.
    pub fn generate(rng: &Rng) -> Self {
        Self { keys: KeyPair::generate(rng), auth: rng.bytes() }
    }

    /// From a private scalar and the authentication secret. `None` when the scalar is out of range.
    pub fn from_parts(private: &[u8; 32], auth: [u8; 16]) -> Option<Self> {
        KeyPair::from_private(private).ok().map(|keys| Self { keys, auth })
    }

    /// The public key, `p256dh` of the subscription.
    pub const fn p256dh(&self) -> &[u8; 65] {
        self.keys.public()
    }

    /// The authentication secret, `auth` of the subscription.
    pub const fn auth(&self) -> &[u8; 16] {
        &self.auth
    }

    /// What `PushSubscription.toJSON()` gives for these keys at an endpoint.
    pub fn subscription_json(&self, endpoint: &str) -> String {
        let keys = serde_json::json!({
            "p256dh": URL_SAFE_NO_PAD.encode(self.p256dh()),
            "auth": URL_SAFE_NO_PAD.encode(self.auth),
        });
        serde_json::json!({ "endpoint": endpoint, "expirationTime": null, "keys": keys }).to_string()
    }

    /// Decrypts a body (RFC 8291 §3.4).
    ///
    /// # Errors
    /// [`CannotDecrypt`] when it is malformed, changed, or for other keys.
    pub fn decrypt(&self, body: &[u8]) -> Result<Vec<u8>, CannotDecrypt> {
        let parts = coding::split(body).ok_or(CannotDecrypt::Malformed)?;
        let sender: &Point = parts.key_id.try_into().map_err(|_| CannotDecrypt::Malformed)?;
        let shared = self.keys.agree(sender).map_err(|NotOnCurve| CannotDecrypt::Malformed)?;
        let secret = content_secret(shared.as_slice(), &self.auth, self.p256dh(), sender);
        coding::open(secret.as_slice(), &parts).ok_or(CannotDecrypt::WrongKeys)
    }
}
