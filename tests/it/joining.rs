//! Making an account.

use actix_web::http::StatusCode;
use testkit::browser::{CHROME, FIREFOX};
use testkit::people::{App, PASSWORD, claims, jane, link, sign_in, userinfo};
use testkit::stories;

stories! {
    /// One registers on the way to an app, confirms the address, and comes back signed in with name and mail.
    async fn a_person_registers_on_the_way_to_an_app_and_comes_back_signed_in(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = house.browser(FIREFOX);
        let page = browser.open(&app.request(&[])).await;
        page.says("Acme Shop");
        let page = browser.open(&link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Jane Doe").with("password", PASSWORD);
        browser.submit_and_follow(form).await.says("jane@example.com");
        let letter = house.post.take("jane@example.com", "").await;
        let page = browser.open(&letter.link("/confirm")).await;
        let back = browser.submit_and_follow(page.form("/confirm")).await;
        assert!(back.location().starts_with("https://shop.acme.test/callback?"), "{}", back.location());
        assert_eq!(back.parameter("state").unwrap(), "af0ifjsldkj");
        assert_eq!(back.parameter("iss").unwrap(), "https://id.acme.test");

        let tokens = app.redeem(&house, &back.parameter("code").unwrap()).await.json();
        let id = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(id["nonce"], "n-0S6_WzA2Mj");
        assert_eq!(id["aud"], "shop");
        let info = userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json();
        assert_eq!(info["sub"], id["sub"]);
        assert_eq!(info["name"], "Jane Doe");
        assert_eq!(info["email"], "jane@example.com");
        assert_eq!(info["email_verified"], true);
    }

    /// A mail scanner that opens the link five times spends nothing.
    async fn looking_at_a_link_does_not_spend_it(house: House) {
        let mut browser = house.browser(FIREFOX);
        let page = browser.open("/login").await;
        let page = browser.open(&link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Jane").with("password", PASSWORD);
        browser.submit_and_follow(form).await;
        let link = house.post.take("jane@example.com", "").await.link("/confirm");
        let mut scanner = house.browser(CHROME);
        for _ in 0..5 {
            assert_eq!(scanner.open(&link).await.status, StatusCode::OK);
        }
        let page = browser.open(&link).await;
        browser.submit_and_follow(page.form("/confirm")).await;
        browser.open("/account").await.says("Jane");
    }

    /// Pre-hijacking: a link opened in another browser wants the code that the asking browser shows.
    async fn a_link_opened_elsewhere_wants_the_code_of_the_browser_that_asked(house: House) {
        let mut thief = house.browser(CHROME);
        let page = thief.open("/login").await;
        let page = thief.open(&link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Thief").with("password", PASSWORD);
        let waiting = thief.submit_and_follow(form).await;
        let letter = house.post.take("jane@example.com", "").await;
        let mut owner = house.browser(FIREFOX);
        let page = owner.open(&letter.link("/confirm")).await;
        let wrong = owner.submit(page.form("/confirm").with("code", "000000")).await;
        assert!(wrong.status.is_client_error(), "{}", wrong.status);
        thief.open("/account").await.form("/login");

        // With the code it works, and it is the asking browser that goes on.
        let code: String = waiting.text().chars().filter(char::is_ascii_digit).take(6).collect();
        assert_eq!(code.len(), 6, "{}", waiting.text());
        owner.submit_and_follow(page.form("/confirm").with("code", &code)).await;
        owner.open("/account").await.form("/login");
        thief.open(&format!("/register/check?flow={}", page_flow(&waiting))).await;
    }

    /// The page answers alike; only the owner of the address learns from the mail that there is an account.
    async fn registering_a_known_address_looks_the_same_and_makes_nothing(house: House) {
        let _jane = jane(&house).await;
        let mut other = house.browser(CHROME);
        let page = other.open("/login").await;
        let page = other.open(&link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Mallory").with("password", "violet kettle 88 harbor");
        let reply = other.submit_and_follow(form).await;
        assert_eq!(reply.status, StatusCode::OK);
        reply.says("jane@example.com");
        let letter = house.post.take("jane@example.com", "account").await;
        assert!(!letter.text.contains("/confirm"), "{}", letter.text);
        sign_in(&mut house.browser(FIREFOX), "jane@example.com", "violet kettle 88 harbor").await.form("/login");
        sign_in(&mut house.browser(FIREFOX), "jane@example.com", PASSWORD).await;
    }

    /// What people type badly is told on the page, and nothing that they typed is lost but the password.
    async fn a_mistake_keeps_what_was_typed(house: House) {
        let mut browser = house.browser(FIREFOX);
        let page = browser.open("/login").await;
        let page = browser.open(&link(&page, "/register")).await;
        for (email, name, password) in [("jane@", "Jane", PASSWORD), ("jane@example.com", "", PASSWORD), ("jane@example.com", "Jane", "password1")] {
            let form = page.form("/register").with("username", email).with("name", name).with("password", password);
            let reply = browser.submit(form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{email} {name} {password}");
            let again = reply.form("/register");
            assert_eq!((again.value("username"), again.value("name"), again.value("password")), (email, name, ""));
        }
    }

    /// Two browsers that wait for the same address: the first to prove it gets it, the other is told.
    async fn an_address_is_given_once(house: House) {
        let mut waiting = Vec::new();
        for name in ["Jane One", "Jane Two"] {
            let mut browser = house.browser(FIREFOX);
            let page = browser.open("/login").await;
            let page = browser.open(&link(&page, "/register")).await;
            let form = page.form("/register").with("username", "jane@example.com").with("name", name).with("password", PASSWORD);
            browser.submit_and_follow(form).await;
            let letter = house.post.take("jane@example.com", "").await;
            waiting.push((browser, letter.link("/confirm")));
        }
        let (mut second, second_link) = waiting.pop().unwrap();
        let (mut first, first_link) = waiting.pop().unwrap();
        let page = second.open(&second_link).await;
        let late = page.form("/confirm");
        let page = first.open(&first_link).await;
        first.submit_and_follow(page.form("/confirm")).await;
        first.open("/account").await.says("Jane One");
        let refused = second.submit(late).await;
        assert!(refused.status.is_client_error(), "{}", refused.status);
        second.open("/account").await.form("/login");
    }
}

fn page_flow(page: &testkit::browser::Reply) -> String {
    page.form("/register").value("flow").to_owned()
}
