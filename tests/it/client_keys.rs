//! Apps that prove themselves by a signature: with a key of their own, or under their secret.

use actix_web::http::StatusCode;
use app::Problem;
use app::operate::ClientRefusal;
use oauth::client::{Client, ClientAuthMethod, ClientKeys};
use oauth::jose::JwsAlg;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::client_key::{ClientKey, assertion_under, call_with};
use testkit::house::{Db, House, ORIGIN, Plan};
use testkit::people::{App, CALLBACK, VERIFIER, jane, template};
use testkit::publisher::Publisher;
use testkit::stories;

const SELF: [(&str, &str); 1] = [("grant_type", "client_credentials")];

fn described(keys: ClientKeys) -> Client {
    Client { keys, first_party: true, ..template("shop", ClientAuthMethod::PrivateKeyJwt) }
}

async fn with_key(house: &House, key: &ClientKey) -> App {
    let app = App::add(house, described(ClientKeys { jwks: Some(key.jwks()), jwks_uri: None })).await;
    assert_eq!(app.secret, None, "there is nothing to keep secret");
    app
}

async fn with_published_keys(db: Db, publisher: &Publisher) -> House {
    let mut plan = Plan::default();
    plan.outbound.trusted_origins.push(publisher.origin().parse().unwrap());
    let house = House::build(db, plan).await;
    App::add(&house, described(ClientKeys { jwks: None, jwks_uri: Some(publisher.address()) })).await;
    house
}

async fn refused(house: &House, assertion: &str) -> String {
    let reply = call_with(house, "/oauth/token", assertion, &SELF).await;
    assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    reply.json()["error_description"].as_str().unwrap().to_owned()
}

stories! {
    /// RFC 7523 §2.2, OpenID Connect Core §9.
    async fn an_app_with_a_key_gets_refreshes_asks_about_and_ends_its_tokens(house: House) {
        let key = ClientKey::new("k1");
        let app = with_key(&house, &key).await;
        let code = app.code(&mut jane(&house).await).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_id", "shop"),
        ];
        let first = key.call(&house, "shop", "/oauth/token", &form).await.json();
        let form = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
        let second = key.call(&house, "shop", "/oauth/token", &form).await.json();
        let token = [("token", second["access_token"].as_str().unwrap())];
        assert_eq!(key.call(&house, "shop", "/oauth/introspect", &token).await.json()["active"], true);
        assert_eq!(key.call(&house, "shop", "/oauth/revoke", &token).await.status, StatusCode::OK);
        assert_eq!(key.call(&house, "shop", "/oauth/introspect", &token).await.json()["active"], false);
    }

    async fn an_app_signs_under_its_secret_and_never_sends_it(house: House) {
        let app = App::add(&house, template("shop", ClientAuthMethod::SecretJwt)).await;
        let secret = app.secret.clone().unwrap();
        let assertion = assertion_under(&secret, &house, "shop", &json!({}));
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &SELF).await.status, StatusCode::OK);
        let stored = house.here().client("shop").await.unwrap().unwrap();
        assert!(!serde_json::to_string(&stored).unwrap().contains(&secret), "it is sealed");
        assert_eq!(app.call(&house, "/oauth/token", &SELF).await.status, StatusCode::UNAUTHORIZED);
        let guessed = assertion_under(&format!("{secret}x"), &house, "shop", &json!({}));
        refused(&house, &guessed).await;
    }

    /// RFC 7523 §3 item 7; CVE-2025-2559.
    async fn an_assertion_is_good_for_one_request(house: House) {
        let key = ClientKey::new("k1");
        with_key(&house, &key).await;
        let assertion = key.assertion(&house, "shop", &json!({}));
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &SELF).await.status, StatusCode::OK);
        assert!(refused(&house, &assertion).await.contains("used before"));
        let token = [("token", "x")];
        assert_eq!(call_with(&house, "/oauth/introspect", &assertion, &token).await.status, StatusCode::UNAUTHORIZED);
        house.clock.advance(Duration::from_secs(59));
        assert!(refused(&house, &assertion).await.contains("used before"));
        house.clock.advance(Duration::from_secs(1));
        assert!(refused(&house, &assertion).await.contains("exp"));
    }

    async fn of_twenty_requests_at_once_with_one_assertion_one_gets_a_token(house: House) {
        let key = ClientKey::new("k1");
        with_key(&house, &key).await;
        let assertion = key.assertion(&house, "shop", &json!({}));
        let all = (0..20).map(|_| call_with(&house, "/oauth/token", &assertion, &SELF));
        let replies = futures_util::future::join_all(all).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == StatusCode::OK).count(), 1);
        assert_eq!(replies.iter().filter(|reply| reply.status == StatusCode::UNAUTHORIZED).count(), 19);
    }

    async fn who_holds_the_key_is_told_what_is_wrong_with_an_assertion(house: House) {
        let key = ClientKey::new("k1");
        with_key(&house, &key).await;
        let now = house.clock.now().seconds();
        for (otherwise, word) in [
            (json!({"aud": "https://evil.example"}), "aud"),
            (json!({"aud": null}), "aud"),
            (json!({"iss": "other"}), "iss and sub"),
            (json!({"exp": now - 1}), "exp"),
            (json!({"exp": null}), "exp"),
            (json!({"exp": now + 48 * 3600}), "too long"),
            (json!({"iat": now + 60}), "future"),
            (json!({"nbf": now + 60}), "future"),
            (json!({"jti": null}), "jti"),
        ] {
            let told = refused(&house, &key.assertion(&house, "shop", &otherwise)).await;
            assert!(told.contains(word), "{otherwise}: {told}");
        }
        for fine in [
            json!({"iat": now + 8, "nbf": now + 8}),
            json!({"aud": [ORIGIN]}),
            json!({"aud": format!("{ORIGIN}/oauth/token")}),
        ] {
            let assertion = key.assertion(&house, "shop", &fine);
            assert_eq!(call_with(&house, "/oauth/token", &assertion, &SELF).await.status, StatusCode::OK, "{fine}");
        }
    }

    /// CVE-2026-11800; RFC 8725.
    async fn who_does_not_hold_the_key_gets_one_sentence_for_everything(house: House) {
        let (key, stranger) = (ClientKey::new("k1"), ClientKey::new("k1"));
        with_key(&house, &key).await;
        let claims = |id: &str| {
            let now = house.clock.now().seconds();
            json!({"iss": id, "sub": id, "aud": ORIGIN, "jti": "j", "exp": now + 60})
        };
        let unsigned = key.sign(&json!({"alg": "none"}), &claims("shop"));
        let sentence = refused(&house, &key.assertion(&house, "nobody", &json!({}))).await;
        for assertion in [
            stranger.assertion(&house, "shop", &json!({})),
            stranger.sign(&json!({"alg": "ES256", "kid": "k1", "jwk": stranger.jwk()}), &claims("shop")),
            stranger.sign(&json!({"alg": "ES256", "jku": "https://evil.example/jwks"}), &claims("shop")),
            assertion_under(&key.jwk().to_string(), &house, "shop", &json!({})),
            format!("{}.", unsigned.rsplit_once('.').unwrap().0),
            key.sign(&json!({"alg": "ES256", "kid": "k1", "crit": ["exp"]}), &claims("shop")),
            key.sign(&json!({"alg": "ES256", "kid": "k1", "typ": "oauth-authz-req+jwt"}), &claims("shop")),
        ] {
            assert_eq!(refused(&house, &assertion).await, sentence, "{assertion}");
        }
        let mut client = house.here().client("shop").await.unwrap().unwrap();
        client.disabled_at = Some(house.clock.now());
        house.here().save_client(client).await.map_err(|e| format!("{e:?}")).map(|_| ()).unwrap();
        assert_eq!(refused(&house, &key.assertion(&house, "shop", &json!({}))).await, sentence);
    }

    async fn the_ways_are_not_interchangeable_and_never_two_at_once(house: House) {
        let key = ClientKey::new("k1");
        with_key(&house, &key).await;
        let old = App::add(&house, template("old", ClientAuthMethod::SecretBasic)).await;
        let secret = old.secret.clone().unwrap();
        refused(&house, &assertion_under(&secret, &house, "old", &json!({}))).await;
        refused(&house, &key.assertion(&house, "old", &json!({}))).await;
        let posing = App { client_id: "shop".into(), secret: Some(secret.clone()) };
        assert_eq!(posing.call(&house, "/oauth/token", &SELF).await.json()["error"], "invalid_client");
        let bare = App { client_id: "shop".into(), secret: None };
        let reply = bare.call(&house, "/oauth/token", &[SELF[0], ("client_id", "shop")]).await;
        assert_eq!(reply.json()["error"], "invalid_client");
        let assertion = key.assertion(&house, "shop", &json!({}));
        let both = [SELF[0], ("client_secret", secret.as_str())];
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &both).await.json()["error"], "invalid_request");
        let other = [SELF[0], ("client_id", "old")];
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &other).await.json()["error"], "invalid_client");
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &SELF).await.status, StatusCode::OK);
    }

    async fn an_app_may_settle_on_one_algorithm(house: House) {
        let key = ClientKey::new("k1");
        let keys = ClientKeys { jwks: Some(key.jwks()), jwks_uri: None };
        let mut client = described(keys);
        client.proof.assertion_alg = Some(JwsAlg::EdDSA);
        App::add(&house, client).await;
        refused(&house, &key.assertion(&house, "shop", &json!({}))).await;
    }

    async fn what_can_not_be_a_client_s_keys_is_not_registered(house: House) {
        let key = ClientKey::new("k1");
        let mut private = key.jwk();
        private["d"] = json!("x");
        let by_value = |set: Value| ClientKeys { jwks: Some(set), jwks_uri: None };
        let by_address = |uri: &str| ClientKeys { jwks: None, jwks_uri: Some(uri.to_owned()) };
        for (keys, word) in [
            (ClientKeys::default(), "jwks"),
            (by_value(json!({"keys": []})), "jwks"),
            (by_value(json!({"keys": [private]})), "private key"),
            (by_value(json!({"keys": "x"})), "JWK set"),
            (ClientKeys { jwks: Some(key.jwks()), jwks_uri: Some("https://shop.acme.test/jwks".into()) }, "not both"),
            (by_address("http://shop.acme.test/jwks"), "https"),
            (by_address("https://user@shop.acme.test/jwks"), "jwks_uri"),
            (by_address("https://127.0.0.1/jwks"), "public address"),
            (by_address("https://[::ffff:10.0.0.1]/jwks"), "public address"),
            (by_address("file:///etc/passwd"), "jwks_uri"),
        ] {
            match house.here().add_client(described(keys.clone())).await {
                Err(Problem::Refusal(ClientRefusal::Invalid(why))) => assert!(why.contains(word), "{keys:?}: {why}"),
                other => panic!("{keys:?}: {:?}", other.map(|_| ())),
            }
        }
    }

    async fn a_client_that_changes_its_way_gets_a_new_secret_or_none(house: House) {
        let app = App::ordinary(&house).await;
        let key = ClientKey::new("k1");
        let client = house.here().client("shop").await.unwrap().unwrap();
        let keys = ClientKeys { jwks: Some(key.jwks()), jwks_uri: None };
        let saved = house.here().save_client(Client { auth_method: ClientAuthMethod::PrivateKeyJwt, keys, ..client }).await;
        assert!(saved.unwrap_or_else(|e| panic!("{e:?}")).secret.is_none());
        assert_eq!(key.call(&house, "shop", "/oauth/token", &SELF).await.status, StatusCode::OK);
        assert_eq!(app.call(&house, "/oauth/token", &SELF).await.status, StatusCode::UNAUTHORIZED);
        let client = house.here().client("shop").await.unwrap().unwrap();
        let saved = house.here().save_client(Client { auth_method: ClientAuthMethod::SecretBasic, ..client }).await;
        let secret = saved.unwrap_or_else(|e| panic!("{e:?}")).secret.unwrap().reveal();
        assert_ne!(Some(&secret), app.secret.as_ref());
        let again = App { client_id: "shop".into(), secret: Some(secret) };
        assert_eq!(again.call(&house, "/oauth/token", &SELF).await.status, StatusCode::OK);
        refused(&house, &key.assertion(&house, "shop", &json!({}))).await;
    }
}

stories! {
    /// Cached for a minute at most, and fetched again for a key that is not there.
    async fn published_keys_are_kept_for_a_minute_and_fetched_again_for_an_unknown_one(db: Db) {
        let (old, new) = (ClientKey::new("old"), ClientKey::new("new"));
        let publisher = Publisher::start(&old.jwks()).await;
        let house = with_published_keys(db, &publisher).await;
        let ok = async |key: &ClientKey| key.call(&house, "shop", "/oauth/token", &SELF).await.status == StatusCode::OK;
        assert!(ok(&old).await && ok(&old).await);
        assert_eq!(publisher.asked(), 1);
        publisher.publishes(&json!({"keys": [old.jwk(), new.jwk()]}));
        house.clock.advance(Duration::from_secs(10));
        assert!(ok(&new).await && ok(&old).await);
        assert_eq!(publisher.asked(), 2);
        publisher.publishes(&new.jwks());
        house.clock.advance(Duration::from_secs(59));
        assert!(ok(&old).await, "it was there a minute ago");
        house.clock.advance(Duration::from_secs(1));
        assert!(!ok(&old).await && ok(&new).await, "a withdrawn key is worth nothing");
    }

    async fn strangers_can_not_make_us_ask_again_and_again(db: Db) {
        let key = ClientKey::new("k1");
        let publisher = Publisher::start(&key.jwks()).await;
        let house = with_published_keys(db, &publisher).await;
        let stranger = ClientKey::new("stranger");
        for _ in 0..10 {
            refused(&house, &stranger.assertion(&house, "shop", &json!({}))).await;
        }
        assert_eq!(publisher.asked(), 1);
        house.clock.advance(Duration::from_secs(5));
        let all = (0..10).map(|_| stranger.call(&house, "shop", "/oauth/token", &SELF));
        futures_util::future::join_all(all).await;
        assert_eq!(publisher.asked(), 2);
        assert_eq!(key.call(&house, "shop", "/oauth/token", &SELF).await.status, StatusCode::OK);
    }

    async fn keys_that_can_not_be_fetched_let_nobody_in_and_say_so(db: Db) {
        let (key, canary) = (ClientKey::new("k1"), Publisher::start(&json!({})).await);
        let publisher = Publisher::start(&key.jwks()).await;
        let house = with_published_keys(db, &publisher).await;
        let big = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(70_000));
        let location = format!("location: {}\r\n", canary.address());
        for (status, headers, body) in [
            ("500 Oops", "", "{}"),
            ("404 Not Found", "", "{}"),
            ("302 Found", location.as_str(), ""),
            ("200 OK", "", "<html>"),
            ("200 OK", "", big.as_str()),
        ] {
            publisher.answers(status, headers, body);
            house.clock.advance(Duration::from_secs(61));
            let told = refused(&house, &key.assertion(&house, "shop", &json!({}))).await;
            assert!(told.contains("jwks_uri"), "{status}: {told}");
        }
        assert_eq!(canary.asked(), 0, "a redirect is an answer, not an order");
        publisher.publishes(&key.jwks());
        house.clock.advance(Duration::from_secs(5));
        assert_eq!(key.call(&house, "shop", "/oauth/token", &SELF).await.status, StatusCode::OK);
    }
}
