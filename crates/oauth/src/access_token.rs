//! Access tokens: signed, as JWTs (RFC 9068), or sealed with the same claims inside. Their `jti` names the grant, so that one
//! look tells whether it was ended; no row is written for either.

use crate::authorization_details::AuthorizationDetail;
use crate::confirmation::Confirmation;
use crate::exchange::{Actor, MayAct};
use crate::jose::verify::{own_claims, verify_signed_here};
use crate::jose::{Expected, JwtError, KeySet, SigningKey, verify as verify_jws};
use crate::scope::Scope;
use base::{Fault, Id, Keyring, Rng, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use std::time::Duration;

/// The header's `typ` (RFC 9068 §2.1).
pub const TYP: &str = "at+jwt";

/// How a sealed one begins, so that a scanner finds one that leaked.
const SEALED: &str = "wb_at_";

/// What makes a token what nobody else could have made.
#[derive(Debug, Clone, Copy)]
pub enum Maker<'a> {
    /// A signature: everybody can read it.
    Signed(&'a SigningKey),
    /// A seal: nobody but this server can.
    Sealed(&'a Keyring),
}

/// What a token of ours is known by.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// By its signature.
    pub keys: &'a KeySet,
    /// By its seal.
    pub keyring: &'a Keyring,
    /// Whether whoever asks has the very text from its own signing: its signature is not looked at again.
    pub signed_here: bool,
}

/// What an access token says.
#[derive(Debug, Clone, Copy)]
pub struct AccessToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `sub`: the account, or the client that acts for itself.
    pub subject: &'a str,
    /// `aud`: the API it is for; this server itself when none was named.
    pub audience: &'a [String],
    /// `client_id`.
    pub client_id: &'a str,
    /// `scope`.
    pub scope: &'a Scope,
    /// The grant it hangs on.
    pub grant: Id,
    /// `auth_time`, where a person signed in.
    pub auth_time: Option<Timestamp>,
    /// `acr`, where a person signed in.
    pub acr: Option<&'a str>,
    /// What exactly was allowed (RFC 9396 §9.1).
    pub authorization_details: &'a [AuthorizationDetail],
    /// The key that it is bound to.
    pub confirmation: &'a Confirmation,
    /// Who acts for the person (RFC 8693 §4.1).
    pub act: Option<&'a Actor>,
    /// Who alone may (RFC 8693 §4.4).
    pub may_act: Option<&'a MayAct>,
    /// How long it works, in whole seconds.
    pub lifetime: Duration,
}

#[derive(Serialize)]
struct Body<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: Audience<'a>,
    client_id: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(skip_serializing_if = "Scope::is_empty")]
    scope: &'a Scope,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    #[serde(skip_serializing_if = "<[AuthorizationDetail]>::is_empty")]
    authorization_details: &'a [AuthorizationDetail],
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    cnf: &'a Confirmation,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<&'a Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    may_act: Option<&'a MayAct>,
}

/// One text for one, a list for several (RFC 7519 §4.1.3).
struct Audience<'a>(&'a [String]);

impl Serialize for Audience<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl AccessToken<'_> {
    /// Signs or seals the token. Two within one second differ by their `jti`.
    ///
    /// # Errors
    /// [`Fault`] when the key can't sign.
    pub fn mint(&self, maker: Maker<'_>, now: Timestamp, rng: &Rng) -> Result<String, Fault> {
        let body = Body {
            iss: self.issuer,
            sub: self.subject,
            aud: Audience(self.audience),
            client_id: self.client_id,
            iat: now.seconds(),
            exp: Timestamp::from_seconds(now.seconds()).plus(self.lifetime).seconds(),
            jti: jti_for(self.grant, rng),
            scope: self.scope,
            auth_time: self.auth_time.map(Timestamp::seconds),
            acr: self.acr,
            authorization_details: self.authorization_details,
            cnf: self.confirmation,
            act: self.act,
            may_act: self.may_act,
        };
        match maker {
            Maker::Signed(key) => key.sign(TYP, &body),
            Maker::Sealed(keyring) => {
                let text = serde_json::to_vec(&body).map_err(|e| Fault::new("write the claims of a token", e))?;
                let sealed = keyring.seal_apart(&place(self.issuer), &text, rng)?;
                Ok(format!("{SEALED}{}", URL_SAFE_NO_PAD.encode(sealed)))
            }
        }
    }
}

/// What a sealed token is sealed for: another issuer, and any other kind of value, can't be taken for it.
fn place(issuer: &str) -> String {
    format!("access token of {issuer}")
}

/// A new `jti`: the grant's id, and 128 random bits.
pub fn jti_for(grant: Id, rng: &Rng) -> String {
    format!("{grant}.{}", URL_SAFE_NO_PAD.encode(rng.bytes::<16>()))
}

/// The grant that a `jti` names.
pub fn grant_of(jti: &str) -> Option<Id> {
    jti.split_once('.').and_then(|(grant, _)| grant.parse().ok())
}

/// An access token that was verified. Whether its grant still stands is the store's to know.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedAccessToken {
    /// `sub`.
    pub subject: String,
    /// `client_id`.
    pub client_id: String,
    /// `aud`.
    pub audience: Vec<String>,
    /// `scope`.
    pub scope: Scope,
    /// The grant it hangs on.
    pub grant: Id,
    /// `jti`.
    pub jti: String,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
    /// `auth_time`.
    pub auth_time: Option<Timestamp>,
    /// `acr`.
    pub acr: Option<String>,
    /// `authorization_details`.
    pub authorization_details: Vec<AuthorizationDetail>,
    /// `cnf`: the key that it is bound to.
    pub confirmation: Confirmation,
    /// `act`: who acts for the person.
    pub act: Option<Actor>,
    /// `may_act`: who alone may.
    pub may_act: Option<MayAct>,
}

/// Verifies an access token of ours (RFC 9068 §4). `audience` is who is asking: this server at its userinfo
/// endpoint; `None` at introspection, where the token may be for any API.
///
/// # Errors
/// [`JwtError`], for the log.
pub fn verify(
    known: Known<'_>,
    token: &str,
    issuer: &str,
    audience: Option<&str>,
    now: Timestamp,
) -> Result<VerifiedAccessToken, JwtError> {
    let expected = Expected { issuer, audience, even_expired: false };
    let claims = match token.strip_prefix(SEALED) {
        Some(sealed) => {
            let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| JwtError::Malformed)?;
            let text = known.keyring.open_apart(&place(issuer), &sealed).map_err(|_| JwtError::BadSignature)?;
            own_claims(&text, &expected, now)?
        }
        None if known.signed_here => verify_signed_here(TYP, known.keys, token, &expected, now)?,
        None => verify_jws(TYP, known.keys, token, &expected, now)?,
    };
    let text = |name: &str| claims.text(name).map(str::to_owned).ok_or(JwtError::Malformed);
    let moment = |name: &str| claims.moment(name).ok_or(JwtError::Malformed);
    let jti = text("jti")?;
    Ok(VerifiedAccessToken {
        subject: text("sub")?,
        client_id: text("client_id")?,
        audience: claims.audience(),
        scope: claims.text("scope").unwrap_or_default().parse().map_err(|_| JwtError::Malformed)?,
        grant: grant_of(&jti).ok_or(JwtError::Malformed)?,
        jti,
        issued_at: moment("iat")?,
        expires_at: moment("exp")?,
        auth_time: claims.moment("auth_time"),
        acr: claims.text("acr").map(str::to_owned),
        authorization_details: claims.read("authorization_details").ok_or(JwtError::Malformed)?.unwrap_or_default(),
        confirmation: match claims.get("cnf") {
            Some(cnf) => serde_json::from_value(cnf.clone()).map_err(|_| JwtError::Malformed)?,
            None => Confirmation::default(),
        },
        act: claims.read("act").ok_or(JwtError::Malformed)?,
        may_act: claims.read("may_act").ok_or(JwtError::Malformed)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::SigningAlg;
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp::from_micros(1_790_000_000_900_000);
    const ISSUER: &str = "https://id.example.com";

    fn keys() -> KeySet {
        let mut keys = KeySet::new();
        keys.sign_with(Arc::new(SigningKey::generate(SigningAlg::EdDSA).unwrap()));
        keys
    }

    fn ring() -> Keyring {
        Keyring::generate(&Rng::seeded(7))
    }

    fn read(
        keys: &KeySet,
        token: &str,
        audience: Option<&str>,
        at: Timestamp,
    ) -> Result<VerifiedAccessToken, JwtError> {
        verify(Known { keys, keyring: &ring(), signed_here: false }, token, ISSUER, audience, at)
    }

    fn mint(keys: &KeySet, rng: &Rng) -> String {
        make(Maker::Signed(keys.signer(SigningAlg::EdDSA).unwrap()), rng)
    }

    fn make(maker: Maker<'_>, rng: &Rng) -> String {
        let scope = "openid email".parse().unwrap();
        let token = AccessToken {
            issuer: ISSUER,
            subject: "jane",
            audience: &[ISSUER.to_owned()],
            client_id: "app",
            scope: &scope,
            grant: Id::from_bytes([9; 16]),
            auth_time: Some(NOW),
            acr: Some("pwd"),
            authorization_details: &[],
            confirmation: &Confirmation { jkt: Some("k".into()), certificate: None },
            act: None,
            may_act: None,
            lifetime: Duration::from_secs(300),
        };
        token.mint(maker, NOW, rng).unwrap()
    }

    #[test]
    fn what_was_minted_is_read_back() {
        let keys = keys();
        let got = read(&keys, &mint(&keys, &Rng::seeded(1)), Some(ISSUER), NOW).unwrap();
        assert_eq!((got.subject.as_str(), got.client_id.as_str()), ("jane", "app"));
        assert_eq!(got.scope.to_string(), "openid email");
        assert_eq!(got.grant, Id::from_bytes([9; 16]));
        assert_eq!(got.expires_at.seconds() - got.issued_at.seconds(), 300);
        assert_eq!(got.auth_time, Some(Timestamp::from_seconds(1_790_000_000)));
        assert_eq!(got.acr.as_deref(), Some("pwd"));
        assert_eq!(got.confirmation.jkt.as_deref(), Some("k"));
    }

    #[test]
    fn two_tokens_of_one_second_differ() {
        let (keys, rng) = (keys(), Rng::seeded(1));
        assert_ne!(mint(&keys, &rng), mint(&keys, &rng));
    }

    /// CVE-2026-37979, CVE-2026-18208.
    #[test]
    fn another_audience_an_id_token_and_an_old_one_are_refused() {
        let (keys, rng) = (keys(), Rng::seeded(1));
        let token = mint(&keys, &rng);
        let go = |token: &str, aud, at| read(&keys, token, aud, at).map(|_| ());
        assert_eq!(go(&token, Some("https://api.example.com"), NOW), Err(JwtError::WrongAudience));
        assert_eq!(go(&token, None, NOW), Ok(()));
        assert_eq!(go(&token, None, NOW.plus(Duration::from_secs(300))), Err(JwtError::Expired));
        let id_token =
            keys.signer(SigningAlg::EdDSA).unwrap().sign("JWT", &serde_json::json!({"iss": ISSUER})).unwrap();
        assert_eq!(go(&id_token, None, NOW), Err(JwtError::WrongType));
    }

    /// A signature that is known is all that is taken for granted.
    #[test]
    fn one_that_was_signed_here_is_read_like_any_other() {
        let (ours, rng, ring) = (keys(), Rng::seeded(1), ring());
        let token = mint(&ours, &rng);
        let known = |keys| Known { keys, keyring: &ring, signed_here: true };
        assert_eq!(verify(known(&ours), &token, ISSUER, None, NOW), read(&ours, &token, None, NOW));
        let refused = |keys, issuer, audience, at| verify(known(keys), &token, issuer, audience, at).unwrap_err();
        assert_eq!(refused(&ours, ISSUER, Some("https://api.example.com"), NOW), JwtError::WrongAudience);
        assert_eq!(refused(&ours, "https://other.example", None, NOW), JwtError::WrongIssuer);
        assert_eq!(refused(&ours, ISSUER, None, NOW.plus(Duration::from_secs(300))), JwtError::Expired);
        assert_eq!(refused(&keys(), ISSUER, None, NOW), JwtError::UnknownKey, "its key was taken away");
    }

    /// CVE-2026-27840.
    #[test]
    fn a_sealed_one_says_nothing_to_others_and_the_same_to_us() {
        let (keys, rng, ring) = (keys(), Rng::seeded(1), ring());
        let token = make(Maker::Sealed(&ring), &rng);
        assert!(token.starts_with("wb_at_") && !token.contains('.'));
        assert_ne!(token, make(Maker::Sealed(&ring), &rng));
        let signed = read(&keys, &mint(&keys, &rng), Some(ISSUER), NOW).unwrap();
        let sealed = read(&keys, &token, Some(ISSUER), NOW).unwrap();
        assert_eq!(VerifiedAccessToken { jti: signed.jti.clone(), ..sealed }, signed);
        let go = |token: &str, aud, at| read(&keys, token, aud, at).map(|_| ());
        assert_eq!(go(&token, Some("https://api.example.com"), NOW), Err(JwtError::WrongAudience));
        assert_eq!(go(&token, None, NOW.plus(Duration::from_secs(300))), Err(JwtError::Expired));
        let other = Keyring::generate(&rng);
        let known = Known { keys: &keys, keyring: &other, signed_here: true };
        assert!(verify(known, &token, ISSUER, None, NOW).is_err());
        let known = Known { keys: &keys, keyring: &ring, signed_here: true };
        assert!(verify(known, &token, "https://other.example", None, NOW).is_err());
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert!(go(&String::from_utf8(bytes).unwrap(), None, NOW).is_err(), "byte {at}");
            assert!(go(&token[..at], None, NOW).is_err(), "cut at {at}");
        }
        assert!(go(&format!("{token}A"), None, NOW).is_err());
    }

    #[test]
    fn a_jti_names_its_grant() {
        let grant = Id::from_bytes([9; 16]);
        assert_eq!(grant_of(&jti_for(grant, &Rng::seeded(1))), Some(grant));
        for bad in ["", "x", "x.y", &grant.to_string()] {
            assert_eq!(grant_of(bad), None);
        }
    }
}
