//! What else a person tells of themselves, and who sees it (OpenID Connect Core §5.1).

use actix_web::http::StatusCode;
use app::Problem;
use app::operate::UserRefusal;
use identity::Detail;
use oauth::client::{Client, ClientAuthMethod};
use serde_json::{Value, json};
use testkit::browser::Browser;
use testkit::house::House;
use testkit::people::{App, jane, template, userinfo};
use testkit::stories;

const SCOPE: &str = "openid profile email address phone";

async fn shop(house: &House) -> App {
    let mut client = Client { first_party: true, ..template("shop", ClientAuthMethod::SecretBasic) };
    client.scope = SCOPE.parse().unwrap();
    App::add(house, client).await
}

/// What an app is told with a scope.
async fn told(house: &House, app: &App, browser: &mut Browser, scope: &str) -> Value {
    let code = browser.open(&app.request(&[("scope", scope)])).await.parameter("code").unwrap();
    let tokens = app.redeem(house, &code).await.json();
    userinfo(house, tokens["access_token"].as_str().unwrap()).await.json()
}

stories! {
    async fn a_person_tells_more_of_themselves_and_apps_see_it_by_scope(house: House) {
        let app = shop(&house).await;
        let mut browser = jane(&house).await;
        let before = told(&house, &app, &mut browser, SCOPE).await;
        for nothing in ["given_name", "birthdate", "website", "address"] {
            assert!(before.get(nothing).is_none(), "{nothing}: what was not told is left out");
        }
        house.clock.advance(std::time::Duration::from_secs(60));
        let page = browser.open("/account/profile").await;
        let form = page.form("/account/profile").with("given_name", " Jane ").with("family_name", "Doe");
        let form = form.with("nickname", "Jay").with("preferred_username", "jane").with("gender", "female");
        let form = form.with("birthdate", "0000-02-29").with("website", "https://jane.example/");
        let form = form.with("profile", "https://jane.example/me").with("picture", "https://jane.example/me.png");
        let form = form.with("street_address", "Seestrasse 1").with("postal_code", "8001").with("locality", "Zürich");
        browser.submit_and_follow(form.with("country", "Schweiz")).await.says("Saved");
        let profile = told(&house, &app, &mut browser, "openid profile").await;
        for (name, value) in [
            ("given_name", "Jane"), ("family_name", "Doe"), ("nickname", "Jay"), ("preferred_username", "jane"),
            ("gender", "female"), ("birthdate", "0000-02-29"), ("website", "https://jane.example/"),
            ("profile", "https://jane.example/me"), ("picture", "https://jane.example/me.png"),
        ] {
            assert_eq!(profile[name], value, "{name}");
        }
        assert_eq!(profile["updated_at"], house.clock.now().seconds());
        assert!(profile.get("address").is_none() && profile.get("middle_name").is_none());
        let address = &told(&house, &app, &mut browser, "openid address").await["address"];
        assert_eq!(
            *address,
            json!({"formatted": "Seestrasse 1\n8001 Zürich\nSchweiz", "street_address": "Seestrasse 1", "postal_code": "8001",
                "locality": "Zürich", "country": "Schweiz"})
        );
        let page = browser.open("/account/profile").await;
        assert_eq!(page.form("/account/profile").value("given_name"), "Jane");
        browser.submit_and_follow(page.form("/account/profile").with("given_name", "")).await;
        assert!(told(&house, &app, &mut browser, "openid profile").await.get("given_name").is_none(), "taken back");
    }

    async fn what_can_not_be_told_is_not_kept_and_nothing_typed_is_lost(house: House) {
        let mut browser = jane(&house).await;
        for (name, value) in [("birthdate", "29.2.1990"), ("birthdate", "1990-02-30"), ("website", "javascript:alert(1)"), ("nickname", "\u{200b}")] {
            let page = browser.open("/account/profile").await;
            let form = page.form("/account/profile").with("given_name", "Jane").with(name, value);
            let reply = browser.submit(form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            let form = reply.form("/account/profile");
            assert_eq!((form.value(name), form.value("given_name")), (value, "Jane"));
            assert!(reply.body.contains(&format!("{name}-error")), "{name}");
        }
        let page = browser.open("/account/profile").await;
        assert_eq!(page.form("/account/profile").value("given_name"), "", "nothing of it was kept");
    }

    async fn an_operator_sets_what_is_known(house: House) {
        let app = shop(&house).await;
        let mut browser = jane(&house).await;
        let here = house.here();
        let named = [(Detail::FamilyName, "Doe".to_owned()), (Detail::Region, "ZH".to_owned())];
        here.set_details("Jane@Example.com", &named).await.unwrap_or_else(|e| panic!("{e:?}"));
        let all = told(&house, &app, &mut browser, SCOPE).await;
        assert_eq!((&all["family_name"], &all["address"]), (&json!("Doe"), &json!({"formatted": "ZH", "region": "ZH"})));
        let bad = here.set_details("jane@example.com", &[(Detail::Birthdate, "yesterday".into())]).await;
        assert!(matches!(bad, Err(Problem::Refusal(UserRefusal::Detail(Detail::Birthdate)))));
        let nobody = here.set_details("nobody@example.com", &named).await;
        assert!(matches!(nobody, Err(Problem::Refusal(UserRefusal::Unknown))));
        let activity = browser.open("/account/activity").await;
        activity.says("Profile changed");
    }

    async fn the_consent_page_says_what_of_it_an_app_would_see(house: House) {
        let mut client = template("shop", ClientAuthMethod::SecretBasic);
        client.scope = SCOPE.parse().unwrap();
        let app = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let reply = browser.open(&app.request(&[("scope", "openid address")])).await;
        browser.follow(reply).await.says("see your postal address");
        let metadata = browser.open("/.well-known/openid-configuration").await.json();
        assert!(metadata["scopes_supported"].as_array().unwrap().contains(&json!("address")));
        for claim in ["given_name", "birthdate", "address", "phone_number"] {
            assert!(metadata["claims_supported"].as_array().unwrap().contains(&json!(claim)), "{claim}");
        }
    }
}
