//! "Don't ask on this device."

use super::{first_factor, is_signed_in, second_factor, sign_out};
use std::time::Duration;
use testkit::browser::{CHROME, SAFARI};
use testkit::code_app::{CodeApp, set_up_app};
use testkit::house::House;
use testkit::people::{App, NEW_PASSWORD, PASSWORD, claims, jane, link, sign_in};
use testkit::stories;

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A browser of Jane's that is not asked for the second factor, with her authenticator app.
async fn trusted(house: &House) -> (testkit::browser::Browser, CodeApp) {
    let mut here = jane(house).await;
    let (app, _) = set_up_app(house, &mut here).await;
    sign_out(&mut here).await;
    let page = first_factor(&mut here).await;
    page.says("Don’t ask on this device for 30 days");
    let form = page.form("/login/mfa").with("code", &app.code(house)).with("trust_device", "on");
    here.submit_and_follow(form).await;
    assert!(is_signed_in(&mut here).await);
    house.clock.advance(Duration::from_secs(30));
    (here, app)
}

stories! {
    async fn who_asked_for_it_is_not_asked_on_this_device_for_thirty_days_and_everywhere_else_is(house: House) {
        let (mut here, app) = trusted(&house).await;
        for _ in 0..2 {
            sign_out(&mut here).await;
            sign_in(&mut here, "jane@example.com", PASSWORD).await;
            assert!(is_signed_in(&mut here).await, "the password is enough here");
            house.clock.advance(13 * DAY);
        }
        let mut there = house.browser(CHROME);
        first_factor(&mut there).await;
        assert!(!is_signed_in(&mut there).await);
        house.clock.advance(5 * DAY);
        let page = first_factor(&mut here).await;
        second_factor(&mut here, &page, &app.code(&house)).await;
        assert!(is_signed_in(&mut here).await, "thirty days later it is asked for again");
    }

    async fn it_is_seen_and_withdrawn_on_the_devices_page(house: House) {
        let (mut here, _) = trusted(&house).await;
        let page = here.open("/account/devices").await;
        page.says("not asked for the second step until");
        here.submit_and_follow(page.form("/account/devices/ask-again")).await.says("asked for the second step again");
        let after = here.open("/account/devices").await;
        assert!(!after.text().contains("not asked for the second step"), "{}", after.text());
        here.open("/account/activity").await.says("asked for the second step again");
        sign_out(&mut here).await;
        first_factor(&mut here).await;
    }

    async fn a_new_password_withdraws_it_everywhere(house: House) {
        let (mut here, app) = trusted(&house).await;
        let mut other = house.browser(SAFARI);
        let page = first_factor(&mut other).await;
        let form = page.form("/login/mfa").with("code", &app.code(&house)).with("trust_device", "on");
        other.submit_and_follow(form).await;
        house.clock.advance(Duration::from_secs(30));
        let page = here.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        here.submit_and_follow(form).await;
        sign_out(&mut here).await;
        assert!(!is_signed_in(&mut other).await, "the others are signed out, as the form proposes");
        for browser in [&mut here, &mut other] {
            sign_in(browser, "jane@example.com", NEW_PASSWORD).await.says("One more step");
        }
    }

    /// What this very request asks is proven now, whatever the device was promised.
    async fn an_app_that_asks_for_two_factors_gets_them(house: House) {
        let shop = App::first_party(&house).await;
        let (mut here, app) = trusted(&house).await;
        sign_out(&mut here).await;
        let page = here.open(&shop.request(&[("acr_values", "urn:watchbell:acr:2")])).await;
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let page = here.submit_and_follow(form).await;
        page.says("One more step");
        assert!(!page.body.contains("trust_device"), "there is nothing to be spared here");
        let reply = second_factor(&mut here, &page, &app.code(&house)).await;
        let reply = if reply.parameter("code").is_some() { reply } else { here.get(reply.location()).await };
        let code = reply.parameter("code").unwrap();
        let tokens = shop.redeem(&house, &code).await.json();
        assert_eq!(claims(tokens["id_token"].as_str().unwrap())["acr"], "urn:watchbell:acr:2");
    }

    async fn an_app_is_told_that_a_spared_sign_in_had_one_factor(house: House) {
        let shop = App::first_party(&house).await;
        let (mut here, _) = trusted(&house).await;
        sign_out(&mut here).await;
        sign_in(&mut here, "jane@example.com", PASSWORD).await;
        let tokens = shop.tokens(&house, &mut here).await;
        let told = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((&told["acr"], &told["amr"]), (&"urn:watchbell:acr:1".into(), &serde_json::json!(["pwd"])));
    }

    /// A recovery code says that the phone is lost: no moment to be asked less.
    async fn a_recovery_code_makes_no_device_a_trusted_one(house: House) {
        let mut here = jane(&house).await;
        let (_, codes) = set_up_app(&house, &mut here).await;
        sign_out(&mut here).await;
        let page = first_factor(&mut here).await;
        let page = here.open(&link(&page, "with=recovery")).await;
        assert!(!page.body.contains("trust_device"));
        let form = page.form("/login/mfa").with("code", &codes[0]).with("trust_device", "on");
        here.submit_and_follow(form).await;
        assert!(is_signed_in(&mut here).await);
        sign_out(&mut here).await;
        first_factor(&mut here).await;
    }
}
