//! Recovery codes: shown once, kept as hashes, each used once, replaced after the last.

use super::{first_factor, is_signed_in, recovery_code, second_factor, unlimited};
use actix_web::http::StatusCode;
use futures_util::future::join_all;
use identity::change::{ChangePolicy, Mode};
use std::time::Duration;
use testkit::browser::{CHROME, SAFARI};
use testkit::code_app::{codes_of, set_up_app};
use testkit::people::{jane, link};
use testkit::stories;

stories! {
    async fn each_code_works_once_in_any_order_and_however_it_is_typed(house: House) {
        let mut here = jane(&house).await;
        let (_, codes) = set_up_app(&house, &mut here).await;
        let spoiled = |code: &str| format!("  {} ", code.to_lowercase().replace('-', " "));
        for (number, code) in [codes[5].clone(), spoiled(&codes[2])].into_iter().enumerate() {
            let mut there = house.browser(CHROME);
            let page = first_factor(&mut there).await;
            recovery_code(&mut there, &page, &code).await;
            assert!(is_signed_in(&mut there).await, "{code:?}");
            house.post.take("jane@example.com", "recovery code").await;
            here.open("/account/signin").await.says(&format!("{} left", 7 - number));

            let mut again = house.browser(SAFARI);
            let page = first_factor(&mut again).await;
            let refused = recovery_code(&mut again, &page, &code).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            refused.says("Each one works only once");
            assert!(!is_signed_in(&mut again).await);
        }
    }

    /// NIST SP 800-63B-4 §4.2.1.1: a replacement is issued.
    async fn after_the_last_code_a_new_set_is_shown_before_the_way_leads_on(house: House) {
        let mut here = jane(&house).await;
        let (_, codes) = set_up_app(&house, &mut here).await;
        for code in &codes[..7] {
            let mut there = house.browser(CHROME);
            let page = first_factor(&mut there).await;
            recovery_code(&mut there, &page, code).await;
            assert!(is_signed_in(&mut there).await);
            house.clock.advance(Duration::from_secs(1_000));
        }
        let mut there = house.browser(CHROME);
        let page = first_factor(&mut there).await;
        let reply = recovery_code(&mut there, &page, &codes[7]).await;
        let page = there.follow(reply).await;
        page.says("That was your last recovery code");
        let fresh = codes_of(&page);
        assert_eq!(fresh.len(), 8);
        assert!(fresh.iter().all(|code| !codes.contains(code)));
        assert!(page.header("cache-control").contains("no-store"));
        there.submit_and_follow(page.form("/login/codes")).await;
        assert!(is_signed_in(&mut there).await);
        let mut next = house.browser(SAFARI);
        let page = first_factor(&mut next).await;
        recovery_code(&mut next, &page, &fresh[3]).await;
        assert!(is_signed_in(&mut next).await, "the new ones work");
    }

    async fn codes_are_stored_as_hashes_and_shown_only_in_the_browser_that_made_them(house: House) {
        let mut here = jane(&house).await;
        let page = here.open("/account/signin/app").await;
        let app = testkit::code_app::CodeApp::from_page(&page);
        let page = here.submit_and_follow(page.form("/account/signin/app").with("code", &app.code(&house))).await;
        let codes = codes_of(&page);
        let file = link(&page, "recovery-codes.txt");
        let download = here.open(&file).await;
        assert!(download.header("content-type").starts_with("text/plain"));
        assert!(download.header("content-disposition").starts_with("attachment"));
        assert!(codes.iter().all(|code| download.body.contains(code)));
        house.clock.advance(Duration::from_secs(30));
        let mut there = house.browser(CHROME);
        let asked = first_factor(&mut there).await;
        second_factor(&mut there, &asked, &app.code(&house)).await;
        let elsewhere = there.get(&file).await;
        assert!(codes.iter().all(|code| !elsewhere.body.contains(code)), "not in another browser of hers");
        house.clock.advance(Duration::from_secs(11 * 60));
        let late = here.get(&file).await;
        assert!(codes.iter().all(|code| !late.body.contains(code)), "nor later");

        let tenant = house.here().tenant().id;
        let mut tx = house.store.begin(tenant).await.unwrap();
        let account = tx.find_account_by_email("jane@example.com").await.unwrap().unwrap();
        let stored = tx.list_recovery_codes(account.id).await.unwrap();
        assert_eq!(stored.len(), 8);
        let plain: Vec<_> =
            codes.iter().map(|code| identity::recovery_code::PlainCode::parse(code).unwrap().hash(account.id)).collect();
        assert!(stored.iter().all(|row| plain.contains(&row.hash)), "a hash, bound to the account");
        assert!(codes.iter().all(|code| !format!("{stored:?}").contains(code.as_str())));
    }
}

stories! {
    /// security.md: 20 of one recovery code at once.
    async fn one_code_opens_one_door_and_the_others_stay_good(db: Db) {
        let house = unlimited(db).await;
        let mut here = jane(&house).await;
        let (_, codes) = set_up_app(&house, &mut here).await;
        let mut waiting = Vec::new();
        for _ in 0..20 {
            let mut browser = house.browser(CHROME);
            let page = first_factor(&mut browser).await;
            waiting.push((browser, page));
        }
        let knocks = waiting.iter_mut().map(|(browser, page)| recovery_code(browser, page, &codes[0]));
        let replies = join_all(knocks).await;
        assert_eq!(replies.iter().filter(|reply| reply.status.is_redirection()).count(), 1);
        let mut inside = 0;
        for (browser, _) in &mut waiting {
            inside += usize::from(is_signed_in(browser).await);
        }
        assert_eq!(inside, 1);
        here.open("/account/signin").await.says("7 left");
        let mut there = house.browser(SAFARI);
        let page = first_factor(&mut there).await;
        recovery_code(&mut there, &page, &codes[1]).await;
        assert!(is_signed_in(&mut there).await, "another one of the set still works");
    }
}

// Done at once: whether its owner is asked first is told elsewhere.
testkit::planned! {
    async fn a_new_set_voids_the_old_one_and_takes_both_factors(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut here = jane(&house).await;
        let (app, old) = set_up_app(&house, &mut here).await;
        // Who only has the password (CVE-2026-3429) makes none.
        house.clock.advance(Duration::from_secs(3_600));
        let asked = here.open("/account/signin/recovery-codes").await;
        let page = here.submit_and_follow(asked.form("/login").with("password", testkit::people::PASSWORD)).await;
        page.says("You are about to change something");
        let still = here.post("/account/signin/recovery-codes", &[]).await;
        assert!(still.location().starts_with("/login"), "{}", still.location());
        let reply = second_factor(&mut here, &page, &app.code(&house)).await;
        let page = here.follow(reply).await;
        page.says("The ones that you have stop working at once");
        let page = here.submit_and_follow(page.form("/account/signin/recovery-codes")).await;
        let new = codes_of(&page);
        assert_eq!(new.len(), 8);
        house.post.take("jane@example.com", "ecovery codes").await;
        let mut there = house.browser(CHROME);
        let page = first_factor(&mut there).await;
        let refused = recovery_code(&mut there, &page, &old[0]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        recovery_code(&mut there, &page, &new[0]).await;
        assert!(is_signed_in(&mut there).await);
    }
}
