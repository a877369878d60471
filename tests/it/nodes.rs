//! Two nodes on one PostgreSQL: no step needs the node that began it.

use crate::bell::{SOON, open, turn_on};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::json;
use std::time::Duration;
use testkit::browser::CHROME;
use testkit::house::{Db, House};
use testkit::people::{App, PASSWORD, jane, redemption, sign_in};

/// Every step at the other node.
#[actix_web::test]
async fn a_sign_in_goes_on_wherever_the_next_request_arrives() {
    let house = House::open(Db::Postgres).await;
    let other = house.another_node().await;
    let app = App::ordinary(&house).await;
    let mut browser = house.browser(CHROME);
    let page = browser.open("/login").await;
    browser.moves_to(&other.server);
    let page = browser.open(&testkit::people::link(&page, "/register")).await;
    let form =
        page.form("/register").with("username", "jane@example.com").with("name", "Jane Doe").with("password", PASSWORD);
    house.welcomes(&mut browser);
    browser.submit_and_follow(form).await.says("jane@example.com");
    let letter = house.post.take("jane@example.com", "").await;
    browser.moves_to(&other.server);
    let page = browser.open(&letter.link("/confirm")).await;
    house.welcomes(&mut browser);
    browser.submit_and_follow(page.form("/confirm")).await;

    browser.moves_to(&other.server);
    let reply = browser.open(&app.request(&[])).await;
    house.welcomes(&mut browser);
    let page = browser.follow(reply).await;
    browser.moves_to(&other.server);
    let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
    let tokens = app.redeem(&house, &back.parameter("code").unwrap()).await.json();
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let told = (other.server)(
        TestRequest::with_uri("/oauth/userinfo")
            .insert_header(("host", "id.acme.test"))
            .insert_header(("authorization", format!("Bearer {access}"))),
    )
    .await;
    assert_eq!((told.status, &told.json()["name"]), (StatusCode::OK, &json!("Jane Doe")));
    let renewed = app.refresh(&house, refresh).await.json();
    let code = back.parameter("code").unwrap();
    let again = redemption(&code);
    let replayed = app.call_at(&other.server, "/oauth/token", &again).await;
    assert_eq!(replayed.json()["error"], "invalid_grant");
    assert!(!app.is_active(&house, renewed["access_token"].as_str().unwrap()).await, "a second use there ends it here");
}

/// What one node ends is over at the other within a second.
#[actix_web::test]
async fn what_one_node_ends_is_over_at_the_other() {
    let house = House::open(Db::Postgres).await;
    let other = house.another_node().await;
    let app = App::first_party(&house).await;
    let mut browser = jane(&house).await;
    let tokens = app.tokens(&house, &mut browser).await;
    let access = [("token", tokens["access_token"].as_str().unwrap())];
    assert_eq!(app.call_at(&other.server, "/oauth/introspect", &access).await.json()["active"], true);
    assert_eq!(app.call(&house, "/oauth/revoke", &access).await.status, StatusCode::OK);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.call_at(&other.server, "/oauth/introspect", &access).await.json()["active"], false);
    let client = house.here().client("shop").await.unwrap().unwrap();
    let off = oauth::client::Client { disabled_at: Some(house.clock.now()), ..client };
    house.here().save_client(off).await.unwrap_or_else(|e| panic!("{e:?}"));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let refused = app.call_at(&other.server, "/oauth/introspect", &access).await;
    assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
}

/// Both look for what is to be delivered; each notice is delivered once.
#[actix_web::test]
async fn two_nodes_ring_once() {
    let (house, service) = open(Db::Postgres).await;
    let other = house.another_node().await;
    let mut here = jane(&house).await;
    let bell = turn_on(&mut here, &service).await;
    for _ in 0..5 {
        let mut there = house.browser(CHROME);
        there.moves_to(&other.server);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
        bell.next_message(SOON).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(service.log().len(), 6, "the first notice, and one for each sign-in");
    service.assert_all_well_formed();
}
