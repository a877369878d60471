//! A sign-in at an app that is connected already: the code comes with the answer to the form, unless something is left to be shown.

use std::time::Duration;
use testkit::browser::{Browser, CHROME, Reply};
use testkit::house::{Db, House};
use testkit::people::{App, CALLBACK, PASSWORD, claims, jane, register};
use testkit::stories;

/// Jane's first browser, in which she has allowed an ordinary app what it asks for.
async fn connected(house: &House) -> (Browser, App) {
    connected_by(house, &[]).await
}

/// The same, by a request with more parameters.
async fn connected_by(house: &House, more: &[(&str, &str)]) -> (Browser, App) {
    let mut here = jane(house).await;
    let app = App::ordinary(house).await;
    let page = here.open(&app.request(more)).await;
    let reply = here.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
    assert!(reply.location().starts_with(CALLBACK), "{}", reply.location());
    (here, app)
}

/// Sends the password to a request's page in a browser that has no session; the answer to the form.
async fn answer(browser: &mut Browser, request: &str, more: &[(&str, &str)]) -> Reply {
    let page = browser.open(request).await;
    let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
    let form = more.iter().fold(form, |form, (name, value)| form.with(name, value));
    browser.submit(form).await
}

stories! {
    async fn the_code_comes_with_the_answer_to_the_form(house: House) {
        let (_, app) = connected(&house).await;
        let mut there = house.browser(CHROME);
        let reply = answer(&mut there, &app.request(&[("max_age", "0")]), &[]).await;
        assert!(reply.location().starts_with(CALLBACK), "{}", reply.location());
        assert_eq!(reply.parameter("state").as_deref(), Some("af0ifjsldkj"));
        let tokens = app.redeem(&house, &reply.parameter("code").unwrap()).await.json();
        let told = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((&told["nonce"], &told["amr"]), (&"n-0S6_WzA2Mj".into(), &serde_json::json!(["pwd"])));
        // The session is there, too, and the next app needs no page.
        there.open("/account/devices").await.says("Chrome");
        app.code(&mut there).await;
    }

    async fn a_form_that_is_sent_again_leads_to_the_app_again(house: House) {
        let (_, app) = connected(&house).await;
        let mut there = house.browser(CHROME);
        let page = there.open(&app.request(&[("prompt", "login")])).await;
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let mut lost = there.clone();
        assert!(lost.submit(form.clone()).await.location().starts_with(CALLBACK));
        // The first answer, cookies and all, was lost on the way.
        let reply = there.submit_and_follow(form).await;
        assert!(reply.location().starts_with(CALLBACK), "{}", reply.location());
        assert_eq!(app.redeem(&house, &reply.parameter("code").unwrap()).await.status, 200);
    }

    async fn what_the_app_asks_anew_is_shown_first(house: House) {
        let little = ("scope", "openid email");
        let (mut here, app) = connected_by(&house, &[little]).await;
        let reply = answer(&mut house.browser(CHROME), &app.request(&[little]), &[]).await;
        assert!(reply.location().starts_with(CALLBACK), "{}", reply.location());
        for want in [("prompt", "consent"), ("scope", "openid profile email")] {
            let request = app.request(&[little, want]);
            let reply = answer(&mut house.browser(CHROME), &request, &[]).await;
            assert!(reply.location().starts_with("/consent?flow="), "{want:?}: {}", reply.location());
        }
        let page = here.open("/account/apps").await;
        here.submit_and_follow(page.form("/account/apps/remove")).await;
        let reply = answer(&mut house.browser(CHROME), &app.request(&[little]), &[]).await;
        assert!(reply.location().starts_with("/consent?flow="), "taken away: {}", reply.location());
    }

    async fn the_card_that_offers_notices_comes_first_where_it_can_be_shown(house: House) {
        let (_, app) = connected(&house).await;
        let mut there = house.browser(CHROME);
        let reply = answer(&mut there, &app.request(&[]), &[("push_state", "default")]).await;
        assert!(reply.location().starts_with("/login/offer?flow="), "{}", reply.location());
        let reply = answer(&mut house.browser(CHROME), &app.request(&[]), &[("push_state", "denied")]).await;
        assert!(reply.location().starts_with(CALLBACK), "{}", reply.location());
    }

    async fn what_one_person_has_allowed_is_no_answer_of_whoever_signs_in_after_them(house: House) {
        let (_, app) = connected(&house).await;
        let mut other = house.browser(CHROME);
        register(&house, &mut other, "john@example.com").await;
        let page = other.open(&app.request(&[])).await;
        other.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        // Both use one browser, and the app asks whoever it is to look again.
        let mut shared = house.browser(CHROME);
        let reply = answer(&mut shared, &app.request(&[("prompt", "consent")]), &[("push_state", "default")]).await;
        let page = shared.follow(reply).await;
        let form = page.form("/consent").with("decision", "allow");
        let flow = form.value("flow").to_owned();
        shared.submit_and_follow(form).await.form("/login/offer");
        let page = shared.open(&format!("/login?flow={flow}")).await;
        let form = page.form("/login").with("username", "john@example.com").with("password", PASSWORD);
        let reply = shared.submit_and_follow(form).await;
        reply.form("/consent");
    }

    async fn an_answer_that_is_posted_is_posted(house: House) {
        let (_, app) = connected(&house).await;
        let reply = answer(&mut house.browser(CHROME), &app.request(&[("response_mode", "form_post")]), &[]).await;
        let form = reply.form(CALLBACK);
        assert_eq!(app.redeem(&house, form.value("code")).await.status, 200);
    }
}

/// Whoever waits for the account's row behind a sign-in has it next: a code that took another transaction would wait for them.
#[actix_web::test]
async fn nobody_comes_between_the_session_and_the_code() {
    const MOMENT: Duration = Duration::from_millis(400);
    let house = House::open(Db::Postgres).await;
    let (_, app) = connected(&house).await;
    let mut there = house.browser(CHROME);
    let page = there.open(&app.request(&[])).await;
    let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
    let hold = async || {
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        let account = tx.find_account_by_email("jane@example.com").await.unwrap().unwrap();
        tx.lock_account(account.id).await.unwrap();
        tx
    };
    let before = hold().await;
    let answered = async { tokio::time::timeout(MOMENT * 4, there.submit(form)).await };
    let behind = async {
        tokio::time::sleep(MOMENT).await;
        let next = async {
            let held = hold().await;
            tokio::time::sleep(MOMENT * 4).await;
            drop(held);
        };
        let let_go = async {
            tokio::time::sleep(MOMENT).await;
            drop(before);
        };
        futures_util::future::join(next, let_go).await
    };
    let (reply, _) = futures_util::future::join(answered, behind).await;
    let reply = reply.expect("the answer waits for who came between");
    assert!(reply.location().starts_with(CALLBACK), "{}", reply.location());
}
