//! What else a person tells of themselves, and who sees it (OpenID Connect Core §5.1).

use actix_web::http::StatusCode;
use app::Problem;
use app::operate::UserRefusal;
use identity::Detail;
use oauth::client::{Client, ClientAuthMethod};
use oauth::own_scope::OwnScope;
use serde_json::{Value, json};
use testkit::browser::Browser;
use testkit::house::House;
use testkit::people::{App, claims as claims_of, jane, template, userinfo};
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
        let named = [("family_name".to_owned(), "Doe".to_owned()), ("region".to_owned(), "ZH".to_owned())];
        here.set_details("Jane@Example.com", &named).await.unwrap_or_else(|e| panic!("{e:?}"));
        let all = told(&house, &app, &mut browser, SCOPE).await;
        assert_eq!((&all["family_name"], &all["address"]), (&json!("Doe"), &json!({"formatted": "ZH", "region": "ZH"})));
        let bad = here.set_details("jane@example.com", &[("birthdate".into(), "yesterday".into())]).await;
        assert!(matches!(bad, Err(Problem::Refusal(UserRefusal::Detail(Detail::Birthdate)))));
        let nobody = here.set_details("nobody@example.com", &named).await;
        assert!(matches!(nobody, Err(Problem::Refusal(UserRefusal::Unknown))));
        let activity = browser.open("/account/activity").await;
        activity.says("Profile changed");
    }

    /// What an operator knows of people by names of its own, it can tell apps by scopes of its own.
    async fn an_operator_defines_scopes_and_claims(house: House) {
        let words = [("en", "see where you work"), ("de", "sehen, wo Du arbeitest")];
        let words = words.map(|(language, words)| (language.to_owned(), words.to_owned()));
        let claims = [("department", "department"), ("https://acme.test/number", "employee_number")];
        let claims = claims.map(|(claim, attribute)| (claim.to_owned(), attribute.to_owned()));
        let scope = OwnScope { name: "work".into(), words: words.into(), claims: claims.into() };
        house.here().define_scope(&scope).await.unwrap_or_else(|e| panic!("{e:?}"));
        let mut client = template("shop", ClientAuthMethod::SecretBasic);
        client.scope = "openid profile work".parse().unwrap();
        client.claims_in_id_token = true;
        let app = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let named = [("department".to_owned(), "Sales".to_owned()), ("employee_number".to_owned(), "007".to_owned())];
        house.here().set_details("jane@example.com", &named[..1]).await.unwrap_or_else(|e| panic!("{e:?}"));
        let reply = browser.open(&app.request(&[("scope", "openid profile work")])).await;
        let page = browser.follow(reply).await;
        page.says("see where you work");
        let reply = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let tokens = app.redeem(&house, &reply.parameter("code").unwrap()).await.json();
        let by_id_token = claims_of(tokens["id_token"].as_str().unwrap());
        assert_eq!(by_id_token["department"], "Sales");
        let access = tokens["access_token"].as_str().unwrap();
        let at_userinfo = userinfo(&house, access).await.json();
        assert_eq!(at_userinfo["department"], "Sales");
        assert!(at_userinfo.get("https://acme.test/number").is_none(), "there is no value yet");
        house.here().set_details("jane@example.com", &named).await.unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(userinfo(&house, access).await.json()["https://acme.test/number"], "007");
        let other = told(&house, &app, &mut browser, "openid profile").await;
        assert!(other.get("department").is_none(), "not without the scope");
        browser.open("/account/apps").await.says("see where you work");
        let metadata = browser.open("/.well-known/openid-configuration").await.json();
        assert!(metadata["scopes_supported"].as_array().unwrap().contains(&json!("work")));
        assert!(metadata["claims_supported"].as_array().unwrap().contains(&json!("department")));
        assert!(house.here().remove_scope("work").await.unwrap());
        assert!(userinfo(&house, access).await.json().get("department").is_none());
        assert!(!house.here().remove_scope("work").await.unwrap());
    }

    /// CVE-2024-29892.
    async fn a_claim_of_the_protocol_can_not_be_defined(house: House) {
        for (name, claim) in [
            ("work", "sub"), ("work", "iss"), ("work", "aud"), ("work", "exp"), ("work", "acr"), ("work", "amr"), ("work", "cnf"),
            ("work", "email_verified"), ("work", "name"), ("work", "scope"), ("openid", "department"), ("profile", "department"),
        ] {
            let claims = [(claim.to_owned(), "department".to_owned())].into();
            let scope = OwnScope { name: name.into(), words: [].into(), claims };
            let refused = house.here().define_scope(&scope).await;
            assert!(matches!(refused, Err(Problem::Refusal(_))), "{name} {claim}");
        }
        assert!(house.here().own_scopes().is_empty());
        jane(&house).await;
        let sub = [("sub".to_owned(), "x".to_owned())];
        house.here().set_details("jane@example.com", &sub).await.unwrap_or_else(|e| panic!("{e:?}"));
        let app = shop(&house).await;
        let mut browser = house.browser(testkit::browser::FIREFOX);
        testkit::people::sign_in(&mut browser, "jane@example.com", testkit::people::PASSWORD).await;
        assert_ne!(told(&house, &app, &mut browser, SCOPE).await["sub"], "x", "an attribute is no claim by itself");
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
