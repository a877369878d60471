//! What proves the app that asks, and what the person has to prove before a yes counts.

use super::{ENDPOINT, GRANT, JANE, SCOPE, allow, ask, bank, banking, poll, refused, requests, waiting};
use crate::certificates::reads_certificates;
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use oauth::client::{BackchannelRules, Client, ClientAuthMethod, DeliveryMode, Profile};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::Reply;
use testkit::certificate::Certificate;
use testkit::client_key::ClientKey;
use testkit::code_app::set_up_app;
use testkit::house::House;
use testkit::people::{App, PASSWORD, claims, jane, sign_in};
use testkit::{planned, stories};

/// A bank that proves itself by the certificate of its connection, to which its tokens are bound.
fn by_certificate(certificate: &Certificate) -> Client {
    let mut client = Client { auth_method: ClientAuthMethod::SelfSignedTlsClientAuth, ..banking(DeliveryMode::Poll) };
    client.keys.jwks = Some(certificate.jwks());
    client.proof.certificate_bound = true;
    client
}

#[track_caller]
fn nobody(reply: &Reply) {
    assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
}

/// The app comes for its tokens by a connection with this certificate.
async fn redeem(house: &House, certificate: &Certificate, asked: &Value) -> Reply {
    let name = super::name(asked);
    let form = [("client_id", "bank"), ("grant_type", GRANT), ("auth_req_id", name.as_str())];
    certificate.call(house, "/oauth/token", &form).await
}

/// What userinfo says to whoever comes by such a connection.
async fn userinfo(house: &House, token: &str, certificate: Option<&Certificate>) -> StatusCode {
    let request = TestRequest::get().uri("/oauth/userinfo").insert_header(("authorization", format!("Bearer {token}")));
    match certificate {
        Some(certificate) => house.call(certificate.through(request)).await.status,
        None => house.call(request).await.status,
    }
}

planned! {
    /// RFC 8705 §2 and §3.
    async fn an_app_with_a_certificate_asks_and_its_tokens_work_by_its_connections_alone(house: House, plan) { reads_certificates(&mut plan); } {
        let (own, thief) = (Certificate::own("bank"), Certificate::own("bank"));
        App::add(&house, by_certificate(&own)).await;
        let mut browser = jane(&house).await;
        let form = [("client_id", "bank"), ("scope", SCOPE), ("login_hint", JANE), ("binding_message", "W4-SCT")];
        nobody(&thief.call(&house, ENDPOINT, &form).await);
        nobody(&house.call(TestRequest::with_uri(ENDPOINT).method(Method::POST).set_form(form)).await);
        let reply = own.call(&house, ENDPOINT, &form).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let asked = reply.json();
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await.says("Allowed");
        nobody(&redeem(&house, &thief, &asked).await);
        let tokens = redeem(&house, &own, &asked).await.json();
        assert_eq!(tokens["token_type"], "Bearer", "RFC 8705 section 3: no type of its own: {tokens}");
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["cnf"], json!({ "x5t#S256": own.thumbprint() }));
        assert_eq!(userinfo(&house, token, Some(&own)).await, StatusCode::OK);
        for stolen in [Some(&thief), None] {
            assert_eq!(userinfo(&house, token, stolen).await, StatusCode::UNAUTHORIZED);
        }
        let form = [("client_id", "bank"), ("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        nobody(&thief.call(&house, "/oauth/token", &form).await);
        let fresh = own.call(&house, "/oauth/token", &form).await.json();
        assert_eq!(claims(fresh["access_token"].as_str().unwrap())["cnf"]["x5t#S256"], own.thumbprint());
    }

    /// FAPI-CIBA §5.2.2: the request is signed, and what comes of it bound, here to the certificate.
    async fn an_app_that_is_held_to_fapi_signs_and_has_its_tokens_bound_to_its_certificate(house: House, plan) { reads_certificates(&mut plan); } {
        let (own, key) = (Certificate::own("bank"), ClientKey::new("k"));
        let mut client = by_certificate(&own);
        let both = [own.jwks()["keys"][0].clone(), key.jwks()["keys"][0].clone()];
        client.keys.jwks = Some(json!({ "keys": both }));
        client.profile = Profile::Fapi2;
        client.backchannel = BackchannelRules::default();
        App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let plain = [("client_id", "bank"), ("scope", SCOPE), ("login_hint", JANE), ("binding_message", "1234")];
        refused(&own.call(&house, ENDPOINT, &plain).await, "invalid_request");
        let request = requests::signed(&house, &key, &json!({}));
        let reply = own.call(&house, ENDPOINT, &[("client_id", "bank"), ("request", &request)]).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let asked = reply.json();
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await.says("Allowed");
        let tokens = redeem(&house, &own, &asked).await.json();
        assert_eq!(claims(tokens["access_token"].as_str().unwrap())["cnf"], json!({ "x5t#S256": own.thumbprint() }), "{tokens}");
    }
}

stories! {
    /// CIBA Core §7.1: `acr_values`. The session had one factor, as its device is spared the second one.
    async fn a_yes_counts_once_as_much_is_proven_as_the_app_asks_for(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let (phone, _) = set_up_app(&house, &mut browser).await;
        let sign_out = async |browser: &mut testkit::browser::Browser| {
            let page = browser.open("/account").await;
            browser.submit_and_follow(page.form("/logout")).await;
        };
        sign_out(&mut browser).await;
        let page = sign_in(&mut browser, JANE, PASSWORD).await;
        let form = page.form("/login/mfa").with("code", &phone.code(&house)).with("trust_device", "on");
        browser.submit_and_follow(form).await;
        sign_out(&mut browser).await;
        sign_in(&mut browser, JANE, PASSWORD).await;
        house.clock.advance(Duration::from_secs(30));

        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await.says("Allowed");
        let tokens = poll(&house, &app, &asked).await.json();
        assert_eq!(claims(tokens["id_token"].as_str().unwrap())["acr"], "urn:watchbell:acr:1", "one factor is enough for most");

        let asked = ask(&house, &app, &[("acr_values", "urn:watchbell:acr:2")]).await;
        let path = waiting(&mut browser).await;
        let page = browser.open(&path).await;
        assert!(page.forms(&format!("{path}/allow")).is_empty(), "{}", page.text());
        browser.post(&format!("{path}/allow"), &[]).await;
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let page = browser.open(&format!("{path}?prove=1")).await;
        let page = match page.forms("/login").is_empty() {
            true => page,
            false => browser.submit_and_follow(page.form("/login").with("password", PASSWORD)).await,
        };
        // A wrong code proves nothing.
        let wrong = browser.submit(page.form("/login/mfa").with("code", &phone.wrong(&house))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser.post(&format!("{path}/allow"), &[]).await;
        house.clock.advance(Duration::from_secs(10));
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let page = browser.submit_and_follow(wrong.form("/login/mfa").with("code", &phone.code(&house))).await;
        browser.submit_and_follow(page.form(&format!("{path}/allow"))).await.says("Allowed");
        let tokens = poll(&house, &app, &asked).await.json();
        assert_eq!(claims(tokens["id_token"].as_str().unwrap())["acr"], "urn:watchbell:acr:2", "{tokens}");
    }
}
