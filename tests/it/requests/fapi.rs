//! FAPI 2.0 Security Profile by one word in a client's settings.

use actix_web::http::StatusCode;
use oauth::client::{Client, ClientAuthMethod, ClientKeys, Profile};
use oauth::jose::SigningAlg;
use serde_json::json;
use testkit::client_key::{ClientKey, call_with};
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
        let tokens = key.call(&house, "shop", "/oauth/token", &form).await.json();
        let refresh = tokens["refresh_token"].as_str().unwrap();
        for _ in 0..3 {
            let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
            let again = key.call(&house, "shop", "/oauth/token", &form).await.json();
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
        let right = key.call(&house, "shop", "/oauth/token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(right.status, StatusCode::OK);
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
