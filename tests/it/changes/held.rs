//! What waits as it is shipped, what does not, and that each kind does what it says once it may.

use super::*;
use actix_web::http::{Method, StatusCode};
use identity::change::{ChangeKind, ChangePolicy, Mode};
use testkit::authenticator::Authenticator;
use testkit::code_app::{CodeApp, set_up_app};
use testkit::keys::{add_key, prove_again};
use testkit::people::NEW_PASSWORD;
use testkit::{planned, stories};

/// Says yes to what a browser asks for, by the code of the mail.
async fn yes_by_mail(house: &House, browser: &mut Browser, page: &Reply) -> Reply {
    let change = path(page);
    let code = house.post.take(JANE, "Confirm").await.code().unwrap();
    give_code(browser, &change, ("code", &code)).await
}

/// Opens a page that asks for a proof of both factors first, and gives the second.
async fn proven(house: &House, browser: &mut Browser, (app, page): (&CodeApp, &str)) -> Reply {
    let asked = browser.open(page).await;
    if asked.forms("/login/mfa").is_empty() {
        return asked;
    }
    house.clock.advance(Duration::from_secs(30));
    browser.submit_and_follow(asked.form("/login/mfa").with("code", &app.code(house))).await
}

stories! {
    async fn an_authenticator_app_is_removed_once_its_owner_has_said_yes(house: House) {
        let mut laptop = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut laptop).await;
        let page = proven(&house, &mut laptop, (&app, "/account/signin/app/remove")).await;
        let page = laptop.submit_and_follow(page.form("/account/signin/app/remove")).await;
        page.says("remove the authenticator app");
        assert!(laptop.open("/account/signin").await.body.contains("/account/signin/app/remove"), "not yet");
        yes_by_mail(&house, &mut laptop, &page).await.says("Confirmed and changed");
        assert!(!laptop.open("/account/signin").await.body.contains("/account/signin/app/remove"));
        house.post.take(JANE, "authenticator app").await;
    }

    async fn new_recovery_codes_are_shown_where_they_were_asked_for_once_allowed(house: House) {
        let mut laptop = jane(&house).await;
        let (app, old) = set_up_app(&house, &mut laptop).await;
        let page = proven(&house, &mut laptop, (&app, "/account/signin/recovery-codes")).await;
        let page = laptop.submit_and_follow(page.form("/account/signin/recovery-codes")).await;
        let done = yes_by_mail(&house, &mut laptop, &page).await;
        let new = testkit::code_app::codes_of(&done);
        assert_eq!(new.len(), old.len());
        assert!(new.iter().all(|code| !old.contains(code)));
    }

    async fn a_passkey_is_removed_once_its_owner_has_said_yes(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let mut key = Authenticator::phone();
        add_key(&mut laptop, &mut key, "passkey").await;
        prove_again(&mut laptop, &mut key).await;
        let page = laptop.open("/account/signin").await;
        let page = laptop.submit_and_follow(page.form("/account/signin/keys/remove")).await;
        page.says("remove a passkey or security key");
        let (change, number) = (path(&page), number(&page));
        laptop.open("/account/signin").await.form("/account/signin/keys/remove");
        prove_again(&mut phone, &mut key).await;
        approve(&mut phone, &change, &number).await.says("Changed");
        assert!(laptop.open("/account/signin").await.forms("/account/signin/keys/remove").is_empty());
    }

    /// A password, a passkey, an app more: done at once, and told.
    async fn what_adds_to_the_account_or_needs_the_old_secret_is_done_and_told(house: House) {
        let mut laptop = jane(&house).await;
        add_key(&mut laptop, &mut Authenticator::phone(), "passkey").await;
        house.post.take(JANE, "passkey was added").await;
        let page = laptop.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        laptop.submit_and_follow(form).await.says("Password");
        house.post.take(JANE, "password was changed").await;
    }

    /// What is gone by the time of the yes can't be done, and the page says so.
    async fn what_is_gone_by_then_is_not_done(house: House) {
        let mut laptop = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut laptop).await;
        let page = proven(&house, &mut laptop, (&app, "/account/signin/app/remove")).await;
        let page = laptop.submit_and_follow(page.form("/account/signin/app/remove")).await;
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        let account = tx.find_account_by_email(JANE).await.unwrap().unwrap();
        assert!(tx.delete_totp(account.id).await.unwrap());
        tx.commit().await.unwrap();
        yes_by_mail(&house, &mut laptop, &page).await.says("No longer possible");
    }
}

stories! {
    /// A thief who silences the bell does not do so unheard; its owner waits for nothing.
    async fn switching_security_notices_off_is_done_at_once_and_told_by_mail(house: House) {
        let mut laptop = jane(&house).await;
        let off = |topic: &str, rev: i64| serde_json::json!({ "topic": topic, "channel": "push", "on": false, "rev": rev });
        for (rev, topic) in ["app.connected", "login.new_device"].into_iter().enumerate() {
            let change = off(topic, i64::try_from(rev).unwrap());
            let reply = laptop.json(Method::PATCH, "/account/api/preferences", &change).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        }
        let letter = house.post.take(JANE, "were switched off").await;
        assert!(letter.text.contains("Sign-in from a new device"), "{}", letter.text);
        let others = house.post.letters_to(JANE).into_iter().filter(|letter| letter.subject.contains("switched off"));
        assert_eq!(others.count(), 0, "an app's are nobody's business");
    }
}

planned! {
    /// Everything held: a new password and a new passkey wait like the rest.
    async fn an_operator_may_have_everything_wait(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Confirm);
    } {
        let mut laptop = jane(&house).await;
        let page = laptop.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        let page = laptop.submit_and_follow(form).await;
        sign_in(&mut house.browser(CHROME), JANE, NEW_PASSWORD).await.form("/login");
        yes_by_mail(&house, &mut laptop, &page).await.says("Confirmed and changed");
        sign_in(&mut house.browser(CHROME), JANE, NEW_PASSWORD).await.says("Jane");
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.form("/login");
    }

    /// Nothing held and nothing told: it stands in the log alone.
    async fn an_operator_may_have_a_change_done_without_a_word(house: House, plan) {
        plan.settings.changes = ChangePolicy::of([(ChangeKind::RemoveTotp, Mode::Off)]);
    } {
        let mut laptop = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut laptop).await;
        house.post.take(JANE, "authenticator app was set up").await;
        let page = proven(&house, &mut laptop, (&app, "/account/signin/app/remove")).await;
        laptop.submit_and_follow(page.form("/account/signin/app/remove")).await.says("removed");
        laptop.open("/account/activity").await.says("Authenticator app removed");
        // A later mail is there, and the one that was not to be written is not.
        let page = laptop.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        laptop.submit_and_follow(form).await;
        house.post.take(JANE, "password was changed").await;
        let told = house.post.letters_to(JANE).into_iter().any(|letter| letter.subject.contains("removed"));
        assert!(!told);
    }
}
