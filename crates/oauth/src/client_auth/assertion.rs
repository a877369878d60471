//! Client assertions (RFC 7523 §2.2 and §3, OpenID Connect Core §9): a JWT that the client signed for this one request.

use super::AuthenticatedClient;
use crate::client::{Client, ClientAuthMethod};
use crate::error::OAuthError;
use crate::jose::times::moment;
use crate::jose::verify::MAX_JWT;
use crate::jose::{Claims, ClientKeySet, JwsAlg, JwtError, TypRule, Window, check_times, verify_client_jws};
use crate::params::Params;
use base::{SecretHash, Timestamp};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The one kind of assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Not those of other tokens that a client signs: a request object is no proof at this door (RFC 9101 §10.8).
const TYP: TypRule = TypRule { names: &["JWT", "client-authentication+jwt"], may_be_absent: true };
/// How long an assertion may work.
const WINDOW: Window = Window { longest: Duration::from_secs(3600), nbf_required: false };
const MAX_JTI: usize = 256;

/// An assertion as it was presented. It is worth something until it is used, so it has no `Debug`.
#[derive(Clone)]
pub struct Assertion(Zeroizing<String>);

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion(..)")
    }
}

/// To whom an assertion has to be addressed (`aud`).
#[derive(Debug, Clone, Copy)]
pub struct Audience<'a> {
    /// The issuer identifier: always right.
    pub issuer: &'a str,
    /// The endpoints' URLs, which will do too: what RFC 7523 §3 asked for at first.
    pub endpoints: &'a [String],
    /// Whether the issuer as one text alone will do (FAPI 2.0 Security Profile §5.3.2.1).
    pub issuer_only: bool,
}

/// A client that signed an assertion, which is good if it was not used before.
#[derive(Debug)]
pub struct Signed {
    client: AuthenticatedClient,
    /// What names the assertion: to be kept until it expires, and refused if it was there.
    pub once: SecretHash,
    /// Until when it works.
    pub until: Timestamp,
}

/// Why an assertion is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum AssertionError {
    /// No key of the client fits. With fresher keys it may.
    UnknownKey,
    /// For good.
    Refused(OAuthError),
}

impl AssertionError {
    /// The refusal, when there are no fresher keys.
    pub fn into_error(self) -> OAuthError {
        match self {
            Self::UnknownKey => OAuthError::invalid_client("no key of the client verifies the assertion"),
            Self::Refused(error) => error,
        }
    }
}

impl Signed {
    /// The client, if its assertion had not been used before.
    ///
    /// # Errors
    /// `invalid_client` (RFC 7523 §3 item 7).
    pub fn when_first(self, is_first: bool) -> Result<AuthenticatedClient, OAuthError> {
        if is_first {
            Ok(self.client)
        } else {
            Err(OAuthError::invalid_assertion("client_assertion was used before: sign a new one for each request"))
        }
    }
}

/// Reads the assertion of a form; who it says it comes from, and the assertion.
///
/// # Errors
/// `invalid_client`; `invalid_request` for a doubled parameter.
pub(super) fn read(form: &Params, client_id: Option<&str>) -> Result<(String, Assertion), OAuthError> {
    let Some(assertion) = form.one("client_assertion")? else {
        return Err(OAuthError::invalid_assertion(
            "client_assertion is missing beside client_assertion_type: send both",
        ));
    };
    if form.one("client_assertion_type")? != Some(ASSERTION_TYPE) {
        return Err(OAuthError::invalid_assertion(&format!("client_assertion_type is wrong: send {ASSERTION_TYPE}")));
    }
    if assertion.len() > MAX_JWT {
        return Err(OAuthError::invalid_assertion("client_assertion is too long: send at most 16 KiB"));
    }
    let named = crate::jose::client_jws::unverified_claim(assertion, "sub")
        .ok_or_else(|| OAuthError::invalid_assertion("client_assertion can't be read: sign a JWT with sub and iss"))?;
    if client_id.is_some_and(|id| id != named) {
        return Err(OAuthError::invalid_assertion("client_id is not the sub of client_assertion: send the same"));
    }
    Ok((named, Assertion(Zeroizing::new(assertion.to_owned()))))
}

/// Checks an assertion of a client with its keys. Whether it comes for the first time is the caller's to find out.
///
/// Until the signature is verified all refusals are one; after that they say what is wrong, to whoever holds the key.
///
/// # Errors
/// [`AssertionError`].
pub fn verify_assertion(
    client: &Arc<Client>,
    assertion: &Assertion,
    keys: &ClientKeySet,
    audience: &Audience<'_>,
    now: Timestamp,
) -> Result<Signed, AssertionError> {
    let refused = |detail| AssertionError::Refused(OAuthError::invalid_client(detail));
    let algs = client.proof.assertion_algs(client.auth_method);
    let algs: Vec<_> = algs.into_iter().filter(|alg| !audience.issuer_only || JwsAlg::FAPI.contains(alg)).collect();
    if algs.is_empty() {
        return Err(refused("the client is registered for another method"));
    }
    let claims = match verify_client_jws(keys, &TYP, &assertion.0, &algs) {
        Ok(claims) => claims,
        Err(JwtError::UnknownKey) if client.auth_method == ClientAuthMethod::PrivateKeyJwt => {
            return Err(AssertionError::UnknownKey);
        }
        Err(error) => {
            let error = OAuthError::invalid_client("the assertion").because(error.to_string());
            return Err(AssertionError::Refused(error));
        }
    };
    // Last, so that whoever lacks the key can't learn whether a client is switched off.
    if !client.is_enabled() {
        return Err(refused("the client is disabled"));
    }
    let (jti, until) = check_claims(&claims, client, audience, now)
        .map_err(|text| AssertionError::Refused(OAuthError::invalid_assertion(text)))?;
    let once = SecretHash::of(format!("client assertion {} {jti}", client.id).as_bytes());
    Ok(Signed { client: AuthenticatedClient(Arc::clone(client)), once, until })
}

/// RFC 7523 §3. Answers with the `jti`, and until when the assertion works.
fn check_claims<'a>(
    claims: &'a Claims,
    client: &Client,
    audience: &Audience<'_>,
    now: Timestamp,
) -> Result<(&'a str, Timestamp), &'static str> {
    let own = Some(client.client_id.as_str());
    if claims.text("iss") != own || claims.text("sub") != own {
        return Err("client_assertion: iss and sub have to be the client_id");
    }
    if !is_addressed(claims, audience) {
        return Err(if audience.issuer_only {
            "client_assertion: aud has to be the issuer of this server, as one string"
        } else {
            "client_assertion: aud has to be the issuer of this server"
        });
    }
    let until = check_times(claims, &WINDOW, now).map_err(|error| match error {
        JwtError::Expired => "client_assertion: exp is missing or past: sign a new one for each request",
        JwtError::TooLong => "client_assertion: it is valid for too long: let it expire within an hour",
        JwtError::NotYet => "client_assertion: nbf or iat lies in the future: check the clock of the client",
        _ => "client_assertion: exp, nbf and iat have to be numbers of seconds",
    })?;
    if moment(claims, "iat").is_ok_and(|at| at.is_some_and(|at| at > until)) {
        return Err("client_assertion: iat is after exp");
    }
    match claims.text("jti") {
        Some(jti) if !jti.is_empty() && jti.len() <= MAX_JTI => Ok((jti, until)),
        _ => Err("client_assertion: jti is missing or too long: give each its own, of at most 256 bytes"),
    }
}

fn is_addressed(claims: &Claims, audience: &Audience<'_>) -> bool {
    if audience.issuer_only {
        return matches!(claims.get("aud"), Some(Value::String(one)) if one == audience.issuer);
    }
    let fits = |one: &String| one == audience.issuer || audience.endpoints.contains(one);
    claims.audience().iter().any(fits)
}

#[cfg(test)]
mod tests {
    use super::super::{Presented, authenticate};
    use super::*;
    use crate::client::tests::{confidential, public};
    use crate::client::{ClientKeys, ProofRules, SealedSecret};
    use crate::error::ErrorCode;
    use crate::jose::{SigningAlg, SigningKey};
    use aws_lc_rs::hmac;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;
    use std::sync::OnceLock;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const ISSUER: &str = "https://id.example.com";
    const TOKEN_URL: &str = "https://id.example.com/oauth/token";
    const SECRET: &str = "wb_cs_0123456789012345678901234567890123456789";

    fn key() -> &'static SigningKey {
        static KEY: OnceLock<SigningKey> = OnceLock::new();
        KEY.get_or_init(|| SigningKey::generate(SigningAlg::ES256).unwrap())
    }

    fn jwks() -> Value {
        json!({ "keys": [key().public().jwk().to_json("k1")] })
    }

    fn by_key() -> Client {
        let keys = ClientKeys { jwks: Some(jwks()), jwks_uri: None };
        let client = Client { auth_method: ClientAuthMethod::PrivateKeyJwt, keys, ..public() };
        assert_eq!(client.validate(), Ok(()));
        client
    }

    fn by_secret() -> Client {
        let proof = ProofRules { sealed_secret: Some(SealedSecret("x".into())), ..ProofRules::default() };
        let client = Client { auth_method: ClientAuthMethod::SecretJwt, proof, ..confidential() };
        assert_eq!(client.validate(), Ok(()));
        client
    }

    fn claims() -> Value {
        json!({"iss": "app", "sub": "app", "aud": ISSUER, "jti": "j1", "exp": NOW.seconds() + 60, "iat": NOW.seconds()})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    fn signed_as(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(header), part(claims));
        let signature = match header["alg"].as_str() {
            Some("HS256") => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), input.as_bytes()).as_ref().to_vec()
            }
            _ => key().signature(input.as_bytes()).unwrap(),
        };
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signed(claims: &Value) -> String {
        signed_as(&json!({"alg": "ES256", "kid": "k1"}), claims)
    }

    fn keys_of(client: &Client) -> ClientKeySet {
        match &client.keys.jwks {
            Some(set) => ClientKeySet::of(set).unwrap(),
            None => ClientKeySet::of_secret(SECRET.as_bytes()),
        }
    }

    fn form(assertion: &str, more: &str) -> Params {
        let text = format!("client_assertion_type={ASSERTION_TYPE}&client_assertion={assertion}{more}");
        Params::decode(text.as_bytes()).unwrap()
    }

    fn present(assertion: &str) -> Result<(String, Assertion), OAuthError> {
        match Presented::parse(None, &form(assertion, ""))? {
            Presented::Assertion { client_id, assertion } => Ok((client_id, assertion)),
            other => panic!("{other:?}"),
        }
    }

    fn go(client: &Client, token: &str, issuer_only: bool) -> Result<Signed, OAuthError> {
        let (_, assertion) = present(token)?;
        let audience = Audience { issuer: ISSUER, endpoints: &[TOKEN_URL.to_owned()], issuer_only };
        verify_assertion(&Arc::new(client.clone()), &assertion, &keys_of(client), &audience, NOW)
            .map_err(AssertionError::into_error)
    }

    #[track_caller]
    fn refused(client: &Client, token: &str) -> String {
        let error = go(client, token, false).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidClient);
        error.description().to_owned()
    }

    #[test]
    fn a_key_and_a_secret_each_sign_their_client_in() {
        let by_key = go(&by_key(), &signed(&claims()), false).unwrap();
        assert_eq!(by_key.until.seconds(), NOW.seconds() + 60);
        assert!(by_key.when_first(true).unwrap().is_confidential());
        let token = signed_as(&json!({"alg": "HS256"}), &claims());
        assert!(go(&by_secret(), &token, false).unwrap().when_first(true).is_ok());
    }

    #[test]
    fn an_assertion_is_used_once_and_named_by_client_and_jti() {
        let once = |client: &Client, claims: &Value| go(client, &signed(claims), false).unwrap().once;
        assert_eq!(once(&by_key(), &claims()), once(&by_key(), &with("exp", json!(NOW.seconds() + 90))));
        assert_ne!(once(&by_key(), &claims()), once(&by_key(), &with("jti", json!("j2"))));
        let other = Client { id: base::Id::from_bytes([8; 16]), ..by_key() };
        assert_ne!(once(&by_key(), &claims()), once(&other, &claims()));
        let again = go(&by_key(), &signed(&claims()), false).unwrap().when_first(false).unwrap_err();
        assert!(again.code == ErrorCode::InvalidClient && again.description().contains("used before"));
    }

    #[test]
    fn who_holds_the_key_is_told_what_else_is_wrong() {
        let now = NOW.seconds();
        for (name, value, word) in [
            ("iss", json!("other"), "iss and sub"),
            ("iss", json!(null), "iss and sub"),
            ("aud", json!("https://evil.example"), "aud"),
            ("aud", json!(format!("{ISSUER}/")), "aud"),
            ("aud", json!([]), "aud"),
            ("aud", json!(null), "aud"),
            ("exp", json!(now), "exp is missing or past"),
            ("exp", json!("x"), "numbers"),
            ("exp", json!(now + 48 * 3600), "too long"),
            ("nbf", json!(now + 60), "future"),
            ("iat", json!(now + 60), "future"),
            ("jti", json!(null), "jti"),
            ("jti", json!(""), "jti"),
            ("jti", json!(7), "jti"),
            ("jti", json!("x".repeat(257)), "jti"),
        ] {
            let told = refused(&by_key(), &signed(&with(name, value.clone())));
            assert!(told.contains(word), "{name} {value}: {told}");
        }
        for name in ["exp", "jti", "aud"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert!(refused(&by_key(), &signed(&claims)).contains(name));
        }
        for (name, value) in [("nbf", json!(now + 8)), ("iat", json!(now + 8)), ("exp", json!(now + 3600))] {
            assert!(go(&by_key(), &signed(&with(name, value.clone())), false).is_ok(), "{name} {value}");
        }
    }

    /// FAPI 2.0 Security Profile §5.3.2.1: the issuer, as one string.
    #[test]
    fn who_may_only_name_the_issuer_is_refused_with_all_else() {
        for (aud, ordinary, strict) in [
            (json!(ISSUER), true, true),
            (json!([ISSUER]), true, false),
            (json!([ISSUER, "https://other.example"]), true, false),
            (json!(TOKEN_URL), true, false),
            (json!([TOKEN_URL]), true, false),
            (json!("https://id.example.com/oauth"), false, false),
        ] {
            let token = signed(&with("aud", aud.clone()));
            assert_eq!(go(&by_key(), &token, false).is_ok(), ordinary, "{aud}");
            assert_eq!(go(&by_key(), &token, true).is_ok(), strict, "{aud}");
        }
        assert!(go(&by_secret(), &signed_as(&json!({"alg": "HS256"}), &claims()), true).is_err());
    }

    #[test]
    fn who_does_not_hold_the_key_learns_nothing() {
        let one = super::super::unknown_client().description().to_owned();
        let wrong_key = Client { keys: ClientKeys { jwks: None, jwks_uri: None }, ..by_key() };
        assert_eq!(refused(&wrong_key, &signed(&claims())), one);
        let forged = format!("{}AAAA", &signed(&claims())[..signed(&claims()).len() - 4]);
        let off = Client { disabled_at: Some(NOW), ..by_key() };
        let only = ProofRules { assertion_alg: Some(JwsAlg::EdDSA), ..ProofRules::default() };
        for (client, token) in [
            (by_key(), forged.clone()),
            (off.clone(), forged),
            (off, signed(&claims())),
            (by_key(), signed_as(&json!({"alg": "ES256", "kid": "k2"}), &claims())),
            (by_key(), signed_as(&json!({"alg": "none"}), &claims())),
            (by_key(), signed_as(&json!({"alg": "HS256"}), &claims())),
            (by_key(), signed_as(&json!({"alg": "ES256", "typ": "oauth-authz-req+jwt"}), &claims())),
            (Client { proof: only, ..by_key() }, signed(&claims())),
            (by_secret(), signed(&claims())),
            (confidential(), signed(&claims())),
            (public(), signed(&claims())),
        ] {
            assert_eq!(refused(&client, &token), one);
        }
    }

    #[test]
    fn fresher_keys_are_worth_a_try_only_for_keys() {
        let (_, assertion) = present(&signed_as(&json!({"alg": "ES256", "kid": "k2"}), &claims())).unwrap();
        let audience = Audience { issuer: ISSUER, endpoints: &[], issuer_only: false };
        let error = verify_assertion(&Arc::new(by_key()), &assertion, &keys_of(&by_key()), &audience, NOW).unwrap_err();
        assert_eq!(error, AssertionError::UnknownKey);
    }

    #[test]
    fn the_parameters_belong_together() {
        let token = signed(&claims());
        assert!(Presented::parse(None, &form(&token, "&client_id=app")).is_ok());
        for (text, word) in [
            (format!("client_assertion={token}"), "client_assertion_type"),
            (format!("client_assertion_type={ASSERTION_TYPE}"), "client_assertion is missing"),
            (format!("client_assertion_type=saml&client_assertion={token}"), "client_assertion_type"),
            (format!("client_assertion_type={ASSERTION_TYPE}&client_assertion=x.y.z"), "can't be read"),
            (format!("client_assertion_type={ASSERTION_TYPE}&client_assertion={}", "x".repeat(20_000)), "too long"),
            (format!("client_assertion_type={ASSERTION_TYPE}&client_assertion={token}&client_id=other"), "client_id"),
        ] {
            let error = Presented::parse(None, &Params::decode(text.as_bytes()).unwrap()).unwrap_err();
            assert!(error.code == ErrorCode::InvalidClient && error.description().contains(word), "{error}");
        }
        for more in ["&client_secret=hush", "&client_assertion=x"] {
            let error = Presented::parse(None, &form(&token, more)).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidRequest, "{more}");
        }
        let error = Presented::parse(Some(b"Basic YXBwOmh1c2g="), &form(&token, "")).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest);
    }

    /// It is checked where it can be seen whether it was used before, and nowhere else.
    #[test]
    fn an_assertion_is_no_plain_credential() {
        let presented = Presented::parse(None, &form(&signed(&claims()), "")).unwrap();
        assert!(!format!("{presented:?}").contains("eyJ"));
        assert!(authenticate(&Arc::new(by_key()), presented).is_err());
    }
}
