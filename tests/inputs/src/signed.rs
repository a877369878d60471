//! What is signed. Random bytes never carry a good signature, so most of these inputs are claims, signed here with the
//! client's own key: what lies behind the signature is reached.

use crate::requests::{NOW, client};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth::client_auth::{Audience, Presented, verify_assertion};
use oauth::jose::{ClientKeySet, Expected, KeySet, SigningAlg, SigningKey, verify};
use oauth::{Client, ClientAuthMethod, Params, dpop as proof, request_object as object};
use serde_json::json;
use std::sync::{Arc, OnceLock};

const ISSUER: &str = "https://id.example.com";
const TOKEN_URL: &str = "https://id.example.com/oauth/token";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate(SigningAlg::ES256).expect("a key"))
}

fn jwk() -> serde_json::Value {
    key().public().jwk().to_json(key().kid())
}

fn keys() -> ClientKeySet {
    ClientKeySet::of(&json!({ "keys": [jwk()] })).expect("a key set")
}

fn sign(header: &[u8], claims: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = key().signature(input.as_bytes()).expect("a signature");
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The first line is a header, if it is one; the rest are the claims.
fn token(input: &[u8], usual: &serde_json::Value) -> String {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(end) if end > 0 => sign(&input[..end], &input[end + 1..]),
        Some(end) => sign(usual.to_string().as_bytes(), &input[end + 1..]),
        None => sign(usual.to_string().as_bytes(), input),
    }
}

fn member(input: &[u8], name: &str) -> Option<String> {
    let claims = input.iter().position(|byte| *byte == b'\n').map_or(input, |end| &input[end + 1..]);
    let claims: serde_json::Value = serde_json::from_slice(claims).ok()?;
    Some(claims.get(name)?.as_str()?.to_owned())
}

/// A token of ours, or a set of keys. None verifies that we did not sign.
pub(crate) fn jwt(input: &[u8]) -> bool {
    let is_keys = ClientKeySet::parse(input).is_ok();
    let Ok(text) = std::str::from_utf8(input) else { return false };
    static OURS: OnceLock<KeySet> = OnceLock::new();
    let ours = OURS.get_or_init(|| {
        let mut keys = KeySet::new();
        keys.publish(key().public().clone());
        keys
    });
    for typ in ["at+jwt", "JWT"] {
        let expected = Expected { issuer: ISSUER, audience: None, even_expired: true };
        assert!(verify(typ, ours, text, &expected, NOW).is_err(), "a token that nobody signed");
    }
    is_keys
}

/// Claims of a client assertion. What is taken names the client as its issuer and its subject.
pub(crate) fn client_assertion(input: &[u8]) -> bool {
    let client = Client { auth_method: ClientAuthMethod::PrivateKeyJwt, ..client() };
    let signed = token(input, &json!({"alg": "ES256", "kid": key().kid()}));
    let pairs = [("client_assertion_type", ASSERTION), ("client_assertion", &signed)];
    let form = Params::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect("a form");
    let Ok(Presented::Assertion { assertion, .. }) = Presented::parse(None, &form) else { return false };
    let audience = Audience { issuer: ISSUER, endpoints: &[TOKEN_URL.to_owned()], issuer_only: false };
    let taken = verify_assertion(&Arc::new(client), &assertion, &keys(), &audience, NOW).is_ok();
    if taken {
        assert_eq!(member(input, "iss").as_deref(), Some("app"));
        assert_eq!(member(input, "sub").as_deref(), Some("app"));
    }
    taken
}

/// Claims of a DPoP proof. What is taken is about this very call.
pub(crate) fn dpop(input: &[u8]) -> bool {
    let mut bare = jwk();
    if let Some(object) = bare.as_object_mut() {
        object.retain(|name, _| ["kty", "crv", "x", "y"].contains(&name.as_str()));
    }
    let signed = token(input, &json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": bare}));
    let call = proof::Call { method: "POST", url: TOKEN_URL, access_token: None };
    let taken = proof::verify(&signed, &call, None, NOW).is_ok();
    if taken {
        assert_eq!(member(input, "htm").as_deref(), Some("POST"));
        assert!(member(input, "htu").is_some_and(|url| url.to_ascii_lowercase().starts_with("https://id.example.com")));
    }
    taken
}

/// Claims of a request object. Whose parameters are taken, it is this client's.
pub(crate) fn request_object(input: &[u8]) -> bool {
    let signed = token(input, &json!({"alg": "ES256", "kid": key().kid()}));
    if object::open((&client(), object::RequestUse::Backchannel), &signed, &keys(), ISSUER, NOW).is_ok() {
        // CIBA Core section 7.1.1.
        assert_eq!(member(input, "iss").as_deref(), Some("app"));
    }
    let Ok(params) = object::open((&client(), object::RequestUse::Authorization), &signed, &keys(), ISSUER, NOW) else {
        return false;
    };
    assert_eq!(params.one("client_id"), Ok(Some("app")));
    assert_eq!(params.all("request").count() + params.all("request_uri").count(), 0, "a request in a request");
    true
}
