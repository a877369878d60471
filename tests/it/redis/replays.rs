//! What can be used once: Redis says sooner what the database would say, and never anything else.

use super::two_nodes;
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use oauth::client::{Client, ClientAuthMethod};
use oauth::dpop::hash_of;
use serde_json::json;
use std::time::Duration;
use testkit::browser::{Reply, Server};
use testkit::client_key::ClientKey;
use testkit::house::Plan;
use testkit::people::{App, CALLBACK, VERIFIER, jane, template};
use testkit::redis::{counted, private, say, until};

const BY_REDIS: &str = "watchbell_replays_total{known_by=\"redis\"}";
const BY_DATABASE: &str = "watchbell_replays_total{known_by=\"database\"}";

/// Asks userinfo at a node with a token and a proof.
async fn show(server: &Server, token: &str, proof: &str) -> Reply {
    let request = TestRequest::get().uri("/oauth/userinfo").insert_header(("authorization", format!("DPoP {token}")));
    server(request.insert_header(("dpop", proof)).insert_header(("host", "id.acme.test"))).await
}

/// RFC 9449 §11.1, over two nodes; with Redis, with an empty one, and without.
#[actix_web::test]
async fn a_proof_is_good_once_whatever_becomes_of_redis() {
    let mut server = private();
    let (house, other) = two_nodes(&server.url(), Plan::default()).await;
    let app = App::add(&house, Client { first_party: true, ..template("spa", ClientAuthMethod::None) }).await;
    let key = ClientKey::new("k");
    let code = app.code(&mut jane(&house).await).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "spa"),
    ];
    let proof = key.proof(&house, ("POST", "/oauth/token"), &json!({}));
    let tokens =
        house.call(TestRequest::post().uri("/oauth/token").set_form(form).insert_header(("dpop", proof))).await;
    let tokens = tokens.json();
    let token = tokens["access_token"].as_str().unwrap();
    let proof = || key.proof(&house, ("GET", "/oauth/userinfo"), &json!({ "ath": hash_of(token) }));
    let refused = |reply: Reply| {
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_dpop_proof")));
    };

    let first = proof();
    assert_eq!(show(house.server(), token, &first).await.status, StatusCode::OK);
    house.app.bus().flush(Duration::from_secs(5)).await;
    refused(show(&other.server, token, &first).await);
    assert_eq!((counted(&other.app, BY_REDIS), counted(&other.app, BY_DATABASE)), (1, 0), "the database was not asked");

    assert!(say(&server, "FLUSHALL").await.contains("OK"));
    refused(show(&other.server, token, &first).await);
    assert_eq!(
        (counted(&other.app, BY_REDIS), counted(&other.app, BY_DATABASE)),
        (1, 1),
        "the database knows it still"
    );

    server.kill();
    let second = proof();
    assert_eq!(show(&other.server, token, &second).await.status, StatusCode::OK);
    refused(show(house.server(), token, &second).await);
    refused(show(house.server(), token, &first).await);

    server.start_again().unwrap();
    until(house.app.bus(), true).await;
    until(other.app.bus(), true).await;
    refused(show(house.server(), token, &second).await);
    let third = proof();
    assert_eq!(show(house.server(), token, &third).await.status, StatusCode::OK);
    house.app.bus().flush(Duration::from_secs(5)).await;
    let before = counted(&other.app, BY_REDIS);
    refused(show(&other.server, token, &third).await);
    assert_eq!(counted(&other.app, BY_REDIS), before + 1, "it is used again");
}

/// RFC 7523 §3 item 7: the same of what a client signs to prove itself.
#[actix_web::test]
async fn an_assertion_is_good_once_on_all_nodes() {
    let server = private();
    let (house, other) = two_nodes(&server.url(), Plan::default()).await;
    let key = ClientKey::new("k");
    let mut client = template("shop", ClientAuthMethod::PrivateKeyJwt);
    client.keys.jwks = Some(key.jwks());
    App::add(&house, client).await;
    let assertion = key.assertion(&house, "shop", &json!({}));
    let form = [
        ("client_assertion_type", testkit::client_key::ASSERTION_TYPE),
        ("client_assertion", assertion.as_str()),
        ("token", "wb_none"),
    ];
    let ask = |server: Server| async move {
        server(TestRequest::post().uri("/oauth/introspect").set_form(form).insert_header(("host", "id.acme.test")))
            .await
    };
    assert_eq!(ask(house.server().clone()).await.status, StatusCode::OK);
    house.app.bus().flush(Duration::from_secs(5)).await;
    let again = ask(other.server.clone()).await;
    assert_eq!((again.status, &again.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    assert_eq!(counted(&other.app, BY_REDIS), 1);
    // What stands in Redis tells nobody anything: no hash that is also in the database, no id.
    let names = say(&server, "KEYS *").await;
    assert!(names.contains("watchbell:") && !names.contains("shop"), "{names}");
}
