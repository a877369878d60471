//! What comes back from a provider that does not lead on: each has its own words, and leads back to the sign-in page.

use super::{agreed, house, is_signed_in, jane_by, press, sign_in_by, with_provider};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use identity::{Account, AccountStatus};
use serde_json::json;
use std::time::Duration;
use testkit::browser::{CHROME, FIREFOX};
use testkit::house::Db;
use testkit::people::{App, PASSWORD, jane};
use testkit::provider::Lie;
use tokio::net::TcpListener;

with_provider! {
    /// Whoever says no there is back where they were, on the way to the same app, and can sign in another way.
    async fn a_person_who_stops_there_is_back_on_the_sign_in_page(house, provider) {
        jane(&house).await;
        let app = App::first_party(&house).await;
        let mut browser = house.browser(CHROME);
        let page = browser.open(&app.request(&[("login_hint", "jane@example.com")])).await;
        let url = press(&mut browser, &page, "double").await;
        assert!(url.contains("login_hint=jane%40example.com"), "{url}");
        let page = browser.open(&provider.refuse(&url, "access_denied")).await;
        page.says("You stopped at Double").says("Acme Shop");
        let form = page.form("/login");
        assert_eq!(form.value("username"), "jane@example.com");
        let back = browser.submit_and_follow(form.with("password", PASSWORD)).await;
        assert!(back.location().starts_with("https://shop.acme.test/callback?code="), "{}", back.location());
    }

    /// Every other error of a provider is its own trouble.
    async fn an_error_of_the_provider_is_told_as_its_own(house, provider) {
        for error in ["server_error", "temporarily_unavailable", "invalid_scope", "<script>alert(1)</script>"] {
            let mut browser = house.browser(CHROME);
            let page = browser.open("/login").await;
            let url = press(&mut browser, &page, "double").await;
            let page = browser.open(&provider.refuse(&url, error)).await;
            page.says("Double can’t be reached right now");
            assert!(!page.body.contains("<script>alert"), "{}", page.body);
        }
    }

    /// A provider that is out of order stops nobody from signing in another way.
    async fn a_provider_that_is_out_of_order_is_told_so(house, provider) {
        provider.lies(Lie::Status("/.well-known/openid-configuration", 503));
        let mut browser = house.browser(CHROME);
        let page = browser.open("/login").await;
        let reply = browser.submit(page.form("/login/upstream").with("provider", "double")).await;
        assert_eq!(reply.status, 503);
        reply.says("Double can’t be reached right now").form("/login");
        house.clock.advance(Duration::from_secs(30));
        provider.is_honest();
        sign_in_by(&mut browser, &provider).await.says("Jane");
    }

    /// An answer after the sign-in ran out begins the sign-in again, to the same place.
    async fn an_answer_that_comes_too_late_begins_again(house, provider) {
        let mut browser = house.browser(CHROME);
        let callback = agreed(&mut browser, &provider).await;
        house.clock.advance(Duration::from_secs(16 * 60));
        browser.open(&callback).await.says("used before or came too late");
        let callback = agreed(&mut browser, &provider).await;
        house.clock.advance(Duration::from_secs(31 * 60));
        browser.open(&callback).await.says("we started over");
        assert!(!is_signed_in(&mut browser).await);
    }

    /// A button of a provider that there is not.
    async fn a_provider_that_is_not_there_is_told(house, _provider) {
        let mut browser = house.browser(CHROME);
        let page = browser.open("/login").await;
        for key in ["nobody", "", "../x"] {
            let reply = browser.submit(page.form("/login/upstream").with("provider", key)).await;
            assert_eq!(reply.status, 422);
            reply.says("isn’t offered here any more");
        }
        let nowhere = browser.get("/login/upstream/nobody/callback?state=x&code=y").await;
        assert_eq!(nowhere.status, 400);
    }

    /// The account that it is linked to was switched off by the operator.
    async fn an_account_that_is_switched_off_is_not_signed_in_to(house, provider) {
        jane_by(&house, &provider).await;
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        let account = tx.find_account_by_email("jane@example.com").await.unwrap().unwrap();
        tx.update_account(&Account { status: AccountStatus::Disabled, ..account }).await.unwrap();
        tx.commit().await.unwrap();
        let mut browser = house.browser(CHROME);
        sign_in_by(&mut browser, &provider).await.says("can’t be used");
        assert!(!is_signed_in(&mut browser).await);
    }

    /// ASVS 6.8.4: an app that wants a new proof gets one; the provider is asked for it, and its word on when counts.
    async fn a_proof_of_some_time_ago_is_not_a_new_one(house, provider) {
        let app = App::first_party(&house).await;
        let mut browser = jane_by(&house, &provider).await;
        house.clock.advance(Duration::from_secs(3600));
        let page = browser.open(&app.request(&[("prompt", "login")])).await;
        let url = press(&mut browser, &page, "double").await;
        assert!(url.contains("max_age="), "{url}");
        provider.says(json!({ "auth_time": house.clock.now().seconds() - 3600 }));
        browser.open(&provider.agree(&url)).await.says("some time ago");
        let page = browser.open(&app.request(&[("prompt", "login")])).await;
        let url = press(&mut browser, &page, "double").await;
        provider.says(json!({ "auth_time": house.clock.now().seconds() }));
        let back = browser.open(&provider.agree(&url)).await;
        assert!(back.location().starts_with("https://shop.acme.test/callback?code="), "{}", back.location());
    }

    /// Whoever must sign in again does so as themselves.
    async fn a_sign_in_of_one_person_is_not_anothers(house, provider) {
        let app = App::first_party(&house).await;
        let mut browser = jane_by(&house, &provider).await;
        let hint = app.tokens(&house, &mut browser).await["id_token"].as_str().unwrap().to_owned();
        house.clock.advance(Duration::from_secs(60));
        let more = [("prompt", "login"), ("id_token_hint", hint.as_str())];
        // An identity that nobody has, and one that somebody else has.
        provider.says(json!({ "sub": "2", "email": "john@example.com" }));
        for _ in 0..2 {
            let page = browser.open(&app.request(&more)).await;
            let url = press(&mut browser, &page, "double").await;
            browser.open(&provider.agree(&url)).await.says("isn’t connected to yours");
            sign_in_by(&mut house.browser(CHROME), &provider).await;
        }
    }
}

/// An answer by a form comes cross-site, without cookies: it is sent once more from here. No cookie is relaxed for it.
#[actix_web::test]
async fn an_answer_by_a_form_lands_and_is_sent_once_more() {
    let (house, provider) =
        house(Db::Sqlite, |_, described| described.response_mode = upstream::ResponseMode::FormPost).await;
    let mut browser = house.browser(FIREFOX);
    let page = browser.open("/login").await;
    let url = press(&mut browser, &page, "double").await;
    let (action, fields) = provider.agree_by_form(&url);
    let path = action.strip_prefix(testkit::house::ORIGIN).unwrap();
    let cross_site = |fields: &[(String, String)]| {
        TestRequest::with_uri(path)
            .method(Method::POST)
            .insert_header(("origin", provider.issuer()))
            .insert_header(("sec-fetch-site", "cross-site"))
            .set_form(fields)
    };
    let landed = house.call(cross_site(&fields)).await;
    assert_eq!(landed.status, 200);
    assert!(landed.header("content-security-policy").contains("form-action 'self'"));
    let form = landed.form("/callback");
    assert!(form.value("id_token").is_empty() && form.value("user").is_empty(), "no more than is needed: {form:?}");
    // Sent on by another site it does nothing.
    let again = house.call(cross_site(form.fields())).await;
    assert_eq!(again.status, 403);
    browser.submit_and_follow(form).await.says("Jane");
    let reply = browser.get("/login").await;
    for (name, value) in reply.headers.iter().chain(&page.headers) {
        assert!(name != "set-cookie" || value.contains("SameSite=Lax"), "{value}");
    }
}

/// CVE-2026-1180, CVE-2026-55671: whatever a provider's documents name, nothing inside is touched, and nothing is followed.
#[actix_web::test]
async fn a_provider_does_not_lead_us_inside() {
    let canary = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let inside = format!("https://{}/", canary.local_addr().unwrap());
    let touched = tokio::spawn(async move { canary.accept().await.is_ok() });
    let lies = [
        Lie::Endpoint("token_endpoint", inside.clone()),
        Lie::Endpoint("jwks_uri", inside.clone()),
        Lie::Endpoint("token_endpoint", inside.replace("https://127.0.0.1", "https://[::ffff:127.0.0.1]")),
        Lie::Endpoint("token_endpoint", "http://double.test/token".to_owned()),
        Lie::Endpoint("jwks_uri", "https://169.254.169.254/latest/meta-data".to_owned()),
        Lie::Endpoint("authorization_endpoint", "javascript:alert(1)".to_owned()),
        Lie::Redirect("/token", inside.clone()),
        Lie::Redirect("/jwks", inside.clone()),
        Lie::Redirect("/.well-known/openid-configuration", inside.clone()),
    ];
    for lie in lies {
        let (house, provider) = house(Db::Sqlite, |_, _| ()).await;
        provider.lies(lie.clone());
        let mut browser = house.browser(CHROME);
        let page = browser.open("/login").await;
        let away = browser.submit(page.form("/login/upstream").with("provider", "double")).await;
        let last = match away.onward() {
            Some(url) => browser.open(&provider.agree(&url)).await,
            None => away,
        };
        last.says("Double can’t be reached right now");
        assert!(!is_signed_in(&mut browser).await, "{lie:?}");
    }
    assert!(!touched.is_finished(), "the canary was touched");
}

/// RUSTSEC-2025-0015: a body without end, or none at all, costs a moment.
#[actix_web::test]
async fn a_provider_does_not_keep_us_busy() {
    for lie in [Lie::Flood("/token"), Lie::Silence("/token"), Lie::Flood("/jwks")] {
        let (house, provider) = house(Db::Sqlite, |_, _| ()).await;
        provider.lies(lie.clone());
        let mut browser = house.browser(CHROME);
        let begun = std::time::Instant::now();
        let page = browser.open("/login").await;
        let away = browser.submit(page.form("/login/upstream").with("provider", "double")).await;
        let last = match away.onward() {
            Some(url) => browser.open(&provider.agree(&url)).await,
            None => away,
        };
        last.says("Double can’t be reached right now");
        assert!(begun.elapsed() < Duration::from_secs(15), "{lie:?}: {:?}", begun.elapsed());
    }
}
