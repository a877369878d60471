//! Codes that are guessed, used twice, or brought to somebody else's sign-in.

use super::{first_factor, is_signed_in, second_factor, sign_out, unlimited};
use actix_web::http::StatusCode;
use futures_util::future::join_all;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, Reply, SAFARI};
use testkit::code_app::set_up_app;
use testkit::house::House;
use testkit::people::{App, NEW_PASSWORD, PASSWORD, jane, register, sign_in};
use testkit::stories;

/// A browser that waits at the page of the second factor.
async fn at_the_second(house: &House) -> (Browser, Reply) {
    let mut browser = house.browser(CHROME);
    let page = first_factor(&mut browser).await;
    (browser, page)
}

stories! {
    async fn a_code_that_was_used_and_an_older_one_open_nothing_more(house: House) {
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let (mut there, page) = at_the_second(&house).await;
        let used = app.code(&house);
        second_factor(&mut there, &page, &used).await;
        assert!(is_signed_in(&mut there).await);
        let (mut again, page) = at_the_second(&house).await;
        for spent in [used, app.code_in(&house, -1)] {
            let reply = second_factor(&mut again, &page, &spent).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            reply.says("Wait for the next one");
        }
        assert!(!is_signed_in(&mut again).await);
        house.clock.advance(Duration::from_secs(30));
        second_factor(&mut again, &page, &app.code(&house)).await;
        assert!(is_signed_in(&mut again).await, "the next one does");
    }

    /// CVE-2024-32868: another sign-in, another tab or another browser is no new count.
    async fn five_wrong_codes_end_the_sign_in_and_the_next_one_goes_on_counting(house: House) {
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        for round in 0..2 {
            let (mut thief, page) = at_the_second(&house).await;
            for _ in 0..4 {
                let reply = second_factor(&mut thief, &page, &app.wrong(&house)).await;
                assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "round {round}");
            }
            let over = second_factor(&mut thief, &page, &app.wrong(&house)).await;
            thief.follow(over).await.says("Too many wrong codes, so we began again");
            second_factor(&mut thief, &page, &app.code(&house)).await;
            assert!(!is_signed_in(&mut thief).await, "the sign-in is over, for the right code too");
        }
        let (mut thief, page) = at_the_second(&house).await;
        let closed = second_factor(&mut thief, &page, &app.code(&house)).await;
        assert_eq!(closed.status, StatusCode::TOO_MANY_REQUESTS, "the account has been tried ten times");
        assert!(closed.header("retry-after").parse::<u64>().unwrap() > 60);
        assert!(!is_signed_in(&mut thief).await);
        house.post.take("jane@example.com", "").await;
        here.open("/account/activity").await.says("Many wrong codes after a right password");

        // A stranger's tries do not lock out the owner at a device of theirs.
        sign_out(&mut here).await;
        let page = first_factor(&mut here).await;
        second_factor(&mut here, &page, &app.code(&house)).await;
        assert!(is_signed_in(&mut here).await);
    }

    async fn a_right_code_opens_no_sign_in_that_has_no_first_factor_or_is_another_browsers(house: House) {
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let (mut owner, page) = at_the_second(&house).await;
        let flow = page.form("/login/mfa").value("flow").to_owned();
        let mut thief = house.browser(SAFARI);
        let with = |flow: &str| [("flow".to_owned(), flow.to_owned()), ("code".to_owned(), app.code(&house))];
        let foreign = thief.post("/login/mfa", &with(&flow)).await;
        assert!(foreign.status.is_client_error(), "{}", foreign.status);
        let own = thief.open("/login").await.form("/login").value("flow").to_owned();
        let early = thief.post("/login/mfa", &with(&own)).await;
        assert!(early.location().starts_with("/login?"), "the first factor is asked for: {}", early.location());
        assert!(!is_signed_in(&mut thief).await);
        second_factor(&mut owner, &page, &app.code(&house)).await;
        assert!(is_signed_in(&mut owner).await, "neither try has spent the code");
        let done = owner.post("/login/mfa", &with(&flow)).await;
        assert!(!done.status.is_server_error());
    }

    async fn a_sign_in_that_waited_too_long_for_the_second_factor_begins_again(house: House) {
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let (mut there, page) = at_the_second(&house).await;
        house.clock.advance(Duration::from_secs(31 * 60));
        let late = second_factor(&mut there, &page, &app.code(&house)).await;
        let late = if late.status.is_redirection() { there.follow(late).await } else { late };
        assert!(!is_signed_in(&mut there).await);
        assert!(late.body.contains("/login"), "there is a way on: {}", late.text());
    }

    async fn one_person_s_code_is_nothing_to_another_s_sign_in(house: House) {
        let mut here = jane(&house).await;
        let (hers, codes) = set_up_app(&house, &mut here).await;
        let mut joe = house.browser(SAFARI);
        register(&house, &mut joe, "joe@example.com").await;
        let (_, _) = set_up_app(&house, &mut joe).await;
        sign_out(&mut joe).await;
        let page = sign_in(&mut joe, "joe@example.com", PASSWORD).await;
        page.says("One more step");
        for code in [hers.code(&house), codes[0].clone()] {
            let reply = second_factor(&mut joe, &page, &code).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert!(!joe.open("/account").await.text().contains("Jane"));
        let (mut there, page) = at_the_second(&house).await;
        second_factor(&mut there, &page, &hers.code(&house)).await;
        assert!(is_signed_in(&mut there).await, "hers is still hers to use");
    }

    /// OWASP ASVS 6.4.3: who has the mailbox has a new password, and no more.
    async fn a_new_password_by_mail_does_not_stand_in_for_the_second_factor(house: House) {
        let shop = App::first_party(&house).await;
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let tokens = shop.tokens(&house, &mut here).await;
        let mut there = house.browser(CHROME);
        let page = there.open("/recover").await;
        there.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let link = house.post.take("jane@example.com", "password").await.link("/reset");
        let page = there.open(&link).await;
        there.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        assert!(!is_signed_in(&mut there).await, "nobody is signed in by a reset");
        assert!(!is_signed_in(&mut here).await, "and everybody else is signed out");
        assert!(!shop.is_active(&house, tokens["access_token"].as_str().unwrap()).await);
        assert_eq!(shop.refresh(&house, tokens["refresh_token"].as_str().unwrap()).await.status, 400);
        let page = sign_in(&mut there, "jane@example.com", NEW_PASSWORD).await;
        page.says("One more step");
        assert!(!is_signed_in(&mut there).await);
        second_factor(&mut there, &page, &app.code(&house)).await;
        assert!(is_signed_in(&mut there).await);
    }
}

stories! {
    /// security.md: the same code, 20 at once, from 20 sign-ins; RFC 6238 §5.2.
    async fn one_code_opens_one_door_however_many_knock_at_once(db: Db) {
        let house = unlimited(db).await;
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let mut waiting = Vec::new();
        for _ in 0..20 {
            waiting.push(at_the_second(&house).await);
        }
        let code = app.code(&house);
        let knocks = waiting.iter_mut().map(|(browser, page)| second_factor(browser, page, &code));
        let replies = join_all(knocks).await;
        let opened = replies.iter().filter(|reply| reply.status.is_redirection()).count();
        let refused = replies.iter().filter(|reply| reply.status == StatusCode::UNPROCESSABLE_ENTITY).count();
        assert_eq!((opened, refused), (1, 19));
        let mut inside = 0;
        for (browser, _) in &mut waiting {
            inside += usize::from(is_signed_in(browser).await);
        }
        assert_eq!(inside, 1);
    }
}
