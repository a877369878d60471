//! Two tabs of one sign-in that send at the same moment: neither waits for what the other holds.
//!
//! Each story holds the account's row until both are on their way, as any other request of that account would.

use crate::upstream::{agreed, is_signed_in, press, sign_in_by, with_provider};
use futures_util::future::join3;
use std::time::Duration;
use store::Tx;
use testkit::browser::{CHROME, FIREFOX, Reply};
use testkit::house::House;
use testkit::people::{App, PASSWORD, jane, link};
use testkit::stories;
use tokio::time::sleep;

/// A moment in which a request gets as far as it can.
const MOMENT: Duration = Duration::from_millis(300);

/// The account's row, held.
async fn hold(house: &House, email: &str) -> Tx {
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    let account = tx.find_account_by_email(email).await.unwrap().unwrap();
    tx.lock_account(account.id).await.unwrap();
    tx
}

/// Sends two requests, one a moment after the other, while a row is held, and lets go of it a moment later.
async fn both(held: Tx, first: impl Future<Output = Reply>, second: impl Future<Output = Reply>) -> (Reply, Reply) {
    let second = async {
        sleep(MOMENT).await;
        second.await
    };
    let let_go = async {
        sleep(MOMENT.saturating_mul(2)).await;
        drop(held);
    };
    let (first, second, ()) = join3(first, second, let_go).await;
    (first, second)
}

with_provider! {
    /// One sends the password while the other comes back from a provider, with the same account.
    async fn a_password_and_a_provider_s_answer_at_once_both_arrive(house, provider) {
        jane(&house).await;
        let mut linking = house.browser(CHROME);
        let page = sign_in_by(&mut linking, &provider).await;
        linking.submit_and_follow(page.form("/login").with("password", PASSWORD)).await.says("Jane");

        let mut one = house.browser(FIREFOX);
        let page = one.open("/login").await;
        let callback = provider.agree(&press(&mut one, &page, "double").await);
        let mut two = one.clone();
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let held = hold(&house, "jane@example.com").await;
        let (password, answer) = both(held, one.submit(form), two.get(&callback)).await;
        for (reply, browser) in [(password, &mut one), (answer, &mut two)] {
            assert!(!reply.status.is_server_error(), "{}: {}", reply.status, reply.text());
            assert!(is_signed_in(browser).await);
        }
    }

    /// Two tabs come back from a provider with an identity that nobody here has: one makes the account, the other finds it.
    async fn two_first_answers_at_once_are_one_account(house, provider) {
        let mut one = house.browser(FIREFOX);
        let page = one.open("/login").await;
        let mut two = one.clone();
        let first = provider.agree(&press(&mut one, &page, "double").await);
        let second = provider.agree(&press(&mut two, &page, "double").await);
        let (a, b) = futures_util::future::join(one.get(&first), two.get(&second)).await;
        for (reply, browser) in [(a, &mut one), (b, &mut two)] {
            assert!(!reply.status.is_server_error(), "{}: {}", reply.status, reply.text());
            assert!(is_signed_in(browser).await, "{}", reply.text());
        }
        let mut third = house.browser(CHROME);
        let callback = agreed(&mut third, &provider).await;
        third.open(&callback).await.says("Jane");
    }
}

stories! {
    /// A form that is clicked twice, where no script holds the second click back: the first answer, cookies and all, is thrown away
    /// by the browser.
    async fn the_same_form_sent_twice_leads_to_the_app_both_times(house: House) {
        jane(&house).await;
        let app = App::first_party(&house).await;
        let mut one = house.browser(FIREFOX);
        let form = one.open(&app.request(&[])).await.form("/login");
        let form = form.with("username", "jane@example.com").with("password", PASSWORD);
        let mut two = one.clone();
        let held = hold(&house, "jane@example.com").await;
        let (first, second) = both(held, one.submit(form.clone()), two.submit(form)).await;
        for (reply, browser) in [(first, &mut one), (second, &mut two)] {
            let way_on = reply.location().starts_with("/login/continue");
            let reply = if way_on { browser.follow(reply).await } else { reply };
            let code = reply.parameter("code").unwrap_or_else(|| panic!("{} {}", reply.location(), reply.text()));
            assert_eq!(app.redeem(&house, &code).await.status, 200);
            assert!(is_signed_in(browser).await);
        }
    }

    /// The link was used in another browser: one tab goes on by itself while the other sends the password.
    async fn a_registration_and_a_password_at_once_both_arrive(house: House) {
        let mut one = house.browser(FIREFOX);
        let sign_in = one.open("/login").await;
        let page = one.open(&link(&sign_in, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Jane").with("password", PASSWORD);
        let waiting = one.submit_and_follow(form).await;
        let code: String = waiting.text().chars().filter(char::is_ascii_digit).take(6).collect();
        let mut elsewhere = house.browser(CHROME);
        let page = elsewhere.open(&house.post.take("jane@example.com", "").await.link("/confirm")).await;
        elsewhere.submit_and_follow(page.form("/confirm").with("code", &code)).await.says("jane@example.com");

        let mut two = one.clone();
        let form = sign_in.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let check = format!("/register/check?flow={}", form.value("flow"));
        let held = hold(&house, "jane@example.com").await;
        let (password, finished) = both(held, one.submit(form), two.get(&check)).await;
        for (reply, browser) in [(password, &mut one), (finished, &mut two)] {
            assert!(!reply.status.is_server_error(), "{}: {}", reply.status, reply.text());
            assert!(is_signed_in(browser).await, "{}", reply.text());
        }
    }
}
