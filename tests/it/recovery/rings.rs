//! Whom the way back rings, and what ends it: the button of the notice, and its owner's own changes.

use super::{HOUR, JANE, begin, give_everything, pass};
use crate::bell::{SOON, open, turn_on};
use actix_web::http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use testkit::authenticator::Authenticator;
use testkit::browser::CHROME;
use testkit::house::{Db, House};
use testkit::keys::{add_key, prove_again};
use testkit::people::{NEW_PASSWORD, PASSWORD, jane};
use testkit::push_service::PushService;
use testkit::stories;

stories! {
    /// Whoever can change how one signs in has lost nothing.
    async fn an_owner_who_changes_how_one_signs_in_needs_no_recovery(house: House) {
        let mut owner = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut owner, &mut phone, "passkey").await;
        // Proven before it begins: the proof itself would end it.
        prove_again(&mut owner, &mut phone).await;
        begin(&house, &mut house.browser(CHROME)).await;
        house.post.take(JANE, "started recovery").await;
        add_key(&mut owner, &mut Authenticator::security_key(), "security_key").await;
        let letter = house.post.take(JANE, "was stopped").await;
        assert!(letter.text.contains("changed how you sign in"), "{}", letter.text);

        house.clock.advance(Duration::from_secs(1));
        begin(&house, &mut house.browser(CHROME)).await;
        let page = owner.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        owner.submit_and_follow(form).await;
        house.post.take(JANE, "was stopped").await;
    }
}

/// NIST SP 800-63B-4 §4.2.3: it is always told. The owner's browser rings, whatever was switched off, and its button stops
/// it, without a session.
async fn it_rings_the_owners_browser_and_the_button_stops_it((house, service): (House, PushService)) {
    let mut owner = jane(&house).await;
    let bell = turn_on(&mut owner, &service).await;
    for topic in ["login.new_device", "credential.changed"] {
        let revision = owner.get("/account/api/preferences").await.json()["rev"].clone();
        let change = json!({ "topic": topic, "channel": "push", "on": false, "rev": revision });
        let reply = owner.json(Method::PATCH, "/account/api/preferences", &change).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    }
    give_everything(&house).await;
    begin(&house, &mut house.browser(CHROME)).await;
    let first = bell.next_message(SOON).await;
    let shown = &first.json["notification"];
    assert_eq!(shown["title"], "Someone started account recovery");
    assert!(shown["body"].as_str().unwrap().contains("Chrome"), "{shown}");
    assert!(!first.json.to_string().contains("wb_"), "no secret travels in a notice: {}", first.json);
    assert_eq!(shown["requireInteraction"], true);
    assert_eq!(first.urgency.to_string(), "high");

    pass(&house, 48 * HOUR).await;
    let second = bell.next_message(SOON).await;
    assert_eq!(
        (&second.topic, &second.json["notification"]["tag"]),
        (&first.topic, &shown["tag"]),
        "it takes its place"
    );
    pass(&house, 24 * HOUR).await;
    let third = bell.next_message(SOON).await;
    let shown = &third.json["notification"];
    let actions: Vec<_> = shown["actions"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
    assert_eq!(actions, ["stop", "mine"]);

    // The session is over by then; what is left is the device that the notice came to.
    owner.cookies().retain(|name, _| name.contains("device"));
    let post = shown["data"]["actions"][0]["post"].as_str().unwrap();
    let path = post.strip_prefix("https://id.acme.test").unwrap_or(post);
    let reply = owner.json(Method::POST, path, &json!({})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let last = bell.next_message(SOON).await;
    assert_eq!(last.json["notification"]["title"], "Account recovery stopped");
    house.post.take(JANE, "was stopped").await;
    let page = shown["navigate"].as_str().unwrap();
    owner.open(page.strip_prefix("https://id.acme.test").unwrap_or(page)).await.says("is stopped");
    service.assert_all_well_formed();
}

#[actix_web::test]
async fn it_rings_the_owners_browser_and_the_button_stops_it_on_sqlite() {
    it_rings_the_owners_browser_and_the_button_stops_it(open(Db::Sqlite).await).await;
}

#[actix_web::test]
async fn it_rings_the_owners_browser_and_the_button_stops_it_on_postgres() {
    it_rings_the_owners_browser_and_the_button_stops_it(open(Db::Postgres).await).await;
}
