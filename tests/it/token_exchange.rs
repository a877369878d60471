//! A token for a token (RFC 8693).

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth::client::{Client, ClientAuthMethod, ExchangeRules, GrantType};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{Browser, Reply, refused};
use testkit::client_key::ClientKey;
use testkit::house::House;
use testkit::people::{App, claims, jane, template, userinfo};
use testkit::stories;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const BACKEND: &str = "https://backend.acme.test/";

/// An API that calls another one for people who are signed in to the shop.
fn api(rules: ExchangeRules) -> Client {
    let mut client = template("orders-api", ClientAuthMethod::SecretBasic);
    client.name = "Orders".to_owned();
    client.scope = "openid profile orders:read".parse().unwrap();
    client.grant_types = Some([GrantType::TokenExchange, GrantType::ClientCredentials].into());
    client.requests.resources = vec![BACKEND.to_owned()];
    client.exchange = rules;
    client
}

fn from_shop() -> ExchangeRules {
    ExchangeRules { from: vec!["shop".to_owned()], ..ExchangeRules::default() }
}

fn shop_client() -> Client {
    let mut client = template("shop", ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.scope = "openid profile email offline_access orders:read".parse().unwrap();
    client
}

async fn tokens(house: &House, shop: &App, browser: &mut Browser) -> Value {
    let reply = browser.open(&shop.request(&[("scope", "openid profile email offline_access orders:read")])).await;
    let reply = shop.redeem(house, &reply.parameter("code").unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

async fn exchange(house: &House, app: &App, token: &str, more: &[(&str, &str)]) -> Reply {
    let mut form = vec![("grant_type", GRANT), ("subject_token", token)];
    if more.iter().all(|(name, _)| *name != "subject_token_type") {
        form.push(("subject_token_type", ACCESS));
    }
    form.extend(more);
    app.call(house, "/oauth/token", &form).await
}

stories! {
    async fn an_api_calls_another_one_for_a_person_and_the_token_says_so(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let api = App::add(&house, api(from_shop())).await;
        let mut browser = jane(&house).await;
        let first = tokens(&house, &shop, &mut browser).await;
        let reply = exchange(&house, &api, text(&first, "access_token"), &[("resource", BACKEND), ("scope", "orders:read")]).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "no-store"), "{}", reply.body);
        let got = reply.json();
        assert_eq!((&got["issued_token_type"], &got["token_type"]), (&json!(ACCESS), &json!("Bearer")));
        assert_eq!((&got["scope"], got.get("refresh_token"), got.get("id_token")), (&json!("orders:read"), None, None));
        let said = claims(text(&got, "access_token"));
        let before = claims(text(&first, "access_token"));
        assert_eq!((&said["sub"], &said["aud"], &said["client_id"]), (&before["sub"], &json!(BACKEND), &json!("orders-api")));
        assert_eq!(said["act"], json!({ "sub": "orders-api" }));
        assert!(said["exp"].as_i64() <= before["exp"].as_i64(), "it does not outlive what it was made of");
        let told = api.call(&house, "/oauth/introspect", &[("token", text(&got, "access_token"))]).await.json();
        assert_eq!((&told["active"], &told["act"]), (&json!(true), &json!({ "sub": "orders-api" })));
        browser.open("/account/activity").await.says("Orders got access for you by way of Acme Shop");
    }

    async fn what_a_person_ends_is_over_for_every_token_that_came_of_it(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let api = App::add(&house, api(from_shop())).await;
        let mut browser = jane(&house).await;
        let first = tokens(&house, &shop, &mut browser).await;
        let got = exchange(&house, &api, text(&first, "access_token"), &[]).await.json();
        assert_eq!(userinfo(&house, text(&got, "access_token")).await.json()["name"], "Jane Doe");
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        assert_eq!(userinfo(&house, text(&got, "access_token")).await.status, StatusCode::UNAUTHORIZED);
        refused(&exchange(&house, &api, text(&first, "access_token"), &[]).await, "invalid_request");
    }

    async fn nothing_is_ever_more_than_it_was(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let api = App::add(&house, api(from_shop())).await;
        let first = tokens(&house, &shop, &mut jane(&house).await).await;
        let token = text(&first, "access_token");
        for scope in ["email", "orders:write", "offline_access"] {
            refused(&exchange(&house, &api, token, &[("scope", scope)]).await, "invalid_scope");
        }
        refused(&exchange(&house, &api, token, &[("resource", "https://other.test/")]).await, "invalid_target");
        refused(&exchange(&house, &api, token, &[("audience", "https://other.test/")]).await, "invalid_target");
        // For one API: neither back to what it was for, nor on to another.
        let narrow = exchange(&house, &api, token, &[("resource", BACKEND), ("scope", "orders:read")]).await.json();
        let narrow = text(&narrow, "access_token");
        refused(&exchange(&house, &api, narrow, &[("scope", "profile")]).await, "invalid_scope");
        assert_eq!(claims(text(&exchange(&house, &api, narrow, &[]).await.json(), "access_token"))["aud"], BACKEND);
        house.clock.advance(Duration::from_secs(200));
        let later = exchange(&house, &api, token, &[]).await.json();
        assert!(later["expires_in"].as_i64().unwrap() <= 100, "{later}");
        house.clock.advance(Duration::from_secs(101));
        refused(&exchange(&house, &api, token, &[]).await, "invalid_request");
    }

    async fn a_client_exchanges_only_what_its_settings_name(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let strange = App::add(&house, api(ExchangeRules::default())).await;
        let first = tokens(&house, &shop, &mut jane(&house).await).await;
        refused(&exchange(&house, &strange, text(&first, "access_token"), &[]).await, "invalid_request");
        refused(&exchange(&house, &shop, text(&first, "access_token"), &[]).await, "unauthorized_client");
        for token in [text(&first, "refresh_token"), "nonsense", &format!("{}x", text(&first, "access_token"))] {
            refused(&exchange(&house, &strange, token, &[]).await, "invalid_request");
        }
        refused(&exchange(&house, &strange, text(&first, "id_token"), &[]).await, "invalid_request");
        let mut public = template("spa", ClientAuthMethod::None);
        public.grant_types = Some([GrantType::TokenExchange].into());
        assert!(house.here().add_client(public).await.is_err(), "anybody could exchange in its name");
    }

    async fn may_act_leaves_one_client_to_act(house: House) {
        let mut client = shop_client();
        client.exchange.may_act = Some("orders-api".to_owned());
        let shop = App::add(&house, client).await;
        let orders = App::add(&house, api(from_shop())).await;
        let other = App::add(&house, Client { client_id: "other-api".to_owned(), ..api(from_shop()) }).await;
        let first = tokens(&house, &shop, &mut jane(&house).await).await;
        assert_eq!(claims(text(&first, "access_token"))["may_act"], json!({ "sub": "orders-api" }));
        refused(&exchange(&house, &other, text(&first, "access_token"), &[]).await, "invalid_request");
        refused(&exchange(&house, &other, text(&first, "id_token"), &[("subject_token_type", ID)]).await, "invalid_request");
        assert_eq!(exchange(&house, &orders, text(&first, "access_token"), &[]).await.status, StatusCode::OK);
    }

    async fn an_operator_may_let_a_client_appear_as_the_person(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let silent = App::add(&house, api(ExchangeRules { impersonate: true, ..from_shop() })).await;
        let mut browser = jane(&house).await;
        let first = tokens(&house, &shop, &mut browser).await;
        let got = exchange(&house, &silent, text(&first, "access_token"), &[]).await.json();
        assert_eq!(claims(text(&got, "access_token")).get("act"), None);
        browser.open("/account/activity").await.says("Orders got access for you");
    }

    async fn another_actor_proves_who_it_is_by_a_token(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let api = App::add(&house, api(from_shop())).await;
        let first = tokens(&house, &shop, &mut jane(&house).await).await;
        let own = api.call(&house, "/oauth/token", &[("grant_type", "client_credentials")]).await.json();
        let actor = [("actor_token", text(&own, "access_token")), ("actor_token_type", ACCESS)];
        let got = exchange(&house, &api, text(&first, "access_token"), &actor).await.json();
        assert_eq!(claims(text(&got, "access_token"))["act"], json!({ "sub": "orders-api" }));
        let foreign = [("actor_token", text(&first, "access_token")), ("actor_token_type", ACCESS)];
        refused(&exchange(&house, &api, text(&first, "access_token"), &foreign).await, "invalid_request");
        // A token that a client got for itself speaks of no person.
        refused(&exchange(&house, &api, text(&own, "access_token"), &[]).await, "invalid_request");
    }

    async fn an_id_token_stands_for_its_session_while_that_lasts(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let api = App::add(&house, api(from_shop())).await;
        let mut browser = jane(&house).await;
        let first = tokens(&house, &shop, &mut browser).await;
        let by_id = [("subject_token_type", ID)];
        let got = exchange(&house, &api, text(&first, "id_token"), &by_id).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.body);
        assert_eq!(claims(text(&got.json(), "access_token"))["scope"], "openid profile orders:read");
        house.clock.advance(Duration::from_secs(601));
        refused(&exchange(&house, &api, text(&first, "id_token"), &by_id).await, "invalid_request");
    }

    async fn a_token_that_is_bound_to_a_key_is_exchanged_with_a_proof_alone(house: House) {
        let shop = App::add(&house, shop_client()).await;
        let api = App::add(&house, api(from_shop())).await;
        let first = tokens(&house, &shop, &mut jane(&house).await).await;
        let key = ClientKey::new("k");
        let basic = |app: &App| format!("Basic {}", STANDARD.encode(format!("{}:{}", app.client_id, app.secret.clone().unwrap())));
        let form = [("grant_type", GRANT), ("subject_token", text(&first, "access_token")), ("subject_token_type", ACCESS)];
        let request = TestRequest::with_uri("/oauth/token").method(Method::POST).set_form(form);
        let proof = key.proof(&house, ("POST", "/oauth/token"), &json!({}));
        let reply = house.call(request.insert_header(("authorization", basic(&api))).append_header(("dpop", proof))).await;
        let got = reply.json();
        assert_eq!((&got["token_type"], &claims(text(&got, "access_token"))["cnf"]["jkt"]), (&json!("DPoP"), &json!(key.thumbprint())));
        refused(&exchange(&house, &api, text(&got, "access_token"), &[]).await, "invalid_dpop_proof");
    }
}
