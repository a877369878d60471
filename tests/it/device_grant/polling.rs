//! A device that asks, too often, too late, and at once.

use super::{answer, ask, give, let_in, poll, refused, tv};
use actix_web::http::StatusCode;
use futures_util::future::join_all;
use oauth::client::Client;
use std::time::Duration;
use testkit::browser::{Browser, CHROME};
use testkit::people::{PASSWORD, jane, register, sign_in, userinfo};
use testkit::stories;

/// No app is connected, and none is told of.
async fn nothing_is_kept(browser: &mut Browser) {
    for page in ["/account/apps", "/account/activity"] {
        assert!(!browser.open(page).await.text().contains("Acme TV"), "{page}");
    }
}

stories! {
    /// RFC 8628 §3.5.
    async fn who_asks_too_soon_has_to_wait_longer_and_keeps_having_to(house: House) {
        let app = tv(&house).await;
        let asked = ask(&house, &app).await;
        let wait = |seconds| house.clock.advance(Duration::from_secs(seconds));
        for _ in 0..3 {
            refused(&poll(&house, &app, &asked).await, "authorization_pending");
            wait(5);
        }
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        refused(&poll(&house, &app, &asked).await, "slow_down");
        wait(5);
        refused(&poll(&house, &app, &asked).await, "slow_down");
        wait(10);
        refused(&poll(&house, &app, &asked).await, "slow_down");
        wait(20);
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        // It costs nothing else: the device is let in all the same.
        let mut browser = jane(&house).await;
        let_in(&mut browser, &asked.user_code).await;
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
    }

    async fn what_nobody_decides_in_time_is_over_for_the_device_and_the_person(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        house.clock.advance(Duration::from_secs(901));
        refused(&poll(&house, &app, &asked).await, "expired_token");
        answer(&mut browser, &page, "allow").await.says("Nothing was allowed");
        refused(&poll(&house, &app, &asked).await, "expired_token");
        give(&mut browser, &asked.user_code).await.says("This code is too old");
        nothing_is_kept(&mut browser).await;
    }

    /// The code ran out on the way from the page to the end: a card about notices lay between, or a slow network.
    async fn what_is_allowed_in_time_and_comes_too_late_leaves_nothing(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        let on = browser.submit(page.form("/consent").with("decision", "allow")).await;
        assert!(on.location().starts_with("/login/continue"), "{}", on.location());
        house.clock.advance(Duration::from_secs(901));
        browser.follow(on).await.says("Nothing was allowed").says("Begin again on the device");
        refused(&poll(&house, &app, &asked).await, "expired_token");
        nothing_is_kept(&mut browser).await;
        // Nor was it allowed for good by that: the next device is asked about, and let in.
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await.says("Your device is signed in");
        browser.open("/account/apps").await.says("Acme TV");
    }

    /// The operator switched the app off, or it withdrew, while the page lay open.
    async fn a_yes_to_an_app_that_is_off_or_gone_leaves_nothing(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        let client = house.here().client("tv").await.unwrap().unwrap();
        let off = Client { disabled_at: Some(house.clock.now()), ..client.clone() };
        house.here().save_client(off).await.map(drop).map_err(|e| format!("{e:?}")).unwrap();
        answer(&mut browser, &page, "allow").await.says("Nothing was allowed");
        nothing_is_kept(&mut browser).await;
        house.here().save_client(client).await.map(drop).map_err(|e| format!("{e:?}")).unwrap();
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        assert!(house.here().remove_client("tv").await.unwrap());
        let told = answer(&mut browser, &page, "allow").await;
        assert!(!told.status.is_server_error() && !told.text().contains("Your device is signed in"), "{}", told.text());
        nothing_is_kept(&mut browser).await;
    }

    async fn a_page_that_one_person_allowed_lets_nobody_else_in(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        register(&house, &mut house.browser(CHROME), "max@example.com").await;
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        let on = browser.submit(page.form("/consent").with("decision", "allow")).await;
        let account = browser.open("/account").await;
        browser.submit_and_follow(account.form("/logout")).await;
        sign_in(&mut browser, "max@example.com", PASSWORD).await;
        browser.follow(on).await.form("/consent");
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
    }

    async fn a_code_that_was_allowed_and_never_fetched_is_not_good_for_ever(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await;
        house.clock.advance(Duration::from_secs(901));
        refused(&poll(&house, &app, &asked).await, "expired_token");
    }

    async fn twenty_questions_at_once_get_tokens_once_and_then_nobody_does(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await;
        let replies = join_all((0..20).map(|_| poll(&house, &app, &asked))).await;
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == StatusCode::OK).collect();
        assert_eq!(won.len(), 1);
        for lost in replies.iter().filter(|reply| reply.status != StatusCode::OK) {
            refused(lost, "invalid_grant");
        }
        // A second use is somebody else's, or the first was.
        let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(userinfo(&house, &token).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn yes_and_no_at_once_is_one_of_them_for_everybody(house: House) {
        let app = tv(&house).await;
        let mut one = jane(&house).await;
        let mut two = house.browser(CHROME);
        sign_in(&mut two, "jane@example.com", PASSWORD).await;
        let asked = ask(&house, &app).await;
        let (yes, no) = (give(&mut one, &asked.user_code).await, give(&mut two, &asked.user_code).await);
        let (yes, no) = futures_util::future::join(answer(&mut one, &yes, "allow"), answer(&mut two, &no, "deny")).await;
        let reply = poll(&house, &app, &asked).await;
        if reply.status == StatusCode::OK {
            yes.says("Your device is signed in");
            no.says("Your device is signed in");
        } else {
            refused(&reply, "access_denied");
            yes.says("The device was not let in");
            no.says("The device was not let in");
        }
    }
}
