//! Ways into somebody else's account that were once open, or nearly.

use testkit::browser::{CHROME, FIREFOX, SAFARI};
use testkit::people::{App, NEW_PASSWORD, PASSWORD, jane, link, sign_in};
use testkit::stories;

stories! {
    /// A link proves the address that it was sent to, and no later one of the same sign-in.
    async fn registering_again_with_another_address_does_not_make_the_old_link_prove_it(house: House) {
        let mut mallory = house.browser(CHROME);
        let page = mallory.open("/login").await;
        let page = mallory.open(&link(&page, "/register")).await;
        let first = page.form("/register").with("username", "m@evil.test").with("name", "M").with("password", PASSWORD);
        mallory.submit_and_follow(first.clone()).await;
        let letter = house.post.take("m@evil.test", "").await;
        mallory.submit_and_follow(first.with("username", "victim@example.com")).await;
        let reply = mallory.open(&letter.link("/confirm")).await;
        assert!(reply.status.is_client_error(), "the old link must be dead: {}", reply.text());
        mallory.open("/account").await.form("/login");
        sign_in(&mut house.browser(FIREFOX), "victim@example.com", PASSWORD).await.form("/login");
    }

    /// On a shared machine: going back to a registration that is over signs nobody in.
    async fn a_registration_signs_in_once(house: House) {
        let mut browser = house.browser(FIREFOX);
        let page = browser.open("/login").await;
        let page = browser.open(&link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Jane Doe").with("password", PASSWORD);
        let waiting = browser.submit_and_follow(form).await;
        let flow = waiting.form("/register").value("flow").to_owned();
        let letter = house.post.take("jane@example.com", "").await;
        let page = browser.open(&letter.link("/confirm")).await;
        browser.submit(page.form("/confirm")).await;
        let page = browser.open("/account").await;
        page.says("Jane");
        browser.submit_and_follow(page.form("/logout")).await;
        for path in ["/register/check", "/login/continue", "/login/offer"] {
            browser.open(&format!("{path}?flow={flow}")).await;
            browser.post("/register/check", &[("flow".to_owned(), flow.clone())]).await;
            browser.open("/account").await.form("/login");
        }
    }

    /// Two fresh devices with a stolen password must not make each other known.
    async fn two_new_devices_cannot_vouch_for_each_other(house: House) {
        let mut here = jane(&house).await;
        let mut one = house.browser(CHROME);
        let mut two = house.browser(SAFARI);
        sign_in(&mut one, "jane@example.com", PASSWORD).await;
        sign_in(&mut two, "jane@example.com", PASSWORD).await;
        let page = one.open("/account").await;
        let question = link(&page, "was-this-you");
        let reply = one.post(&format!("{question}/yes"), &[]).await;
        assert!(!reply.status.is_success(), "{}", reply.status);
        here.open(&question).await.form("/no");
        here.open(&question).await.form("/yes");
    }

    /// "No" reaches what the device was granted in sessions that are over already.
    async fn a_no_ends_what_outlived_its_session(house: House) {
        let app = App::first_party(&house).await;
        let _here = jane(&house).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let tokens = app.tokens(&house, &mut thief).await;
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let page = thief.open("/account").await;
        thief.submit_and_follow(page.form("/logout")).await;
        assert!(app.is_active(&house, refresh).await, "offline_access outlives an ordinary sign-out");
        let letter = house.post.take("jane@example.com", "ign-in").await;
        let mut anywhere = house.browser(SAFARI);
        let page = anywhere.open(&letter.link("was-this-you")).await;
        anywhere.submit_and_follow(page.form("/no")).await;
        assert!(!app.is_active(&house, refresh).await);
    }

    /// A consent is of the account that saw the page.
    async fn allowing_in_one_tab_does_not_count_for_another_account(house: House) {
        let app = App::ordinary(&house).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.request(&[])).await;
        let form = page.form("/consent").with("decision", "allow");
        let account = browser.open("/account").await;
        browser.submit_and_follow(account.form("/logout")).await;
        testkit::people::register(&house, &mut browser, "john@example.com").await;
        let reply = browser.submit_and_follow(form).await;
        assert!(!reply.status.is_redirection(), "no code for John: {}", reply.location());
    }

    /// A password that was reset is not brought back by anything that was begun with the old one.
    async fn a_reset_beats_what_was_begun_before_it(house: House) {
        let _here = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let page = browser.open("/recover").await;
        browser.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let reset = house.post.take("jane@example.com", "").await.link("/reset");
        let page = browser.open(&reset).await;
        let mut thief = house.browser(SAFARI);
        let sign_in_page = thief.open("/login").await;
        let form = sign_in_page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let (won, _) = futures_util::future::join(
            browser.submit(page.form("/reset").with("password", NEW_PASSWORD)),
            thief.submit(form),
        )
        .await;
        assert!(won.status.is_redirection() || won.status.is_success(), "{}", won.status);
        // Whichever came first, nothing that the old password opened is open now.
        thief.open("/account").await.form("/login");
    }

    /// A device that has yet to prove itself can't have the owner's forgotten.
    async fn a_new_device_cannot_have_a_known_one_forgotten(house: House) {
        let mut here = jane(&house).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let page = thief.open("/account/devices").await;
        assert!(!page.body.contains("/account/devices/forget"), "the button is not there");
        let mine = here.open("/account/devices").await.form("/account/devices/forget").value("device").to_owned();
        thief.post("/account/devices/forget", &[("device".to_owned(), mine)]).await;
        let other = here.open("/account/devices").await;
        other.says("Firefox").says("Chrome");
        here.open("/account").await.says("Jane");
    }

    /// After a "no" the password that the stranger knew is replaced, not typed again.
    async fn a_reset_wants_another_password_and_makes_its_browser_one_of_the_owners(house: House) {
        let _lost = jane(&house).await;
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        let mut phone = house.browser(SAFARI);
        let page = phone.open("/recover").await;
        phone.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let reset = house.post.take("jane@example.com", "assword").await.link("/reset");
        let page = phone.open(&reset).await;
        let same = phone.submit(page.form("/reset").with("password", PASSWORD)).await;
        assert_eq!(same.status, 422);
        phone.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        sign_in(&mut phone, "jane@example.com", NEW_PASSWORD).await;
        let page = phone.open("/account").await;
        let question = link(&page, "was-this-you");
        phone.open(&question).await.form("/yes");
    }

    /// A "no" stays open until the password is another.
    async fn the_overview_reminds_until_the_password_is_changed(house: House) {
        let mut here = jane(&house).await;
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        let page = here.open("/account").await;
        let question = link(&page, "was-this-you");
        let page = here.open(&question).await;
        here.submit_and_follow(page.form("/no")).await.says("signed out");
        house.clock.advance(std::time::Duration::from_secs(5));
        here.open("/account").await.says("It wasn");
        let page = here.open("/account/secure").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        here.submit_and_follow(form).await;
        assert!(!here.open("/account").await.text().contains("It wasn"));
    }

    /// Nor can it say "it wasn't me" about one that the owner has confirmed.
    async fn a_new_device_cannot_deny_a_confirmed_one(house: House) {
        let mut here = jane(&house).await;
        let mut phone = house.browser(SAFARI);
        sign_in(&mut phone, "jane@example.com", PASSWORD).await;
        let page = here.open("/account").await;
        let question = link(&page, "was-this-you");
        let page = here.open(&question).await;
        here.submit_and_follow(page.form("/yes")).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let reply = thief.post(&format!("{question}/no"), &[]).await;
        assert!(reply.status.is_client_error(), "{}", reply.status);
        phone.open("/account").await.says("Jane");
    }

    /// What a stranger types reaches the database as nothing that it could choke on, and comes back as no header.
    async fn control_characters_break_nothing(house: House) {
        let mut browser = jane(&house).await;
        for path in ["/login?return_to=/account%00", "/login?return_to=/account%0d%0aX:y", "/login?return_to=/accounts"] {
            assert_eq!(browser.get(path).await.location(), "/account", "{path}");
        }
        let mut stranger = house.browser(CHROME);
        let page = stranger.open("/login?return_to=/account%00").await;
        let form = page.form("/login").with("username", "a\0b").with("password", "x\0y");
        assert_eq!(stranger.submit(form).await.status, 422);
        let credentials = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "a\0b:x");
        for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
            let request = actix_web::test::TestRequest::post()
                .uri(path)
                .set_form([("grant_type", "refresh_token"), ("token", "x")])
                .insert_header(("authorization", format!("Basic {credentials}")));
            assert!(house.call(request).await.status.is_client_error(), "{path}");
        }
    }
}
