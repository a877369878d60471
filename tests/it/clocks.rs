//! Clocks that are wrong: one that jumps an hour ahead and is set right, or back, and nodes whose clocks differ. What was used stays
//! used, what is locked stays locked, and nobody is thrown out.

use crate::second_factor::{first_factor, is_signed_in, second_factor};
use actix_web::http::StatusCode;
use base::Clock;
use oauth::client::{ClientAuthMethod, GrantType};
use serde_json::json;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, SAFARI, Server, refused};
use testkit::client_key::{ASSERTION_TYPE, ClientKey, call_with};
use testkit::code_app::set_up_app;
use testkit::house::{Db, House};
use testkit::people::{App, PASSWORD, jane, redemption, template, userinfo};
use testkit::{planned, stories};

const HOUR: Duration = Duration::from_secs(3_600);
const MINUTE: Duration = Duration::from_secs(60);
const JANE: &str = "jane@example.com";
const SELF: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// The clock jumps ahead, what seems to be over is cleared away, and somebody sets the clock right.
async fn jumps_ahead_and_back(house: &House) {
    house.clock.advance(HOUR);
    house.store.purge(house.clock.now()).await.unwrap();
    house.clock.turn_back(HOUR);
}

/// An app that proves itself by a key, and its key.
async fn robot(house: &House) -> ClientKey {
    let key = ClientKey::new("k");
    let mut client = template("robot", ClientAuthMethod::PrivateKeyJwt);
    client.keys.jwks = Some(key.jwks());
    client.grant_types = Some([GrantType::ClientCredentials].into());
    client.redirect_uris = Vec::new();
    App::add(house, client).await;
    key
}

/// Types a password; what the server says to it.
async fn guess(browser: &mut Browser, email: &str, password: &str) -> StatusCode {
    let form = browser.open("/login").await.form("/login").with("username", email).with("password", password);
    browser.submit(form).await.status
}

stories! {
    /// RFC 6749 §4.1.2, RFC 7523 §3 item 7, RFC 6238 §5.2.
    async fn what_was_used_stays_used_when_the_clock_jumps_ahead_and_is_set_right(house: House) {
        let (key, shop) = (robot(&house).await, App::first_party(&house).await);
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let mut there = house.browser(CHROME);
        let page = first_factor(&mut there).await;
        let used = app.code(&house);
        second_factor(&mut there, &page, &used).await;
        assert!(is_signed_in(&mut there).await);
        let assertion = key.assertion(&house, "robot", &json!({}));
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &SELF).await.status, StatusCode::OK);
        let code = shop.code(&mut there).await;
        let tokens = shop.redeem(&house, &code).await.json();

        jumps_ahead_and_back(&house).await;
        assert_eq!(call_with(&house, "/oauth/token", &assertion, &SELF).await.status, StatusCode::UNAUTHORIZED);
        let mut again = house.browser(SAFARI);
        let page = first_factor(&mut again).await;
        second_factor(&mut again, &page, &used).await;
        assert!(!is_signed_in(&mut again).await, "its time is not over, and it was used");
        let access = tokens["access_token"].as_str().unwrap();
        assert!(is_signed_in(&mut there).await && shop.is_active(&house, access).await, "what is good stays good");
        refused(&shop.redeem(&house, &code).await, "invalid_grant");
        assert!(!shop.is_active(&house, access).await, "a second use of the code ends what came of the first");
    }

    /// RFC 9700 §4.14.2.
    async fn a_clock_that_is_set_back_throws_nobody_out_and_makes_no_used_token_new(house: House) {
        let shop = App::first_party(&house).await;
        let mut here = jane(&house).await;
        let code = shop.code(&mut here).await;
        let first = shop.tokens(&house, &mut here).await;
        let first = first["refresh_token"].as_str().unwrap();
        let second = shop.refresh(&house, first).await.json();
        let (access, second) = (second["access_token"].as_str().unwrap(), second["refresh_token"].as_str().unwrap());
        for back in [MINUTE / 2, MINUTE, HOUR] {
            house.clock.turn_back(back);
            assert!(is_signed_in(&mut here).await, "the session, {back:?} back");
            assert_eq!(userinfo(&house, access).await.status, StatusCode::OK, "{back:?}");
            assert!(shop.is_active(&house, access).await, "{back:?}");
        }
        assert_eq!(shop.redeem(&house, &code).await.status, StatusCode::OK, "a code that was not used");
        refused(&shop.redeem(&house, &code).await, "invalid_grant");
        refused(&shop.refresh(&house, first).await, "invalid_grant");
        refused(&shop.refresh(&house, second).await, "invalid_grant");
    }

    /// NIST SP 800-63B-4 §3.2.2.
    async fn a_lockout_outlasts_a_clock_that_is_set_back_and_forth(house: House) {
        let mut here = jane(&house).await;
        let mut guesser = house.browser(CHROME);
        let mut looked_at = 0;
        while guess(&mut guesser, JANE, "guess").await == StatusCode::UNPROCESSABLE_ENTITY {
            looked_at += 1;
        }
        assert_eq!(looked_at, 10);
        for round in 0..3 {
            house.clock.turn_back(HOUR);
            assert_eq!(guess(&mut guesser, JANE, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS, "{round}: back");
            house.clock.advance(HOUR);
            assert_eq!(guess(&mut guesser, JANE, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS, "{round}: and forth");
        }
        house.clock.advance(HOUR);
        assert!(guess(&mut guesser, JANE, PASSWORD).await.is_redirection(), "it ends in its time");
        assert!(is_signed_in(&mut here).await);
    }
}

planned! {
    async fn an_address_gets_no_other_tries_by_a_clock_that_is_set_back(house: House, plan) {
        plan.settings.address = identity::limit::Limit::address();
    } {
        let mut guesser = house.browser(CHROME).from_address("198.51.100.9");
        let mut looked_at = 0;
        while guess(&mut guesser, &format!("nobody{looked_at}@example.com"), "guess").await != StatusCode::TOO_MANY_REQUESTS {
            looked_at += 1;
        }
        assert_eq!(looked_at, 15);
        house.clock.turn_back(HOUR);
        assert_eq!(guess(&mut guesser, "somebody@example.com", "guess").await, StatusCode::TOO_MANY_REQUESTS);
        house.clock.advance(HOUR + Duration::from_secs(15 * 60));
        assert_eq!(guess(&mut guesser, "somebody@example.com", "guess").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

/// One node's clock is half a minute behind, the other's half a minute ahead.
#[actix_web::test]
async fn nodes_whose_clocks_are_a_minute_apart_do_one_another_s_work() {
    let house = House::open(Db::Postgres).await;
    let (key, shop) = (robot(&house).await, App::first_party(&house).await);
    let mut here = jane(&house).await;
    let (app, _) = set_up_app(&house, &mut here).await;
    let clock = Clock::manual(house.clock.now().plus(MINUTE));
    let ahead = house.another_node_at(clock.clone()).await;
    let (behind, ahead) = (house.server(), &ahead.server);

    // Each step at the other node, begun at either; the app's code is that of the time in between.
    for [one, other] in [[behind, ahead], [ahead, behind]] {
        let mut browser = house.browser(CHROME);
        browser.moves_to(one);
        let page = browser.open("/login").await;
        browser.moves_to(other);
        let form = page.form("/login").with("username", JANE).with("password", PASSWORD);
        let page = browser.submit_and_follow(form).await;
        browser.moves_to(one);
        let code = app.code_in(&house, 1);
        second_factor(&mut browser, &page, &code).await;
        for node in [one, other] {
            browser.moves_to(node);
            assert!(is_signed_in(&mut browser).await, "what was proven at one node counts at the other");
        }
        let mut thief = house.browser(SAFARI);
        thief.moves_to(other);
        let page = first_factor(&mut thief).await;
        second_factor(&mut thief, &page, &code).await;
        assert!(!is_signed_in(&mut thief).await, "the code was used at the other node");

        // A code lives for a minute: by the clock that is ahead, one of the other node is over.
        browser.moves_to(behind);
        let code = shop.code(&mut browser).await;
        refused(&shop.call_at(ahead, "/oauth/token", &redemption(&code)).await, "invalid_grant");
        browser.moves_to(ahead);
        let code = shop.code(&mut browser).await;
        let form = redemption(&code);
        let tokens = shop.call_at(behind, "/oauth/token", &form).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        let of_it = [("token", access)];
        assert_eq!(shop.call_at(one, "/oauth/introspect", &of_it).await.json()["active"], true);
        let renew = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        let child = shop.call_at(one, "/oauth/token", &renew).await.json();
        let renew = [("grant_type", "refresh_token"), ("refresh_token", child["refresh_token"].as_str().unwrap())];
        assert_eq!(shop.call_at(other, "/oauth/token", &renew).await.status, StatusCode::OK);
        refused(&shop.call_at(one, "/oauth/token", &form).await, "invalid_grant");
        assert_eq!(shop.call_at(one, "/oauth/introspect", &of_it).await.json()["active"], false);

        let now = house.clock.now().seconds() + 30;
        let assertion = key.assertion(&house, "robot", &json!({ "iat": now, "exp": now + 60 }));
        assert_eq!(proves_itself(one, &assertion).await, StatusCode::OK);
        assert_eq!(proves_itself(other, &assertion).await, StatusCode::UNAUTHORIZED, "it was used at the other node");
        house.clock.advance(2 * MINUTE);
        clock.advance(2 * MINUTE);
    }

    let mut guesser = house.browser(SAFARI);
    let mut tried = 0;
    for n in 0..16 {
        guesser.moves_to(if n % 2 == 0 { behind } else { ahead });
        tried += usize::from(guess(&mut guesser, JANE, "guess").await == StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(tried, 10, "guesses are counted over both");
}

/// What the token endpoint of a node says to an assertion.
async fn proves_itself(node: &Server, assertion: &str) -> StatusCode {
    let own = [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)];
    let form: Vec<_> = own.into_iter().chain(SELF).collect();
    let request = actix_web::test::TestRequest::post().uri("/oauth/token").set_form(form);
    node(request.insert_header(("host", "id.acme.test"))).await.status
}
