//! What an app's tokens are like: signed or sealed, for how long, and answers that are signed too.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use app::Problem;
use app::operate::ClientRefusal;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use oauth::client::{AccessTokenForm, Client, ClientAuthMethod, ClientKeys, Profile, TokenRules};
use oauth::jose::{JweAlg, JweEnc, SigningAlg};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::Reply;
use testkit::client_key::ClientKey;
use testkit::encryption_key::EncryptionKey;
use testkit::house::{House, ORIGIN, Plan};
use testkit::people::{App, claims, jane, template, userinfo};
use testkit::publisher::Publisher;
use testkit::stories;

fn with(tokens: TokenRules) -> Client {
    Client { first_party: true, tokens, ..template("shop", ClientAuthMethod::SecretBasic) }
}

fn opaque() -> TokenRules {
    TokenRules { access_token: AccessTokenForm::Opaque, ..TokenRules::default() }
}

fn encrypted() -> TokenRules {
    TokenRules {
        id_token_encrypted_response_alg: Some(JweAlg::EcdhEs),
        id_token_encrypted_response_enc: Some(JweEnc::A256Gcm),
        userinfo_encrypted_response_alg: Some(JweAlg::EcdhEs),
        userinfo_encrypted_response_enc: Some(JweEnc::A256Gcm),
        ..TokenRules::default()
    }
}

async fn api(house: &House) -> App {
    App::add(house, Client { resource_server: true, ..template("api", ClientAuthMethod::SecretBasic) }).await
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

fn header(jwt: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').next().unwrap()).unwrap()).unwrap()
}

async fn evidence(house: &House, api: &App, token: &str, accept: &str) -> Reply {
    let credentials = STANDARD.encode(format!("{}:{}", api.client_id, api.secret.as_ref().unwrap()));
    let request = TestRequest::post().uri("/oauth/introspect").set_form([("token", token)]);
    let request = request.insert_header(("authorization", format!("Basic {credentials}")));
    house.call(request.insert_header(("accept", accept))).await
}

stories! {
    async fn an_opaque_token_says_nothing_to_others_and_works_like_any(house: House) {
        let app = App::add(&house, Client { scope: "openid profile notices offline_access".parse().unwrap(), ..with(opaque()) }).await;
        let api = api(&house).await;
        let mut browser = jane(&house).await;
        let reply = browser.open(&app.request(&[("scope", "openid profile notices offline_access")])).await;
        let tokens = app.redeem(&house, &reply.parameter("code").unwrap()).await.json();
        let token = text(&tokens, "access_token");
        assert!(token.starts_with("wb_at_") && !token.contains('.'), "{token}");
        let bytes = URL_SAFE_NO_PAD.decode(&token[6..]).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("shop"), "nobody can read it");
        assert_eq!(userinfo(&house, token).await.json()["name"], "Jane Doe");
        let request = TestRequest::get().uri("/account/api/preferences");
        let reply = house.call(request.insert_header(("authorization", format!("Bearer {token}")))).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let told = api.call(&house, "/oauth/introspect", &[("token", token)]).await.json();
        assert_eq!((&told["active"], &told["client_id"], &told["iss"]), (&json!(true), &json!("shop"), &json!(ORIGIN)));
        assert_eq!(told["sub"], claims(text(&tokens, "id_token"))["sub"]);
        assert_eq!(app.call(&house, "/oauth/revoke", &[("token", token)]).await.status, StatusCode::OK);
        assert_eq!(userinfo(&house, token).await.status, StatusCode::UNAUTHORIZED);
        assert!(!app.is_active(&house, token).await);
        let next = app.refresh(&house, text(&tokens, "refresh_token")).await.json();
        assert!(app.is_active(&house, text(&next, "access_token")).await, "it ended alone");
        house.clock.advance(Duration::from_secs(300));
        assert!(!app.is_active(&house, text(&next, "access_token")).await, "in time");
    }

    /// CVE-2026-27840.
    async fn a_changed_opaque_token_is_worth_nothing(house: House) {
        let app = App::add(&house, with(opaque())).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        let token = text(&tokens, "access_token");
        for at in (0..token.len()).step_by(37) {
            let mut bytes = token.to_owned().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(userinfo(&house, &changed).await.status, StatusCode::UNAUTHORIZED, "byte {at}");
            assert!(!app.is_active(&house, &changed).await, "byte {at}");
        }
        let other = House::open(testkit::house::Db::Sqlite).await;
        App::add(&other, with(opaque())).await;
        assert_eq!(userinfo(&other, token).await.status, StatusCode::UNAUTHORIZED, "another installation");
    }

    /// Nor is a signed one, at the very node that has just signed it.
    async fn a_changed_signed_token_is_worth_nothing(house: House) {
        let app = App::add(&house, with(TokenRules::default())).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        let token = text(&tokens, "access_token");
        for at in (0..token.len()).step_by(53).chain([token.len() - 2]) {
            let mut bytes = token.to_owned().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(userinfo(&house, &changed).await.status, StatusCode::UNAUTHORIZED, "byte {at}");
            assert!(!app.is_active(&house, &changed).await, "byte {at}");
        }
        assert_eq!(userinfo(&house, token).await.status, StatusCode::OK);
        let other = House::open(testkit::house::Db::Sqlite).await;
        App::add(&other, with(TokenRules::default())).await;
        assert_eq!(userinfo(&other, token).await.status, StatusCode::UNAUTHORIZED, "another installation");
    }

    async fn an_app_that_changes_the_form_of_its_tokens_can_use_up_the_old_ones(house: House) {
        let app = App::add(&house, with(TokenRules::default())).await;
        let mut browser = jane(&house).await;
        let before = app.tokens(&house, &mut browser).await;
        let client = house.here().client("shop").await.unwrap().unwrap();
        house.here().save_client(Client { tokens: opaque(), ..client }).await.unwrap_or_else(|e| panic!("{e:?}"));
        let after = app.refresh(&house, text(&before, "refresh_token")).await.json();
        assert!(text(&after, "access_token").starts_with("wb_at_"));
        for tokens in [&before, &after] {
            assert_eq!(userinfo(&house, text(tokens, "access_token")).await.status, StatusCode::OK);
        }
    }

    async fn an_app_has_lifetimes_of_its_own(house: House) {
        let tokens = TokenRules { id_token_lifetime: Duration::from_secs(120), ..TokenRules::default() };
        let client = Client {
            access_token_lifetime: Duration::from_secs(60),
            refresh_token_lifetime: Duration::from_secs(3_600),
            ..with(tokens)
        };
        let app = App::add(&house, client).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        assert_eq!(tokens["expires_in"], 60);
        for (name, seconds) in [("access_token", 60), ("id_token", 120)] {
            let claims = claims(text(&tokens, name));
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), seconds, "{name}");
        }
        house.clock.advance(Duration::from_secs(60));
        assert_eq!(userinfo(&house, text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
        house.clock.advance(Duration::from_secs(3_540));
        let reply = app.refresh(&house, text(&tokens, "refresh_token")).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    }

    /// RFC 9068 §2.1.
    async fn an_api_whose_library_knows_nothing_newer_gets_access_tokens_with_rs256(house: House) {
        let rules = TokenRules { access_token_alg: Some(SigningAlg::RS256), ..TokenRules::default() };
        let app = App::add(&house, with(rules)).await;
        let first = app.tokens(&house, &mut jane(&house).await).await;
        let second = app.refresh(&house, text(&first, "refresh_token")).await.json();
        let jwks = house.call(TestRequest::get().uri("/oauth/jwks")).await.json();
        for tokens in [&first, &second] {
            let token = text(tokens, "access_token");
            let header = header(token);
            assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("at+jwt")));
            assert!(jwks["keys"].as_array().unwrap().iter().any(|key| key["kid"] == header["kid"] && key["kty"] == "RSA"));
            assert_eq!(self::header(text(tokens, "id_token"))["alg"], "ES256", "ID tokens have a setting of their own");
            assert_eq!(userinfo(&house, token).await.json()["name"], "Jane Doe");
            assert!(app.is_active(&house, token).await);
        }
        let keys = ClientKeys { jwks: Some(ClientKey::new("k").jwks()), jwks_uri: None };
        let bank = Client { profile: Profile::Fapi2, keys, ..template("bank", ClientAuthMethod::PrivateKeyJwt) };
        assert_eq!(bank.validate(), Ok(()));
        let rules = TokenRules { access_token_alg: Some(SigningAlg::RS256), ..TokenRules::default() };
        let refused = Client { tokens: rules, ..bank }.validate().unwrap_err();
        assert_eq!(refused.field, "access_token_alg", "FAPI 2.0 does not allow it");
    }

    /// OpenID Connect Core §5.3.2.
    async fn userinfo_is_signed_for_an_app_that_registered_so(house: House) {
        let tokens = TokenRules { userinfo_signed_response_alg: Some(SigningAlg::EdDSA), ..TokenRules::default() };
        let app = App::add(&house, with(tokens)).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        let reply = userinfo(&house, text(&tokens, "access_token")).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/jwt"));
        let told = claims(&reply.body);
        assert_eq!((&told["iss"], &told["aud"], &told["name"]), (&json!(ORIGIN), &json!("shop"), &json!("Jane Doe")));
        assert_eq!(told["sub"], claims(text(&tokens, "id_token"))["sub"]);
        let header = header(&reply.body);
        assert_eq!(header["alg"], "EdDSA");
        let jwks = house.call(TestRequest::get().uri("/oauth/jwks")).await.json();
        assert!(jwks["keys"].as_array().unwrap().iter().any(|key| key["kid"] == header["kid"] && key["alg"] == "EdDSA"));
        let hint = app.request(&[("prompt", "none"), ("id_token_hint", &reply.body)]);
        let answer = browser.open(&hint).await;
        assert!(answer.parameter("code").is_none(), "it is no ID token");
        let refused = userinfo(&house, "x").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.header("content-type").starts_with("application/json"));
    }

    /// RFC 9701 §4 and §5.
    async fn an_api_gets_evidence_when_it_asks_for_it(house: House) {
        let app = App::add(&house, with(TokenRules::default())).await;
        let api = api(&house).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        let token = text(&tokens, "access_token");
        const JWT: &str = "application/token-introspection+jwt";
        for accept in [JWT, "application/json;q=0.5, application/token-introspection+jwt"] {
            let reply = evidence(&house, &api, token, accept).await;
            assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, JWT));
            assert_eq!((&header(&reply.body)["typ"], &header(&reply.body)["alg"]), (&json!("token-introspection+jwt"), &json!("RS256")));
            let told = claims(&reply.body);
            assert_eq!((&told["iss"], &told["aud"]), (&json!(ORIGIN), &json!("api")));
            assert_eq!(told["token_introspection"]["active"], true);
            assert_eq!(told["token_introspection"]["client_id"], "shop");
            assert!(told.get("sub").is_none() && told.get("exp").is_none(), "it is no token itself");
        }
        let reply = evidence(&house, &api, token, "application/json").await;
        assert_eq!(reply.json()["active"], true);
        // CVE-2026-18208: what is worth nothing tells nothing, in either form.
        for worthless in ["x", text(&tokens, "id_token"), text(&tokens, "refresh_token")] {
            let reply = evidence(&house, &api, worthless, JWT).await;
            assert_eq!(claims(&reply.body)["token_introspection"], json!({ "active": false }));
        }
        let answer = evidence(&house, &api, token, JWT).await.body;
        assert_eq!(userinfo(&house, &answer).await.status, StatusCode::UNAUTHORIZED, "nor is it an access token");
        let client = house.here().client("api").await.unwrap().unwrap();
        let tokens = TokenRules { introspection_signed_response_alg: Some(SigningAlg::ES256), ..TokenRules::default() };
        house.here().save_client(Client { tokens, ..client }).await.unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(header(&evidence(&house, &api, token, JWT).await.body)["alg"], "ES256");
    }

    /// OpenID Connect Core §10.2, RFC 7516: signed first, then encrypted.
    async fn id_tokens_are_encrypted_to_an_app_that_registers_a_key(house: House) {
        let (key, other) = (EncryptionKey::new("e1"), ClientKey::new("s1"));
        let rules = encrypted();
        let keys = ClientKeys { jwks: Some(json!({ "keys": [other.jwk(), key.jwk()] })), jwks_uri: None };
        let app = App::add(&house, Client { keys, ..with(rules) }).await;
        let mut browser = jane(&house).await;
        let first = app.tokens(&house, &mut browser).await;
        let second = app.refresh(&house, text(&first, "refresh_token")).await.json();
        for tokens in [&first, &second] {
            let (header, jwt) = key.read(text(tokens, "id_token"));
            assert_eq!(header["cty"], "JWT");
            let told = claims(&jwt);
            assert_eq!((&told["iss"], &told["aud"]), (&json!(ORIGIN), &json!("shop")));
            assert!(told["at_hash"].is_string());
        }
        let reply = userinfo(&house, text(&second, "access_token")).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/jwt"));
        let (header, content) = key.read(&reply.body);
        assert!(header.get("cty").is_none(), "not signed: the claims themselves");
        assert_eq!(serde_json::from_str::<Value>(&content).unwrap()["name"], "Jane Doe");
        let client = house.here().client("shop").await.unwrap().unwrap();
        let tokens = TokenRules { userinfo_signed_response_alg: Some(SigningAlg::ES256), ..encrypted() };
        house.here().save_client(Client { tokens, ..client }).await.unwrap_or_else(|e| panic!("{e:?}"));
        let (header, jwt) = key.read(&userinfo(&house, text(&second, "access_token")).await.body);
        assert_eq!((&header["cty"], &claims(&jwt)["name"]), (&json!("JWT"), &json!("Jane Doe")));
    }

    async fn without_a_key_that_fits_nothing_is_registered(house: House) {
        let (key, signs) = (EncryptionKey::new("e1"), ClientKey::new("s1"));
        let only = |jwk: Value| ClientKeys { jwks: Some(json!({ "keys": [jwk] })), jwks_uri: None };
        let rsa = TokenRules { id_token_encrypted_response_alg: Some(JweAlg::RsaOaep256), ..TokenRules::default() };
        let enc_alone = TokenRules { id_token_encrypted_response_enc: Some(JweEnc::A256Gcm), ..TokenRules::default() };
        for (keys, tokens, field) in [
            (ClientKeys::default(), encrypted(), "id_token_encrypted_response_alg"),
            (only(signs.jwk()), encrypted(), "id_token_encrypted_response_alg"),
            (only(key.jwk()), rsa, "id_token_encrypted_response_alg"),
            (only(key.jwk()), enc_alone, "id_token_encrypted_response_enc"),
        ] {
            match house.here().add_client(Client { keys, ..with(tokens) }).await {
                Err(Problem::Refusal(ClientRefusal::Invalid(why))) => assert!(why.starts_with(field), "{why}"),
                other => panic!("{field}: {:?}", other.map(|_| ())),
            }
        }
    }
}

stories! {
    /// What an app publishes is fetched; and where it publishes no key that fits, no token goes out in the clear.
    async fn a_published_key_is_encrypted_to_or_nothing_goes_out(db: Db) {
        let key = EncryptionKey::new("e1");
        let publisher = Publisher::start(&json!({ "keys": [key.jwk()] })).await;
        let mut plan = Plan::default();
        plan.outbound.trusted_origins.push(publisher.origin().parse().unwrap());
        let house = House::build(db, plan).await;
        let keys = ClientKeys { jwks: None, jwks_uri: Some(publisher.address()) };
        let app = App::add(&house, Client { keys, ..with(encrypted()) }).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        key.read(text(&tokens, "id_token"));
        publisher.publishes(&json!({ "keys": [ClientKey::new("s1").jwk()] }));
        house.clock.advance(Duration::from_secs(61));
        let reply = app.refresh(&house, text(&tokens, "refresh_token")).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
        publisher.publishes(&json!({ "keys": [key.jwk()] }));
        house.clock.advance(Duration::from_secs(61));
        let again = app.refresh(&house, text(&tokens, "refresh_token")).await.json();
        key.read(text(&again, "id_token"));
    }
}
