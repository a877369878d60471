//! How an app is answered: by redirect or form, plain or signed (JARM); and which pages it can ask for.

use std::time::Duration;
use testkit::browser::FIREFOX;
use testkit::people::{App, CALLBACK, claims, jane};
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
