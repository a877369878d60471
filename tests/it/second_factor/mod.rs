//! The second factor: the authenticator app, recovery codes, and devices that are not asked for it.

mod app;
mod guesses;
mod recovery_codes;
mod trusted_devices;

use identity::limit::Limit;
use testkit::browser::{Browser, Reply};
use testkit::house::{Db, House, Plan};
use testkit::people::{PASSWORD, sign_in};

/// Signs in up to the page of the second factor.
pub(crate) async fn first_factor(browser: &mut Browser) -> Reply {
    let page = sign_in(browser, "jane@example.com", PASSWORD).await;
    page.says("One more step");
    page
}

/// Gives a code at the page of the second factor.
pub(crate) async fn second_factor(browser: &mut Browser, page: &Reply, code: &str) -> Reply {
    browser.submit(page.form("/login/mfa").with("code", code)).await
}

/// The same for a recovery code: by the link of the page.
async fn recovery_code(browser: &mut Browser, page: &Reply, code: &str) -> Reply {
    let page = browser.open(&testkit::people::link(page, "with=recovery")).await;
    second_factor(browser, &page, code).await
}

/// Whether someone is signed in in a browser.
pub(crate) async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.open("/account").await.text().contains("Jane")
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.open("/account").await;
    browser.submit_and_follow(page.form("/logout")).await;
}

/// A house in which no counter stands in the way, so that only the database decides a race.
async fn unlimited(db: Db) -> House {
    let mut plan = Plan::default();
    plan.settings.strangers = Limit { tries: 1_000, ..Limit::strangers() };
    plan.settings.known_device = Limit { tries: 1_000, ..Limit::known_device() };
    House::build(db, plan).await
}
