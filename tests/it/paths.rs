//! Whoever has proven a first factor and no more gets nowhere: every path is tried.

use actix_web::http::Method;
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, Reply};
use testkit::code_app::set_up_app;
use testkit::house::House;
use testkit::people::{App, PASSWORD, jane};
use web::paths::{Needs, TABLE};

const ROUTES: &str = include_str!("../../crates/base/src/routes.rs");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide/src/paths.md");

/// The paths that the product has, as they are written once.
fn written() -> BTreeSet<&'static str> {
    let constants = ROUTES.lines().filter(|line| line.starts_with("pub const "));
    constants.filter_map(|line| line.split('"').nth(1)).filter(|path| path.starts_with('/')).collect()
}

#[test]
fn every_path_says_what_it_needs() {
    let rows: BTreeSet<&str> = TABLE.iter().map(|(path, _)| *path).collect();
    assert_eq!(rows.len(), TABLE.len(), "a path has one row");
    assert_eq!(rows, written(), "web::paths::TABLE and base::routes must name the same paths");
}

#[test]
fn the_guide_has_the_table() {
    let mut text = "# What each path needs\n\nGenerated from the table that the tests walk: \
        `WATCHBELL_WRITE_PATHS=1 cargo test -p testkit --test it paths` writes it anew.\n\n| Path | Needs |\n|---|---|\n"
        .to_owned();
    for (path, needs) in TABLE {
        text.push_str(&format!("| `{path}` | {} |\n", needs.words()));
    }
    if std::env::var_os("WATCHBELL_WRITE_PATHS").is_some() {
        std::fs::write(PAGE, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(PAGE).unwrap_or_default(), text, "docs/guide/src/paths.md is out of date");
}

/// Everything that a form of ours could want, filled with what the browser may know.
fn fields(flow: &str) -> Vec<(String, String)> {
    let id = "01890000-0000-7000-8000-000000000000";
    [
        ("flow", flow),
        ("username", "jane@example.com"),
        ("password", PASSWORD),
        ("current", PASSWORD),
        ("code", "000000"),
        ("decision", "allow"),
        ("answer", "not_now"),
        ("provider", "none"),
        ("email", "jane@example.com"),
        ("name", "Jane"),
        ("token", "wb_li_none"),
        ("device", id),
        ("client", id),
        ("subscription", id),
        ("key", id),
        ("identity", id),
        ("trust", "on"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

#[track_caller]
fn nobody_is_in(browser: &mut Browser, reply: &Reply, what: &str) {
    assert!(!browser.cookies().contains_key("__Host-wb_session"), "{what} gave a session");
    assert!(!reply.header("location").contains("code="), "{what} gave a code: {}", reply.header("location"));
    assert!(!reply.status.is_server_error(), "{what}: {} {}", reply.status, reply.body);
}

/// A path that needs a session shows nothing of the account and leads to the sign-in, or refuses.
#[track_caller]
fn is_closed(reply: &Reply, what: &str) {
    let leads_to_login = reply.status.is_redirection() && reply.location().starts_with("/login");
    assert!(leads_to_login || reply.status.is_client_error(), "{what}: {} {}", reply.status, reply.body);
    assert!(!reply.body.contains("Jane Doe"), "{what} shows the account");
}

/// Jane, with an authenticator app.
async fn careful_jane(house: &House) -> Browser {
    let mut browser = jane(house).await;
    set_up_app(house, &mut browser).await;
    browser
}

testkit::stories! {
    /// CVE-2025-64103, CVE-2026-9091, CVE-2026-18963; ASVS 6.3.4.
    async fn a_first_factor_alone_opens_no_path_that_needs_more(house: House) {
        let _owner = careful_jane(&house).await;
        let shop = App::first_party(&house).await;
        let mut thief = house.browser(CHROME);
        let page = thief.open("/login").await;
        let flow = page.form("/login").value("flow").to_owned();
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let reply = thief.submit(form).await;
        assert_eq!(reply.location(), format!("/login/mfa?flow={flow}"));
        nobody_is_in(&mut thief, &reply, "the password");
        for (path, needs) in TABLE {
            // Each try begins where the password left it: what one path does must not hide what another gives.
            for method in [Method::GET, Method::POST, Method::HEAD] {
                let mut thief = thief.clone();
                let what = format!("{method} {path}");
                let reply = match method {
                    Method::GET => thief.get(&format!("{path}?flow={flow}")).await,
                    Method::POST => thief.post(path, &fields(&flow)).await,
                    other => {
                        let request = thief.request(other, &format!("{path}?flow={flow}"));
                        thief.send(request).await
                    }
                };
                nobody_is_in(&mut thief, &reply, &what);
                if matches!(needs, Needs::Session | Needs::SessionOrApp | Needs::Recent | Needs::App) {
                    is_closed(&reply, &what);
                }
                let after = thief.get("/account").await;
                is_closed(&after, &format!("the account after {what}"));
                let app = thief.get(&shop.request(&[("prompt", "none")])).await;
                assert_eq!(app.parameter("error").as_deref(), Some("login_required"), "an app after {what}");
            }
        }
    }

    /// ASVS 7.5.1: a session alone changes nothing sensitive.
    async fn an_old_session_is_asked_again_before_a_sensitive_change(house: House) {
        let owner = careful_jane(&house).await;
        house.clock.advance(Duration::from_secs(3_600));
        for (path, _) in TABLE.iter().filter(|(_, needs)| *needs == Needs::Recent) {
            let mut browser = owner.clone();
            let reply = browser.post(path, &fields("")).await;
            let what = format!("POST {path}");
            let asks = reply.status.is_redirection() && reply.location().starts_with("/login");
            assert!(asks || reply.status.is_client_error(), "{what}: {} {}", reply.status, reply.body);
        }
    }
}
