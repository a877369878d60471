//! The way back: what it asks for, how long it waits, and what is left at its end.

use super::{HOUR, JANE, WAIT, ask, begin, finish, give_everything, gone, pass, wait_for_the_link};
use actix_web::http::StatusCode;
use std::time::Duration;
use testkit::browser::{CHROME, SAFARI};
use testkit::people::{App, NEW_PASSWORD, PASSWORD, jane, sign_in};
use testkit::stories;

stories! {
    /// The whole way, from another browser: nothing before its time, everything at its end, and nobody signed in by it.
    async fn whoever_has_lost_everything_comes_back_after_the_wait(house: House) {
        let app = App::first_party(&house).await;
        let mut old = jane(&house).await;
        let tokens = app.tokens(&house, &mut old).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = begin(&house, &mut browser).await;
        let told = house.post.take(JANE, "started recovery").await;
        assert!(told.text.contains("Chrome"), "{}", told.text);
        gone(&mut browser, &link.replace("/recovery/begin", "/recovery/finish")).await;

        pass(&house, 47 * HOUR).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("nearly ready")));
        pass(&house, HOUR).await;
        house.post.take(JANE, "nearly ready").await.link("/account/recovery");
        pass(&house, 24 * HOUR).await;
        let link = house.post.take(JANE, "now").await.link("/recovery/finish");
        old.open("/account").await.says("Jane");
        for _ in 0..5 {
            house.browser(SAFARI).open(&link).await.says("choose a new password");
        }
        let weak = finish(&mut browser, &link, "12345678").await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "a weak password must not spend the link");
        assert_eq!(finish(&mut browser, &link, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the old one");
        finish(&mut browser, &link, NEW_PASSWORD).await.says("yours again");

        browser.open("/account").await.form("/login");
        old.open("/account").await.form("/login");
        assert!(!app.is_active(&house, tokens["refresh_token"].as_str().unwrap()).await);
        let factors = house.here().factors(account.id).await.unwrap();
        let nothing = identity::login::Factors { password: true, ..identity::login::Factors::default() };
        assert_eq!(factors, nothing, "a password, and nothing else that signs in");
        let mut read = house.store.read(house.here().tenant().id).await.unwrap();
        assert!(read.list_devices(account.id).await.unwrap().iter().all(|device| device.trusted_until.is_none()));
        drop(read);
        house.post.take(JANE, "was recovered").await;
        house.post.take(JANE, "no longer connected").await;
        gone(&mut browser, &link).await;
        sign_in(&mut browser, JANE, PASSWORD).await.form("/login");
        sign_in(&mut browser, JANE, NEW_PASSWORD).await;
        browser.open("/account/activity").await.says("google disconnected (jane@gmail.test)");
        browser.open("/account").await.says("Add a passkey");
    }

    /// CVE-2026-23511: known, unknown and half-known addresses look alike.
    async fn asking_tells_nobody_which_addresses_have_an_account(house: House) {
        let _jane = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let mut bodies = Vec::new();
        for email in [JANE, "nobody@example.com"] {
            let reply = ask(&mut browser, email).await;
            bodies.push(reply.body.replace(email, "*").replace(reply.header("x-request-id"), "*"));
        }
        assert_eq!(bodies[0], bodies[1]);
        house.post.take(JANE, "way back").await;
        assert!(house.post.letters_to("nobody@example.com").is_empty());
        let page = browser.open("/recovery").await;
        let reply = browser.submit(page.form("/recovery").with("username", "jane")).await;
        assert_eq!((reply.status, reply.form("/recovery").value("username")), (StatusCode::UNPROCESSABLE_ENTITY, "jane"));
    }

    async fn a_second_request_finds_the_first_and_its_clock_goes_on(house: House) {
        let _jane = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let first = begin(&house, &mut browser).await;
        house.post.take(JANE, "started recovery").await;
        house.clock.advance(Duration::from_secs(1_200));
        let page = browser.open(&first).await;
        assert!(page.says("under way").body.contains("/stop"));
        house.clock.advance(24 * HOUR);
        ask(&mut browser, JANE).await;
        let again = house.post.take(JANE, "started recovery").await;
        assert!(again.text.contains("26 Nov, 09:41"), "{}", again.text);
        pass(&house, 47 * HOUR).await;
        pass(&house, HOUR).await;
        let lost = house.post.take(JANE, "now").await.link("/recovery/finish");
        ask(&mut browser, JANE).await;
        let link = house.post.take(JANE, "now").await.link("/recovery/finish");
        gone(&mut browser, &lost).await;
        finish(&mut browser, &link, NEW_PASSWORD).await.says("yours again");
    }

    /// Whoever has nothing but a password has nothing to wait for; a mailbox is all that it takes, as ever.
    async fn who_has_no_second_factor_gets_a_new_password_at_once(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        ask(&mut browser, JANE).await;
        let link = house.post.take(JANE, "new password").await.link("/reset");
        let page = browser.open(&link).await;
        browser.submit(page.form("/reset").with("password", NEW_PASSWORD)).await.says("is set");
    }

    /// ASVS 6.4.3: a reset by mail leaves the second factor where it is, and hurries no recovery.
    async fn a_reset_by_mail_goes_round_no_second_factor(house: House) {
        let _jane = jane(&house).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        begin(&house, &mut browser).await;
        let page = browser.open("/recover").await;
        browser.submit(page.form("/recover").with("username", JANE)).await;
        let link = house.post.take(JANE, "new password").await.link("/reset");
        let page = browser.open(&link).await;
        browser.submit(page.form("/reset").with("password", NEW_PASSWORD)).await;
        assert!(house.here().factors(account.id).await.unwrap().totp);
        sign_in(&mut browser, JANE, NEW_PASSWORD).await;
        browser.open("/account").await.form("/login");
        pass(&house, WAIT - HOUR).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
    }

    async fn nobody_finishes_what_ran_out(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let form = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        pass(&house, 7 * 24 * HOUR).await;
        assert!(browser.submit(form).await.status.is_client_error());
        house.post.take(JANE, "ran out").await.link("/recovery");
        begin(&house, &mut browser).await;
    }
}
