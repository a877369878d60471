//! Devices: recognised, asked about, ended.

use testkit::browser::{CHROME, FIREFOX, SAFARI};
use testkit::people::{App, PASSWORD, jane, sign_in, userinfo};
use testkit::stories;

stories! {
    async fn the_first_sign_in_asks_nobody_and_a_second_device_is_asked_about_by_mail(house: House) {
        let mut here = jane(&house).await;
        let page = here.open("/account").await;
        here.submit_and_follow(page.form("/logout")).await;
        sign_in(&mut here, "jane@example.com", PASSWORD).await;
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        let letter = house.post.take("jane@example.com", "ign-in").await;
        assert!(letter.text.contains("Chrome") && letter.text.contains("Windows"), "{}", letter.text);
        assert!(house.post.letters_to("jane@example.com").is_empty(), "one letter for one new device");
    }

    /// No ends the session and its tokens at once, from the mail, without signing in.
    async fn it_was_not_me_from_the_mail_ends_the_session_and_its_tokens(house: House) {
        let app = App::first_party(&house).await;
        let _here = jane(&house).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let tokens = app.tokens(&house, &mut thief).await;
        let link = house.post.take("jane@example.com", "ign-in").await.link("was-this-you");

        let mut anywhere = house.browser(SAFARI);
        let page = anywhere.open(&link).await;
        thief.open("/account").await.says("Jane");
        anywhere.submit_and_follow(page.form("/no")).await;
        thief.open("/account").await.form("/login");
        assert_eq!(userinfo(&house, tokens["access_token"].as_str().unwrap()).await.status, 401);
        assert_eq!(app.refresh(&house, tokens["refresh_token"].as_str().unwrap()).await.json()["error"], "invalid_grant");
        anywhere.open("/account").await.form("/login");
    }

    async fn it_was_not_me_works_in_a_known_browser_that_is_signed_out(house: House) {
        let mut here = jane(&house).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let page = here.open("/account").await;
        let question = testkit::people::link(&page, "was-this-you");
        here.submit_and_follow(page.form("/logout")).await;
        let page = here.open(&question).await;
        here.submit_and_follow(page.form("/no")).await;
        thief.open("/account").await.form("/login");
    }

    async fn the_accused_device_can_answer_neither_yes_nor_no(house: House) {
        let mut here = jane(&house).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let page = here.open("/account").await;
        let question = testkit::people::link(&page, "was-this-you");
        let reply = thief.post(&format!("{question}/yes"), &[]).await;
        assert!(reply.status.is_client_error() || reply.status.is_redirection(), "{}", reply.status);
        here.open(&question).await.form("/no");
        let reply = house.browser(SAFARI).post(&format!("{question}/no"), &[]).await;
        assert_eq!(reply.location().split('?').next(), Some("/login"), "a stranger has to say who they are");
        thief.open("/account").await.says("Jane");
    }

    async fn yes_marks_the_device_as_known(house: House) {
        let mut here = jane(&house).await;
        let mut phone = house.browser(SAFARI);
        sign_in(&mut phone, "jane@example.com", PASSWORD).await;
        let page = here.open("/account").await;
        let question = testkit::people::link(&page, "was-this-you");
        let page = here.open(&question).await;
        here.submit_and_follow(page.form("/yes")).await;
        phone.open("/account").await.says("Jane");
        let answered = here.open(&question).await;
        assert!(!answered.body.contains(&format!("{question}/yes")), "the question is answered: {}", answered.text());
        here.open("/account/devices").await.says("Safari");
    }

    async fn a_forgotten_device_is_new_again(house: House) {
        let mut here = jane(&house).await;
        let mut other = house.browser(CHROME);
        sign_in(&mut other, "jane@example.com", PASSWORD).await;
        house.post.take("jane@example.com", "ign-in").await;
        let page = here.open("/account/devices").await;
        page.says("Chrome");
        here.submit_and_follow(page.form("/account/devices/forget")).await;
        other.open("/account").await.form("/login");
        sign_in(&mut other, "jane@example.com", PASSWORD).await;
        house.post.take("jane@example.com", "ign-in").await;
    }

    async fn one_device_and_all_others_can_be_signed_out(house: House) {
        let mut here = jane(&house).await;
        let mut others = [house.browser(CHROME), house.browser(SAFARI), house.browser(FIREFOX)];
        for other in &mut others {
            sign_in(other, "jane@example.com", PASSWORD).await;
        }
        let page = here.open("/account/devices").await;
        here.submit_and_follow(page.form("/account/devices/end-others")).await;
        for other in &mut others {
            other.open("/account").await.form("/login");
        }
        here.open("/account").await.says("Jane");
    }
}
