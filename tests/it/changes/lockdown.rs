//! Lockdown: one step from any "not me", and the owner's way back.

use super::*;
use actix_web::http::StatusCode;
use testkit::authenticator::Authenticator;
use testkit::keys::add_key;
use testkit::people::{App, NEW_PASSWORD};
use testkit::stories;

/// A "no" to a request, with the account locked down.
async fn deny_and_secure(browser: &mut Browser, change: &str) -> Reply {
    let page = browser.open(change).await;
    let forms = page.forms(&format!("{change}/deny"));
    let form = forms.into_iter().find(|form| form.fields().iter().any(|(name, _)| name == "secure")).unwrap();
    browser.submit_and_follow(form).await
}

stories! {
    /// Ends sessions and tokens, withdraws what waits, freezes changes.
    async fn no_and_lock_down_ends_everything_at_once(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let app = App::first_party(&house).await;
        let tokens = app.tokens(&house, &mut laptop).await;
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
        assert!(app.is_active(&house, &token).await);
        let page = ask_for_email(&mut laptop, NEW).await;
        deny_and_secure(&mut phone, &path(&page)).await.says("Your account is locked down");
        laptop.open("/account").await.form("/login");
        phone.open("/account").await.form("/login");
        assert!(!app.is_active(&house, &token).await);
        assert_eq!(app.refresh(&house, &refresh).await.status, StatusCode::BAD_REQUEST);
        let mut back = house.browser(CHROME);
        sign_in(&mut back, JANE, PASSWORD).await;
        ask_for_email(&mut back, NEW).await.says("locked down");
        let page = back.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        back.submit_and_follow(form).await.says("locked down");
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.says("Jane");
        assert_eq!(address(&mut back).await, JANE);
    }

    /// The link of its mail and a sign-in lift it; either alone does not.
    async fn the_link_and_a_sign_in_bring_the_owner_back(house: House) {
        let mut laptop = jane(&house).await;
        let page = laptop.open("/account/lockdown").await;
        laptop.submit_and_follow(page.form("/account/lockdown")).await.says("locked down");
        let link = house.post.take(JANE, "is locked down").await.link("/account/lockdown");
        let mut nobody = house.browser(CHROME);
        let page = nobody.open(&link).await;
        assert!(page.forms("/account/lockdown/lift").is_empty(), "the link alone lifts nothing");
        page.says("Your account is locked down").says("Sign in, and lift it");
        sign_in(&mut laptop, JANE, PASSWORD).await;
        assert!(laptop.open("/account/lockdown").await.forms("/account/lockdown/lift").is_empty());
        let token = link.rsplit("token=").next().unwrap().to_owned();
        let other = {
            let mut other = house.browser(CHROME);
            testkit::people::register(&house, &mut other, "other@example.com").await;
            other.post("/account/lockdown/lift", &[("token".into(), token)]).await
        };
        assert!(other.status.is_client_error() || other.status == StatusCode::GONE, "{}", other.status);
        let page = laptop.open(&link).await;
        laptop.submit_and_follow(page.form("/account/lockdown/lift")).await.says("The lockdown is lifted");
        house.post.take(JANE, "is lifted").await;
        ask_for_email(&mut laptop, NEW).await.says("change mail address");
        // Used once, and it says so: neither does it claim a lockdown, nor does it begin another.
        let page = laptop.open(&link).await;
        assert!(page.says("This link was used").forms("/account/lockdown").is_empty());
        assert!(!laptop.open("/account/lockdown?done=1").await.text().contains("is locked down"));
    }

    async fn a_new_password_by_mail_brings_the_owner_back_too(house: House) {
        let mut laptop = jane(&house).await;
        let page = laptop.open("/account/lockdown").await;
        laptop.submit_and_follow(page.form("/account/lockdown")).await;
        let page = laptop.open("/recover").await;
        laptop.submit_and_follow(page.form("/recover").with("username", JANE)).await;
        let page = laptop.open(&house.post.take(JANE, "Set a new password").await.link("/reset")).await;
        laptop.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        sign_in(&mut laptop, JANE, NEW_PASSWORD).await;
        ask_for_email(&mut laptop, NEW).await.says("change mail address");
    }

    /// The link of the mail that asked locks down once: what its owner has lifted since, an old mail does not bring back.
    async fn an_old_mail_does_not_lock_down_again(house: House) {
        let (mut laptop, _) = two_browsers(&house).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let token = house.post.take(JANE, "Confirm").await.link("/account/confirm");
        let token = token.rsplit("token=").next().unwrap().to_owned();
        let mut anywhere = house.browser(CHROME);
        let fields = [("token".to_owned(), token), ("secure".to_owned(), "on".to_owned())];
        let reply = anywhere.post(&format!("{change}/deny"), &fields).await;
        anywhere.follow(reply).await.says("Your account is locked down");
        let link = house.post.take(JANE, "is locked down").await.link("/account/lockdown");
        sign_in(&mut laptop, JANE, PASSWORD).await;
        let page = laptop.open(&link).await;
        laptop.submit_and_follow(page.form("/account/lockdown/lift")).await.says("The lockdown is lifted");
        let reply = anywhere.post(&format!("{change}/deny"), &fields).await;
        assert!(!reply.header("location").contains("lockdown"), "{} {}", reply.status, reply.header("location"));
        laptop.open("/account").await.says("Jane");
        ask_for_email(&mut laptop, NEW).await.says("change mail address");
    }

    /// The link of a "was this you?" locks down once, and not when it is too old: its page says so.
    async fn a_question_from_before_locks_nothing_down_again(house: House) {
        let mut laptop = jane(&house).await;
        let mut elsewhere = house.browser(CHROME);
        let question = |letter: testkit::smtp::Letter| letter.link("/account/was-this-you").rsplit("token=").next().unwrap().to_owned();
        stranger(&house).await;
        let token = question(house.post.take(JANE, "New sign-in").await);
        let lock = format!("/account/lockdown?token={token}");
        let page = elsewhere.open(&lock).await;
        elsewhere.submit_and_follow(page.form("/account/lockdown")).await.says("Your account is locked down");
        let lift = house.post.take(JANE, "is locked down").await.link("/account/lockdown");
        sign_in(&mut laptop, JANE, PASSWORD).await;
        let page = laptop.open(&lift).await;
        laptop.submit_and_follow(page.form("/account/lockdown/lift")).await.says("The lockdown is lifted");
        let page = elsewhere.open(&lock).await;
        assert!(!page.says("This link was used").body.contains("id=\"lockdown\""));
        let reply = elsewhere.post("/account/lockdown", &[("token".to_owned(), token)]).await;
        assert!(reply.status.is_client_error(), "{} {}", reply.status, reply.header("location"));
        laptop.open("/account").await.says("Jane");

        stranger(&house).await;
        let token = question(house.post.take(JANE, "New sign-in").await);
        house.clock.advance(Duration::from_secs(8 * 24 * 3600));
        let page = elsewhere.open(&format!("/account/lockdown?token={token}")).await;
        assert!(!page.says("or is too old").body.contains("id=\"lockdown\""));
        let reply = elsewhere.post("/account/lockdown", &[("token".to_owned(), token)]).await;
        assert!(reply.status.is_client_error(), "{} {}", reply.status, reply.header("location"));
        laptop.open("/account").await.says("Jane");
    }

    /// What the denied browser has added goes with it: else a thief's passkey outlives the new password.
    async fn no_and_lock_down_takes_a_thiefs_passkey_along(house: House) {
        let mut laptop = jane(&house).await;
        let mut thief = stranger(&house).await;
        let mut key = Authenticator::phone();
        let page = ask_for_email(&mut thief, NEW).await;
        add_key(&mut thief, &mut key, "passkey").await;
        deny_and_secure(&mut laptop, &path(&page)).await.says("Your account is locked down");
        house.post.take(JANE, "passkey was removed").await;
        let mut again = house.browser(CHROME);
        let flow = testkit::keys::begin(&mut again).await;
        let reply = testkit::keys::prove(&mut again, &mut key, (&flow, "first")).await;
        assert_eq!(reply.json()["error"], "unknown");
    }

    /// From "was this you?" too: the mail's link and a device whose word counts; a thief's browser has neither.
    async fn a_no_to_a_sign_in_offers_it_and_a_fresh_browser_may_not(house: House) {
        let mut laptop = jane(&house).await;
        let mut thief = stranger(&house).await;
        let reply = thief.post("/account/lockdown", &[]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "whose word does not count yet locks nobody out");
        let question = house.post.take(JANE, "New sign-in").await.link("/account/was-this-you");
        let mut elsewhere = house.browser(CHROME);
        let page = elsewhere.open(&question).await;
        let action = attribute(&page, "#answer-no", "type");
        assert_eq!(action, "submit");
        let action = attribute(&page, "form[action$='/no']", "action");
        elsewhere.submit_and_follow(page.form(&action)).await;
        let page = elsewhere.open(&question).await;
        let page = elsewhere.open(&link(&page, "/account/lockdown")).await;
        elsewhere.submit_and_follow(page.form("/account/lockdown")).await.says("Your account is locked down");
        laptop.open("/account").await.form("/login");
    }
}
