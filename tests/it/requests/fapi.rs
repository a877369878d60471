//! FAPI 2.0 Security Profile by one word in a client's settings.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use oauth::client::{Client, ClientAuthMethod, ClientKeys, Profile};
use oauth::jose::SigningAlg;
use serde_json::json;
use testkit::browser::Reply;
use testkit::client_key::{ASSERTION_TYPE, ClientKey, call_with};
use testkit::house::House;
use testkit::people::{App, CALLBACK, VERIFIER, jane, template};
use testkit::stories;

fn described(key: &ClientKey) -> Client {
    let mut client = template("shop", ClientAuthMethod::PrivateKeyJwt);
    client.first_party = true;
    client.profile = Profile::Fapi2;
    client.keys = ClientKeys { jwks: Some(key.jwks()), jwks_uri: None };
    client
}

/// Asks for tokens as a client that proves itself, and holds the key that they are bound to.
async fn ask(house: &House, key: &ClientKey, form: &[(&str, &str)]) -> Reply {
    let assertion = key.assertion(house, "shop", &json!({}));
    let own = [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion.as_str())];
    let form: Vec<_> = own.into_iter().chain(form.iter().copied()).collect();
    let proof = key.proof(house, ("POST", "/oauth/token"), &json!({}));
    let request = TestRequest::with_uri("/oauth/token").method(Method::POST).set_form(&form);
    house.call(request.insert_header(("dpop", proof))).await
}

/// The code of a request that was pushed as FAPI 2.0 wants it.
async fn code(house: &House, key: &ClientKey, app: &App) -> String {
    let usual = app.request(&[]);
    let query = usual.split_once('?').unwrap().1.to_owned();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let form: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = key.call(house, "shop", "/oauth/par", &form).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
    let name = pushed.json()["request_uri"].as_str().unwrap().to_owned();
    let reply = jane(house).await.open(&format!("/oauth/authorize?client_id=shop&request_uri={name}")).await;
    reply.parameter("code").unwrap()
}

stories! {
    async fn a_refresh_token_stays_the_same_where_the_app_proves_itself_by_a_key(house: House) {
        let key = ClientKey::new("k1");
        let app = App::add(&house, described(&key)).await;
        let code = code(&house, &key, &app).await;
        let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        let tokens = ask(&house, &key, &form).await.json();
        assert_eq!(tokens["token_type"], "DPoP");
        let refresh = tokens["refresh_token"].as_str().unwrap();
        for _ in 0..3 {
            let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
            let again = ask(&house, &key, &form).await.json();
            assert_eq!(again["refresh_token"], refresh);
            assert_ne!(again["access_token"], tokens["access_token"]);
        }
    }

    async fn a_request_that_is_not_pushed_gets_nowhere(house: House) {
        let key = ClientKey::new("k1");
        let app = App::add(&house, described(&key)).await;
        let reply = jane(&house).await.open(&app.request(&[])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("invalid_request"));
    }

    /// FAPI 2.0 Security Profile §5.3.2.1: the audience is the issuer, as one text.
    async fn a_proof_for_an_endpoint_is_no_proof(house: House) {
        let key = ClientKey::new("k1");
        App::add(&house, described(&key)).await;
        for audience in [json!("https://id.acme.test/oauth/token"), json!(["https://id.acme.test"])] {
            let assertion = key.assertion(&house, "shop", &json!({ "aud": audience }));
            let reply = call_with(&house, "/oauth/token", &assertion, &[("grant_type", "client_credentials")]).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{audience}");
        }
        assert_eq!(ask(&house, &key, &[("grant_type", "client_credentials")]).await.status, StatusCode::OK);
    }

    /// FAPI 2.0 Security Profile §5.3.2.1: no token that works for whoever has it.
    async fn there_are_no_bearer_tokens(house: House) {
        let key = ClientKey::new("k1");
        App::add(&house, described(&key)).await;
        let reply = key.call(&house, "shop", "/oauth/token", &[("grant_type", "client_credentials")]).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_dpop_proof")));
    }

    async fn a_shared_secret_and_old_signatures_are_refused_when_it_is_registered(house: House) {
        let key = ClientKey::new("k1");
        for client in [
            Client { auth_method: ClientAuthMethod::SecretBasic, keys: ClientKeys::default(), ..described(&key) },
            Client { id_token_alg: SigningAlg::RS256, ..described(&key) },
        ] {
            assert!(house.here().add_client(client).await.is_err());
        }
    }
}
