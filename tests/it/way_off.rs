//! Every mail has a way off, or says why it has none. As easy off as on.

use crate::bell::{open, turn_on};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::json;
use testkit::browser::{CHROME, FIREFOX, Reply, SAFARI};
use testkit::house::{House, ORIGIN};
use testkit::people::{NEW_PASSWORD, PASSWORD, jane, register, sign_in};
use testkit::smtp::Letter;

const JANE: &str = "jane@example.com";

/// The mail about a sign-in that the account does not know.
async fn letter(house: &House, agent: &'static str) -> Letter {
    sign_in(&mut house.browser(agent), JANE, PASSWORD).await;
    house.post.take(JANE, "sign-in").await
}

/// What stands in the header of a mail program's own button.
fn one_click(letter: &Letter) -> String {
    let header = letter.header("list-unsubscribe");
    header.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or_else(|| panic!("{header:?}")).to_owned()
}

/// A mail program's server, which has no cookies and names no origin (RFC 8058 §3.1).
async fn presses(house: &House, link: &str) -> Reply {
    let request = TestRequest::post()
        .uri(link.strip_prefix(ORIGIN).unwrap())
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .set_payload("List-Unsubscribe=One-Click");
    house.call(request).await
}

testkit::stories! {
    /// RFC 8058: one click in the mail program, without a session, and it works when it is clicked twice.
    async fn one_click_in_the_mail_program_switches_its_topic_off(house: House) {
        let mut here = jane(&house).await;
        let first = letter(&house, CHROME).await;
        assert_eq!(first.header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
        let link = one_click(&first);
        assert!(link.starts_with(&format!("{ORIGIN}/notices/off?token=")), "{link}");
        for _ in 0..2 {
            let reply = presses(&house, &link).await;
            assert_eq!(reply.status, StatusCode::OK, "no redirect: {}", reply.header("location"));
            reply.says("You get no mail from Acme any more about: Sign-in from a new device");
        }
        let state = here.get("/account/api/preferences").await.json();
        assert_eq!((&state["rev"], &state["topics"]["login.new_device"]["email"]["on"]), (&json!(1), &json!(false)));
        for other in [("login.new_device", "push"), ("credential.changed", "email"), ("app.connected", "email")] {
            assert_eq!(state["topics"][other.0][other.1]["on"], true, "{other:?}");
        }
        here.open("/account/activity").await.says("Sign-in from a new device");
        sign_in(&mut house.browser(SAFARI), JANE, PASSWORD).await;
        let page = here.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        here.submit_and_follow(form).await;
        // Had the sign-in been told by mail, that would have come before.
        house.post.take(JANE, "assword").await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("sign-in")));
    }

    /// Mail scanners open links: that changes nothing. The page has one button, and needs no sign-in.
    async fn opening_the_link_changes_nothing_and_the_button_does(house: House) {
        let mut here = jane(&house).await;
        let link = letter(&house, CHROME).await.link("/notices/off");
        let mut anywhere = house.browser(FIREFOX);
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let request = anywhere.request(method, &link);
            assert_eq!(anywhere.send(request).await.status, StatusCode::OK);
        }
        let state = here.get("/account/api/preferences").await.json();
        assert_eq!(state["topics"]["login.new_device"]["email"]["on"], true);
        let page = anywhere.open(&link).await;
        page.says("Stop these mails?").says("Sign-in from a new device");
        assert!(!page.body.contains(JANE), "whoever was sent the mail learns nothing more");
        anywhere.submit(page.form("/notices/off?token=")).await.says("These mails have stopped");
        anywhere.open(&link).await.says("These mails have stopped");
        let state = here.get("/account/api/preferences").await.json();
        assert_eq!(state["topics"]["login.new_device"]["email"]["on"], false);
        assert!(!anywhere.cookies().contains_key("__Host-wb_session"), "it signs nobody in");
    }

    async fn a_link_that_was_changed_or_is_another_s_switches_nothing_off(house: House) {
        let mut here = jane(&house).await;
        let link = one_click(&letter(&house, CHROME).await);
        let mut mallory = house.browser(SAFARI);
        register(&house, &mut mallory, "mallory@example.com").await;
        let whose = |link: &str| link.split(['=', '~']).nth(1).unwrap().to_owned();
        sign_in(&mut house.browser(CHROME), "mallory@example.com", PASSWORD).await;
        let theirs = one_click(&house.post.take("mallory@example.com", "sign-in").await);
        for other in [
            link.replace("login.new_device", "app.connected"),
            link.replace("~email~", "~push~"),
            link.replace("login.new_device", "credential.changed"),
            theirs.replace(&whose(&theirs), &whose(&link)),
            link[..link.len() - 4].to_owned(),
            format!("{ORIGIN}/notices/off?token="),
            format!("{ORIGIN}/notices/off"),
        ] {
            let reply = presses(&house, &other).await;
            assert!(reply.status.is_client_error(), "{other}: {}", reply.status);
        }
        assert_eq!(here.get("/account/api/preferences").await.json()["rev"], 0);
        // It opens nothing but this.
        let token = link.split("token=").nth(1).unwrap();
        for path in ["/account/was-this-you", "/reset", "/confirm", "/invite", "/recovery/begin", "/recovery/finish", "/account/recovery"] {
            let reply = mallory.get(&format!("{path}?token={token}")).await;
            assert!(reply.status.is_client_error() || reply.status.is_redirection(), "{path}: {}", reply.status);
        }
    }

    /// What warns the owner stays, and says why; what somebody asked for has nothing to switch off.
    async fn a_mail_that_stays_says_why(house: House) {
        let mut here = house.browser(FIREFOX);
        let page = here.open("/login").await;
        let page = here.open(&testkit::people::link(&page, "/register")).await;
        let form = page.form("/register").with("username", JANE).with("name", "Jane").with("password", PASSWORD);
        here.submit_and_follow(form).await;
        let asked = house.post.take(JANE, "onfirm").await;
        assert_eq!((asked.header("list-unsubscribe"), asked.text.contains("turned off")), ("", false));
        let page = here.open(&asked.link("/confirm")).await;
        here.submit_and_follow(page.form("/confirm")).await;
        let page = here.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        here.submit_and_follow(form).await;
        let changed = house.post.take(JANE, "assword").await;
        assert_eq!(changed.header("list-unsubscribe"), "");
        assert!(changed.text.contains("can’t be turned off: it is the warning that a thief would silence"), "{}", changed.text);
        assert!(changed.text.contains("/account/notifications"));
    }
}

testkit::stories! {
    /// The page behind each notice leads to the switches in one click, and is reached with the session that rings.
    async fn the_page_behind_every_notice_has_the_way_to_the_switches(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await;
        let notice = bell.next_message(crate::bell::SOON).await;
        let behind = notice.json["notification"]["navigate"].as_str().unwrap().to_owned();
        for page in [behind.as_str(), "/account/secure", "/account/signin", "/account/apps", "/account/notifications", "/account"] {
            let shown = here.open(page).await;
            assert_eq!(shown.status, StatusCode::OK, "{page}");
            assert!(shown.body.contains(r#"href="/account/notifications""#), "{page}");
        }
    }
}
