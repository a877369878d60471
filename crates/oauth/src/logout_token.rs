//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4): what a client's server is told when a session ends.

use crate::jose::SigningKey;
use base::{Fault, Id, Timestamp};
use serde::Serialize;
use std::time::Duration;

/// The header's `typ` (§2.4): no other kind of token can be taken for one.
pub const TYP: &str = "logout+jwt";
/// How long one is to be believed. It is read on arrival; each attempt carries a new one (§2.4 wants two minutes or less).
pub const LIFETIME: Duration = Duration::from_secs(120);

/// What a logout token says.
#[derive(Debug, Clone, Copy)]
pub struct LogoutToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `aud`.
    pub client_id: &'a str,
    /// `sub`, as this client knows the person.
    pub subject: &'a str,
    /// `sid`, as in the ID tokens of the session.
    pub session: Id,
    /// `jti`: one for each token.
    pub id: Id,
}

#[derive(Serialize)]
struct Body<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    sid: String,
    iat: i64,
    exp: i64,
    jti: String,
    events: Events,
}

#[derive(Serialize)]
struct Events {
    #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
    logout: Empty,
}

#[derive(Serialize)]
struct Empty {}

impl LogoutToken<'_> {
    /// Signs the token.
    ///
    /// # Errors
    /// [`Fault`] when the key can't sign.
    pub fn mint(&self, key: &SigningKey, now: Timestamp) -> Result<String, Fault> {
        let body = Body {
            iss: self.issuer,
            aud: self.client_id,
            sub: self.subject,
            sid: self.session.to_string(),
            iat: now.seconds(),
            exp: Timestamp::from_seconds(now.seconds()).plus(LIFETIME).seconds(),
            jti: self.id.to_string(),
            events: Events { logout: Empty {} },
        };
        key.sign(TYP, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::{Expected, KeySet, SigningAlg, verify};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const ISSUER: &str = "https://id.example.com";

    fn part(token: &str, n: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn it_has_the_members_of_the_standard_and_no_others() {
        let key = Arc::new(SigningKey::generate(SigningAlg::ES256).unwrap());
        let token = LogoutToken {
            issuer: ISSUER,
            client_id: "app",
            subject: "jane",
            session: Id::from_bytes([1; 16]),
            id: Id::from_bytes([2; 16]),
        };
        let token = token.mint(&key, NOW).unwrap();
        assert_eq!(part(&token, 0)["typ"], "logout+jwt");
        let expected = json!({
            "iss": ISSUER, "aud": "app", "sub": "jane", "sid": Id::from_bytes([1; 16]).to_string(),
            "iat": NOW.seconds(), "exp": NOW.seconds() + 120, "jti": Id::from_bytes([2; 16]).to_string(),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        assert_eq!(part(&token, 1), expected);

        let mut keys = KeySet::new();
        keys.sign_with(key);
        let ours = Expected { issuer: ISSUER, audience: Some("app"), even_expired: false };
        assert!(verify(TYP, &keys, &token, &ours, NOW).is_ok());
        assert!(verify(crate::id_token::TYP, &keys, &token, &ours, NOW).is_err(), "it is no ID token");
        assert!(verify(crate::access_token::TYP, &keys, &token, &ours, NOW).is_err(), "and no access token");
    }
}
