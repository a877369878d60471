//! How an app is answered: by redirect or form, plain or signed (JARM); and which pages it can ask for.

use actix_web::http::StatusCode;
use std::time::Duration;
use testkit::browser::FIREFOX;
use testkit::people::{App, CALLBACK, PASSWORD, claims, jane};
use testkit::stories;

stories! {
    async fn an_answer_can_travel_in_the_fragment(house: House) {
        let app = App::first_party(&house).await;
        let reply = jane(&house).await.open(&app.request(&[("response_mode", "fragment")])).await;
        let (uri, fragment) = reply.location().split_once('#').unwrap();
        assert_eq!(uri, CALLBACK);
        let told: Vec<String> = url::form_urlencoded::parse(fragment.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        assert_eq!(told, ["code", "state", "iss"]);
    }

    /// OAuth 2.0 Form Post Response Mode §2: the answer stands in no address, and leads to the app alone.
    async fn an_answer_can_travel_in_a_form(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.request(&[("response_mode", "form_post")])).await;
        assert_eq!((page.status, page.header("location"), page.header("cache-control")), (StatusCode::OK, "", "no-store"));
        assert!(page.header("content-security-policy").contains("form-action 'self' https://shop.acme.test;"));
        let form = page.form(CALLBACK);
        assert_eq!((form.value("state"), form.value("iss")), ("af0ifjsldkj", "https://id.acme.test"));
        assert_eq!(app.redeem(&house, form.value("code")).await.status, 200);
        let page = house.browser(FIREFOX).open(&app.request(&[("response_mode", "form_post"), ("prompt", "none")])).await;
        let form = page.form(CALLBACK);
        assert_eq!((form.value("error"), form.value("code")), ("login_required", ""));
        // A foreign address gets no form either.
        let wish = [("response_mode", "form_post"), ("redirect_uri", "https://evil.test/")];
        let page = browser.open(&app.request(&wish)).await;
        assert!(page.status.is_client_error() && page.forms("https://evil.test/").is_empty());
        let reply = browser.open(&app.request(&[("response_mode", "pigeon")])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("invalid_request"));
    }

    /// JARM §2.1 and §2.3.
    async fn a_signed_answer_is_one_token_for_this_app(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        for mode in ["jwt", "query.jwt"] {
            let reply = browser.open(&app.request(&[("response_mode", mode)])).await;
            assert!(reply.parameter("code").is_none() && reply.parameter("state").is_none());
            let answer = claims(&reply.parameter("response").unwrap());
            assert_eq!((answer["iss"].as_str(), answer["aud"].as_str()), (Some("https://id.acme.test"), Some("shop")));
            assert_eq!(answer["state"], "af0ifjsldkj");
            assert_eq!(app.redeem(&house, answer["code"].as_str().unwrap()).await.status, 200);
        }
        let page = browser.open(&app.request(&[("response_mode", "form_post.jwt")])).await;
        let form = page.form(CALLBACK);
        assert!(claims(form.value("response"))["code"].is_string());
    }

    async fn a_refusal_is_signed_too(house: House) {
        let app = App::first_party(&house).await;
        let wish = [("response_mode", "jwt"), ("prompt", "none")];
        let reply = house.browser(FIREFOX).open(&app.request(&wish)).await;
        let answer = claims(&reply.parameter("response").unwrap());
        assert_eq!((answer["error"].as_str(), answer["state"].as_str()), (Some("login_required"), Some("af0ifjsldkj")));
    }

    /// OpenID Connect Core §3.1.2.1: what was allowed once is asked again, and whoever is signed in may be another one.
    async fn an_app_can_lead_to_the_pages_that_ask_again(house: House) {
        let app = App::ordinary(&house).await;
        let mut browser = jane(&house).await;
        let allow = async |browser: &mut testkit::browser::Browser, page: testkit::browser::Reply| {
            browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await
        };
        let page = browser.open(&app.request(&[])).await;
        assert!(allow(&mut browser, page).await.parameter("code").is_some());
        assert!(browser.open(&app.request(&[])).await.parameter("code").is_some(), "it is asked once");
        let page = browser.open(&app.request(&[("prompt", "consent")])).await;
        assert!(allow(&mut browser, page).await.parameter("code").is_some(), "and again where the app wants it");
        house.clock.advance(Duration::from_secs(1));
        let page = browser.open(&app.request(&[("prompt", "select_account")])).await;
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        assert!(browser.submit_and_follow(form).await.parameter("code").is_some());
        for (prompt, error) in [("none consent", "invalid_request"), ("none", "")] {
            let reply = browser.get(&app.request(&[("prompt", prompt)])).await;
            assert_eq!(reply.parameter("error").unwrap_or_default(), error, "{prompt}");
        }
    }

    /// Initiating User Registration via OpenID Connect 1.0 §3.
    async fn an_app_can_lead_to_the_page_that_makes_an_account(house: House) {
        let app = App::first_party(&house).await;
        house.browser(FIREFOX).open(&app.request(&[("prompt", "create")])).await.form("/register");
        // Whoever is signed in makes another account, or signs in anew.
        let mut browser = jane(&house).await;
        house.clock.advance(Duration::from_secs(1));
        browser.open(&app.request(&[("prompt", "create")])).await.form("/register");
    }
}
