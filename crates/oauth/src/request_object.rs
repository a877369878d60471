//! Signed authorization requests (RFC 9101, OpenID Connect Core §6): parameters that nobody on the way can change.

use crate::client::Client;
use crate::error::{ErrorCode, OAuthError};
use crate::jose::{Claims, ClientKeySet, JwsAlg, JwtError, TypRule, Window, check_times, verify_client_jws};
use crate::params::Params;
use base::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// The types that its header may name (RFC 9101 §10.8); older ones name none.
const TYP: TypRule = TypRule { names: &["oauth-authz-req+jwt", "JWT"], may_be_absent: true };

/// How long one may be good for (FAPI 2.0 Message Signing §5.3.1).
const LONGEST: Duration = Duration::from_secs(3600);

/// What a JWT says about itself, which is no parameter of a request (RFC 7519 §4.1).
const ABOUT_ITSELF: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"];

/// The longest one that is fetched, in bytes.
pub const MAX_FETCHED: usize = 16 * 1024;

/// Whether a media type is that of a request object (RFC 9101 §10.8, RFC 7519 §10.3.1).
pub fn is_media_type(header: &str) -> bool {
    let essence = header.split(';').next().unwrap_or_default().trim();
    ["application/oauth-authz-req+jwt", "application/jwt"].iter().any(|known| essence.eq_ignore_ascii_case(known))
}

/// Why a request object is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestObjectError {
    /// No key of the client fits: those at hand may be out of date.
    UnknownKey,
    /// `invalid_request_object`, and why.
    Invalid(OAuthError),
}

impl RequestObjectError {
    /// The refusal.
    pub fn into_error(self) -> OAuthError {
        match self {
            Self::UnknownKey => refused("request is signed with a key that this app has not registered"),
            Self::Invalid(error) => error,
        }
    }
}

/// What a request object asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestUse {
    /// A person in their browser (RFC 9101).
    Authorization,
    /// A person elsewhere (CIBA Core §7.1.1), where it has to say all about itself.
    Backchannel,
}

impl RequestUse {
    fn only_alg(self, client: &Client) -> Option<JwsAlg> {
        match self {
            Self::Authorization => client.requests.object_alg,
            Self::Backchannel => client.backchannel.signing_alg,
        }
    }

    /// Whether it must name who made it, for whom, and when.
    fn is_strict(self, client: &Client) -> bool {
        client.is_fapi() || self == Self::Backchannel
    }
}

fn refused(text: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequestObject, text)
}

/// The parameters within a client's request object. They take the place of everything that was sent beside it (RFC 9101
/// §6.3): what is not signed does not count.
///
/// # Errors
/// [`RequestObjectError`].
pub fn open(
    (client, purpose): (&Client, RequestUse),
    token: &str,
    keys: &ClientKeySet,
    issuer: &str,
    now: Timestamp,
) -> Result<Params, RequestObjectError> {
    let allowed = if client.is_fapi() { JwsAlg::FAPI.as_slice() } else { JwsAlg::ASYMMETRIC.as_slice() };
    let only = purpose.only_alg(client);
    let allowed: Vec<_> = allowed.iter().copied().filter(|alg| only.is_none_or(|only| only == *alg)).collect();
    let claims = verify_client_jws(keys, &TYP, token, &allowed).map_err(|error| match error {
        JwtError::UnknownKey => RequestObjectError::UnknownKey,
        other => RequestObjectError::Invalid(
            refused("request does not verify: sign it with a registered key and a supported algorithm")
                .because(other.to_string()),
        ),
    })?;
    check((client, purpose), &claims, issuer, now)
        .and_then(|()| params(client, &claims))
        .map_err(RequestObjectError::Invalid)
}

fn check(
    (client, purpose): (&Client, RequestUse),
    claims: &Claims,
    issuer: &str,
    now: Timestamp,
) -> Result<(), OAuthError> {
    let strict = purpose.is_strict(client);
    let (said_by, audience) = (claims.text("iss"), claims.audience());
    if said_by.is_some_and(|iss| iss != client.client_id) || (strict && said_by.is_none()) {
        return Err(refused("request has another iss than the client id"));
    }
    if audience.iter().all(|aud| aud != issuer) && (strict || !audience.is_empty()) {
        return Err(refused("request has another aud than the issuer of this server"));
    }
    // OpenID Connect Core asks for no times; where there are some, they count.
    if !strict && !claims.has("exp") {
        return Ok(());
    }
    if purpose == RequestUse::Backchannel && !(claims.has("iat") && claims.has("jti")) {
        return Err(refused("request lacks iat or jti: a request that asks a person elsewhere has both"));
    }
    let window = Window { longest: LONGEST, nbf_required: strict };
    check_times(claims, &window, now).map(drop).map_err(|error| {
        refused("request is too old, too young, or good for more than an hour: sign it anew").because(error.to_string())
    })
}

fn params(client: &Client, claims: &Claims) -> Result<Params, OAuthError> {
    let mut pairs = vec![("client_id".to_owned(), client.client_id.clone())];
    for (name, value) in claims.members() {
        match name.as_str() {
            "client_id" if value.as_str() == Some(&client.client_id) => {}
            "client_id" => return Err(refused("request is another client's: client_id differs")),
            "request" | "request_uri" => return Err(refused("request holds another request: send it flat")),
            known if ABOUT_ITSELF.contains(&known) => {}
            _ => flatten(name, value, &mut pairs),
        }
    }
    Params::from_pairs(pairs)
}

/// RFC 9101 §4: texts and numbers as they are, structures as JSON; `resource` may be a list (RFC 8707 §2).
fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        Value::Array(items) if name == "resource" => items.iter().for_each(|item| flatten(name, item, pairs)),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod published_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Profile;
    use crate::client::tests::public;
    use crate::jose::{SigningAlg, SigningKey};
    use proptest::prelude::*;
    use serde_json::json;

    const ISSUER: &str = "https://id.example.com";
    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn fapi() -> Client {
        Client { profile: Profile::Fapi2, ..public() }
    }

    fn good() -> Value {
        let now = NOW.seconds();
        json!({"iss": "app", "aud": ISSUER, "nbf": now, "exp": now + 60, "client_id": "app", "state": "s1", "max_age": 10,
            "claims": {"userinfo": {"email": null}}, "resource": ["https://a.example/", "https://b.example/"]})
    }

    fn change(object: Value, changes: Value) -> Value {
        let mut object = object;
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                object.as_object_mut().unwrap().remove(name);
            } else {
                object[name] = value.clone();
            }
        }
        object
    }

    fn run(client: &Client, object: &Value) -> Result<Params, ErrorCode> {
        let key = SigningKey::generate(SigningAlg::ES256).unwrap();
        let keys = ClientKeySet::of(&json!({"keys": [key.public().jwk().to_json(key.kid())]})).unwrap();
        let token = key.sign("oauth-authz-req+jwt", object).unwrap();
        open((client, RequestUse::Authorization), &token, &keys, ISSUER, NOW).map_err(|error| error.into_error().code)
    }

    #[test]
    fn the_parameters_are_those_that_were_signed() {
        let params = run(&public(), &good()).unwrap();
        assert_eq!(params.one("state"), Ok(Some("s1")));
        assert_eq!(params.one("max_age"), Ok(Some("10")));
        assert_eq!(params.one("claims"), Ok(Some(r#"{"userinfo":{"email":null}}"#)));
        assert_eq!(params.all("resource").collect::<Vec<_>>(), ["https://a.example/", "https://b.example/"]);
        assert_eq!(params.one("exp"), Ok(None));
        assert_eq!(params.one("client_id"), Ok(Some("app")));
    }

    #[test]
    fn foreign_old_and_nested_ones_are_refused() {
        for changes in [
            json!({"iss": "other"}),
            json!({"aud": "https://other.example"}),
            json!({"client_id": "other"}),
            json!({"client_id": 7}),
            json!({"exp": NOW.seconds()}),
            json!({"exp": NOW.seconds() + 7200}),
            json!({"nbf": NOW.seconds() + 60}),
            json!({"request": "x"}),
            json!({"request_uri": "x"}),
        ] {
            let object = change(good(), changes.clone());
            assert_eq!(run(&public(), &object), Err(ErrorCode::InvalidRequestObject), "{changes}");
            assert_eq!(run(&fapi(), &object), Err(ErrorCode::InvalidRequestObject), "{changes}");
        }
    }

    #[test]
    fn only_fapi_insists_on_issuer_audience_and_times() {
        for left_out in [json!({"iss": null}), json!({"aud": null}), json!({"exp": null}), json!({"nbf": null})] {
            let object = change(good(), left_out.clone());
            assert!(run(&public(), &object).is_ok(), "{left_out}");
            assert_eq!(run(&fapi(), &object), Err(ErrorCode::InvalidRequestObject), "{left_out}");
        }
    }

    /// CIBA Core §7.1.1.
    #[test]
    fn one_that_asks_a_person_elsewhere_says_everything_about_itself() {
        let key = SigningKey::generate(SigningAlg::ES256).unwrap();
        let keys = ClientKeySet::of(&json!({"keys": [key.public().jwk().to_json(key.kid())]})).unwrap();
        let run = |client: &Client, object: &Value| {
            let token = key.sign("oauth-authz-req+jwt", object).unwrap();
            open((client, RequestUse::Backchannel), &token, &keys, ISSUER, NOW)
                .map(drop)
                .map_err(|e| e.into_error().code)
        };
        let whole = change(good(), json!({"iat": NOW.seconds(), "jti": "j1"}));
        assert_eq!(run(&public(), &whole), Ok(()));
        for left_out in ["iss", "aud", "exp", "nbf", "iat", "jti"] {
            let object = change(whole.clone(), json!({left_out: null}));
            assert_eq!(run(&public(), &object), Err(ErrorCode::InvalidRequestObject), "{left_out}");
        }
        let mut client = public();
        client.requests.object_alg = Some(JwsAlg::PS256);
        assert_eq!(run(&client, &whole), Ok(()), "that is for requests in a browser");
        client.backchannel.signing_alg = Some(JwsAlg::PS256);
        assert_eq!(run(&client, &whole), Err(ErrorCode::InvalidRequestObject));
    }

    #[test]
    fn a_client_may_settle_on_one_algorithm() {
        let settled = |alg| {
            let mut client = public();
            client.requests.object_alg = Some(alg);
            run(&client, &good())
        };
        assert!(settled(JwsAlg::ES256).is_ok());
        assert_eq!(settled(JwsAlg::PS256), Err(ErrorCode::InvalidRequestObject));
    }

    #[test]
    fn an_unsigned_one_and_one_of_another_key_are_refused() {
        // RFC 9101 §10.2 leaves `none` to the server: here it is no algorithm.
        let none = "eyJhbGciOiJub25lIn0.eyJjbGllbnRfaWQiOiJhcHAifQ.";
        let key = SigningKey::generate(SigningAlg::ES256).unwrap();
        let keys = ClientKeySet::of(&json!({"keys": [key.public().jwk().to_json("k1")]})).unwrap();
        assert!(open((&public(), RequestUse::Authorization), none, &keys, ISSUER, NOW).is_err());
        let other = SigningKey::generate(SigningAlg::ES256).unwrap().sign("JWT", &good()).unwrap();
        assert_eq!(
            open((&public(), RequestUse::Authorization), &other, &keys, ISSUER, NOW),
            Err(RequestObjectError::UnknownKey)
        );
    }

    #[test]
    fn only_the_two_media_types_are_read() {
        for fine in ["application/oauth-authz-req+jwt", "Application/JWT", "application/jwt; charset=utf-8"] {
            assert!(is_media_type(fine), "{fine}");
        }
        for other in ["", "text/html", "application/json", "application/jwtx", "text/plain;application/jwt"] {
            assert!(!is_media_type(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = open((&public(), RequestUse::Authorization), &text, &ClientKeySet::default(), ISSUER, NOW);
        }
    }
}
