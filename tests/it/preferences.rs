//! Preferences belong to the account and follow the person; each browser has a state of its own.

use crate::bell::{SOON, open, turn_on};
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply};
use testkit::house::House;
use testkit::people::{PASSWORD, jane, sign_in};
use testkit::push_service::Fault;

const API: &str = "/account/api/preferences";
const DATA: &str = "/account/api/push/data";
const BROWSERS: &str = "/account/api/push/subscriptions";

async fn throw(browser: &mut Browser, (topic, channel): (&str, &str), on: bool, rev: i64) -> Reply {
    browser.json(Method::PATCH, API, &json!({ "topic": topic, "channel": channel, "on": on, "rev": rev })).await
}

/// Whether a switch of the API's answer is on.
fn is_on(state: &Value, topic: &str, channel: &str) -> bool {
    state["topics"][topic][channel]["on"].as_bool().unwrap()
}

/// Jane in another browser of hers.
async fn elsewhere(house: &House) -> Browser {
    let mut there = house.browser(CHROME);
    sign_in(&mut there, "jane@example.com", PASSWORD).await;
    there
}

/// Time passes until the page says of a browser that nothing reaches it, or does not any more.
async fn says_of_it(house: &House, browser: &mut Browser, not_reached: bool) {
    for _ in 0..100 {
        let text = browser.open("/account/notifications").await.text();
        if text.contains("not reachable since") == not_reached {
            return;
        }
        house.clock.advance(Duration::from_secs(300));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the page never says so: {not_reached}");
}

testkit::stories! {
    async fn a_choice_follows_the_person_and_says_where_it_was_made(db: Db) {
        let (house, _service) = open(db).await;
        let mut here = jane(&house).await;
        let mut there = elsewhere(&house).await;
        let reply = throw(&mut here, ("app.connected", "push"), true, 0).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let seen = there.get(API).await.json();
        assert!(is_on(&seen, "app.connected", "push"));
        assert_eq!((&seen["rev"], seen["changed_in"]["browser"].as_str()), (&json!(1), Some("Firefox")));
        there.open("/account/notifications").await.says("Last changed today 09:41 UTC in Firefox on Linux.");
    }

    /// Of two that saw the same, the second is told how it stands and what it asked for; nothing is lost.
    async fn a_change_that_did_not_see_the_last_one_is_answered_with_both(db: Db) {
        let (house, _service) = open(db).await;
        let mut here = jane(&house).await;
        let mut there = elsewhere(&house).await;
        assert_eq!(throw(&mut here, ("login.new_device", "push"), false, 0).await.status, StatusCode::OK);
        let stale = throw(&mut there, ("app.connected", "push"), true, 0).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let both = stale.json();
        assert_eq!((&both["error"], &both["rev"]), (&json!("stale"), &json!(1)));
        assert!(!is_on(&both, "login.new_device", "push"), "how it stands");
        assert_eq!((&both["yours"]["topic"], &both["yours"]["on"]), (&json!("app.connected"), &json!(true)));
        let again = throw(&mut there, ("app.connected", "push"), true, 1).await.json();
        assert!(is_on(&again, "app.connected", "push") && !is_on(&again, "login.new_device", "push"), "{again}");
    }

    async fn a_form_that_did_not_see_the_last_change_keeps_what_was_chosen(db: Db) {
        let (house, _service) = open(db).await;
        let mut here = jane(&house).await;
        let mut there = elsewhere(&house).await;
        let page = there.open("/account/notifications").await;
        let form = page.form("/account/notifications").with("app.connected/push", "on");
        assert_eq!(throw(&mut here, ("login.new_device", "push"), false, 0).await.status, StatusCode::OK);
        let both = there.submit(form).await;
        assert_eq!(both.status, StatusCode::CONFLICT);
        both.says("What you chose is still here").says("now off");
        let form = both.form("/account/notifications");
        assert_eq!(form.value("app.connected/push"), "on", "what was chosen");
        there.submit_and_follow(form).await.says("Saved for every browser.");
        let saved = here.get(API).await.json();
        assert!(is_on(&saved, "app.connected", "push") && is_on(&saved, "login.new_device", "push"), "{saved}");
        // The same with the quiet times.
        let page = there.open("/account/notifications").await;
        let form = page.forms("/account/notifications/quiet").pop().unwrap().with("hours", "on").with("from", "23:00");
        let rev = saved["rev"].as_i64().unwrap();
        let quiet = json!({ "quiet": { "hours": { "from": "20:00", "until": "06:00" } }, "rev": rev });
        assert_eq!(here.json(Method::PATCH, API, &quiet).await.status, StatusCode::OK);
        let both = there.submit(form).await;
        both.says("quiet hours are from 20:00 until 06:00 now");
        let form = both.forms("/account/notifications/quiet").pop().unwrap();
        assert_eq!((both.status, form.value("from")), (StatusCode::CONFLICT, "23:00"));
    }

    /// The floor: a thief must not silence the warning. Push can always be switched off.
    async fn the_mail_about_what_one_signs_in_with_stays_and_the_page_says_why(db: Db) {
        let (house, _service) = open(db).await;
        let mut here = jane(&house).await;
        let locked = throw(&mut here, ("credential.changed", "email"), false, 0).await;
        assert_eq!((locked.status, &locked.json()["error"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("locked")));
        here.open("/account/notifications").await.says("nobody who gets into your account can silence that warning");
        for (rev, topic) in (0..).zip(["login.new_device", "credential.changed", "app.connected"]) {
            assert_eq!(throw(&mut here, (topic, "push"), topic == "app.connected", rev).await.status, StatusCode::OK);
        }
    }

    async fn a_browser_that_signs_in_later_takes_the_notices_over(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let first = turn_on(&mut here, &service).await;
        assert_eq!(throw(&mut here, ("app.connected", "push"), true, 0).await.status, StatusCode::OK);
        let mut there = elsewhere(&house).await;
        first.next_message(SOON).await;
        for page in ["/account", "/account/notifications"] {
            let page = there.open(page).await;
            page.says("Notices are on for your account");
            assert!(page.body.contains(r#"data-push="on""#), "one click, on this very page");
        }
        let state = there.get(BROWSERS).await.json();
        assert_eq!((&state["here"]["on"], &state["elsewhere"]), (&json!(false), &json!(true)));
        turn_on(&mut there, &service).await;
        let state = there.get(BROWSERS).await.json();
        assert_eq!((&state["here"]["on"], state["browsers"].as_array().unwrap().len()), (&json!(true), 2));
        assert!(is_on(&there.get(API).await.json(), "app.connected", "push"), "with the choices of the account");
    }

    async fn a_test_rings_the_browser_that_asked_and_no_other(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let mut there = elsewhere(&house).await;
        let (bell, other) = (turn_on(&mut here, &service).await, turn_on(&mut there, &service).await);
        let reply = here.json(Method::POST, "/account/api/push/test", &json!({})).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED);
        assert!(bell.next_message(SOON).await.json.to_string().contains("It works"));
        assert!(other.try_next(Duration::from_millis(300)).await.is_none());
    }

    /// What the service worker does when the browser gets another endpoint (`pushsubscriptionchange`).
    async fn a_renewed_subscription_takes_the_place_of_the_old_one(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let old = turn_on(&mut here, &service).await;
        let key = here.get(BROWSERS).await.json()["vapid_key"].as_str().unwrap().to_owned();
        let renewed = service.subscribe(Some(&key));
        let new: Value = serde_json::from_str(&renewed.json()).unwrap();
        let body = json!({ "old": old.endpoint(), "new": new });
        let reply = here.json(Method::POST, "/account/api/push/rotate", &body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        elsewhere(&house).await;
        renewed.next_message(SOON).await;
        assert_eq!(old.waiting(), 0);
        assert_eq!(here.get(BROWSERS).await.json()["browsers"].as_array().unwrap().len(), 1);
        // Where they were switched off, a renewal by itself switches nothing on.
        assert!(here.json(Method::DELETE, BROWSERS, &json!({})).await.status.is_success());
        let late = here.json(Method::POST, "/account/api/push/rotate", &body).await;
        assert_eq!((late.status, &late.json()["error"]), (StatusCode::CONFLICT, &json!("not_on")));
    }

    async fn each_browser_says_when_something_last_arrived_and_since_when_nothing_does(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let delivered = async {
            while !here.open("/account/notifications").await.text().contains("last delivered today 09:41 UTC") {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, delivered).await.unwrap();
        service.fail(Some(&bell.endpoint()), Fault::status(500), 3);
        let mut there = elsewhere(&house).await;
        assert!(service.wait_until(SOON, |s| s.log().iter().any(|entry| entry.status == 500)).await);
        let page = there.open("/account/notifications").await;
        assert!(!page.text().contains("not reachable"), "one failure is the push service's own trouble");
        says_of_it(&house, &mut there, true).await;
        let state = there.get(BROWSERS).await.json();
        let since = state["browsers"][0]["not_reached_since"].as_str().unwrap();
        assert!(since.starts_with("2026-11-23T"), "{since}");
        // Then the push service is well again, and the notice arrives.
        says_of_it(&house, &mut there, false).await;
        bell.next_message(SOON).await;
    }

    async fn a_browser_that_is_gone_is_named_until_it_is_there_again(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        service.drop_endpoint(&bell.endpoint());
        elsewhere(&house).await;
        let letter = house.post.take("jane@example.com", "no notices any more").await;
        assert!(letter.text.contains("turn notices on again"), "{}", letter.text);
        let page = here.open("/account/notifications").await;
        page.says("Firefox on Linux could not be reached any more").says("None yet.");
        here.open("/account/activity").await.says("can’t be reached with notices any more");
        turn_on(&mut here, &service).await;
        let page = here.open("/account/notifications").await;
        assert!(!page.text().contains("could not be reached"), "{}", page.text());
    }

    async fn one_browser_can_be_switched_off_from_another_and_only_one_s_own(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        turn_on(&mut here, &service).await;
        let mut there = elsewhere(&house).await;
        let id = there.get(BROWSERS).await.json()["browsers"][0]["id"].clone();
        let mut stranger = house.browser(FIREFOX);
        testkit::people::register(&house, &mut stranger, "mallory@example.com").await;
        let nothing = stranger.json(Method::DELETE, BROWSERS, &json!({ "id": id })).await;
        assert_eq!(nothing.json(), json!({ "was_on": false }));
        let reply = there.json(Method::DELETE, BROWSERS, &json!({ "id": id })).await;
        assert_eq!(reply.json(), json!({ "was_on": true }), "{}", reply.body);
        house.post.take("jane@example.com", "Notices are off").await;
        assert_eq!(here.get(BROWSERS).await.json()["here"], json!({ "on": false, "wanted": false }));
    }

    /// What is kept is shown, in words and whole, and deleted; the browser ends its subscription by itself then.
    async fn what_is_kept_for_notices_is_shown_and_deleted(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let mut stranger = house.browser(CHROME);
        testkit::people::register(&house, &mut stranger, "mallory@example.com").await;
        let theirs = turn_on(&mut stranger, &service).await;
        let link = testkit::people::link(&here.open("/account/notifications").await, "/account/notifications/data");
        let page = here.open(&link).await;
        let json: Value = serde_json::from_str(&bell.json()).unwrap();
        page.says(&bell.endpoint()).says(json["keys"]["p256dh"].as_str().unwrap()).says("Firefox on Linux");
        page.says("Until you turn notices off there").says("One notice is kept");
        assert!(!page.body.contains(json["keys"]["auth"].as_str().unwrap()), "the secret is shown to nobody");
        assert!(!page.body.contains(&theirs.endpoint()), "another person's");
        let kept = here.get(DATA).await.json();
        assert_eq!((&kept["browsers"][0]["endpoint"], &kept["notices"]), (&json!(bell.endpoint()), &json!(1)));
        let after = here.submit_and_follow(page.form("/account/notifications/data")).await;
        after.says("Nothing is kept: notices are on in no browser.").says("No notice is kept.");
        assert!(after.body.contains(r#"<meta name="push-wanted" content="false">"#), "so the browser lets go of its own, too");
        house.post.take("jane@example.com", "Notices are off").await;
        assert_eq!(here.get(DATA).await.json(), json!({ "browsers": [], "notices": 0 }));
        elsewhere(&house).await;
        house.post.take("jane@example.com", "sign-in").await;
        assert!(bell.try_next(Duration::from_millis(300)).await.is_none());
        // By the API, and only one's own.
        turn_on(&mut here, &service).await;
        assert_eq!(here.json(Method::DELETE, DATA, &json!({})).await.status, StatusCode::OK);
        assert_eq!(here.get(DATA).await.json()["browsers"], json!([]));
        assert_eq!(stranger.get(DATA).await.json()["browsers"][0]["endpoint"], theirs.endpoint());
    }
}
