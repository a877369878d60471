//! Signing in with a password, and guessing at one.

use actix_web::http::StatusCode;
use std::time::Duration;
use testkit::browser::CHROME;
use testkit::people::{NEW_PASSWORD, PASSWORD, jane, sign_in};
use testkit::stories;

stories! {
    async fn a_wrong_password_keeps_the_typed_address_and_does_not_say_which_was_wrong(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let mut replies = Vec::new();
        for email in ["jane@example.com", "nobody@example.com"] {
            let page = browser.open("/login").await;
            let reply = browser.submit(page.form("/login").with("username", email).with("password", "not the one")).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(reply.form("/login").value("username"), email);
            assert_eq!(reply.form("/login").value("password"), "");
            let flow = reply.form("/login").value("flow").to_owned();
            let request = reply.header("x-request-id").to_owned();
            replies.push(reply.body.replace(email, "*").replace(&flow, "*").replace(&request, "*"));
        }
        assert_eq!(replies[0], replies[1], "a known and an unknown address must look alike");
    }

    /// CVE-2024-4629: attempts that come together count before any of them is hashed.
    async fn two_hundred_guesses_at_once_are_ten_at_most(house: House) {
        let _jane = jane(&house).await;
        let mut guesses = Vec::new();
        for n in 0..200 {
            let mut browser = house.browser(CHROME).from_address(&format!("198.51.100.{}", n % 250));
            guesses.push(async move {
                let page = browser.open("/login").await;
                browser.submit(page.form("/login").with("username", "jane@example.com").with("password", "guess")).await.status
            });
        }
        let statuses = futures_util::future::join_all(guesses).await;
        let tried = statuses.iter().filter(|s| **s == StatusCode::UNPROCESSABLE_ENTITY).count();
        let refused = statuses.iter().filter(|s| **s == StatusCode::TOO_MANY_REQUESTS).count();
        assert!(tried <= 10, "{tried} guesses were hashed");
        assert_eq!(tried + refused, 200);
    }

    /// CVE-2024-1722: who hammers an account from outside does not lock its owner out.
    async fn the_owner_still_signs_in_from_a_known_device_while_others_guess(house: House) {
        let mut owner = jane(&house).await;
        for n in 0..12 {
            let mut thief = house.browser(CHROME).from_address(&format!("198.51.100.{n}"));
            sign_in(&mut thief, "jane@example.com", "guess").await;
        }
        let mut thief = house.browser(CHROME).from_address("198.51.100.99");
        let page = thief.open("/login").await;
        let reply = thief.submit(page.form("/login").with("username", "jane@example.com").with("password", PASSWORD)).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "a stranger with the right password has to wait too");
        assert!(!reply.header("retry-after").is_empty());

        let page = owner.open("/account").await;
        owner.submit_and_follow(page.form("/logout")).await;
        sign_in(&mut owner, "jane@example.com", PASSWORD).await;
        owner.open("/account").await.says("Jane");
    }

    /// CVE-2025-64102: the password page is no second door for guessing.
    async fn guesses_at_the_password_page_count_with_those_at_the_sign_in(house: House) {
        let mut browser = jane(&house).await;
        let page = browser.open("/account/signin").await;
        let mut last = StatusCode::OK;
        for n in 0..12 {
            let form = page.form("/account/signin/password").with("current", &format!("guess {n}")).with("password", NEW_PASSWORD);
            last = browser.submit(form).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        let mut same = browser.clone();
        let page = same.open("/account").await;
        same.submit_and_follow(page.form("/logout")).await;
        let page = same.open("/login").await;
        let reply = same.submit(page.form("/login").with("username", "jane@example.com").with("password", PASSWORD)).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn changing_the_password_ends_the_other_devices_and_gives_this_one_a_new_cookie(house: House) {
        let mut here = jane(&house).await;
        let mut there = house.browser(CHROME);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
        there.open("/account").await.says("Jane");
        let before = here.cookies().clone();

        let page = here.open("/account/signin").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD).with("end_others", "on");
        here.submit_and_follow(form).await;
        here.open("/account").await.says("Jane");
        assert_ne!(before, *here.cookies(), "the session's cookie must change");
        there.open("/account").await.form("/login");
        let letter = house.post.take("jane@example.com", "assword").await;
        assert!(!letter.text.contains(NEW_PASSWORD));
        sign_in(&mut there, "jane@example.com", PASSWORD).await.form("/login");
        sign_in(&mut there, "jane@example.com", NEW_PASSWORD).await;
        there.open("/account").await.says("Jane");
    }

    async fn a_forgotten_password_is_set_by_mail_and_every_session_ends(house: House) {
        let mut here = jane(&house).await;
        let mut forgetful = house.browser(CHROME);
        let page = forgetful.open("/recover").await;
        forgetful.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let link = house.post.take("jane@example.com", "").await.link("/reset");
        for _ in 0..3 {
            forgetful.open(&link).await;
        }
        let page = forgetful.open(&link).await;
        let weak = forgetful.submit(page.form("/reset").with("password", "12345678")).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "a weak password must not spend the link");
        forgetful.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        forgetful.open("/account").await.form("/login");
        here.open("/account").await.form("/login");
        house.post.take("jane@example.com", "assword").await;

        let again = forgetful.submit(page.form("/reset").with("password", PASSWORD)).await;
        assert!(again.status.is_client_error(), "a link works once: {}", again.status);
        sign_in(&mut forgetful, "jane@example.com", NEW_PASSWORD).await;
        forgetful.open("/account").await.says("Jane");
    }

    async fn a_reset_link_dies_with_the_next_one_and_with_time(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let mut links = Vec::new();
        for _ in 0..2 {
            let page = browser.open("/recover").await;
            browser.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
            links.push(house.post.take("jane@example.com", "").await.link("/reset"));
        }
        assert!(browser.open(&links[0]).await.status.is_client_error(), "the older link must be dead");
        assert_eq!(browser.open(&links[1]).await.status, StatusCode::OK);
        house.clock.advance(Duration::from_secs(3_601));
        assert!(browser.open(&links[1]).await.status.is_client_error(), "an hour later it must be dead");
    }

    async fn asking_for_an_unknown_address_looks_the_same_and_sends_nothing(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let mut bodies = Vec::new();
        for email in ["jane@example.com", "nobody@example.com"] {
            let page = browser.open("/recover").await;
            let reply = browser.submit_and_follow(page.form("/recover").with("username", email)).await;
            bodies.push(reply.body.replace(email, "*").replace(reply.header("x-request-id"), "*"));
        }
        assert_eq!(bodies[0], bodies[1]);
        house.post.take("jane@example.com", "").await;
        assert!(house.post.letters_to("nobody@example.com").is_empty());
    }
}
