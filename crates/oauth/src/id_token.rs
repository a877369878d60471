//! ID tokens (OpenID Connect Core §2), and what one says when it comes back as a hint.

use crate::authorize::HintClaims;
use crate::jose::{Claims, Expected, JwtError, KeySet, SigningAlg, SigningKey, verify};
use aws_lc_rs::digest;
use base::{Fault, Id, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// The header's `typ`.
pub const TYP: &str = "JWT";
/// How long an ID token is usually to be believed. It is read once, on arrival.
pub const LIFETIME: Duration = Duration::from_secs(600);

/// What an ID token says.
#[derive(Debug, Clone, Copy)]
pub struct IdToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `sub`.
    pub subject: &'a str,
    /// `aud`.
    pub client_id: &'a str,
    /// `nonce`, as it was sent.
    pub nonce: Option<&'a str>,
    /// `auth_time`.
    pub auth_time: Timestamp,
    /// `acr`.
    pub acr: &'a str,
    /// `amr`.
    pub amr: &'a [String],
    /// `sid`; `None` when the session is over (a refresh of an offline grant).
    pub session: Option<Id>,
    /// The access token beside it, for `at_hash`.
    pub access_token: Option<&'a str>,
    /// How long it is to be believed, in whole seconds.
    pub lifetime: Duration,
    /// The request that it answers and the refresh token beside it, where both are sent rather than fetched (CIBA Core
    /// §10.3.1).
    pub answers: Option<(&'a str, &'a str)>,
    /// What scopes open about the person (OpenID Connect Core §5.4); without `sub`, which stands above.
    pub person: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
struct Body<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    acr: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    amr: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_hash: Option<String>,
    #[serde(rename = "urn:openid:params:jwt:claim:auth_req_id", skip_serializing_if = "Option::is_none")]
    auth_req_id: Option<&'a str>,
    #[serde(rename = "urn:openid:params:jwt:claim:rt_hash", skip_serializing_if = "Option::is_none")]
    rt_hash: Option<String>,
    #[serde(flatten)]
    person: Option<&'a Map<String, Value>>,
}

impl IdToken<'_> {
    /// Signs the token.
    ///
    /// # Errors
    /// [`Fault`] when the key can't sign.
    pub fn mint(&self, key: &SigningKey, now: Timestamp) -> Result<String, Fault> {
        let body = Body {
            iss: self.issuer,
            sub: self.subject,
            aud: self.client_id,
            exp: Timestamp::from_seconds(now.seconds()).plus(self.lifetime).seconds(),
            iat: now.seconds(),
            auth_time: self.auth_time.seconds(),
            nonce: self.nonce,
            acr: self.acr,
            amr: self.amr,
            sid: self.session.map(|id| id.to_string()),
            at_hash: self.access_token.map(|token| half_hash(key.alg(), token)),
            auth_req_id: self.answers.map(|(request, _)| request),
            rt_hash: self.answers.map(|(_, refresh)| half_hash(key.alg(), refresh)),
            person: self.person,
        };
        key.sign(TYP, &body)
    }
}

/// `at_hash` (OpenID Connect Core §3.1.3.6): the left half of the hash that the signature uses. Ed25519's is
/// SHA-512.
fn half_hash(alg: SigningAlg, token: &str) -> String {
    let algorithm = match alg {
        SigningAlg::RS256 | SigningAlg::ES256 => &digest::SHA256,
        SigningAlg::EdDSA => &digest::SHA512,
    };
    let hash = digest::digest(algorithm, token.as_bytes());
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

/// Reads an `id_token_hint`: one of ours, however old (OpenID Connect Core §3.1.2.1).
///
/// # Errors
/// [`JwtError`], for the log.
pub fn verify_hint(keys: &KeySet, token: &str, issuer: &str, now: Timestamp) -> Result<HintClaims, JwtError> {
    hint(&verify(TYP, keys, token, &Expected { issuer, audience: None, even_expired: true }, now)?)
}

/// What an ID token says that is still to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// Whom it is about, and for whom.
    pub hint: HintClaims,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Reads an ID token of ours that has not expired: it stands for its session (RFC 8693 §2.1).
///
/// # Errors
/// [`JwtError`], for the log.
pub fn verify_fresh(keys: &KeySet, token: &str, issuer: &str, now: Timestamp) -> Result<Fresh, JwtError> {
    let claims = verify(TYP, keys, token, &Expected { issuer, audience: None, even_expired: false }, now)?;
    Ok(Fresh { hint: hint(&claims)?, expires_at: claims.moment("exp").ok_or(JwtError::Expired)? })
}

fn hint(claims: &Claims) -> Result<HintClaims, JwtError> {
    Ok(HintClaims {
        subject: claims.text("sub").ok_or(JwtError::Malformed)?.to_owned(),
        audience: claims.audience(),
        session: claims.text("sid").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const ISSUER: &str = "https://id.example.com";

    fn keys() -> KeySet {
        let mut keys = KeySet::new();
        keys.sign_with(Arc::new(SigningKey::generate(SigningAlg::ES256).unwrap()));
        keys
    }

    fn mint(keys: &KeySet, access_token: Option<&str>) -> String {
        let amr = ["pwd".to_owned()];
        let token = IdToken {
            issuer: ISSUER,
            subject: "jane",
            client_id: "app",
            nonce: access_token.map(|_| "n"),
            auth_time: NOW,
            acr: "pwd",
            amr: &amr,
            session: Some(Id::from_bytes([1; 16])),
            access_token,
            lifetime: LIFETIME,
            answers: None,
            person: None,
        };
        token.mint(keys.signer(SigningAlg::ES256).unwrap(), NOW).unwrap()
    }

    fn body(token: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn it_can_carry_what_the_scopes_open() {
        let keys = keys();
        let person = serde_json::from_str(r#"{"name":"Jane Doe","email":"jane@example.com"}"#).unwrap();
        let (signer, amr) = (keys.signer(SigningAlg::ES256).unwrap(), []);
        let token = IdToken {
            issuer: ISSUER,
            subject: "jane",
            client_id: "app",
            nonce: None,
            auth_time: NOW,
            acr: "pwd",
            amr: &amr,
            session: None,
            access_token: None,
            lifetime: LIFETIME,
            answers: Some(("wb_ar_1", "rt")),
            person: Some(&person),
        };
        let body = body(&token.mint(signer, NOW).unwrap());
        assert_eq!(body["name"], "Jane Doe");
        assert_eq!(body["email"], "jane@example.com");
        assert_eq!(body["sub"], "jane");
        // CIBA Core §10.3.1.
        assert_eq!(body["urn:openid:params:jwt:claim:auth_req_id"], "wb_ar_1");
        assert_eq!(body["urn:openid:params:jwt:claim:rt_hash"], half_hash(SigningAlg::ES256, "rt"));
    }

    #[test]
    fn it_says_who_when_and_how() {
        let body = body(&mint(&keys(), Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")));
        assert_eq!(body["iss"], ISSUER);
        assert_eq!(body["aud"], "app");
        assert_eq!(body["nonce"], "n");
        assert_eq!(body["auth_time"], NOW.seconds());
        assert_eq!(body["amr"][0], "pwd");
        assert_eq!(body["sid"], Id::from_bytes([1; 16]).to_string());
        // The example of OpenID Connect Core appendix A.3.
        assert_eq!(body["at_hash"], "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn what_was_not_sent_is_left_out() {
        let body = body(&mint(&keys(), None));
        assert!(body.get("nonce").is_none() && body.get("at_hash").is_none());
    }

    #[test]
    fn a_hint_is_ours_however_old() {
        let keys = keys();
        let late = NOW.plus(Duration::from_secs(1_000_000));
        let hint = verify_hint(&keys, &mint(&keys, None), ISSUER, late).unwrap();
        assert_eq!((hint.subject.as_str(), hint.audience), ("jane", vec!["app".to_owned()]));
        assert_eq!(hint.session, Some(Id::from_bytes([1; 16]).to_string()));
        assert!(verify_hint(&self::keys(), &mint(&keys, None), ISSUER, late).is_err());
        assert!(verify_hint(&keys, &mint(&keys, None), "https://other.example", late).is_err());
    }
}
