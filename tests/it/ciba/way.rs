//! The way of an app to its tokens, where it comes back for them.

use super::{GRANT, SCOPE, allow, ask, bank, banking, call, counting_bank, deny, name, poll, refused, waiting};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use futures_util::future::join_all;
use oauth::client::{Client, ClientAuthMethod, DeliveryMode};
use serde_json::json;
use std::time::Duration;
use testkit::client_key::ClientKey;
use testkit::people::{App, claims, jane, userinfo};
use testkit::stories;

stories! {
    async fn a_person_sees_who_asks_for_what_compares_and_allows_it(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let reply = call(&house, &app, &[]).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "no-store"), "{}", reply.body);
        let asked = reply.json();
        assert_eq!((&asked["expires_in"], &asked["interval"]), (&json!(300), &json!(5)));
        assert!(asked.get("user_number").is_none(), "this app shows no number");
        refused(&poll(&house, &app, &asked).await, "authorization_pending");

        browser.open("/account").await.says("Acme Bank asks for your yes");
        let path = waiting(&mut browser).await;
        let page = browser.open(&path).await;
        page.says("Acme Bank").says("W4-SCT").says("see your name").says("Allow it only if you began this");
        allow(&mut browser, &path, None).await.says("Allowed");

        let reply = poll(&house, &app, &asked).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "no-store"), "{}", reply.body);
        let tokens = reply.json();
        assert_eq!(tokens["scope"], SCOPE);
        let person = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((&person["aud"], person.get("nonce")), (&json!("bank"), None));
        assert!(person["at_hash"].is_string());
        assert_eq!(userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json()["name"], "Jane Doe");
        assert_eq!(app.refresh(&house, tokens["refresh_token"].as_str().unwrap()).await.status, StatusCode::OK);
        browser.open("/account/apps").await.says("Acme Bank");
        browser.open("/account/activity").await.says("Acme Bank asked for your yes").says("Allowed: Acme Bank");
        assert!(!browser.open("/account").await.text().contains("Acme Bank asks for your yes"));
    }

    /// ASVS 6.6.4: what is typed is on the other screen alone, and three wrong ones are a no.
    async fn an_app_that_shows_the_number_has_it_typed(house: House) {
        let app = counting_bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[("binding_message", "")]).await;
        let number = asked["user_number"].as_str().unwrap().to_owned();
        let path = waiting(&mut browser).await;
        assert!(!browser.open(&path).await.body.contains(&format!(">{number}<")), "it is on the other screen alone");
        let wrong = if number == "10" { "11" } else { "10" };
        let page = allow(&mut browser, &path, Some(wrong)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("That is not the number. 2 more tries.");
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        allow(&mut browser, &path, Some(&number)).await.says("Allowed");
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);

        let asked = ask(&house, &app, &[("binding_message", "")]).await;
        let path = waiting(&mut browser).await;
        let wrong = if asked["user_number"] == "10" { "11" } else { "10" };
        for _ in 0..2 {
            allow(&mut browser, &path, Some(wrong)).await.says("more tr");
        }
        browser.open(&path).await.says("Allow it only if");
        allow(&mut browser, &path, Some(wrong)).await.says("Denied");
        refused(&poll(&house, &app, &asked).await, "access_denied");
        browser.open("/account/activity").await.says("Too many wrong numbers: Acme Bank");
    }

    async fn a_no_is_told_to_the_app_and_the_first_word_stays(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        let open = browser.open(&path).await;
        deny(&mut browser, &path).await.says("Denied");
        browser.submit_and_follow(open.form(&format!("{path}/allow"))).await.says("Denied");
        refused(&poll(&house, &app, &asked).await, "access_denied");
        refused(&poll(&house, &app, &asked).await, "access_denied");
        assert!(!browser.open("/account/apps").await.text().contains("Acme Bank"));
    }

    /// §11, RFC 8628 §3.5.
    async fn who_asks_too_soon_is_told_to_slow_down(house: House) {
        let app = bank(&house).await;
        let _ = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        refused(&poll(&house, &app, &asked).await, "slow_down");
        house.clock.advance(Duration::from_secs(10));
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
    }

    async fn what_nobody_answers_in_time_is_over_for_the_app_and_the_person(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[("requested_expiry", "60")]).await;
        assert_eq!(asked["expires_in"], 60);
        let path = waiting(&mut browser).await;
        let open = browser.open(&path).await;
        house.clock.advance(Duration::from_secs(60));
        refused(&poll(&house, &app, &asked).await, "expired_token");
        browser.submit_and_follow(open.form(&format!("{path}/allow"))).await.says("Too late");
        refused(&poll(&house, &app, &asked).await, "expired_token");
        assert!(!browser.open("/account/apps").await.text().contains("Acme Bank"), "nothing is kept of a late yes");
        assert!(!browser.open("/account").await.text().contains("asks for your yes"));
        // Allowed, and never fetched.
        let asked = ask(&house, &app, &[("requested_expiry", "60")]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        house.clock.advance(Duration::from_secs(60));
        refused(&poll(&house, &app, &asked).await, "expired_token");
    }

    async fn twenty_polls_at_once_get_tokens_once_and_a_second_use_ends_them(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        let page = browser.open(&path).await;
        // Ten of them while the person says yes.
        let polls = join_all((0..10).map(|_| poll(&house, &app, &asked)));
        let yes = browser.submit_and_follow(page.form(&format!("{path}/allow")));
        let (early, _) = futures_util::future::join(polls, yes).await;
        let late = join_all((0..10).map(|_| poll(&house, &app, &asked))).await;
        let won: Vec<_> = early.iter().chain(&late).filter(|reply| reply.status == StatusCode::OK).collect();
        assert_eq!(won.len(), 1);
        for lost in late.iter().filter(|reply| reply.status != StatusCode::OK) {
            refused(lost, "invalid_grant");
        }
        let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(userinfo(&house, &token).await.status, StatusCode::UNAUTHORIZED, "somebody else may have it");
    }

    async fn tokens_are_bound_to_the_key_that_the_app_shows(house: House) {
        let key = ClientKey::new("k");
        let mut client = Client { auth_method: ClientAuthMethod::PrivateKeyJwt, ..banking(DeliveryMode::Poll) };
        client.keys.jwks = Some(key.jwks());
        client.proof.dpop_bound = true;
        let _ = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let form = [("scope", SCOPE), ("login_hint", super::JANE), ("binding_message", "1234")];
        let asked = key.call(&house, "bank", super::ENDPOINT, &form).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        let asked = asked.json();
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        let name = name(&asked);
        let (form, assertion) = ([("grant_type", GRANT), ("auth_req_id", name.as_str())], || key.assertion(&house, "bank", &json!({})));
        refused(&testkit::client_key::call_with(&house, "/oauth/token", &assertion(), &form).await, "invalid_dpop_proof");
        let assertion = assertion();
        let own = [("client_assertion_type", testkit::client_key::ASSERTION_TYPE), ("client_assertion", assertion.as_str())];
        let request = TestRequest::with_uri("/oauth/token").method(Method::POST).set_form([&own[..], &form[..]].concat());
        let proof = key.proof(&house, ("POST", "/oauth/token"), &json!({}));
        let tokens = house.call(request.append_header(("dpop", proof))).await.json();
        assert_eq!(tokens["token_type"], "DPoP", "{tokens}");
        assert_eq!(claims(tokens["access_token"].as_str().unwrap())["cnf"]["jkt"], key.thumbprint());
    }

    async fn discovery_names_the_endpoint_the_modes_and_the_grant(house: House) {
        let document = house.call(TestRequest::get().uri("/.well-known/openid-configuration")).await.json();
        assert_eq!(document["backchannel_authentication_endpoint"], "https://id.acme.test/oauth/bc-authorize");
        assert_eq!(document["backchannel_token_delivery_modes_supported"], json!(["poll", "ping", "push"]));
        assert_eq!(document["backchannel_user_code_parameter_supported"], false);
        assert!(document["grant_types_supported"].as_array().unwrap().contains(&json!(GRANT)));
    }
}
