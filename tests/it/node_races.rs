//! The same thing at two nodes of one PostgreSQL at once: what counts once counts once, wherever it arrives. What happens at
//! one node alone is told by the stories of codes, refresh tokens, pushed requests, devices and apps that ask.

use actix_web::http::StatusCode;
use futures_util::future::{join, join_all};
use oauth::client::{Client, ClientAuthMethod, GrantType};
use serde_json::Value;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, Reply, Server, refused};
use testkit::client_key::{ASSERTION_TYPE, ClientKey};
use testkit::house::{Db, House, Node};
use testkit::people::{App, PASSWORD, jane, link, redemption, sign_in, template, userinfo};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CIBA: &str = "urn:openid:params:grant-type:ciba";

async fn two() -> (House, Node) {
    let house = House::open(Db::Postgres).await;
    let other = house.another_node().await;
    (house, other)
}

/// An app of the house that may do all of this.
async fn app(house: &House) -> App {
    let mut client = Client { first_party: true, ..template("shop", ClientAuthMethod::SecretBasic) };
    client.grant_types =
        Some([GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::DeviceCode, GrantType::Ciba].into());
    App::add(house, client).await
}

/// Calls both nodes, in turns and at once.
async fn everywhere(app: &App, nodes: [&Server; 2], path: &str, form: &[(&str, &str)], times: usize) -> Vec<Reply> {
    join_all(nodes.into_iter().cycle().take(times).map(|node| app.call_at(node, path, form))).await
}

/// Exactly one got tokens, all others were refused; and what the one got is worth nothing, as somebody else may have it.
async fn once_and_then_never(house: &House, replies: &[Reply]) {
    let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == StatusCode::OK);
    assert_eq!(won.len(), 1);
    // Who finds every connection taken is told to come again (503): nothing was used up by that.
    for reply in lost.into_iter().filter(|reply| reply.status != StatusCode::SERVICE_UNAVAILABLE) {
        refused(reply, "invalid_grant");
    }
    let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(userinfo(house, &token).await.status, StatusCode::UNAUTHORIZED);
}

/// A second browser of Jane's, at the other node.
async fn there(house: &House, other: &Node) -> Browser {
    let mut browser = house.browser(CHROME);
    browser.moves_to(&other.server);
    sign_in(&mut browser, "jane@example.com", PASSWORD).await;
    browser
}

/// CVE-2026-1035, RFC 6749 §4.1.2.
#[actix_web::test]
async fn a_code_gives_tokens_once_wherever_it_is_redeemed() {
    let (house, other) = two().await;
    let app = app(&house).await;
    let code = app.code(&mut jane(&house).await).await;
    let form = redemption(&code);
    let replies = everywhere(&app, [house.server(), &other.server], "/oauth/token", &form, 50).await;
    once_and_then_never(&house, &replies).await;
}

/// RFC 9700 §4.14.2: one child, also where the answer that was lost is given again by the other node.
#[actix_web::test]
async fn a_refresh_token_has_one_child_wherever_it_is_exchanged() {
    let (house, other) = two().await;
    let app = app(&house).await;
    let first = app.tokens(&house, &mut jane(&house).await).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
    let replies = everywhere(&app, [house.server(), &other.server], "/oauth/token", &form, 50).await;
    let mut children: Vec<_> = replies
        .iter()
        .map(|reply| {
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
            reply.json()["refresh_token"].as_str().unwrap().to_owned()
        })
        .collect();
    children.sort();
    children.dedup();
    assert_eq!(children.len(), 1);
    // A node that never saw the exchange, as one that was started again, gives the same child for ten seconds.
    let late = house.another_node().await;
    let again = app.call_at(&late.server, "/oauth/token", &form).await;
    assert_eq!(again.json()["refresh_token"], children[0].as_str());
    house.clock.advance(Duration::from_secs(11));
    refused(&app.call_at(&late.server, "/oauth/token", &form).await, "invalid_grant");
    let child = [("grant_type", "refresh_token"), ("refresh_token", children[0].as_str())];
    refused(&app.call(&house, "/oauth/token", &child).await, "invalid_grant");
}

/// RFC 9126 §2.2.
#[actix_web::test]
async fn a_pushed_request_gives_one_code_wherever_its_browsers_arrive() {
    let (house, other) = two().await;
    let app = app(&house).await;
    let usual = app.request(&[]);
    let query = usual.split_once('?').unwrap().1.to_owned();
    let form: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = app.call_at(&other.server, "/oauth/par", &form).await.json();
    let path = format!("/oauth/authorize?client_id=shop&request_uri={}", pushed["request_uri"].as_str().unwrap());
    let mut one = jane(&house).await;
    let mut two = there(&house, &other).await;
    let (one, two) = join(one.open(&path), two.open(&path)).await;
    let codes =
        [&one, &two].into_iter().filter(|reply| reply.status.is_redirection() && reply.parameter("code").is_some());
    assert_eq!(codes.count(), 1, "{} / {}", one.status, two.status);
}

async fn give(browser: &mut Browser, code: &str) -> Reply {
    let page = browser.open("/device").await;
    browser.submit_and_follow(page.form("/device").with("code", code)).await
}

/// RFC 8628 §3.5: of a yes and a no one counts for everybody; and tokens come once.
#[actix_web::test]
async fn a_device_is_let_in_once_wherever_it_is_answered_and_asks() {
    let (house, other) = two().await;
    let app = app(&house).await;
    let mut one = jane(&house).await;
    let mut two = there(&house, &other).await;
    let mut allowed = false;
    for _ in 0..6 {
        let asked = app.call(&house, "/oauth/device_authorization", &[("scope", "openid")]).await.json();
        let code = asked["user_code"].as_str().unwrap();
        let (yes, no) = (give(&mut one, code).await, give(&mut two, code).await);
        let yes = one.submit_and_follow(yes.form("/consent").with("decision", "allow"));
        let no = two.submit_and_follow(no.form("/consent").with("decision", "deny"));
        let (yes, no) = join(yes, no).await;
        let form = [("grant_type", DEVICE), ("device_code", asked["device_code"].as_str().unwrap())];
        let replies = everywhere(&app, [&other.server, house.server()], "/oauth/token", &form, 20).await;
        if replies.iter().any(|reply| reply.status == StatusCode::OK) {
            allowed = true;
            yes.says("Your device is signed in");
            no.says("Your device is signed in");
            once_and_then_never(&house, &replies).await;
        } else {
            replies.iter().for_each(|reply| refused(reply, "access_denied"));
            yes.says("The device was not let in");
            no.says("The device was not let in");
        }
    }
    if !allowed {
        let asked = app.call(&house, "/oauth/device_authorization", &[("scope", "openid")]).await.json();
        let page = give(&mut two, asked["user_code"].as_str().unwrap()).await;
        two.submit_and_follow(page.form("/consent").with("decision", "allow")).await.says("Your device is signed in");
        let form = [("grant_type", DEVICE), ("device_code", asked["device_code"].as_str().unwrap())];
        let replies = everywhere(&app, [&other.server, house.server()], "/oauth/token", &form, 20).await;
        once_and_then_never(&house, &replies).await;
    }
}

async fn ask(app: &App, node: &Server) -> Value {
    let form = [("scope", "openid"), ("login_hint", "jane@example.com"), ("binding_message", "W4-SCT")];
    let reply = app.call_at(node, "/oauth/bc-authorize", &form).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

/// CIBA Core §10.1: asked at one node, answered yes at that and no at the other, polled for at both.
#[actix_web::test]
async fn what_an_app_asks_is_answered_once_wherever_that_happens() {
    let (house, other) = two().await;
    let app = app(&house).await;
    let mut one = jane(&house).await;
    let mut two = there(&house, &other).await;
    let asked = ask(&app, &other.server).await;
    let form = [("grant_type", CIBA), ("auth_req_id", asked["auth_req_id"].as_str().unwrap())];
    let path = link(&one.open("/account").await, "/account/asks/");
    let (yes, no) = (one.open(&path).await, two.open(&path).await);
    let yes = one.submit_and_follow(yes.form(&format!("{path}/allow")));
    let no = two.submit_and_follow(no.form(&format!("{path}/deny")));
    let (yes, no) = join(yes, no).await;
    let replies = everywhere(&app, [house.server(), &other.server], "/oauth/token", &form, 20).await;
    if replies.iter().any(|reply| reply.status == StatusCode::OK) {
        yes.says("Allowed");
        no.says("Allowed");
        once_and_then_never(&house, &replies).await;
    } else {
        yes.says("Denied");
        no.says("Denied");
        replies.iter().for_each(|reply| refused(reply, "access_denied"));
    }
    // Two requests of one app at once, one at each node: one waits, the other was replaced.
    let (first, second) = join(ask(&app, house.server()), ask(&app, &other.server)).await;
    let mut told = Vec::new();
    for asked in [&first, &second] {
        let form = [("grant_type", CIBA), ("auth_req_id", asked["auth_req_id"].as_str().unwrap())];
        told.push(app.call(&house, "/oauth/token", &form).await.json()["error"].as_str().unwrap().to_owned());
    }
    told.sort();
    assert_eq!(told, ["authorization_pending", "expired_token"]);
}

/// CVE-2025-2559: what is good for one request is good for one, wherever it is sent.
#[actix_web::test]
async fn an_assertion_is_good_for_one_request_of_both_nodes() {
    let (house, other) = two().await;
    let key = ClientKey::new("k");
    let mut client = template("robot", ClientAuthMethod::PrivateKeyJwt);
    client.keys.jwks = Some(key.jwks());
    client.grant_types = Some([GrantType::ClientCredentials].into());
    client.redirect_uris = Vec::new();
    let app = App { client_id: App::add(&house, client).await.client_id, secret: None };
    let assertion = key.assertion(&house, "robot", &serde_json::json!({}));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion.as_str()),
    ];
    let replies = everywhere(&app, [house.server(), &other.server], "/oauth/token", &form, 20).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == StatusCode::OK).count(), 1);
}
