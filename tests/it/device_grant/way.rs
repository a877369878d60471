//! The way of a device to its tokens.

use super::{GRANT, SCOPE, answer, ask, call, give, let_in, poll, refused, television, tv};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use oauth::client::{Client, ClientAuthMethod, GrantType};
use serde_json::json;
use testkit::browser::{CHROME, FIREFOX};
use testkit::client_key::ClientKey;
use testkit::people::{App, PASSWORD, claims, jane, template, userinfo};
use testkit::stories;

stories! {
    async fn a_person_types_the_code_sees_who_asks_and_lets_the_device_in(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        assert_eq!(asked.told["verification_uri"], "https://id.acme.test/device");
        assert_eq!((&asked.told["interval"], &asked.told["expires_in"]), (&json!(5), &json!(900)));
        assert_eq!(asked.user_code.len(), 9);
        refused(&poll(&house, &app, &asked).await, "authorization_pending");

        let page = give(&mut browser, &asked.user_code.to_lowercase().replace('-', " ")).await;
        page.says("Acme TV").says(&asked.user_code).says("What asks").says("Since").says("see your name");
        answer(&mut browser, &page, "allow").await.says("Your device is signed in");

        let reply = poll(&house, &app, &asked).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "no-store"), "{}", reply.body);
        let tokens = reply.json();
        assert_eq!(tokens["scope"], SCOPE);
        let person = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((&person["aud"], person.get("nonce")), (&json!("tv"), None));
        assert_eq!(userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json()["name"], "Jane Doe");
        let form = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        assert_eq!(call(&house, &app, "/oauth/token", &form).await.status, StatusCode::OK);
        browser.open("/account/apps").await.says("Acme TV");
        browser.open("/account/activity").await.says("Acme TV");
    }

    /// RFC 8628 §3.3.1, §5.4: a link fills the code in, and decides nothing.
    async fn the_link_of_the_qr_code_fills_the_code_in_and_still_has_to_be_confirmed(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let page = browser.open(&asked.link).await;
        assert_eq!(page.form("/device").value("code"), asked.user_code);
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let page = browser.submit_and_follow(page.form("/device")).await;
        refused(&poll(&house, &app, &asked).await, "slow_down");
        answer(&mut browser, &page, "allow").await.says("Your device is signed in");
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
    }

    async fn who_is_not_signed_in_signs_in_on_the_way_and_the_code_is_not_lost(house: House) {
        let app = tv(&house).await;
        let _ = jane(&house).await;
        let asked = ask(&house, &app).await;
        let mut browser = house.browser(CHROME);
        let page = browser.open(&asked.link).await;
        let page = browser.submit_and_follow(page.form("/login").with("username", "jane@example.com").with("password", PASSWORD)).await;
        assert_eq!(page.form("/device").value("code"), asked.user_code);
        let page = browser.submit_and_follow(page.form("/device")).await;
        answer(&mut browser, &page, "allow").await.says("Your device is signed in");
    }

    async fn a_no_is_told_to_the_device(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let page = give(&mut browser, &asked.user_code).await;
        answer(&mut browser, &page, "deny").await.says("The device was not let in");
        refused(&poll(&house, &app, &asked).await, "access_denied");
        refused(&poll(&house, &app, &asked).await, "access_denied");
        assert!(!browser.open("/account/apps").await.text().contains("Acme TV"));
        give(&mut browser, &asked.user_code).await.says("This code was used");
    }

    /// What was allowed once is asked again: the code may be a stranger's.
    async fn an_app_of_the_house_is_confirmed_each_time_too(house: House) {
        let app = App::add(&house, Client { first_party: true, ..television() }).await;
        let mut browser = jane(&house).await;
        for _ in 0..2 {
            let asked = ask(&house, &app).await;
            give(&mut browser, &asked.user_code).await.form("/consent");
            refused(&poll(&house, &app, &asked).await, "authorization_pending");
            let_in(&mut browser, &asked.user_code).await.says("Your device is signed in");
            assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
        }
    }

    async fn taking_the_app_away_ends_the_device_s_tokens(house: House) {
        let app = tv(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await;
        let tokens = poll(&house, &app, &asked).await.json();
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        assert_eq!(userinfo(&house, tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
        // Allowed, and taken away before the device came for it.
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await;
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        refused(&poll(&house, &app, &asked).await, "invalid_grant");
    }

    async fn a_device_that_has_a_key_gets_tokens_for_that_key(house: House) {
        let app = App::add(&house, television()).await;
        let mut browser = jane(&house).await;
        let key = ClientKey::new("k");
        let asked = ask(&house, &app).await;
        let_in(&mut browser, &asked.user_code).await;
        let form = [("grant_type", GRANT), ("device_code", asked.device_code.as_str()), ("client_id", "tv")];
        let request = TestRequest::with_uri("/oauth/token").method(Method::POST).set_form(form);
        let proof = key.proof(&house, ("POST", "/oauth/token"), &json!({}));
        let tokens = house.call(request.append_header(("dpop", proof))).await.json();
        assert_eq!(tokens["token_type"], "DPoP");
        assert_eq!(claims(tokens["access_token"].as_str().unwrap())["cnf"]["jkt"], key.thumbprint());
    }

    async fn discovery_names_the_endpoint_and_the_grant(house: House) {
        let document = house.call(TestRequest::get().uri("/.well-known/openid-configuration")).await.json();
        assert_eq!(document["device_authorization_endpoint"], "https://id.acme.test/oauth/device_authorization");
        assert!(document["grant_types_supported"].as_array().unwrap().contains(&json!(GRANT)));
    }

    async fn only_a_client_that_is_registered_for_it_may_let_devices_in(house: House) {
        let plain = App::ordinary(&house).await;
        let reply = call(&house, &plain, "/oauth/device_authorization", &[("scope", SCOPE)]).await;
        refused(&reply, "unauthorized_client");
        let asked = ask(&house, &tv(&house).await).await;
        refused(&poll(&house, &plain, &asked).await, "unauthorized_client");
        let mut client = template("kiosk", ClientAuthMethod::SecretBasic);
        client.grant_types = Some([GrantType::DeviceCode].into());
        let kiosk = App::add(&house, client).await;
        let stranger = App { secret: Some("wrong".to_owned()), ..kiosk.clone() };
        let reply = call(&house, &stranger, "/oauth/device_authorization", &[("scope", SCOPE)]).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_client")));
        for (form, error) in [(&[][..], "invalid_scope"), (&[("scope", "nothing")], "invalid_scope"), (&[("scope", "openid"), ("scope", "email")], "invalid_request"), (&[("scope", "openid"), ("resource", "https://other.test/")], "invalid_target")] {
            refused(&call(&house, &kiosk, "/oauth/device_authorization", form).await, error);
        }
        assert_eq!(call(&house, &kiosk, "/oauth/device_authorization", &[("scope", "openid")]).await.status, StatusCode::OK);
    }

    async fn nobody_who_is_not_signed_in_sees_the_page(house: House) {
        let reply = house.browser(FIREFOX).get("/device").await;
        assert!(reply.location().starts_with("/login"));
    }
}
