//! Signed authorization requests (RFC 9101).

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth::client::{ClientAuthMethod, ClientKeys, RequestRules};
use serde_json::{Value, json};
use testkit::client_key::ClientKey;
use testkit::house::House;
use testkit::people::{App, CALLBACK, VERIFIER, jane, template};
use testkit::stories;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn app(house: &House, key: &ClientKey) -> App {
    let mut client = template("shop", ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.keys = ClientKeys { jwks: Some(key.jwks()), jwks_uri: None };
    client.requests = RequestRules { require_signed: true, ..RequestRules::default() };
    App::add(house, client).await
}

fn object(key: &ClientKey) -> String {
    signed(key, &json!({}))
}

/// A request object with more claims.
fn signed(key: &ClientKey, more: &Value) -> String {
    let mut claims = json!({
        "iss": "shop", "aud": "https://id.acme.test", "client_id": "shop", "response_type": "code",
        "redirect_uri": CALLBACK, "scope": "openid", "state": "signed", "max_age": 3600,
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    key.sign(&json!({ "alg": "ES256", "kid": "k1", "typ": "oauth-authz-req+jwt" }), &claims)
}

fn path(pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("/oauth/authorize?{}", query.extend_pairs(pairs).finish())
}

stories! {
    /// RFC 9101 §6.3: what stands beside the signed request does not count.
    async fn only_what_was_signed_counts(house: House) {
        let key = ClientKey::new("k1");
        app(&house, &key).await;
        let object = object(&key);
        let beside = [("client_id", "shop"), ("request", object.as_str()), ("state", "other"), ("scope", "openid email"),
            ("redirect_uri", "https://evil.example/")];
        let reply = jane(&house).await.open(&path(&beside)).await;
        assert_eq!(reply.parameter("state").as_deref(), Some("signed"));
        assert!(reply.location().starts_with(CALLBACK) && reply.parameter("code").is_some());
    }

    async fn a_signed_request_can_be_pushed(house: House) {
        let key = ClientKey::new("k1");
        let app = app(&house, &key).await;
        let reply = app.call(&house, "/oauth/par", &[("request", &object(&key))]).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        let name: Value = reply.json()["request_uri"].clone();
        let reply = jane(&house).await.open(&path(&[("client_id", "shop"), ("request_uri", name.as_str().unwrap())])).await;
        assert_eq!(reply.parameter("state").as_deref(), Some("signed"));
    }

    /// RFC 9449 §10.1: the proof stands beside the signed request, in no parameter, and counts all the same.
    async fn a_signed_request_that_is_pushed_with_a_proof_binds_its_code_to_that_key(house: House) {
        let (key, thief) = (ClientKey::new("k1"), ClientKey::new("t1"));
        let app = app(&house, &key).await;
        let call = async |path: &'static str, form: &[(&str, &str)], proof: &ClientKey| {
            let secret = STANDARD.encode(format!("shop:{}", app.secret.as_deref().unwrap()));
            let request = TestRequest::post().uri(path).set_form(form).insert_header(("authorization", format!("Basic {secret}")));
            house.call(request.insert_header(("dpop", proof.proof(&house, ("POST", path), &json!({}))))).await
        };
        let pushed = async |object: &str| call("/oauth/par", &[("request", object)], &key).await;
        let other = signed(&key, &json!({ "dpop_jkt": thief.thumbprint() }));
        assert_eq!(pushed(&other).await.json()["error"], "invalid_dpop_proof", "the request names another key");

        let name = pushed(&object(&key)).await.json()["request_uri"].as_str().unwrap().to_owned();
        let code = jane(&house).await.open(&path(&[("client_id", "shop"), ("request_uri", &name)])).await.parameter("code").unwrap();
        let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        assert_eq!(call("/oauth/token", &form, &thief).await.json()["error"], "invalid_grant");
        assert_eq!(call("/oauth/token", &form, &key).await.json()["token_type"], "DPoP");
    }

    async fn an_app_that_has_to_sign_gets_nowhere_without_its_own_key(house: House) {
        let (key, other) = (ClientKey::new("k1"), ClientKey::new("k1"));
        let app = app(&house, &key).await;
        let mut browser = jane(&house).await;
        let reply = browser.open(&app.request(&[])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("invalid_request"));
        let page = browser.open(&path(&[("client_id", "shop"), ("request", &object(&other))])).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        page.says("invalid_request_object");
        let reply = app.call(&house, "/oauth/par", &[("request", &object(&other))]).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_request_object")));
    }

    async fn an_app_without_keys_is_told_that_its_request_can_not_be_read(house: House) {
        let app = App::first_party(&house).await;
        let reply = jane(&house).await.open(&app.request(&[("request", "e30.e30.")])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("request_not_supported"));
    }
}
