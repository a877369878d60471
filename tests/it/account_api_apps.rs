//! The account API for apps: an app that the person allowed shows and changes what they are told, in its own settings. It
//! never makes the bell quieter about the account's security.

use crate::bell::{SOON, open, turn_on};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use oauth::client::ClientAuthMethod;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply};
use testkit::house::House;
use testkit::people::{App, claims, jane, register, template};
use testkit::stories;

const PREFERENCES: &str = "/account/api/preferences";
const BROWSERS: &str = "/account/api/push/subscriptions";
const DATA: &str = "/account/api/push/data";
const TEST: &str = "/account/api/push/test";

/// An app that asks for notices.
pub(crate) async fn app(house: &House) -> App {
    let mut client = template("shop", ClientAuthMethod::SecretBasic);
    client.scope = "openid email notices".parse().unwrap();
    App::add(house, client).await
}

/// The access token of whoever is signed in, once they have said yes; for so much.
pub(crate) async fn token(house: &House, browser: &mut Browser, (app, scope): (&App, &str)) -> String {
    let mut reply = browser.open(&app.request(&[("scope", scope)])).await;
    if let Some(form) = reply.forms("/consent").into_iter().next() {
        reply = browser.submit_and_follow(form.with("decision", "allow")).await;
    }
    let code = reply.parameter("code").unwrap_or_else(|| panic!("no code: {} {}", reply.status, reply.body));
    app.redeem(house, &code).await.json()["access_token"].as_str().unwrap().to_owned()
}

/// What an app's server sends: no cookie, no origin.
pub(crate) async fn call(house: &House, token: &str, (method, path): (Method, &str), body: Option<Value>) -> Reply {
    let request =
        TestRequest::with_uri(path).method(method).insert_header(("authorization", format!("Bearer {token}")));
    house
        .call(match body {
            Some(body) => request.set_json(body),
            None => request,
        })
        .await
}

async fn read(house: &House, token: &str, path: &str) -> Reply {
    call(house, token, (Method::GET, path), None).await
}

async fn change(house: &House, token: &str, change: Value) -> Reply {
    let rev = read(house, token, PREFERENCES).await.json()["rev"].clone();
    let mut change = change;
    change["rev"] = rev;
    call(house, token, (Method::PATCH, PREFERENCES), Some(change)).await
}

/// Where it says what it takes (RFC 9728).
const RESOURCE: &str = "https://id.acme.test/.well-known/oauth-protected-resource";

/// RFC 6750, section 3: the status, and the challenge's error; RFC 9728, section 5.1.
#[track_caller]
fn is_refused(reply: &Reply, status: StatusCode, error: &str) {
    assert_eq!((reply.status, reply.json()["error"].as_str()), (status, Some(error)), "{}", reply.body);
    let challenge = reply.header("www-authenticate");
    assert!(challenge.starts_with("Bearer ") && challenge.contains(&format!("error=\"{error}\"")), "{challenge}");
    assert!(challenge.contains(&format!("resource_metadata=\"{RESOURCE}\"")), "{challenge}");
}

/// 403, with the page where the person does it.
#[track_caller]
fn is_for_the_person(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.body);
    let body = reply.json();
    assert_eq!(body["error"], "not_by_app");
    assert_eq!(body["link"], "https://id.acme.test/account/notifications");
    assert!(body["message"].as_str().unwrap().contains("lead the person"), "{body}");
}

stories! {
    async fn the_consent_page_says_in_words_what_the_app_may_do(house: House) {
        let mut laptop = jane(&house).await;
        let app = app(&house).await;
        for (language, words) in [
            ("en", "see which notices you get"),
            ("de", "sehen, welche Mitteilungen Du bekommst"),
            ("ar", "رؤية الإشعارات التي تصلك"),
        ] {
            let page = laptop.open(&app.request(&[("scope", "openid notices"), ("ui_locales", language)])).await;
            let page = laptop.open(&format!("{}&ui_locales={language}", page_of(&page))).await;
            page.says(words);
        }
    }

    /// RFC 9728, sections 2, 3 and 5.1: from a refusal to the server that gives tokens.
    async fn an_app_that_is_refused_learns_whom_to_ask_for_a_token(house: House) {
        for path in [PREFERENCES, "/oauth/userinfo"] {
            let refused = house.call(TestRequest::get().uri(path)).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
            assert!(refused.header("www-authenticate").contains(&format!("resource_metadata=\"{RESOURCE}\"")), "{path}");
        }
        let reply = house.call(TestRequest::get().uri("/.well-known/oauth-protected-resource")).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (StatusCode::OK, "*"));
        let document = reply.json();
        assert_eq!((&document["resource"], &document["resource_name"]), (&json!("https://id.acme.test"), &json!("Acme")));
        assert_eq!(document["authorization_servers"], json!(["https://id.acme.test"]));
        assert!(document["scopes_supported"].as_array().unwrap().contains(&json!("notices")));
        // The token that is for this resource is for that identifier (RFC 9068 section 3).
        let mut laptop = jane(&house).await;
        let app = app(&house).await;
        let token = token(&house, &mut laptop, (&app, "openid notices")).await;
        assert_eq!(read(&house, &token, PREFERENCES).await.status, StatusCode::OK);
        assert!(claims(&token)["aud"].to_string().contains("https://id.acme.test"));
    }

    /// RFC 6750, sections 2 and 3.1; RFC 9068, section 4: the token is for this server, and stands.
    async fn a_token_that_does_not_stand_or_is_not_for_this_opens_nothing(house: House) {
        let mut laptop = jane(&house).await;
        let app = app(&house).await;
        let nobody = house.call(TestRequest::get().uri(PREFERENCES)).await;
        let told = format!("Bearer resource_metadata=\"{RESOURCE}\"");
        assert_eq!((nobody.status, nobody.header("www-authenticate")), (StatusCode::UNAUTHORIZED, told.as_str()));
        let good = token(&house, &mut laptop, (&app, "openid notices")).await;
        let elsewhere = {
            let other = House::open(testkit::house::Db::Sqlite).await;
            let mut theirs = jane(&other).await;
            let shop = self::app(&other).await;
            token(&other, &mut theirs, (&shop, "openid notices")).await
        };
        let mut reply = laptop.open(&app.request(&[("scope", "openid notices")])).await;
        if let Some(form) = reply.forms("/consent").into_iter().next() {
            reply = laptop.submit_and_follow(form.with("decision", "allow")).await;
        }
        let code = reply.parameter("code").unwrap();
        let id_token = app.redeem(&house, &code).await.json()["id_token"].as_str().unwrap().to_owned();
        for foreign in [elsewhere.as_str(), id_token.as_str(), "x", &good[..good.len() - 2]] {
            is_refused(&read(&house, foreign, PREFERENCES).await, StatusCode::UNAUTHORIZED, "invalid_token");
            let reply = call(&house, foreign, (Method::PATCH, PREFERENCES), Some(json!({}))).await;
            is_refused(&reply, StatusCode::UNAUTHORIZED, "invalid_token");
        }
        let little = token(&house, &mut laptop, (&app, "openid email")).await;
        for path in [PREFERENCES, BROWSERS, DATA] {
            let reply = read(&house, &little, path).await;
            is_refused(&reply, StatusCode::FORBIDDEN, "insufficient_scope");
            assert!(reply.header("www-authenticate").contains("scope=\"notices\""));
        }
        // In the address it is refused, whatever else the request brings.
        let reply = laptop.get(&format!("{PREFERENCES}?access_token={good}")).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_request")));
        let reply = read(&house, &good, &format!("{PREFERENCES}?access_token={good}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);

        assert_eq!(read(&house, &good, PREFERENCES).await.status, StatusCode::OK);
        let page = laptop.open("/account/apps").await;
        laptop.submit_and_follow(page.form("/account/apps/remove")).await;
        is_refused(&read(&house, &good, PREFERENCES).await, StatusCode::UNAUTHORIZED, "invalid_token");
        let late = token(&house, &mut laptop, (&app, "openid notices")).await;
        house.clock.advance(Duration::from_secs(301));
        is_refused(&read(&house, &late, PREFERENCES).await, StatusCode::UNAUTHORIZED, "invalid_token");
    }

    /// Fetch, section 3.2: an app in the browser calls from its own origin, with the token and without cookies.
    async fn an_app_in_the_browser_may_call_from_its_origin(house: House) {
        let mut laptop = jane(&house).await;
        let app = app(&house).await;
        let token = token(&house, &mut laptop, (&app, "openid notices")).await;
        let ask = TestRequest::with_uri(PREFERENCES)
            .method(Method::OPTIONS)
            .insert_header(("origin", "https://shop.acme.test"))
            .insert_header(("access-control-request-method", "PATCH"));
        let leave = house.call(ask).await;
        assert_eq!(leave.header("access-control-allow-origin"), "*");
        assert!(leave.header("access-control-allow-methods").contains("PATCH"), "{:?}", leave.headers);
        assert!(leave.header("access-control-allow-headers").contains("Authorization"));
        let get = TestRequest::get().uri(PREFERENCES).insert_header(("origin", "https://shop.acme.test"));
        let reply = house.call(get.insert_header(("authorization", format!("Bearer {token}")))).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (StatusCode::OK, "*"));
        assert_eq!(reply.header("access-control-allow-credentials"), "", "cookies are never let through");
        let mut stranger = house.browser(FIREFOX);
        let get = stranger.request(Method::GET, PREFERENCES).insert_header(("origin", "https://shop.acme.test"));
        assert_eq!(stranger.send(get).await.status, StatusCode::UNAUTHORIZED);
    }
}

stories! {
    async fn an_app_shows_and_changes_the_choices_and_the_person_sees_which(db: Db) {
        let (house, service) = open(db).await;
        let mut laptop = jane(&house).await;
        let bell = turn_on(&mut laptop, &service).await;
        let app = app(&house).await;
        let token = token(&house, &mut laptop, (&app, "openid notices")).await;
        let seen = read(&house, &token, PREFERENCES).await;
        assert_eq!((seen.status, &seen.json()["topics"]["login.new_device"]["push"]["on"]), (StatusCode::OK, &json!(true)));
        let on = json!({ "topic": "app.connected", "channel": "push", "on": true });
        assert_eq!(change(&house, &token, on).await.status, StatusCode::OK);
        for quiet in [
            json!({ "pause": "hour" }),
            json!({ "pause": null, "hours": { "from": "22:00", "until": "07:00" }, "hide_details": true }),
        ] {
            let reply = change(&house, &token, json!({ "quiet": quiet })).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        }
        laptop.open("/account/notifications").await.says("Last changed today 09:41 UTC in Acme Shop.");
        let stale = json!({ "topic": "app.connected", "channel": "push", "on": false, "rev": 0 });
        let reply = call(&house, &token, (Method::PATCH, PREFERENCES), Some(stale)).await;
        assert_eq!(reply.status, StatusCode::CONFLICT, "what the person changed meanwhile is not lost");

        let browsers = read(&house, &token, BROWSERS).await.json();
        assert_eq!((&browsers["here"]["on"], &browsers["elsewhere"]), (&json!(false), &json!(true)));
        let one = &browsers["browsers"][0];
        assert_eq!((&one["here"], one["agent"]["browser"].as_str()), (&json!(false), Some("Firefox")));
        let test = json!({ "id": one["id"] });
        assert_eq!(call(&house, &token, (Method::POST, TEST), Some(test)).await.status, StatusCode::ACCEPTED);
        bell.next_message(SOON).await;
        assert_eq!(call(&house, &token, (Method::POST, TEST), None).await.status, StatusCode::CONFLICT);
        let kept = read(&house, &token, DATA).await.json();
        assert_eq!(kept["browsers"][0]["endpoint"], service.origin(), "whose push service it is, and no address of it");
    }

    /// A thief behind an app, or an app that was taken over, must not silence what would tell of it.
    async fn an_app_never_makes_the_bell_quieter_about_security(db: Db) {
        let (house, service) = open(db).await;
        let mut laptop = jane(&house).await;
        turn_on(&mut laptop, &service).await;
        let app = app(&house).await;
        let token = token(&house, &mut laptop, (&app, "openid notices")).await;
        let before = read(&house, &token, PREFERENCES).await.json();
        for topic in ["login.new_device", "credential.changed", "change.requested"] {
            is_for_the_person(&change(&house, &token, json!({ "topic": topic, "channel": "push", "on": false })).await);
        }
        let mail = json!({ "topic": "login.new_device", "channel": "email", "on": false });
        is_for_the_person(&change(&house, &token, mail).await);
        for quiet in [
            json!({ "security_rings": false }),
            json!({ "pause": "until_resumed", "security_rings": false }),
            json!({ "hours": { "from": "00:00", "until": "23:59" }, "security_rings": false }),
        ] {
            is_for_the_person(&change(&house, &token, json!({ "quiet": quiet })).await);
        }
        let id = read(&house, &token, BROWSERS).await.json()["browsers"][0]["id"].clone();
        is_for_the_person(&call(&house, &token, (Method::DELETE, BROWSERS), Some(json!({ "id": id }))).await);
        is_for_the_person(&call(&house, &token, (Method::DELETE, BROWSERS), None).await);
        is_for_the_person(&call(&house, &token, (Method::DELETE, DATA), None).await);
        is_for_the_person(&call(&house, &token, (Method::POST, BROWSERS), Some(json!({ "subscription": {} }))).await);
        is_for_the_person(&call(&house, &token, (Method::POST, "/account/api/push/rotate"), Some(json!({}))).await);
        is_for_the_person(&call(&house, &token, (Method::POST, "/account/api/push/offer"), Some(json!({}))).await);
        assert_eq!(read(&house, &token, PREFERENCES).await.json(), before, "nothing was changed");
        assert_eq!(laptop.get(BROWSERS).await.json()["browsers"].as_array().unwrap().len(), 1);

        // The person may; and what they chose, an app takes no further.
        let quiet = json!({ "quiet": { "security_rings": false }, "rev": before["rev"] });
        assert_eq!(laptop.json(Method::PATCH, PREFERENCES, &quiet).await.status, StatusCode::OK);
        is_for_the_person(&change(&house, &token, json!({ "quiet": { "pause": "hour" } })).await);
        for louder in [
            json!({ "quiet": { "security_rings": true } }),
            json!({ "topic": "login.new_device", "channel": "push", "on": true }),
        ] {
            assert_eq!(change(&house, &token, louder).await.status, StatusCode::OK);
        }
    }

    /// The token alone says whose choices they are: never a cookie beside it.
    async fn a_token_is_one_persons_whoever_sends_it(db: Db) {
        let (house, service) = open(db).await;
        let mut hers = jane(&house).await;
        turn_on(&mut hers, &service).await;
        let mut annas = house.browser(CHROME);
        register(&house, &mut annas, "anna@example.com").await;
        let app = app(&house).await;
        let token = token(&house, &mut annas, (&app, "openid notices")).await;
        let on = json!({ "topic": "app.connected", "channel": "push", "on": true, "rev": 0 });
        let request = hers.request(Method::PATCH, PREFERENCES).set_json(&on);
        let reply = hers.send(request.insert_header(("authorization", format!("Bearer {token}")))).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let is_on = |state: Value| state["topics"]["app.connected"]["push"]["on"].as_bool().unwrap();
        assert!(is_on(annas.get(PREFERENCES).await.json()), "Anna's are changed");
        assert!(!is_on(hers.get(PREFERENCES).await.json()), "and not Jane's, whose cookie came along");
        let id = hers.get(BROWSERS).await.json()["browsers"][0]["id"].clone();
        let reply = call(&house, &token, (Method::POST, TEST), Some(json!({ "id": id }))).await;
        assert_eq!(reply.status, StatusCode::CONFLICT, "nobody else's browser is rung");
        // What another site has a browser send does not pass by calling itself a token.
        let request = hers.request(Method::PATCH, PREFERENCES).set_json(&on);
        let reply = hers.send(request.insert_header(("authorization", "Bearer x"))).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        let request = hers.request(Method::PATCH, PREFERENCES).set_json(&on);
        let reply = hers.send(request.insert_header(("authorization", "Basic x"))).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::FORBIDDEN, Some("cross_site")));
        // And it opens the API for notices alone.
        for path in ["/account", "/account/profile", "/account/api/keys/options"] {
            let reply = call(&house, &token, (if path.contains("api") { Method::POST } else { Method::GET }, path), None).await;
            let closed = reply.header("location").starts_with("/login") || reply.status.is_client_error();
            assert!(closed && !reply.body.contains("anna@"), "{path}: {} {}", reply.status, reply.body);
        }
    }
}

/// The path of the consent page that a browser was led to.
fn page_of(page: &Reply) -> String {
    let form = page.form("/consent");
    format!("/consent?flow={}", form.value("flow"))
}
