//! Apps that are told: that there is something to come for (ping), or the tokens themselves (push).

use super::{TOKEN, allow, ask, banking, call, deny, name, poll, refused, waiting};
use actix_web::http::StatusCode;
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth::client::DeliveryMode;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::house::{Db, House, Plan};
use testkit::people::{App, claims, jane, userinfo};
use testkit::relying_party::{Answer, Call, RelyingParty};

/// Long enough for whatever would come, when nothing must.
const A_WHILE: Duration = Duration::from_millis(900);
const TOLD: (&str, &str) = ("client_notification_token", TOKEN);

async fn open(db: Db) -> (House, RelyingParty) {
    let party = RelyingParty::start().await;
    let mut plan = Plan::default();
    plan.outbound.trusted_origins.push(party.origin().parse().unwrap());
    plan.outbound.timeout = Duration::from_secs(2);
    (House::build(db, plan).await, party)
}

async fn app(house: &House, mode: DeliveryMode, uri: String) -> App {
    let mut client = banking(mode);
    client.backchannel.notification_endpoint = Some(uri);
    App::add(house, client).await
}

/// What was posted, by whom it says.
#[track_caller]
fn told(call: &Call) -> Value {
    assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/told"));
    assert_eq!(call.headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(call.headers["content-type"], "application/json");
    serde_json::from_str(&call.body).unwrap()
}

/// The left half of a hash, as `at_hash` has it.
fn half(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, token.as_bytes()).as_ref()[..16])
}

macro_rules! parties {
    ($( $(#[$doc:meta])* async fn $name:ident($house:ident, $party:ident) $body:block )*) => { $(
        mod $name {
            #[actix_web::test]
            async fn on_sqlite() {
                super::$name(super::open(super::Db::Sqlite).await).await;
            }
            #[actix_web::test]
            async fn on_postgres() {
                super::$name(super::open(super::Db::Postgres).await).await;
            }
        }
        $(#[$doc])*
        async fn $name(($house, $party): (House, RelyingParty)) $body
    )* };
}

parties! {
    /// §10.2: the name of the request and nothing else; then it comes for its tokens.
    async fn an_app_is_pinged_and_comes_for_its_tokens(house, party) {
        let app = app(&house, DeliveryMode::Ping, party.url("/told")).await;
        let mut browser = jane(&house).await;
        refused(&call(&house, &app, &[]).await, "invalid_request");
        refused(&call(&house, &app, &[("client_notification_token", "short")]).await, "invalid_request");
        let asked = ask(&house, &app, &[TOLD]).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        let calls = party.wait_for(1).await;
        assert_eq!(told(&calls[0]), json!({ "auth_req_id": name(&asked) }));
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
        // A no is told as well, without saying what it is.
        let asked = ask(&house, &app, &[TOLD]).await;
        let path = waiting(&mut browser).await;
        deny(&mut browser, &path).await;
        let calls = party.wait_for(2).await;
        assert_eq!(told(&calls[1]), json!({ "auth_req_id": name(&asked) }));
        refused(&poll(&house, &app, &asked).await, "access_denied");
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(party.calls().len(), 2, "each once");
    }

    /// §10.3.1: the tokens, an ID token that binds them to the request, and no way to fetch them besides.
    async fn an_app_is_sent_its_tokens(house, party) {
        let app = app(&house, DeliveryMode::Push, party.url("/told")).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[TOLD]).await;
        assert!(asked.get("interval").is_none());
        refused(&poll(&house, &app, &asked).await, "unauthorized_client");
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await.says("Allowed");
        let sent = told(&party.wait_for(1).await[0]);
        assert_eq!((&sent["auth_req_id"], &sent["token_type"]), (&json!(name(&asked)), &json!("Bearer")));
        let text = |member: &str| sent[member].as_str().unwrap().to_owned();
        let person = claims(&text("id_token"));
        assert_eq!(person["urn:openid:params:jwt:claim:auth_req_id"], name(&asked));
        assert_eq!(person["at_hash"], half(&text("access_token")));
        assert_eq!(person["urn:openid:params:jwt:claim:rt_hash"], half(&text("refresh_token")));
        assert_eq!(userinfo(&house, &text("access_token")).await.json()["name"], "Jane Doe");
        assert_eq!(app.refresh(&house, &text("refresh_token")).await.status, StatusCode::OK);
        refused(&poll(&house, &app, &asked).await, "unauthorized_client");
    }

    /// §12.
    async fn an_app_that_is_sent_its_tokens_is_sent_the_no(house, party) {
        let app = app(&house, DeliveryMode::Push, party.url("/told")).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[TOLD]).await;
        let path = waiting(&mut browser).await;
        deny(&mut browser, &path).await;
        let sent = told(&party.wait_for(1).await[0]);
        assert_eq!((&sent["auth_req_id"], &sent["error"]), (&json!(name(&asked)), &json!("access_denied")));
        assert!(sent.get("access_token").is_none());
    }

    /// What is down is told later; what refuses is not asked again; nothing is followed.
    async fn an_app_that_is_down_is_told_again_and_one_that_refuses_is_not(house, party) {
        let app = app(&house, DeliveryMode::Ping, party.url("/told")).await;
        let mut browser = jane(&house).await;
        party.answers([Answer::Status(503)]);
        ask(&house, &app, &[TOLD]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        party.wait_for(1).await;
        // When the refusal is written down, and so when it is due again, is the relay's own time.
        while party.calls().len() < 2 {
            house.clock.advance(Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let calls = party.calls();
        assert_eq!(told(&calls[0]), told(&calls[1]));
        for refusal in [Answer::Status(401), Answer::Status(403), Answer::Redirect(302, party.url("/elsewhere"))] {
            let before = party.calls().len();
            party.answers([refusal]);
            ask(&house, &app, &[TOLD]).await;
            let path = waiting(&mut browser).await;
            allow(&mut browser, &path, None).await;
            party.wait_for(before + 1).await;
            house.clock.advance(Duration::from_secs(120));
            tokio::time::sleep(A_WHILE).await;
            assert_eq!(party.calls().len(), before + 1);
        }
        assert!(party.calls().iter().all(|call| call.path == "/told"));
    }

    /// CVE-2026-1180: an address within the network of the house gets nothing.
    async fn an_address_that_is_not_the_world_s_is_not_called(house, party) {
        let canary = RelyingParty::start().await;
        let app = app(&house, DeliveryMode::Ping, canary.url("/told")).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[TOLD]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        tokio::time::sleep(A_WHILE).await;
        assert!(canary.calls().is_empty() && party.calls().is_empty());
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK, "it may come by itself");
    }

    /// What was allowed and taken away before it was told is not told.
    async fn what_was_taken_away_meanwhile_is_not_sent(house, party) {
        let mut house = house;
        let app = app(&house, DeliveryMode::Push, party.url("/told")).await;
        let mut browser = jane(&house).await;
        ask(&house, &app, &[TOLD]).await;
        let path = waiting(&mut browser).await;
        house.stop_relay().await;
        allow(&mut browser, &path, None).await;
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        house.start_relay();
        tokio::time::sleep(A_WHILE).await;
        assert!(party.calls().is_empty());
    }
}
