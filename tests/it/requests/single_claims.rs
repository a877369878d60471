//! Claims that are asked for by name (OpenID Connect Core §5.5).

use testkit::people::{App, claims, jane, userinfo};
use testkit::stories;

const WISH: &str = r#"{"userinfo":{"email":{"essential":true}},"id_token":{"name":null,"gender":null}}"#;

stories! {
    async fn what_is_asked_for_by_name_is_told_where_it_was_asked_for(house: House) {
        let app = App::first_party(&house).await;
        let reply = jane(&house).await.open(&app.request(&[("scope", "openid"), ("claims", WISH)])).await;
        let tokens = app.redeem(&house, &reply.parameter("code").unwrap()).await.json();
        let in_token = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(in_token["name"], "Jane Doe");
        assert!(in_token.get("email").is_none() && in_token.get("gender").is_none());
        let told = userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json();
        assert_eq!(told["email"], "jane@example.com");
        assert!(told.get("name").is_none(), "{told}");
    }

    async fn a_person_allows_single_claims_as_they_allow_their_scope(house: House) {
        let app = App::ordinary(&house).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.request(&[("scope", "openid"), ("claims", WISH)])).await;
        page.says("see your mail address").says("see your name");
        let reply = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        assert!(reply.parameter("code").is_some());
        // Allowed once: neither asks again.
        let again = browser.open(&app.request(&[("scope", "openid"), ("claims", WISH)])).await;
        assert!(again.parameter("code").is_some(), "{}", again.status);
    }

    async fn a_wish_for_another_person_is_not_answered_with_this_one(house: House) {
        let app = App::first_party(&house).await;
        let wish = r#"{"id_token":{"sub":{"value":"0000019a-0000-7000-8000-000000000000"}}}"#;
        let reply = jane(&house).await.open(&app.request(&[("prompt", "none"), ("claims", wish)])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("login_required"));
    }
}
