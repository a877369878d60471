//! Whoever comes by a provider is as safe as anybody: the second factor, the operator's rules, what is odd, the bell.

use super::{agreed, house, is_signed_in, jane_by, press, sign_in_by, with_provider};
use futures_util::future::join_all;
use identity::login::Assurance;
use identity::risk::Action;
use serde_json::json;
use std::time::Duration;
use testkit::authenticator::Authenticator;
use testkit::browser::{CHROME, FIREFOX};
use testkit::code_app::set_up_app;
use testkit::house::Db;
use testkit::keys::{add_key, prove_again};
use testkit::people::{App, PASSWORD, claims, jane};

with_provider! {
    /// The provider's word is one factor, whatever it asked for there.
    async fn whoever_set_up_a_second_factor_is_asked_for_it_here_too(house, provider) {
        let shop = App::first_party(&house).await;
        let mut here = jane_by(&house, &provider).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        provider.says(json!({ "amr": ["mfa"], "acr": "urn:watchbell:acr:3" }));
        let mut there = house.browser(CHROME);
        let page = there.open(&shop.request(&[])).await;
        let url = press(&mut there, &page, "double").await;
        let page = there.open(&provider.agree(&url)).await;
        page.says("One more step").says("You set up a second step for your account");
        assert!(!is_signed_in(&mut there).await, "the provider alone opens nothing");
        let wrong = there.submit(page.form("/login/mfa").with("code", &app.wrong(&house))).await;
        assert_eq!(wrong.status, 422);
        let back = there.submit_and_follow(page.form("/login/mfa").with("code", &app.code(&house))).await;
        let tokens = shop.redeem(&house, &back.parameter("code").unwrap()).await.json();
        let id = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((&id["amr"], &id["acr"]), (&json!(["otp", "fed", "mfa"]), &json!("urn:watchbell:acr:2")));
    }

    /// Between the provider's answer and the second factor lies no way round it: not the answer again, another tab, or the
    /// path behind it.
    async fn there_is_no_way_round_the_second_factor(house, provider) {
        let mut here = jane_by(&house, &provider).await;
        set_up_app(&house, &mut here).await;
        let mut there = house.browser(CHROME);
        let callback = agreed(&mut there, &provider).await;
        let page = there.open(&callback).await;
        let flow = page.form("/login/mfa").value("flow").to_owned();
        there.open(&callback).await;
        sign_in_by(&mut there, &provider).await.says("One more step");
        for path in ["/login/continue", "/login", "/account", "/account/notify", "/consent"] {
            there.open(&format!("{path}?flow={flow}")).await;
        }
        assert!(!is_signed_in(&mut there).await);
        assert!(!there.cookies().contains_key("__Host-wb_session"));
    }

    /// What waits to be connected waits for the second factor too.
    async fn nothing_is_connected_before_the_second_factor(house, provider) {
        let mut here = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut here).await;
        let mut there = house.browser(CHROME);
        let page = sign_in_by(&mut there, &provider).await;
        let page = there.submit_and_follow(page.form("/login").with("password", PASSWORD)).await;
        page.says("One more step");
        assert!(!here.open("/account/signin").await.text().contains("Disconnect"), "not yet");
        there.submit_and_follow(page.form("/login/mfa").with("code", &app.code(&house))).await.says("Jane");
        here.open("/account/signin").await.says("Disconnect");
    }

    /// CVE-2026-3429: what the account's page asks both factors for is not to be had for a password on the way in.
    async fn a_password_alone_connects_nothing_where_a_passkey_stands_beside_it(house, provider) {
        let mut here = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut here, &mut phone, "passkey").await;
        let mut thief = house.browser(CHROME);
        let page = sign_in_by(&mut thief, &provider).await;
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let page = thief.submit_and_follow(form).await;
        page.says("You are about to change something");
        assert!(!is_signed_in(&mut thief).await);
        here.open("/account/signin").await;
        let mut again = house.browser(CHROME);
        sign_in_by(&mut again, &provider).await;
        assert!(!is_signed_in(&mut again).await, "nothing was connected");
    }

    /// A browser that is new to the account is told of, and its owner can say no.
    async fn the_bell_rings_for_a_new_device(house, provider) {
        let mut here = jane_by(&house, &provider).await;
        let mut there = house.browser(CHROME);
        sign_in_by(&mut there, &provider).await.says("Jane");
        let link = house.post.take("jane@example.com", "New sign-in").await.link("was-this-you");
        here.open("/account/devices").await.says("Chrome");
        let page = here.open(&link).await;
        here.submit_and_follow(page.form("/no")).await;
        assert!(!is_signed_in(&mut there).await);
    }
}

/// What the operator asks of everybody is asked of whoever comes by a provider.
#[actix_web::test]
async fn what_is_required_of_everybody_is_required_here_too() {
    for db in [Db::Sqlite, Db::Postgres] {
        let strict = |plan: &mut testkit::house::Plan, _: &mut upstream::Provider| {
            plan.settings.sign_in.require = Assurance::TwoFactors;
            plan.settings.sign_in.enrolment_grace = Duration::from_secs(3_600);
        };
        let (house, provider) = house(db, strict).await;
        let mut here = house.browser(FIREFOX);
        sign_in_by(&mut here, &provider).await.says("Set it up now, or later");
        assert!(is_signed_in(&mut here).await, "there is time left to set one up");
        house.clock.advance(Duration::from_secs(3_600));
        let mut late = house.browser(CHROME);
        let callback = agreed(&mut late, &provider).await;
        let page = late.get(&callback).await;
        assert!(page.body.contains("/login/enrol?flow="), "{}", page.body);
        assert!(!is_signed_in(&mut late).await);
    }
}

/// The risk rules look at this way in as at any other.
#[actix_web::test]
async fn what_is_odd_is_refused_here_too() {
    for db in [Db::Sqlite, Db::Postgres] {
        let (house, provider) = house(db, |plan, _| plan.settings.risk.new_device = Action::Refuse).await;
        let mut here = jane_by(&house, &provider).await;
        let mut there = house.browser(CHROME);
        let page = sign_in_by(&mut there, &provider).await;
        assert_eq!(page.status, 403, "{}", page.text());
        assert!(!is_signed_in(&mut there).await);
        assert!(is_signed_in(&mut here).await);
    }
}

/// ASVS 15.4.2: of a passkey and an account elsewhere, removed at once as the last two ways in, one stays.
#[actix_web::test]
async fn of_a_passkey_and_an_account_elsewhere_one_survives() {
    for db in [Db::Sqlite, Db::Postgres] {
        let (house, provider) = house(db, |_, _| ()).await;
        let mut browser = jane_by(&house, &provider).await;
        let mut phone = Authenticator::phone();
        add_key(&mut browser, &mut phone, "passkey").await;
        prove_again(&mut browser, &mut phone).await;
        let page = browser.open("/account/signin").await;
        let removals = [page.form("/account/signin/keys/remove"), page.form("/account/signin/unlink")];
        let removals = removals.into_iter().cycle().take(10).map(|form| {
            let mut tab = browser.clone();
            async move { tab.submit(form).await.status }
        });
        join_all(removals).await;
        let page = browser.open("/account/signin").await;
        let left = page.forms("/account/signin/keys/rename").len() + page.forms("/account/signin/unlink").len();
        assert_eq!(left, 1, "{}", page.text());
    }
}
