//! What was guessed at for too long is closed, and no waiting opens it: what is said then, and what does.

use actix_web::http::StatusCode;
use identity::limit::Limit;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, Reply, SAFARI};
use testkit::code_app::set_up_app;
use testkit::house::{House, Plan};
use testkit::people::{NEW_PASSWORD, PASSWORD, jane, link, sign_in};
use testkit::planned;

const JANE: &str = "jane@example.com";
const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);
/// So many wrong ones in a row close a lane in these stories: as shipped it is eighty, and twenty in a known browser.
const MOST: u32 = 3;

fn few(plan: &mut Plan) {
    let few = |limit| Limit { longest_lock: Duration::ZERO, consecutive: Some(MOST), ..limit };
    plan.settings.strangers = few(Limit::strangers());
    plan.settings.known_device = few(Limit::known_device());
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.open("/account").await.text().contains("Jane")
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.open("/account").await;
    browser.submit_and_follow(page.form("/logout")).await;
}

/// Sets a new password by the mail of "Forgot it?".
async fn set_anew(house: &House, browser: &mut Browser) {
    let page = browser.open("/recover").await;
    browser.submit(page.form("/recover").with("username", JANE)).await;
    let page = browser.open(&house.post.take(JANE, "new password").await.link("/reset")).await;
    browser.submit(page.form("/reset").with("password", NEW_PASSWORD)).await.says("is set");
}

/// Too late, and nobody is told to wait.
#[track_caller]
fn is_closed<'a>(page: &'a Reply, words: &str) -> &'a Reply {
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{}", page.text());
    assert_eq!(page.header("retry-after"), "", "waiting does not help");
    page.says(words)
}

planned! {
    /// NIST SP 800-63B-4 §3.2.2.
    async fn a_password_is_taken_no_more_until_there_is_a_new_one(house: House, plan) {
        few(&mut plan);
    } {
        let mut owner = jane(&house).await;
        for n in 0..MOST {
            sign_in(&mut house.browser(CHROME), JANE, &format!("guess number {n}")).await.says("don’t match");
        }
        let mut there = house.browser(SAFARI);
        for _ in 0..2 {
            let page = sign_in(&mut there, JANE, PASSWORD).await;
            let form = is_closed(&page, "Set a new one by mail (“Forgot it?”), and you can sign in again").form("/login");
            assert_eq!(form.value("username"), JANE, "nothing typed is lost");
            assert!(!is_signed_in(&mut there).await);
            sign_out(&mut owner).await;
            sign_in(&mut owner, JANE, PASSWORD).await;
            assert!(is_signed_in(&mut owner).await, "her own browser has a lane of its own");
            house.clock.advance(Duration::from_secs(24 * 3_600));
        }
        house.clock.advance(MONTH);
        is_closed(&sign_in(&mut there, JANE, PASSWORD).await, "Too many wrong passwords were tried");
        set_anew(&house, &mut there).await;
        sign_in(&mut there, JANE, NEW_PASSWORD).await;
        assert!(is_signed_in(&mut there).await);
    }

    async fn an_address_that_nobody_has_is_closed_alike(house: House, plan) {
        few(&mut plan);
    } {
        for n in 0..MOST {
            sign_in(&mut house.browser(CHROME), "nobody@example.com", &format!("guess number {n}")).await.says("don’t match");
        }
        let page = sign_in(&mut house.browser(SAFARI), "nobody@example.com", PASSWORD).await;
        is_closed(&page, "Set a new one by mail");
    }

    async fn who_is_signed_in_and_has_forgotten_the_old_password_is_told_so_too(house: House, plan) {
        few(&mut plan);
    } {
        let mut owner = jane(&house).await;
        let page = owner.open("/account/signin").await;
        let form = page.form("/account/signin/password").with("password", NEW_PASSWORD);
        for n in 0..MOST {
            let reply = owner.submit(form.clone().with("current", &format!("guess number {n}"))).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let reply = owner.submit(form.with("current", PASSWORD)).await;
        is_closed(&reply, "Too many wrong passwords were tried. Set a new one by mail");
        set_anew(&house, &mut owner).await;
        sign_in(&mut owner, JANE, NEW_PASSWORD).await;
        assert!(is_signed_in(&mut owner).await);
    }

    /// Whoever has the password closes no more than the codes of the app: a recovery code stays a way, and the operator
    /// opens the other.
    async fn the_codes_of_an_app_are_taken_no_more_and_a_recovery_code_is(house: House, plan) {
        few(&mut plan);
    } {
        let mut owner = jane(&house).await;
        let (app, codes) = set_up_app(&house, &mut owner).await;
        let mut thief = house.browser(CHROME);
        let page = sign_in(&mut thief, JANE, PASSWORD).await;
        for _ in 0..MOST {
            thief.submit(page.form("/login/mfa").with("code", &app.wrong(&house))).await;
        }
        let mut there = house.browser(SAFARI);
        let page = sign_in(&mut there, JANE, PASSWORD).await;
        let reply = there.submit(page.form("/login/mfa").with("code", &app.code(&house))).await;
        is_closed(&reply, "Too many wrong codes were tried, so we take none any more. Use another way below");
        assert!(!is_signed_in(&mut there).await);
        let page = there.open(&link(&reply, "with=recovery")).await;
        there.submit(page.form("/login/mfa").with("code", &codes[0])).await;
        assert!(is_signed_in(&mut there).await);

        house.clock.advance(Duration::from_secs(60));
        house.here().unlock_user(JANE).await.unwrap_or_else(|e| panic!("{e:?}"));
        let mut again = house.browser(SAFARI);
        let page = sign_in(&mut again, JANE, PASSWORD).await;
        again.submit(page.form("/login/mfa").with("code", &app.code(&house))).await;
        assert!(is_signed_in(&mut again).await);
    }

    async fn codes_by_mail_are_taken_no_more_until_there_is_a_new_password(house: House, plan) {
        few(&mut plan);
    } {
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let waiting = ask_for_code(&mut browser).await;
        let code = mailed(&house).await;
        let wrong = if code == "123456" { "123457" } else { "123456" };
        for _ in 0..MOST {
            browser.submit(waiting.form("/login/code").with("code", wrong)).await.says("isn’t the code");
        }
        let reply = browser.submit(waiting.form("/login/code").with("code", &code)).await;
        is_closed(&reply, "Too many wrong codes for this address");
        assert!(!is_signed_in(&mut browser).await);
        set_anew(&house, &mut browser).await;
        let mut fresh = house.browser(SAFARI);
        let waiting = ask_for_code(&mut fresh).await;
        fresh.submit_and_follow(waiting.form("/login/code").with("code", &mailed(&house).await)).await;
        assert!(is_signed_in(&mut fresh).await);
    }
}

async fn ask_for_code(browser: &mut Browser) -> Reply {
    let flow = browser.open("/login").await.form("/login").value("flow").to_owned();
    let fields = [("flow".to_owned(), flow), ("username".to_owned(), JANE.to_owned())];
    let reply = browser.post("/login/code/send", &fields).await;
    browser.follow(reply).await
}

async fn mailed(house: &House) -> String {
    house.post.take(JANE, "Your code for Acme").await.code().expect("a code")
}
