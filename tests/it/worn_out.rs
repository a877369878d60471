//! Proofs that have done their work, or are not enough: what was once a way to go on with them.

use actix_web::http::StatusCode;
use identity::change::{ChangePolicy, Mode};
use identity::limit::Limit;
use identity::login::Assurance;
use oauth::client::{Client, ClientAuthMethod, LoginRules};
use std::time::Duration;
use testkit::authenticator::Authenticator;
use testkit::browser::{Browser, CHROME, FIREFOX, SAFARI};
use testkit::code_app::set_up_app;
use testkit::house::{House, Plan};
use testkit::keys::{add_key, begin, prove, sign_in_with_passkey};
use testkit::people::{App, NEW_PASSWORD, PASSWORD, jane, link, register, sign_in, template};
use testkit::stories;

const JANE: &str = "jane@example.com";
const HOUR: Duration = Duration::from_secs(3_600);

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.open("/account").await.text().contains("Jane")
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.open("/account").await;
    browser.submit_and_follow(page.form("/logout")).await;
}

/// An app with rules of its own.
async fn strict(house: &House, login: LoginRules) -> App {
    App::add(house, Client { login, first_party: true, ..template("bank", ClientAuthMethod::SecretBasic) }).await
}

stories! {
    /// A thief with the password gives themselves a passkey, first of all. "It wasn't me" takes it away.
    async fn it_was_not_me_takes_along_what_that_browser_added(house: House) {
        let mut here = jane(&house).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, JANE, PASSWORD).await;
        let mut stolen = Authenticator::phone();
        add_key(&mut thief, &mut stolen, "passkey").await;
        house.post.take(JANE, "asskey").await;
        let question = link(&here.open("/account").await, "was-this-you");
        let page = here.open(&question).await;
        here.submit_and_follow(page.form("/no")).await;
        house.post.take(JANE, "removed").await;

        let mut again = house.browser(CHROME);
        let flow = begin(&mut again).await;
        let reply = prove(&mut again, &mut stolen, (&flow, "first")).await;
        assert!(reply.status.is_client_error(), "{}", reply.body);
        assert!(!is_signed_in(&mut again).await);
        // And her own password is enough again for everything that is hers.
        here.open("/account/signin").await.says("Set up an app");
        let mut own = Authenticator::phone();
        add_key(&mut here, &mut own, "passkey").await;
        sign_in_with_passkey(&mut house.browser(SAFARI), &mut own).await.says("Jane");
    }

    async fn it_was_not_me_takes_along_an_authenticator_app_and_its_codes_and_leaves_what_is_older(house: House) {
        let mut here = jane(&house).await;
        let mut own = Authenticator::phone();
        add_key(&mut here, &mut own, "passkey").await;
        house.clock.advance(HOUR);
        let mut thief = house.browser(CHROME);
        sign_in_with_passkey(&mut thief, &mut own).await;
        let (app, codes) = set_up_app(&house, &mut thief).await;
        let question = link(&here.open("/account").await, "was-this-you");
        let page = here.open(&question).await;
        here.submit_and_follow(page.form("/no")).await;
        let mut again = house.browser(SAFARI);
        sign_in(&mut again, JANE, PASSWORD).await;
        assert!(is_signed_in(&mut again).await, "no code is asked for: {} {}", app.code(&house), codes.len());
        sign_in_with_passkey(&mut house.browser(FIREFOX), &mut own).await.says("Jane");
        here.open("/account/signin").await.says("You have none yet");
    }

    /// On a shared computer, or after "it wasn't me": the flow that made a session makes no second one.
    async fn a_code_that_made_a_session_makes_no_other_in_the_same_flow(house: House) {
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        // Left at the offer of notices, the flow is not at its end; without one it is, but for a second click.
        let minute = HOUR / 60;
        for (permission, later, then) in [
            ("default", minute, "One more step"),
            ("denied", Duration::ZERO, "One more step"),
            ("denied", minute, "we started over"),
        ] {
            let mut there = house.browser(CHROME);
            let form = there.open("/login").await.form("/login").with("push_state", permission);
            let page = there.submit_and_follow(form.with("username", JANE).with("password", PASSWORD)).await;
            let flow = page.form("/login/mfa").value("flow").to_owned();
            house.clock.advance(minute);
            there.submit(page.form("/login/mfa").with("code", &app.code(&house))).await;
            assert!(is_signed_in(&mut there).await);
            sign_out(&mut there).await;
            house.clock.advance(later);
            let fields = [("flow", flow.as_str()), ("username", JANE), ("password", PASSWORD)];
            let reply = there.post("/login", &fields.map(|(name, value)| (name.to_owned(), value.to_owned()))).await;
            there.follow(reply).await.says(then);
            assert!(!is_signed_in(&mut there).await);
        }
    }

    /// Time to set up a second factor is for who has none: not for a level that the one that is there does not reach.
    async fn an_app_that_wants_a_key_is_not_content_with_a_code_the_second_time_either(house: House) {
        let bank = strict(&house, LoginRules { min_acr: Some(Assurance::PhishingResistant.acr().into()), ..LoginRules::default() }).await;
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let mut there = house.browser(CHROME);
        let page = there.open(&bank.request(&[])).await;
        let form = page.form("/login").with("username", JANE).with("password", PASSWORD);
        let page = there.submit_and_follow(form).await;
        assert!(!page.body.contains("name=\"code\""), "a code would not be enough: {}", page.text());
        // An ordinary sign-in in between, and the same app again.
        let page = sign_in(&mut there, JANE, PASSWORD).await;
        there.submit(page.form("/login/mfa").with("code", &app.code(&house))).await;
        assert!(is_signed_in(&mut there).await);
        let reply = there.get(&bank.request(&[])).await;
        assert!(reply.location().starts_with("/login"), "{}", reply.location());
    }

    async fn an_app_that_takes_passkeys_alone_takes_no_session_of_a_password(house: House) {
        let methods = Some(vec!["passkey".into(), "security_key".into()]);
        let bank = strict(&house, LoginRules { methods, ..LoginRules::default() }).await;
        let mut here = jane(&house).await;
        let page = here.get(&bank.request(&[])).await;
        assert!(page.location().starts_with("/login?"), "{}", page.location());
        let page = here.open(&bank.request(&[])).await;
        assert!(!page.body.contains("name=\"password\""), "there is no field for what does not count");
        let flow = page.form("/login").value("flow").to_owned();
        let fields = [("flow", flow.as_str()), ("username", JANE), ("password", PASSWORD)];
        let reply = here.post("/login", &fields.map(|(name, value)| (name.to_owned(), value.to_owned()))).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        reply.says("Passwords are not taken here");
    }

    /// RFC 9470: what an app asks for is proven for the app; it makes no old password a recent one.
    async fn a_code_for_an_app_does_not_open_sensitive_changes(house: House) {
        let shop = App::first_party(&house).await;
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        sign_out(&mut here).await;
        let page = sign_in(&mut here, JANE, PASSWORD).await;
        here.submit(page.form("/login/mfa").with("code", &app.code(&house)).with("trust_device", "on")).await;
        house.clock.advance(HOUR);
        sign_out(&mut here).await;
        sign_in(&mut here, JANE, PASSWORD).await;
        assert!(is_signed_in(&mut here).await, "the device is spared the code");
        house.clock.advance(HOUR);
        let page = here.open(&shop.request(&[("acr_values", Assurance::TwoFactors.acr())])).await;
        let form = page.form("/login/mfa").with("code", &app.code(&house)).with("trust_device", "on");
        here.submit(form).await;
        assert!(shop.code(&mut here).await.len() > 20);
        let reply = here.get("/account/signin/app/remove").await;
        assert!(reply.location().starts_with("/login?"), "the password is asked for, too: {}", reply.location());
    }

    async fn a_recovery_code_that_could_not_count_is_not_spent(house: House) {
        let bank = strict(&house, LoginRules { min_acr: Some(Assurance::PhishingResistant.acr().into()), ..LoginRules::default() }).await;
        let mut here = jane(&house).await;
        let mut key = Authenticator::security_key();
        add_key(&mut here, &mut key, "security_key").await;
        testkit::keys::prove_again(&mut here, &mut key).await;
        let (_, codes) = set_up_app(&house, &mut here).await;
        let mut there = house.browser(CHROME);
        let page = there.open(&bank.request(&[])).await;
        let page = there.submit_and_follow(page.form("/login").with("username", JANE).with("password", PASSWORD)).await;
        page.says("One more step");
        let flow = page.body.split("?flow=").nth(1).unwrap().split(['"', '&']).next().unwrap().to_owned();
        let fields = [("flow".to_owned(), flow), ("code".to_owned(), codes[0].clone())];
        let reply = there.post("/login/mfa", &fields).await;
        assert!(reply.location().starts_with("/login/mfa?"), "{}", reply.location());
        here.open("/account/signin").await.says("8 left");
    }

    async fn the_right_password_of_another_account_is_told_apart_and_is_no_guess(house: House) {
        let mut here = jane(&house).await;
        register(&house, &mut house.browser(SAFARI), "joe@example.com").await;
        house.clock.advance(HOUR);
        for _ in 0..12 {
            let page = here.open("/account/signin/app").await;
            let form = page.form("/login").with("username", "joe@example.com").with("password", PASSWORD);
            let reply = here.submit(form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            reply.says("That is another account");
        }
        sign_in(&mut house.browser(CHROME), "joe@example.com", PASSWORD).await;
        let mut joe = house.browser(CHROME);
        sign_in(&mut joe, "joe@example.com", NEW_PASSWORD).await.form("/login");
    }
}

stories! {
    /// Who has the password must not close the owner's way in for good.
    async fn recovery_codes_are_not_closed_by_wrong_ones(db: Db) {
        let mut plan = Plan::default();
        plan.settings.strangers = Limit { tries: 1_000, longest_lock: Duration::ZERO, ..Limit::strangers() };
        let house = House::build(db, plan).await;
        let mut here = jane(&house).await;
        let (_, codes) = set_up_app(&house, &mut here).await;
        let wrong = codes[0].chars().rev().collect::<String>();
        for _ in 0..21 {
            let mut thief = house.browser(CHROME);
            let page = sign_in(&mut thief, JANE, PASSWORD).await;
            for _ in 0..4 {
                thief.submit(page.form("/login/mfa").with("code", &wrong)).await;
            }
        }
        let mut there = house.browser(SAFARI);
        let page = sign_in(&mut there, JANE, PASSWORD).await;
        there.submit(page.form("/login/mfa").with("code", &codes[0])).await;
        assert!(is_signed_in(&mut there).await, "after eighty-four wrong ones");
    }
}

// Done at once: whether its owner is asked first is told elsewhere.
testkit::planned! {
    async fn a_security_key_that_is_removed_leaves_no_device_spared_and_can_sign_the_others_out(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut here = jane(&house).await;
        let mut other = house.browser(SAFARI);
        sign_in(&mut other, JANE, PASSWORD).await;
        let mut key = Authenticator::security_key();
        add_key(&mut here, &mut key, "security_key").await;
        let tenant = house.here().tenant().id;
        let mut tx = house.store.begin(tenant).await.unwrap();
        let account = tx.find_account_by_email(JANE).await.unwrap().unwrap();
        for device in tx.list_devices(account.id).await.unwrap() {
            let trusted_until = Some(house.clock.now().plus(100 * HOUR));
            tx.update_device(&identity::Device { trusted_until, ..device }).await.unwrap();
        }
        tx.commit().await.unwrap();
        testkit::keys::prove_again(&mut here, &mut key).await;
        let page = here.open("/account/signin").await;
        here.submit_and_follow(page.form("/account/signin/keys/remove").with("end_others", "on")).await;
        let page = here.open("/account/devices").await;
        assert!(!page.text().contains("not asked for the second step"), "{}", page.text());
        assert!(!is_signed_in(&mut other).await);
    }
}
