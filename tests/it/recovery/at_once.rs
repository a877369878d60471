//! Two that end a way back, or tell of it, at the same moment.

use super::{HOUR, JANE, WAIT, ask, begin, give_everything, wait_for_the_link};
use testkit::browser::{CHROME, FIREFOX, SAFARI};
use testkit::people::{NEW_PASSWORD, jane, sign_in};
use testkit::stories;

/// What the third password of a story is.
const THIRD_PASSWORD: &str = "lantern 4 cobalt pelican";

stories! {
    /// Two browsers with the same link: one sets the password.
    async fn of_many_that_finish_at_once_one_does(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let link = wait_for_the_link(&house, &mut house.browser(CHROME)).await;
        let mut tries = Vec::new();
        for n in 0..8 {
            let mut browser = house.browser(if n % 2 == 0 { CHROME } else { SAFARI });
            let form = browser.open(&link).await.form("/recovery/finish");
            let password = if n % 2 == 0 { NEW_PASSWORD } else { THIRD_PASSWORD };
            tries.push(async move { (password, browser.submit(form.with("password", password)).await) });
        }
        let done = futures_util::future::join_all(tries).await;
        let won: Vec<&str> = done.iter().filter(|(_, reply)| reply.status.is_success()).map(|(p, _)| *p).collect();
        assert_eq!(won.len(), 1);
        let lost = if won[0] == NEW_PASSWORD { THIRD_PASSWORD } else { NEW_PASSWORD };
        let mut browser = house.browser(FIREFOX);
        sign_in(&mut browser, JANE, lost).await.form("/login");
        sign_in(&mut browser, JANE, won[0]).await;
        browser.open("/account").await.says("Jane");
        house.post.take(JANE, "was recovered").await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("was recovered")));
    }

    /// Stop and finish at once: one of them wins, and wholly.
    async fn of_a_stop_and_an_end_at_once_one_wins_wholly(house: House) {
        let mut owner = jane(&house).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let end = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        let stop = owner.open("/account").await.form("/stop");
        let (ended, _) = futures_util::future::join(browser.submit(end), owner.submit(stop)).await;
        let factors = house.here().factors(account.id).await.unwrap();
        let alive = owner.open("/account").await.text().contains("Jane");
        let mut again = house.browser(SAFARI);
        let new = sign_in(&mut again, JANE, NEW_PASSWORD).await;
        if ended.status.is_success() {
            assert!(!factors.totp && !alive, "it was finished: nothing of before is left");
            again.open("/account").await.says("Jane");
        } else {
            assert!(factors.totp && alive && factors.identities == 1, "it was stopped: all is as it was");
            new.form("/login");
        }
    }

    /// What is due is told once, however many servers look.
    async fn many_servers_tell_of_it_once(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        begin(&house, &mut browser).await;
        house.clock.advance(WAIT);
        let looks = (0..8).map(|_| house.app.tend_recoveries());
        assert!(futures_util::future::join_all(looks).await.into_iter().all(|told| told.is_ok()));
        house.post.take(JANE, "now").await;
        house.app.tend_recoveries().await.unwrap();
        house.clock.advance(HOUR);
        house.app.tend_recoveries().await.unwrap();
        ask(&mut browser, "nobody@example.com").await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
    }
}
