//! Who may say yes, and who no.

use super::{allow, ask, bank, banking, poll, refused, waiting};
use actix_web::http::{Method, StatusCode};
use oauth::client::{Client, DeliveryMode};
use testkit::browser::{CHROME, SAFARI};
use testkit::people::{App, PASSWORD, jane, register, sign_in, userinfo};
use testkit::stories;

stories! {
    /// Another person sees nothing, and answers nothing.
    async fn another_person_s_browser_neither_sees_nor_answers_it(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let mut other = house.browser(CHROME);
        register(&house, &mut other, "max@example.com").await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        assert_eq!(other.open(&path).await.status, StatusCode::NOT_FOUND);
        for answer in ["allow", "deny"] {
            let reply = other.post(&format!("{path}/{answer}"), &[]).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{answer}");
        }
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
    }

    /// A browser that has the password and nothing else may say no, and not yes.
    async fn a_browser_that_is_too_new_says_no_and_not_yes(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let mut thief = house.browser(SAFARI);
        sign_in(&mut thief, super::JANE, PASSWORD).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        let page = thief.open(&path).await;
        page.says("This browser is too new to say yes");
        assert!(page.forms(&format!("{path}/allow")).is_empty());
        thief.post(&format!("{path}/allow"), &[]).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let reply = thief.post(&format!("{path}/deny"), &[("secure".to_owned(), "on".to_owned())]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "a thief must not lock its owner out");
        thief.submit_and_follow(page.form(&format!("{path}/deny"))).await.says("Denied");
    }

    /// "No" needs only the device; what stands in the request does not show without a session.
    async fn without_a_session_a_known_browser_says_no_and_signs_in_for_a_yes(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        browser.cookies().retain(|name, _| name.contains("device"));
        let page = browser.open(&path).await;
        page.says("Sign in to allow it").says("j…@example.com");
        assert!(!page.text().contains("W4-SCT") && page.forms(&format!("{path}/allow")).is_empty());
        let page = browser.open(&super::link(&page, "/login")).await;
        let page = browser.submit_and_follow(page.form("/login").with("username", super::JANE).with("password", PASSWORD)).await;
        page.says("W4-SCT");
        browser.cookies().retain(|name, _| name.contains("device"));
        browser.post(&format!("{path}/deny"), &[]).await;
        refused(&poll(&house, &app, &asked).await, "access_denied");
        let mut stranger = house.browser(SAFARI);
        assert!(stranger.get(&path).await.location().starts_with("/login"), "it leads to where the session tells");
    }

    async fn it_was_not_me_locks_the_account_down(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        let page = browser.open(&path).await;
        let form = page.forms(&format!("{path}/deny")).into_iter().nth(1).unwrap();
        browser.submit_and_follow(form).await.says("locked");
        refused(&poll(&house, &app, &asked).await, "access_denied");
        assert!(browser.get("/account").await.location().starts_with("/login"), "every session ended");
        let asked = ask(&house, &app, &[]).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        assert_eq!(browser.open("/account/activity").await.text().matches("Acme Bank asked").count(), 0);
    }

    /// CVE-2025-14559: what was allowed ends with the person and the session that it hangs on.
    async fn a_person_who_is_disabled_and_a_session_that_ended_get_nothing(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[("scope", "openid")]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await.says("Allowed");
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        refused(&poll(&house, &app, &asked).await, "invalid_grant");
        sign_in(&mut browser, super::JANE, PASSWORD).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await.says("Allowed");
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        let account = tx.find_account_by_email(super::JANE).await.unwrap().unwrap();
        tx.update_account(&identity::Account { status: identity::AccountStatus::Disabled, ..account }).await.unwrap();
        tx.commit().await.unwrap();
        refused(&poll(&house, &app, &asked).await, "invalid_grant");
    }

    async fn taking_the_app_away_ends_its_tokens(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        let tokens = poll(&house, &app, &asked).await.json();
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        assert_eq!(userinfo(&house, tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
    }

    /// ASVS 6.8.4: an app may ask for more than the session proves.
    async fn an_app_that_asks_for_more_gets_it_proven_first(house: House) {
        let app = App::add(&house, Client { high_risk: true, ..banking(DeliveryMode::Poll) }).await;
        let mut browser = jane(&house).await;
        house.clock.advance(std::time::Duration::from_secs(3600));
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        let page = browser.open(&path).await;
        assert!(page.forms(&format!("{path}/allow")).is_empty());
        browser.post(&format!("{path}/allow"), &[]).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let page = browser.open(&format!("{path}?prove=1")).await;
        let page = browser.submit_and_follow(page.form("/login").with("password", PASSWORD)).await;
        browser.submit_and_follow(page.form(&format!("{path}/allow"))).await.says("Allowed");
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
    }

    async fn a_form_of_another_site_answers_nothing(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        for answer in ["allow", "deny"] {
            let forged = browser.request(Method::POST, &format!("{path}/{answer}")).set_form([("number", "10")]);
            let forged = forged.insert_header(("origin", "https://evil.test")).insert_header(("sec-fetch-site", "cross-site"));
            assert_eq!(browser.send(forged).await.status, StatusCode::FORBIDDEN, "{answer}");
        }
        browser.open(&format!("{path}/allow")).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
    }
}
