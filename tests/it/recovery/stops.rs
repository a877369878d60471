//! Who can stop a way back, and what ends it.

use super::{HOUR, JANE, WAIT, ask, begin, give_everything, gone, pass, wait_for_the_link};
use actix_web::http::{Method, StatusCode};
use serde_json::json;
use testkit::authenticator::Authenticator;
use testkit::browser::{CHROME, SAFARI};
use testkit::keys::{add_key, sign_in_with_passkey};
use testkit::people::{NEW_PASSWORD, PASSWORD, jane, sign_in};
use testkit::stories;

stories! {
    /// The mail's link, the device's cookie, a live session: each stops it. A stranger's browser and a new device don't.
    async fn everybody_who_may_say_no_can_stop_it(house: House) {
        let mut owner = jane(&house).await;
        let mut fresh = house.browser(SAFARI);
        sign_in(&mut fresh, JANE, PASSWORD).await;
        give_everything(&house).await;
        let mut thief = house.browser(CHROME);
        let mut page = String::new();
        for way in ["mail", "cookie", "session"] {
            house.clock.advance(24 * 9 * HOUR);
            begin(&house, &mut thief).await;
            let mail = house.post.take(JANE, "started recovery").await.link("/account/recovery");
            let shown = house.browser(CHROME).open(&mail).await;
            let stop = shown.form("/stop");
            page = testkit::people::link(&owner.open("/account").await, "/account/recovery/");
            for stranger in [&mut thief, &mut fresh] {
                stranger.cookies().retain(|name, _| !name.contains("session"));
                let reply = stranger.post(&format!("{page}/stop"), &[]).await;
                assert!(!reply.status.is_success() && reply.location().contains("/login"), "{}", reply.status);
            }
            match way {
                "mail" => {
                    let ended = house.browser(SAFARI).submit_and_follow(stop).await;
                    ended.says("is stopped").says("read your mail");
                }
                "cookie" => {
                    let mut notice = owner.clone();
                    notice.cookies().retain(|name, _| name.contains("device"));
                    let reply = notice.json(Method::POST, &format!("{page}/stop"), &json!({})).await;
                    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
                    notice.open(&page).await.says("is stopped").says("j…@example.com");
                }
                _ => {
                    let overview = owner.open("/account").await;
                    owner.submit_and_follow(overview.says("is recovering").form("/stop")).await.says("is stopped");
                }
            }
            house.post.take(JANE, "was stopped").await;
            assert!(!owner.open("/account").await.text().contains("is recovering"));
        }
        pass(&house, WAIT).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
        owner.open(&page).await.says("is stopped");
    }

    /// Stopped when it is ready, its link is dead; and the next waits in full.
    async fn after_a_stop_the_link_is_dead_and_the_next_waits_in_full(house: House) {
        let mut owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let form = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        let overview = owner.open("/account").await;
        owner.submit_and_follow(overview.form("/stop")).await;
        let late = browser.submit(form).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("is stopped");
        owner.open("/account").await.says("Jane");
        begin(&house, &mut browser).await;
        pass(&house, 71 * HOUR).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
        gone(&mut browser, &link).await;
    }

    /// Each rings everything that its owner has: so there are three within thirty days.
    async fn the_fourth_within_a_month_is_refused_and_said(house: House) {
        let mut owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        for _ in 0..3 {
            begin(&house, &mut browser).await;
            let overview = owner.open("/account").await;
            owner.submit_and_follow(overview.form("/stop")).await;
            house.clock.advance(24 * HOUR);
        }
        for _ in 0..2 {
            ask(&mut browser, JANE).await;
            let letter = house.post.take(JANE, "No account recovery").await;
            assert!(letter.text.contains("23 Dec, 09:41") && !letter.text.contains("/recovery/begin"), "{}", letter.text);
        }
        let log = owner.open("/account/activity").await.text();
        assert_eq!(log.matches("too often").count(), 1, "said once in the log: {log}");
        house.clock.advance(27 * 24 * HOUR);
        begin(&house, &mut browser).await;
    }

    /// A real second factor shows that nothing is lost; what a device or a session merely remembers does not.
    async fn a_sign_in_with_the_second_factor_ends_it(house: House) {
        let mut owner = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut owner, &mut phone, "passkey").await;
        begin(&house, &mut house.browser(CHROME)).await;
        sign_in(&mut house.browser(SAFARI), JANE, PASSWORD).await;
        owner.open("/account").await.says("is recovering");
        let mut there = house.browser(SAFARI);
        sign_in_with_passkey(&mut there, &mut phone).await;
        assert!(!there.open("/account").await.text().contains("is recovering"));
        let letter = house.post.take(JANE, "was stopped").await;
        assert!(letter.text.contains("signed in with your second step"), "{}", letter.text);
        there.open("/account/activity").await.says("because you signed in");
    }
}
