//! What strangers try with codes.

use super::{GRANT, answer, ask, call, give, let_in, poll, refused, television, tv};
use actix_web::http::{Method, StatusCode};
use oauth::client::Client;
use std::time::Duration;
use testkit::browser::CHROME;
use testkit::people::{App, PASSWORD, jane, register, sign_in};
use testkit::stories;

stories! {
    /// RFC 8628 §5.1, CVE-2024-52287: ten guesses, and then none for a while; what is right is not told then either.
    async fn codes_are_not_guessed(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        for _ in 0..10 {
            let page = give(&mut browser, "BBBB-BBBB").await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says("No device shows this code");
            assert_eq!(page.form("/device").value("code"), "BBBB-BBBB", "what was typed stays");
        }
        let page = give(&mut browser, &asked.user_code).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(!page.header("retry-after").is_empty());
        house.clock.advance(Duration::from_secs(15 * 60));
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await.says("Your device is signed in");
    }

    /// Own codes, which anybody can have shown, buy no guesses.
    async fn right_codes_in_between_do_not_forget_the_wrong_ones(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        for _ in 0..9 {
            give(&mut browser, "BBBBBBBB").await;
        }
        let asked = ask(&house, &app).await;
        give(&mut browser, &asked.user_code).await.form("/consent");
        give(&mut browser, "BBBBBBBB").await;
        assert_eq!(give(&mut browser, "BBBBBBBB").await.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn what_can_not_be_a_code_is_told_as_such_and_costs_no_guess(house: House) {
        let mut browser = jane(&house).await;
        for typed in ["", "12345678", "AEIOUAEI", "<script>"] {
            for _ in 0..3 {
                let page = give(&mut browser, typed).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
                page.says("The code has eight letters");
                assert!(!page.body.contains("value=\"<script>"), "{typed}");
            }
        }
    }

    /// RFC 8628 §5.4: a stranger sends a link; the page says what it is, and a form of another site decides nothing.
    async fn a_link_that_a_stranger_sent_lets_nobody_in_by_itself(house: House) {
        let app = App::add(&house, Client { first_party: true, ..television() }).await;
        let mut victim = jane(&house).await;
        let asked = ask(&house, &app).await;
        victim.open(&asked.link).await.says("If somebody sent you one, close this page");
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let forged = victim.request(Method::POST, "/device").set_form([("code", asked.user_code.as_str())]);
        let forged = forged.insert_header(("origin", "https://evil.test")).insert_header(("sec-fetch-site", "cross-site"));
        assert_eq!(victim.send(forged).await.status, StatusCode::FORBIDDEN);
        let page = give(&mut victim, &asked.user_code).await;
        page.says("Does yours show this code?").says("if somebody sent you the code");
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    }

    async fn another_client_neither_redeems_a_code_nor_slows_it_down(house: House) {
        let app = tv(&house).await;
        let thief = App::add(&house, Client { client_id: "thief".to_owned(), ..television() }).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        for _ in 0..3 {
            refused(&poll(&house, &thief, &asked).await, "invalid_grant");
        }
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let_in(&mut browser, &asked.user_code).await;
        refused(&poll(&house, &thief, &asked).await, "invalid_grant");
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
    }

    /// What was shown is what it gets: the token request asks for no more.
    async fn a_device_gets_no_more_than_was_shown(house: House) {
        let mut client = television();
        client.requests.resources = vec!["https://api.acme.test/".to_owned(), "https://other.acme.test/".to_owned()];
        let app = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let form = [("scope", "openid"), ("resource", "https://api.acme.test/")];
        let asked = call(&house, &app, "/oauth/device_authorization", &form).await.json();
        let_in(&mut browser, asked["user_code"].as_str().unwrap()).await.says("Your device is signed in");
        let code = asked["device_code"].as_str().unwrap();
        for wider in ["https://other.acme.test/", "https://evil.test/"] {
            let form = [("grant_type", GRANT), ("device_code", code), ("resource", wider)];
            refused(&call(&house, &app, "/oauth/token", &form).await, "invalid_target");
        }
        let form = [("grant_type", GRANT), ("device_code", code), ("scope", "openid profile email offline_access")];
        let tokens = call(&house, &app, "/oauth/token", &form).await.json();
        assert_eq!(tokens["scope"], "openid", "{tokens}");
        let audience = testkit::people::claims(tokens["access_token"].as_str().unwrap())["aud"].to_string();
        assert!(audience.contains("//api.acme.test/") && !audience.contains("//other."), "{audience}");
    }

    /// CVE-2026-27840.
    async fn a_changed_device_code_is_none(house: House) {
        let app = tv(&house).await;
        let code = ask(&house, &app).await.device_code;
        for bad in [code[1..].to_owned(), format!("{code}A"), code.to_uppercase(), code.replace("wb_dc_", "wb_rt_")] {
            refused(&call(&house, &app, "/oauth/token", &[("grant_type", GRANT), ("device_code", &bad)]).await, "invalid_grant");
        }
        refused(&call(&house, &app, "/oauth/token", &[("grant_type", GRANT)]).await, "invalid_request");
    }

    /// A page that was shown to one person is not answered by another who signed in meanwhile.
    async fn the_page_is_answered_by_whom_it_was_shown_to(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let mut other = house.browser(CHROME);
        register(&house, &mut other, "max@example.com").await;
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        let account = browser.open("/account").await;
        browser.submit_and_follow(account.form("/logout")).await;
        sign_in(&mut browser, "max@example.com", PASSWORD).await;
        answer(&mut browser, &page, "allow").await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
    }

    async fn a_client_that_is_switched_off_lets_no_device_in(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await;
        let mut client = house.here().client("tv").await.unwrap().unwrap();
        client.disabled_at = Some(house.clock.now());
        house.here().save_client(client).await.map(drop).map_err(|e| format!("{e:?}")).unwrap();
        let reply = poll(&house, &app, &asked).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_client")));
    }
}
