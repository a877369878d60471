//! Quiet times: a pause, the quiet hours, and how much a notice says.

use crate::bell::{SOON, open, turn_on};
use crate::recovery::{begin, give_everything};
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{Browser, CHROME, SAFARI};
use testkit::house::{Db, House};
use testkit::people::{PASSWORD, jane, sign_in};
use testkit::push_service::{PushService, Subscriber};

const API: &str = "/account/api/preferences";
const MINUTE: Duration = Duration::from_secs(60);

/// Changes quiet times, seeing the present revision.
async fn set(browser: &mut Browser, quiet: Value) -> Value {
    let rev = browser.get(API).await.json()["rev"].clone();
    let reply = browser.json(Method::PATCH, API, &json!({ "quiet": quiet, "rev": rev })).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()["quiet"].clone()
}

async fn lives_in(browser: &mut Browser, zone: &str) {
    let page = browser.open("/account/profile").await;
    browser.submit_and_follow(page.form("/account/profile").with("time_zone", zone)).await.says("Saved");
}

/// Somebody signs in from a browser that the account does not know: what rings for security. The mail comes at once.
async fn a_stranger_signs_in(house: &House, agent: &'static str) {
    sign_in(&mut house.browser(agent), "jane@example.com", PASSWORD).await;
    house.post.take("jane@example.com", "sign-in").await;
}

async fn is_silent(bell: &Subscriber) {
    assert!(bell.try_next(Duration::from_millis(700)).await.is_none(), "it rang");
}

async fn rung(bell: &Subscriber) -> String {
    bell.next_message(SOON).await.json.to_string()
}

/// A house, Jane's browser there, and its bell.
async fn at_home(db: Db) -> (House, PushService, Browser, Subscriber) {
    let (house, service) = open(db).await;
    let mut here = jane(&house).await;
    let bell = turn_on(&mut here, &service).await;
    (house, service, here, bell)
}

testkit::stories! {
    async fn a_pause_holds_notices_back_and_they_ring_afterwards(db: Db) {
        let (house, service, mut here, bell) = at_home(db).await;
        let quiet = set(&mut here, json!({ "pause": "hour", "security_rings": false })).await;
        assert_eq!((&quiet["paused"], quiet["paused_until"].as_str()), (&json!(true), Some("2026-11-23T10:41:00Z")));
        here.open("/account/notifications").await.says("Notices are paused until");
        a_stranger_signs_in(&house, CHROME).await;
        is_silent(&bell).await;
        house.clock.advance(61 * MINUTE);
        assert!(rung(&bell).await.contains("was-this-you"));
        here.open("/account/notifications").await.says("Not now? Notices can wait.");
        service.assert_all_well_formed();
    }

    async fn what_is_held_back_rings_at_once_when_the_pause_is_ended(db: Db) {
        let (house, _service, mut here, bell) = at_home(db).await;
        set(&mut here, json!({ "pause": "until_resumed", "security_rings": false })).await;
        here.open("/account/notifications").await.says("until you turn them on again");
        a_stranger_signs_in(&house, CHROME).await;
        is_silent(&bell).await;
        house.clock.advance(48 * 60 * MINUTE);
        is_silent(&bell).await;
        let page = here.open("/account/notifications").await;
        let forms = page.forms("/account/notifications/quiet");
        let resume = forms.into_iter().find(|form| form.value("pause") == "end").unwrap();
        here.submit_and_follow(resume).await.says("Saved for every browser.");
        assert!(rung(&bell).await.contains("was-this-you"));
    }

    /// Whoever has security wait behind a pause or quiet hours does it no more unheard than by a switch.
    async fn holding_security_notices_back_is_told_by_mail(db: Db) {
        let (house, _service, mut here, _bell) = at_home(db).await;
        let mails = || house.post.letters_to("jane@example.com").iter().filter(|one| one.subject.contains("won’t ring")).count();
        let hours = json!({ "from": "22:00", "until": "07:00" });
        for harmless in [
            json!({ "pause": "hour", "hours": hours }),
            json!({ "pause": null, "hours": null }),
            json!({ "security_rings": false }),
        ] {
            set(&mut here, harmless).await;
        }
        a_stranger_signs_in(&house, CHROME).await;
        assert_eq!(mails(), 0, "what holds nothing back is nobody's alarm");
        set(&mut here, json!({ "hours": hours })).await;
        let letter = house.post.take("jane@example.com", "won’t ring").await;
        assert!(letter.text.contains("quiet hours") && letter.text.contains("Firefox"), "{}", letter.text);
        set(&mut here, json!({ "hide_details": true })).await;
        set(&mut here, json!({ "pause": "until_resumed" })).await;
        house.post.take("jane@example.com", "won’t ring").await;
        set(&mut here, json!({ "pause": null })).await;
        set(&mut here, json!({ "security_rings": true })).await;
        a_stranger_signs_in(&house, SAFARI).await;
        assert_eq!(mails(), 0, "once each time that it was more, and no other");
    }

    /// A person who comes back after long is not rung for each day that they were away.
    async fn what_was_held_for_more_than_a_week_stands_in_the_log_only(db: Db) {
        let (house, _service, mut here, bell) = at_home(db).await;
        set(&mut here, json!({ "pause": "until_resumed", "security_rings": false })).await;
        a_stranger_signs_in(&house, CHROME).await;
        house.clock.advance(8 * 24 * 60 * MINUTE);
        is_silent(&bell).await;
        set(&mut here, json!({ "pause": null })).await;
        is_silent(&bell).await;
        here.open("/account/activity").await.says("Chrome on Windows");
    }

    async fn until_tomorrow_ends_in_the_person_s_own_morning(db: Db) {
        let (_house, _service, mut here, _bell) = at_home(db).await;
        lives_in(&mut here, "America/New_York").await;
        let page = here.open("/account/notifications").await;
        let pause = page.form("/account/notifications/quiet").with("pause", "until_tomorrow");
        here.submit_and_follow(pause).await.says("Notices are paused until");
        let quiet = here.get(API).await.json()["quiet"].clone();
        // It is 04:41 in New York: the next day's morning there is 13:00 in UTC.
        assert_eq!(quiet["paused_until"], "2026-11-24T13:00:00Z");
    }

    async fn security_rings_through_as_long_as_the_person_says_so(db: Db) {
        let (house, _service, mut here, bell) = at_home(db).await;
        let quiet = set(&mut here, json!({ "pause": "hour" })).await;
        assert_eq!(quiet["security_rings"], true, "that is how it is before anything is chosen");
        here.open("/account/notifications").await.says("Security notices ring all the same.");
        a_stranger_signs_in(&house, CHROME).await;
        assert!(rung(&bell).await.contains("was-this-you"));
        set(&mut here, json!({ "security_rings": false })).await;
        a_stranger_signs_in(&house, SAFARI).await;
        is_silent(&bell).await;
        // What was held back and must not wait any more does not.
        set(&mut here, json!({ "security_rings": true })).await;
        assert!(rung(&bell).await.contains("iPhone"));
    }

    async fn a_warning_of_the_way_back_rings_through_everything(db: Db) {
        let (house, _service, mut here, bell) = at_home(db).await;
        let hours = json!({ "from": "00:00", "until": "23:59" });
        set(&mut here, json!({ "pause": "until_resumed", "security_rings": false, "hours": hours })).await;
        give_everything(&house).await;
        begin(&house, &mut house.browser(CHROME)).await;
        assert!(rung(&bell).await.contains("Someone started account recovery"));
    }

    /// 09:41 UTC is 10:41 in Berlin.
    async fn quiet_hours_are_those_of_the_person_s_clock(db: Db) {
        let (house, _service, mut here, bell) = at_home(db).await;
        let hours = json!({ "from": "10:30", "until": "12:00" });
        let quiet = set(&mut here, json!({ "hours": hours, "security_rings": false })).await;
        assert_eq!(quiet["hours"], hours);
        a_stranger_signs_in(&house, CHROME).await;
        assert!(rung(&bell).await.contains("was-this-you"), "without a time zone the clock is UTC's");
        lives_in(&mut here, "Europe/Berlin").await;
        here.open("/account/notifications").await.says("Europe/Berlin");
        a_stranger_signs_in(&house, SAFARI).await;
        is_silent(&bell).await;
        house.clock.advance(70 * MINUTE);
        is_silent(&bell).await;
        house.clock.advance(10 * MINUTE);
        assert!(rung(&bell).await.contains("iPhone"), "at 12:01 in Berlin");
    }

    async fn hidden_details_are_in_no_notice(db: Db) {
        let (house, _service, mut here, bell) = at_home(db).await;
        assert_eq!(set(&mut here, json!({ "hide_details": true })).await["hide_details"], true);
        a_stranger_signs_in(&house, CHROME).await;
        let notice = bell.next_message(SOON).await;
        let shown = &notice.json["notification"];
        for words in [&shown["title"], &shown["body"]] {
            let words = words.as_str().unwrap();
            assert!(!words.contains("Chrome") && !words.contains("sign-in"), "{shown}");
        }
        assert_eq!(shown["actions"].as_array().map_or(0, Vec::len), 0, "an answer would be a guess");
        assert!(shown["navigate"].as_str().unwrap().contains("/account/was-this-you/"), "{shown}");
    }

    async fn hours_that_are_none_are_said_and_what_was_typed_stays(db: Db) {
        let (_house, _service, mut here, _bell) = at_home(db).await;
        let page = here.open("/account/notifications").await;
        let form = page.forms("/account/notifications/quiet").pop().unwrap();
        let typed = form.with("hours", "on").with("from", "07:00").with("until", "07:00").with("hide_details", "on");
        let again = here.submit(typed).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.says("Choose two different times.");
        let form = again.forms("/account/notifications/quiet").pop().unwrap();
        assert_eq!(["hours", "from", "hide_details"].map(|name| form.value(name)), ["on", "07:00", "on"]);
        here.submit_and_follow(form.with("from", "22:00")).await.says("Saved for every browser.");
        let quiet = here.get(API).await.json()["quiet"].clone();
        assert_eq!(quiet["hours"], json!({ "from": "22:00", "until": "07:00" }));
        assert_eq!(quiet["hide_details"], true);
        for nonsense in [
            json!({ "quiet": { "pause": "for ever" }, "rev": 1 }),
            json!({ "quiet": { "hours": { "from": "25:00", "until": "07:00" } }, "rev": 1 }),
            json!({ "quiet": { "hours": { "from": "07:00", "until": "07:00" } }, "rev": 1 }),
            json!({ "quiet": { "loud": true }, "rev": 1 }),
            json!({ "quiet": {}, "topic": "app.connected", "channel": "push", "on": true, "rev": 1 }),
            json!({ "topic": "app.connected", "rev": 1 }),
        ] {
            let reply = here.json(Method::PATCH, API, &nonsense).await;
            assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("unreadable")), "{nonsense}");
        }
    }
}
