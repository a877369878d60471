//! A browser's subscription, as the Push API gives it.

use crate::curve::is_point;
use crate::endpoint::Endpoint;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use outbound::{Guard, Refusal};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// The longest JSON that is looked at: an endpoint at its cap, and keys.
const MAX_JSON: usize = 8 * 1024;

/// Some browsers of old padded their keys.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where and with which keys a browser receives messages. All of it is valid by construction.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    endpoint: Endpoint,
    p256dh: [u8; 65],
    auth: Zeroizing<[u8; 16]>,
}

/// Why a text is no subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASubscription {
    /// Not the JSON of `PushSubscription.toJSON()`.
    #[error("not a push subscription: send what PushSubscription.toJSON() gives")]
    Unreadable,
    /// The endpoint breaks a rule for outgoing requests.
    #[error("the push endpoint can't be used: {0}")]
    Endpoint(Refusal),
    /// The endpoint is not of a vendor that is allowed here.
    #[error("the push service of this browser is not allowed here: ask the operator to allow other push services")]
    Vendor,
    /// `p256dh` is not a point of P-256.
    #[error("the subscription's p256dh key is not a point of P-256: subscribe again")]
    Key,
    /// `auth` is not sixteen bytes.
    #[error("the subscription's auth secret is not sixteen bytes: subscribe again")]
    Auth,
}

#[derive(Serialize, Deserialize)]
struct Json {
    endpoint: String,
    keys: Keys,
}

#[derive(Serialize, Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

impl Subscription {
    /// Reads `PushSubscription.toJSON()`. Members that we do not know are ignored.
    ///
    /// # Errors
    /// [`NotASubscription`], which says what is wrong.
    pub fn parse(json: &str, guard: &Guard) -> Result<Self, NotASubscription> {
        Self::read(json, |text| Endpoint::parse(text, guard))
    }

    /// Reads what [`Subscription::to_json`] gave. The endpoint's rules are checked when it is used.
    ///
    /// # Errors
    /// [`NotASubscription`] when it is damaged.
    pub fn from_stored(json: &str) -> Result<Self, NotASubscription> {
        Self::read(json, Endpoint::from_stored)
    }

    fn read(json: &str, endpoint: impl Fn(&str) -> Result<Endpoint, Refusal>) -> Result<Self, NotASubscription> {
        if json.len() > MAX_JSON {
            return Err(NotASubscription::Unreadable);
        }
        let json: Json = serde_json::from_str(json).map_err(|_| NotASubscription::Unreadable)?;
        let p256dh = decode(&json.keys.p256dh).ok_or(NotASubscription::Key)?;
        let auth = decode(&json.keys.auth).ok_or(NotASubscription::Auth)?;
        Self::new(endpoint(&json.endpoint).map_err(NotASubscription::Endpoint)?, p256dh, auth)
    }

    /// From its parts.
    ///
    /// # Errors
    /// [`NotASubscription::Key`] when the key is not a point of the curve.
    pub fn new(endpoint: Endpoint, p256dh: [u8; 65], auth: [u8; 16]) -> Result<Self, NotASubscription> {
        if !is_point(&p256dh) {
            return Err(NotASubscription::Key);
        }
        Ok(Self { endpoint, p256dh, auth: Zeroizing::new(auth) })
    }

    /// The JSON to seal and store. It holds the endpoint and the keys in the clear.
    pub fn to_json(&self) -> Zeroizing<String> {
        let keys =
            Keys { p256dh: URL_SAFE_NO_PAD.encode(self.p256dh), auth: URL_SAFE_NO_PAD.encode(self.auth.as_slice()) };
        let json = Json { endpoint: self.endpoint.reveal().to_owned(), keys };
        #[allow(clippy::expect_used, reason = "three strings can be written as JSON")]
        Zeroizing::new(serde_json::to_string(&json).expect("strings"))
    }

    /// Where its messages are posted.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The browser's public key, uncompressed.
    pub const fn p256dh(&self) -> &[u8; 65] {
        &self.p256dh
    }

    /// The authentication secret.
    pub fn auth(&self) -> &[u8; 16] {
        &self.auth
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subscription({})", self.endpoint)
    }
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    LENIENT.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiver::Receiver;
    use base::Rng;
    use proptest::prelude::*;

    const P: &str = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA";

    fn parse(json: &str) -> Result<Subscription, NotASubscription> {
        Subscription::parse(json, &Guard::default())
    }

    #[test]
    fn what_a_browser_gives_is_read_and_kept() {
        let receiver = Receiver::generate(&Rng::seeded(1));
        let read = parse(&receiver.subscription_json(P)).unwrap();
        assert_eq!((read.p256dh(), read.auth()), (receiver.p256dh(), receiver.auth()));
        assert_eq!(read.endpoint().reveal(), P);
        assert_eq!(Subscription::from_stored(&read.to_json()).unwrap(), read);
        assert!(!format!("{read:?}").contains("gAAAA"));
    }

    #[test]
    fn padded_keys_are_read_too() {
        let json = Receiver::generate(&Rng::seeded(1)).subscription_json(P);
        let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let auth = format!("{}==", value["keys"]["auth"].as_str().unwrap());
        value["keys"]["auth"] = auth.into();
        assert!(parse(&value.to_string()).is_ok());
    }

    #[test]
    fn each_fault_is_named() {
        let good = Receiver::generate(&Rng::seeded(1)).subscription_json(P);
        let change = |path: &str, to: &str| {
            let mut value: serde_json::Value = serde_json::from_str(&good).unwrap();
            *value.pointer_mut(path).unwrap() = to.into();
            parse(&value.to_string()).unwrap_err()
        };
        assert!(change("/endpoint", "https://127.0.0.1/x").to_string().contains("public address"));
        assert_eq!(change("/endpoint", "http://push.example/x"), NotASubscription::Endpoint(Refusal::Scheme));
        assert_eq!(change("/keys/p256dh", "AAAA"), NotASubscription::Key);
        assert_eq!(change("/keys/p256dh", &URL_SAFE_NO_PAD.encode([4; 65])), NotASubscription::Key);
        assert_eq!(change("/keys/p256dh", "not base64!"), NotASubscription::Key);
        assert_eq!(change("/keys/auth", &URL_SAFE_NO_PAD.encode([4; 15])), NotASubscription::Auth);
        assert_eq!(change("/keys/auth", &URL_SAFE_NO_PAD.encode([4; 17])), NotASubscription::Auth);
        assert_eq!(change("/keys", "none"), NotASubscription::Unreadable);
        for bad in ["", "null", "[]", "{}", "{\"endpoint\":1}", &" ".repeat(MAX_JSON + 1)] {
            assert_eq!(parse(bad), Err(NotASubscription::Unreadable));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_upsets_the_parser(text in ".*", endpoint in ".*", key in ".*", auth in ".*") {
            let _ = parse(&text);
            let json = serde_json::json!({ "endpoint": endpoint, "keys": { "p256dh": key, "auth": auth } });
            prop_assert!(parse(&json.to_string()).is_err());
        }
    }
}
