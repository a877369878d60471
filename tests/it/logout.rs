//! Signing out, from here and from an app.

use testkit::people::{App, jane, userinfo};
use testkit::stories;

stories! {
    async fn an_app_signs_its_person_out_and_gets_them_back(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        let hint = tokens["id_token"].as_str().unwrap();
        let path = format!("/oauth/logout?id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fshop.acme.test%2Fbye&state=s1");
        let reply = browser.open(&path).await;
        assert_eq!(reply.location(), "https://shop.acme.test/bye?state=s1");
        browser.open("/account").await.form("/login");
    }

    async fn without_a_valid_hint_the_person_is_asked_and_not_sent_away(house: House) {
        let _app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let page = browser.open("/oauth/logout").await;
        browser.open("/account").await.says("Jane");
        let done = browser.submit_and_follow(page.form("logout")).await;
        assert!(done.status.is_success(), "{}", done.status);
        browser.open("/account").await.form("/login");
    }

    async fn another_language_loses_nothing_of_what_the_app_asked(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let asked = [
            ("client_id", app.client_id.as_str()),
            ("post_logout_redirect_uri", "https://shop.acme.test/bye"),
            ("state", "s1 & more"),
        ];
        let written = |fields: &[(String, String)]| {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            format!("/oauth/logout?{query}")
        };
        let page = browser.open(&written(&asked.map(|(name, value)| (name.to_owned(), value.to_owned())))).await;
        let switch = page.forms("/oauth/logout").into_iter().find(|form| !form.value("ui_locales").is_empty());
        let page = browser.open(&written(switch.unwrap().with("ui_locales", "de").fields())).await;
        page.says("Abmelden?");
        let question = page.forms("/oauth/logout").into_iter().find(|form| !form.value("decision").is_empty()).unwrap();
        for (name, value) in asked {
            assert_eq!(question.value(name), value, "{name}");
        }
    }

    async fn signing_out_here_ends_the_tokens_of_the_session(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let reply = browser.open(&app.request(&[("scope", "openid profile")])).await;
        let tokens = app.redeem(&house, &reply.parameter("code").unwrap()).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert!(userinfo(&house, access).await.status.is_success());
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        assert_eq!(userinfo(&house, access).await.status, 401);
        assert_eq!(app.refresh(&house, tokens["refresh_token"].as_str().unwrap()).await.json()["error"], "invalid_grant");
    }
}
