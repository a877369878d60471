//! Who is asked again and again says yes in the end: so nobody is.

use super::*;
use crate::bell::{SOON, bells, open, turn_on};
use actix_web::http::StatusCode;
use testkit::house::Db;
use testkit::push_service::PushService;
use testkit::stories;

bells! {
    /// CISA on push fatigue: three in ten minutes, then a pause of an hour, and it says so.
    async fn the_fourth_request_in_ten_minutes_rings_nobody_for_an_hour(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let bell = turn_on(&mut phone, &service).await;
        for n in 0..3 {
            let page = ask_for_email(&mut laptop, &format!("jane{n}@new.example")).await;
            page.says("We rang your other browsers");
            let notice = bell.next_message(SOON).await;
            assert_eq!(notice.json["notification"]["title"], "Confirm: change mail address");
            laptop.submit_and_follow(page.form(&format!("{}/cancel", path(&page)))).await;
            assert_eq!(bell.next_message(SOON).await.json["notification"]["title"], "Already handled");
        }
        let page = ask_for_email(&mut laptop, NEW).await;
        page.says("We do not ring your browsers");
        phone.open(&path(&page)).await.says("no browser can confirm this one");
        assert_eq!(bell.next_message(SOON).await.json["notification"]["title"], "Too many requests");
        house.post.take(JANE, "Too many requests").await;
        let code = house.post.take(JANE, "Confirm").await;
        assert!(code.text.contains(NEW), "the mail goes out at once: {}", code.text);
        house.clock.advance(Duration::from_secs(3599));
        let still = stale(&house, &mut laptop, "jane5@new.example").await;
        still.says("We do not ring your browsers");
        house.clock.advance(Duration::from_secs(2));
        stale(&house, &mut laptop, "jane6@new.example").await.says("We rang your other browsers");
    }
}

/// Asks after the proof has become too old: it is given again on the way.
async fn stale(_: &House, browser: &mut Browser, email: &str) -> Reply {
    let page = browser.open("/account/email").await;
    let page = match page.forms("/login").into_iter().next() {
        Some(form) => browser.submit_and_follow(form.with("password", PASSWORD)).await,
        None => page,
    };
    browser.submit_and_follow(page.form("/account/email").with("email", email)).await
}

stories! {
    async fn the_second_denial_within_a_day_is_an_alarm(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        for n in 0..2 {
            let change = path(&ask_for_email(&mut laptop, &format!("jane{n}@new.example")).await);
            let told = house.post.letters_to(JANE).iter().any(|letter| letter.subject.contains("Somebody is at"));
            assert!(!told, "one denial is none");
            deny(&mut phone, &change).await;
        }
        house.post.take(JANE, "Somebody is at your").await;
        phone.open("/account/activity").await.says("2 requests were denied");
    }

    /// A fresh browser has a count of its own, takes no request of the owner's away, and denies none.
    async fn a_thief_uses_up_nothing_of_the_owners(house: House) {
        let mut laptop = jane(&house).await;
        let mut thief = stranger(&house).await;
        for n in 0..11 {
            ask_for_email(&mut thief, &format!("thief{n}@new.example")).await;
        }
        let page = ask_for_email(&mut laptop, NEW).await;
        let change = path(&page);
        ask_for_email(&mut thief, "thief@new.example").await.says("Too many changes were asked for");
        laptop.open(&change).await.says("Confirm this change");
        assert!(thief.open(&change).await.forms(&format!("{change}/deny")).is_empty(), "it is not even offered");
        let reply = thief.post(&format!("{change}/deny"), &[]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        laptop.open(&change).await.says("Confirm this change");
    }

    async fn the_eleventh_request_in_an_hour_is_not_taken(house: House) {
        let mut laptop = jane(&house).await;
        for n in 0..10 {
            ask_for_email(&mut laptop, &format!("jane{n}@new.example")).await.says("change mail address");
        }
        let page = ask_for_email(&mut laptop, NEW).await;
        page.says("Too many changes were asked for");
        assert_eq!(page.status, StatusCode::OK);
        assert!(house.post.letters_to(NEW).is_empty());
    }
}
