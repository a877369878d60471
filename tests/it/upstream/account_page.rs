//! The account's page: which accounts elsewhere are connected, connecting and disconnecting one.

use super::{is_signed_in, jane_by, press, sign_in_by, with_provider};
use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply, SAFARI};
use testkit::house::{Db, House, Plan};
use testkit::people::{PASSWORD, jane, register};
use testkit::provider::Provider;

/// Presses "Connect" on the account's page: where the provider's page is, or what the page says instead.
async fn connect(browser: &mut Browser, key: &str) -> Reply {
    let page = browser.open("/account/signin").await;
    browser.submit_and_follow(page.form("/account/signin/link").with("provider", key)).await
}

with_provider! {
    /// Connected, seen with what it is called, used, and disconnected: each is told.
    async fn an_account_elsewhere_is_connected_used_and_disconnected(house, provider) {
        let mut browser = jane(&house).await;
        let away = connect(&mut browser, "double").await;
        let page = browser.open(&provider.agree(&away.onward().unwrap())).await;
        page.says("Connected. From now on you can sign in with it").says("Double").says("jane@example.com").says("last used");
        house.post.take("jane@example.com", "Double is connected").await;
        let mut phone = house.browser(SAFARI);
        sign_in_by(&mut phone, &provider).await.says("Jane");
        let page = browser.open("/account/signin").await;
        browser.submit_and_follow(page.form("/account/signin/unlink")).await.says("Disconnected");
        house.post.take("jane@example.com", "no longer connected").await;
        browser.open("/account/activity").await.says("Double connected").says("Double disconnected");
        let mut other = house.browser(CHROME);
        sign_in_by(&mut other, &provider).await.says("There is an account");
        assert!(!is_signed_in(&mut other).await);
    }

    /// CVE-2026-3429: after a while one proves who one is before anything about signing in is changed.
    async fn connecting_and_disconnecting_want_a_recent_proof(house, provider) {
        let mut browser = jane(&house).await;
        let away = connect(&mut browser, "double").await;
        browser.open(&provider.agree(&away.onward().unwrap())).await.says("Connected");
        house.clock.advance(Duration::from_secs(3600));
        let page = browser.open("/account/signin").await;
        let unlink = page.form("/account/signin/unlink");
        let again = browser.submit_and_follow(unlink.clone()).await;
        let form = again.form("/login");
        connect(&mut browser, "double").await.form("/login");
        browser.submit_and_follow(form.with("username", "jane@example.com").with("password", PASSWORD)).await;
        browser.submit_and_follow(unlink).await.says("Disconnected");
    }

    /// An account without a password proves it by its provider.
    async fn whoever_has_only_a_provider_proves_it_there(house, provider) {
        let mut browser = jane_by(&house, &provider).await;
        house.clock.advance(Duration::from_secs(3600));
        let again = connect(&mut browser, "double").await;
        let url = press(&mut browser, &again, "double").await;
        browser.open(&provider.agree(&url)).await.says("Other accounts");
        assert!(connect(&mut browser, "double").await.onward().is_some());
    }

    /// The last way in stays.
    async fn the_last_way_to_sign_in_is_not_disconnected(house, provider) {
        let mut browser = jane_by(&house, &provider).await;
        let page = browser.open("/account/signin").await;
        browser.submit_and_follow(page.form("/account/signin/unlink")).await.says("your last way to sign in");
        sign_in_by(&mut house.browser(CHROME), &provider).await.says("Jane");
    }

    /// One account elsewhere belongs to one account here.
    async fn an_account_that_is_connected_elsewhere_stays_there(house, provider) {
        jane_by(&house, &provider).await;
        let mut john = house.browser(CHROME);
        register(&house, &mut john, "john@example.com").await;
        let away = connect(&mut john, "double").await;
        john.open(&provider.agree(&away.onward().unwrap())).await.says("connected to another account here");
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Jane");
    }

    /// ASVS 15.4.2: of two accounts that connect it at once, one has it, and the other is told.
    async fn of_two_that_connect_the_same_at_once_one_does(house, provider) {
        let mut tabs = Vec::new();
        for email in ["jane@example.com", "john@example.com"] {
            let mut browser = house.browser(CHROME);
            register(&house, &mut browser, email).await;
            let away = connect(&mut browser, "double").await;
            tabs.push((browser, provider.agree(&away.onward().unwrap())));
        }
        let answers = join_all(tabs.into_iter().map(|(mut browser, callback)| async move {
            let told = browser.open(&callback).await.text();
            (told, browser.open("/account/signin").await.forms("/account/signin/unlink").len())
        }))
        .await;
        assert_eq!(answers.iter().map(|(_, linked)| linked).sum::<usize>(), 1, "{answers:?}");
        for (told, linked) in answers {
            assert!(told.contains(if linked == 1 { "Connected" } else { "connected to another account here" }), "{told}");
        }
    }

    /// CVE-2025-46815: the answer is the session's that asked: after a sign-out, in another browser, or for another
    /// account it connects nothing.
    async fn an_answer_connects_nothing_outside_of_the_session_that_asked(house, provider) {
        let mut browser = jane(&house).await;
        let away = connect(&mut browser, "double").await;
        let callback = provider.agree(&away.onward().unwrap());
        let mut other = house.browser(CHROME);
        register(&house, &mut other, "john@example.com").await;
        assert_eq!(other.open(&callback).await.status, 403, "another browser");
        let account = browser.open("/account").await;
        browser.submit_and_follow(account.form("/logout")).await;
        register(&house, &mut browser, "june@example.com").await;
        browser.open(&callback).await;
        for browser in [&mut browser, &mut other] {
            let page = browser.open("/account/signin").await;
            assert!(!page.text().contains("Disconnect"), "{}", page.text());
        }
        assert_eq!(provider.asked("/token"), 1);
    }

    /// A stranger's id does nothing, and a link of ours that another site sends is refused.
    async fn nobody_disconnects_what_is_not_theirs(house, provider) {
        let mut browser = jane_by(&house, &provider).await;
        let page = browser.open("/account/signin").await;
        let mine = page.form("/account/signin/unlink");
        let mut john = house.browser(CHROME);
        register(&house, &mut john, "john@example.com").await;
        john.submit_and_follow(mine.clone()).await.says("no longer there");
        let request = browser.request(actix_web::http::Method::POST, "/account/signin/unlink").set_form(mine.fields());
        let request = request.insert_header(("origin", "https://evil.test")).insert_header(("sec-fetch-site", "cross-site"));
        assert_eq!(browser.send(request).await.status, 403);
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Jane");
    }
}

/// ASVS 15.4.2: of the last two ways to sign in, removed at once, one stays.
#[actix_web::test]
async fn of_the_last_two_ways_one_survives() {
    for db in [Db::Sqlite, Db::Postgres] {
        let mut plan = Plan::default();
        let one = Provider::start("one", &plan.clock).await;
        let two = Provider::start("two", &plan.clock).await;
        one.join(&mut plan, |_| ());
        two.join(&mut plan, |_| ());
        let house = House::build(db, plan).await;
        let mut browser = house.browser(FIREFOX);
        sign_in_by(&mut browser, &one).await.says("Jane");
        two.says(json!({ "sub": "2" }));
        let away = connect(&mut browser, "two").await;
        browser.open(&two.agree(&away.onward().unwrap())).await.says("Connected");
        let page = browser.open("/account/signin").await;
        let forms: Vec<_> = page.forms("/account/signin/unlink");
        assert_eq!(forms.len(), 2);
        let removals = forms.into_iter().cycle().take(10).map(|form| {
            let mut tab = browser.clone();
            async move { tab.submit(form).await.status }
        });
        join_all(removals).await;
        let page = browser.open("/account/signin").await;
        assert_eq!(page.forms("/account/signin/unlink").len(), 1, "{}", page.text());
        let mut works = 0;
        for provider in [&one, &two] {
            let mut phone = house.browser(SAFARI);
            sign_in_by(&mut phone, provider).await;
            works += usize::from(is_signed_in(&mut phone).await);
        }
        assert_eq!(works, 1);
    }
}
