//! The key of an app, and what the app signs with it. Written from the RFCs alone.

use crate::browser::Reply;
use crate::house::{House, ORIGIN};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth::jose::{SigningAlg, SigningKey};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// The one type of client assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A key pair of an app.
pub struct ClientKey {
    key: SigningKey,
    kid: String,
}

impl ClientKey {
    /// A new P-256 key of that id.
    pub fn new(kid: &str) -> Self {
        Self { key: SigningKey::generate(SigningAlg::ES256).unwrap(), kid: kid.to_owned() }
    }

    /// Its public half.
    pub fn jwk(&self) -> Value {
        self.key.public().jwk().to_json(&self.kid)
    }

    /// A JWK set with this key alone.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk()] })
    }

    /// A JWS with that header.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = input(header, claims);
        let signature = self.key.signature(input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A client assertion (RFC 7523 §3), with some claims otherwise; `null` leaves one out.
    pub fn assertion(&self, house: &House, client_id: &str, otherwise: &Value) -> String {
        self.sign(&json!({ "alg": "ES256", "kid": self.kid }), &assertion_claims(house, client_id, otherwise))
    }

    /// A proof of possession (RFC 9449 §4.2) for a path of the house, with a fresh nonce and some claims otherwise; `null`
    /// leaves one out.
    pub fn proof(&self, house: &House, (method, path): (&str, &str), otherwise: &Value) -> String {
        let mut claims = json!({
            "jti": unique(), "htm": method, "htu": format!("{ORIGIN}{path}"), "iat": house.clock.now().seconds(),
            "nonce": house.here().dpop_nonce(),
        });
        with(&mut claims, otherwise);
        self.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() }), &claims)
    }

    /// The thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> &str {
        self.key.kid()
    }

    /// Calls an endpoint as a client with this key.
    pub async fn call(&self, house: &House, client_id: &str, path: &str, form: &[(&str, &str)]) -> Reply {
        let assertion = self.assertion(house, client_id, &json!({}));
        call_with(house, path, &assertion, form).await
    }
}

/// A client assertion under a secret.
pub fn assertion_under(secret: &str, house: &House, client_id: &str, otherwise: &Value) -> String {
    let input = input(&json!({ "alg": "HS256" }), &assertion_claims(house, client_id, otherwise));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// Calls an endpoint with an assertion.
pub async fn call_with(house: &House, path: &str, assertion: &str, form: &[(&str, &str)]) -> Reply {
    let own = [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)];
    let form: Vec<_> = own.into_iter().chain(form.iter().copied()).collect();
    house.call(TestRequest::with_uri(path).method(Method::POST).set_form(&form)).await
}

/// An id that nothing else has.
pub fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("id-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn assertion_claims(house: &House, client_id: &str, otherwise: &Value) -> Value {
    let now = house.clock.now().seconds();
    let mut claims = json!({
        "iss": client_id, "sub": client_id, "aud": ORIGIN, "jti": unique(), "iat": now, "exp": now + 60,
    });
    with(&mut claims, otherwise);
    claims
}

/// Changes members of an object; `null` leaves one out.
pub(crate) fn with(object: &mut Value, otherwise: &Value) {
    let object = object.as_object_mut().unwrap();
    for (name, value) in otherwise.as_object().unwrap() {
        match value {
            Value::Null => object.remove(name),
            value => object.insert(name.clone(), value.clone()),
        };
    }
}

fn input(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}
