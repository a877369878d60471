//! What an app registered for where its requests say nothing (OpenID Connect Dynamic Client Registration 1.0 §2).

use crate::registration::{Registered, open_house, refused, register, shop};
use oauth::client::{ClientAuthMethod, RequestRules};
use serde_json::json;
use std::time::Duration;
use testkit::house::House;
use testkit::people::{App, jane, link, template};
use testkit::stories;

async fn app(house: &House, requests: RequestRules) -> App {
    let mut client = template("shop", ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.requests = requests;
    App::add(house, client).await
}

stories! {
    async fn a_sign_in_is_as_fresh_as_the_app_wants_it_where_its_request_says_nothing(house: House) {
        let app = app(&house, RequestRules { default_max_age: Some(60), ..RequestRules::default() }).await;
        let mut browser = jane(&house).await;
        house.clock.advance(Duration::from_secs(60));
        assert!(browser.get(&app.request(&[])).await.parameter("code").is_some());
        house.clock.advance(Duration::from_secs(1));
        let reply = browser.get(&app.request(&[])).await;
        assert!(reply.location().starts_with("/login?flow="), "{}", reply.location());
        let silent = browser.get(&app.request(&[("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
        let anew = browser.get(&app.request(&[("max_age", "3600")])).await;
        assert!(anew.parameter("code").is_some(), "the request's own word counts: {}", anew.location());
    }

    async fn a_sign_in_proves_as_much_as_the_app_wants_where_its_request_says_nothing(house: House) {
        let values = vec!["urn:watchbell:acr:2".to_owned()];
        let app = app(&house, RequestRules { default_acr_values: values, ..RequestRules::default() }).await;
        let mut browser = jane(&house).await;
        let reply = browser.get(&app.request(&[])).await;
        assert!(reply.location().starts_with("/login/enrol?flow="), "{}", reply.location());
        let own = browser.get(&app.request(&[("acr_values", "urn:watchbell:acr:1")])).await;
        assert!(own.parameter("code").is_some(), "{}", own.location());
        let claims = r#"{"id_token":{"acr":{"values":["urn:watchbell:acr:1"]}}}"#;
        let own = browser.get(&app.request(&[("claims", claims)])).await;
        assert!(own.parameter("code").is_some(), "{}", own.location());
    }
}

stories! {
    /// OpenID Connect Core §4: who opens the app from their account begins a sign-in there, and the app learns by whom.
    async fn an_app_that_registers_what_it_wants_is_held_to_it_and_opened_where_it_says(db: Db) {
        let house = open_house(db).await;
        let said = json!({"default_max_age": 60, "require_auth_time": true, "default_acr_values": ["urn:watchbell:acr:1"],
            "initiate_login_uri": "https://shop.acme.test/login", "client_uri": "https://shop.acme.test/"});
        let app = Registered::shop(&house, said.clone()).await;
        for (name, value) in said.as_object().unwrap() {
            assert_eq!(&app.told[name], value, "{name}");
        }
        let mut browser = jane(&house).await;
        let page = browser.open(&app.app().request(&[])).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        assert!(back.parameter("code").is_some());
        let apps = browser.open("/account/apps").await;
        assert_eq!(link(&apps, "shop.acme.test"), "https://shop.acme.test/login?iss=https%3A%2F%2Fid.acme.test");
        house.clock.advance(Duration::from_secs(61));
        let silent = browser.get(&app.app().request(&[("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
    }

    async fn what_an_app_can_not_want_is_refused_by_name(db: Db) {
        let house = open_house(db).await;
        for (said, member) in [
            (json!({"default_max_age": -1}), "default_max_age"),
            (json!({"default_acr_values": "x"}), "default_acr_values"),
            (json!({"initiate_login_uri": "http://shop.acme.test/login"}), "initiate_login_uri"),
            (json!({"request_uris": ["http://shop.acme.test/request"]}), "request_uris"),
            (json!({"request_uris": ["https://127.0.0.1/request"]}), "request_uris"),
        ] {
            refused(&register(&house, "", &shop(said)).await, "invalid_client_metadata", member);
        }
    }
}
