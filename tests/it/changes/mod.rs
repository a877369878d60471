//! Changes that wait for a yes: who may say it, who may say no, and that nothing is done before or besides.

mod answers;
mod data;
mod email;
mod fatigue;
mod grants;
mod held;
mod killed;
mod lockdown;
mod phone;
mod races;
mod rings;
mod undo;

use std::time::Duration;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply};
use testkit::house::House;
use testkit::people::{PASSWORD, jane, link, sign_in};

const JANE: &str = "jane@example.com";
const NEW: &str = "jane@new.example";

/// Jane with two browsers that her account knows.
async fn two_browsers(house: &House) -> (Browser, Browser) {
    let mut laptop = jane(house).await;
    let phone = known(house, &mut laptop).await;
    (laptop, phone)
}

/// Another browser, signed in and confirmed in the first.
async fn known(house: &House, first: &mut Browser) -> Browser {
    let mut phone = house.browser(CHROME);
    sign_in(&mut phone, JANE, PASSWORD).await;
    let page = first.open("/account").await;
    let question = link(&page, "/account/was-this-you/");
    let page = first.open(&question).await;
    first.submit_and_follow(page.form(&format!("{question}/yes"))).await;
    phone
}

/// A browser that has the password and nothing else.
async fn stranger(house: &House) -> Browser {
    let mut browser = house.browser(FIREFOX);
    sign_in(&mut browser, JANE, PASSWORD).await;
    browser
}

/// Asks for another address: the page that waits.
async fn ask_for_email(browser: &mut Browser, email: &str) -> Reply {
    let page = browser.open("/account/email").await;
    browser.submit_and_follow(page.form("/account/email").with("email", email)).await
}

/// The path of the change whose page this is.
#[track_caller]
fn path(page: &Reply) -> String {
    attribute(page, "[data-wait]", "data-wait")
}

/// The number that the asking browser shows.
#[track_caller]
fn number(page: &Reply) -> String {
    let document = scraper::Html::parse_document(&page.body);
    let at = scraper::Selector::parse("#change-number").unwrap();
    let found = document.select(&at).next().unwrap_or_else(|| panic!("no number in:\n{}", page.body));
    found.text().collect::<String>().trim().to_owned()
}

#[track_caller]
fn attribute(page: &Reply, selector: &str, name: &str) -> String {
    let document = scraper::Html::parse_document(&page.body);
    let at = scraper::Selector::parse(selector).unwrap();
    let found = document.select(&at).next().and_then(|one| one.value().attr(name).map(str::to_owned));
    found.unwrap_or_else(|| panic!("no {selector} in:\n{}", page.body))
}

/// Says yes in another browser, with a number.
async fn approve(browser: &mut Browser, change: &str, number: &str) -> Reply {
    let page = browser.open(change).await;
    browser.submit_and_follow(page.form(&format!("{change}/approve")).with("number", number)).await
}

/// Types the code of a mail in the browser that asked.
async fn give_code(browser: &mut Browser, change: &str, (field, code): (&str, &str)) -> Reply {
    let page = browser.open(change).await;
    let forms = page.forms(&format!("{change}/code"));
    let form = forms.into_iter().find(|form| form.fields().iter().any(|(name, _)| name == field));
    let form = form.unwrap_or_else(|| panic!("no field {field} in:\n{}", page.body));
    browser.submit_and_follow(form.with(field, code)).await
}

/// Says no.
async fn deny(browser: &mut Browser, change: &str) -> Reply {
    let page = browser.open(change).await;
    browser.submit_and_follow(page.form(&format!("{change}/deny"))).await
}

/// The address that an account shows.
async fn address(browser: &mut Browser) -> String {
    let page = browser.open("/account/profile").await;
    attribute(&page, "#email", "value")
}

/// Lets the half minute pass after which the mail goes out.
fn no_click(house: &House) {
    house.clock.advance(Duration::from_secs(31));
}
