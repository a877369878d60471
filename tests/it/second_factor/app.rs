//! The authenticator app: set up, asked for, replaced.

use super::{first_factor, is_signed_in, second_factor, sign_out};
use actix_web::http::StatusCode;
use identity::change::{ChangePolicy, Mode};
use std::time::Duration;
use testkit::browser::CHROME;
use testkit::code_app::{CodeApp, codes_of, set_up_app};
use testkit::people::{PASSWORD, jane, sign_in};
use testkit::stories;

stories! {
    async fn an_app_is_set_up_by_its_first_code_and_asked_for_from_then_on(house: House) {
        let mut here = jane(&house).await;
        let page = here.open("/account/signin/app").await;
        let app = CodeApp::from_page(&page);
        assert!(page.body.contains("<svg class=\"qr\""), "there is a QR code");
        assert!(page.body.contains("otpauth://totp/Acme:jane%40example.com?secret="), "issuer and account are named");
        assert!(page.header("cache-control").contains("no-store"));

        let wrong = here.submit(page.form("/account/signin/app").with("code", &app.wrong(&house))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(CodeApp::from_page(&wrong).code(&house), app.code(&house), "the same key is shown again");
        let done = here.submit_and_follow(wrong.form("/account/signin/app").with("code", &app.code(&house))).await;
        assert_eq!(codes_of(&done).len(), 8, "{}", done.text());
        house.post.take("jane@example.com", "uthenticator app was set up").await;
        here.open("/account/activity").await.says("Authenticator app set up");
        here.open("/account/signin").await.says("Set up another one").says("8 left");

        house.clock.advance(Duration::from_secs(30));
        let mut there = house.browser(CHROME);
        let page = first_factor(&mut there).await;
        assert!(!is_signed_in(&mut there).await, "the password alone opens nothing");
        page.says("You set up a second step for your account");
        let reply = second_factor(&mut there, &page, &app.code(&house)).await;
        there.follow(reply).await;
        assert!(is_signed_in(&mut there).await);
    }

    async fn a_set_up_that_was_not_finished_counts_for_nothing_and_the_next_try_has_another_key(house: House) {
        let mut here = jane(&house).await;
        let first = CodeApp::from_page(&here.open("/account/signin/app").await);
        let second = CodeApp::from_page(&here.open("/account/signin/app").await);
        assert_ne!(first.code(&house), second.code(&house));
        here.open("/account/signin").await.says("Set up an app");
        sign_out(&mut here).await;
        sign_in(&mut here, "jane@example.com", PASSWORD).await;
        assert!(is_signed_in(&mut here).await, "nothing was asked for");
    }

    async fn a_wrong_clock_is_told_while_the_app_is_set_up(house: House) {
        let mut here = jane(&house).await;
        let page = here.open("/account/signin/app").await;
        let app = CodeApp::from_page(&page);
        let form = page.form("/account/signin/app").with("code", &app.code_in(&house, -20));
        here.submit(form).await.says("your phone’s clock is not");
    }
}

// Done at once: whether its owner is asked first is told elsewhere.
testkit::planned! {
    async fn a_new_app_takes_the_place_of_the_old_one_and_the_recovery_codes_stay(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut here = jane(&house).await;
        let (old, codes) = set_up_app(&house, &mut here).await;
        // An hour later the proof is too old for a change: both factors are asked for again, and the way leads back.
        house.clock.advance(Duration::from_secs(3_600));
        let page = here.open("/account/signin/app").await;
        assert_eq!(page.form("/login").value("username"), "jane@example.com");
        let page = here.submit_and_follow(page.form("/login").with("password", PASSWORD)).await;
        page.says("You are about to change something");
        let reply = second_factor(&mut here, &page, &old.code(&house)).await;
        let page = here.follow(reply).await;
        page.says("takes the place");
        let new = CodeApp::from_page(&page);
        let page = here.submit_and_follow(page.form("/account/signin/app").with("code", &new.code(&house))).await;
        assert_eq!((codes.len(), codes_of(&page).len()), (8, 0));
        page.says("8 left");
        house.clock.advance(Duration::from_secs(30));
        let mut there = house.browser(CHROME);
        let page = first_factor(&mut there).await;
        let refused = second_factor(&mut there, &page, &old.code(&house)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let reply = second_factor(&mut there, &page, &new.code(&house)).await;
        there.follow(reply).await;
        assert!(is_signed_in(&mut there).await);
    }
}
