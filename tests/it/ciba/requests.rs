//! What a request has to be (CIBA Core §7, §13).

use super::{ENDPOINT, JANE, SCOPE, allow, ask, bank, banking, call, poll, refused, waiting};
use actix_web::http::StatusCode;
use oauth::client::{BackchannelRules, Client, ClientAuthMethod, DeliveryMode, Profile};
use oauth::jose::JwsAlg;
use serde_json::{Value, json};
use testkit::client_key::{ClientKey, unique};
use testkit::house::{House, ORIGIN};
use testkit::people::{App, jane, template};
use testkit::stories;

/// A bank whose requests are signed.
async fn signing_bank(house: &House, key: &ClientKey, change: impl FnOnce(&mut Client)) {
    let mut client = Client { auth_method: ClientAuthMethod::PrivateKeyJwt, ..banking(DeliveryMode::Poll) };
    client.keys.jwks = Some(key.jwks());
    client.backchannel.signing_alg = Some(JwsAlg::ES256);
    change(&mut client);
    App::add(house, client).await;
}

pub(super) fn signed(house: &House, key: &ClientKey, otherwise: &Value) -> String {
    let now = house.clock.now().seconds();
    let mut claims = json!({
        "iss": "bank", "aud": ORIGIN, "iat": now, "nbf": now, "exp": now + 60, "jti": unique(),
        "scope": SCOPE, "login_hint": JANE, "binding_message": "1234", "requested_expiry": 120,
    });
    for (name, value) in otherwise.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    key.sign(&json!({ "alg": "ES256", "kid": "k" }), &claims)
}

stories! {
    async fn each_thing_that_is_wrong_has_its_code(house: House) {
        let app = bank(&house).await;
        let _ = jane(&house).await;
        for (more, error) in [
            (&[("scope", "")][..], "invalid_scope"),
            (&[("scope", "profile")], "invalid_scope"),
            (&[("scope", "nothing")], "invalid_scope"),
            (&[("login_hint", "")], "invalid_request"),
            (&[("login_hint", "no address")], "unknown_user_id"),
            (&[("id_token_hint", "x")], "invalid_request"),
            (&[("login_hint", ""), ("id_token_hint", "x")], "invalid_request"),
            (&[("login_hint", ""), ("login_hint_token", "x")], "invalid_request"),
            (&[("login_hint", JANE), ("login_hint", JANE)], "invalid_request"),
            (&[("binding_message", "")], "invalid_binding_message"),
            (&[("binding_message", "see https://evil.test")], "invalid_binding_message"),
            (&[("binding_message", "a\u{202e}b")], "invalid_binding_message"),
            (&[("requested_expiry", "soon")], "invalid_request"),
            (&[("user_code", "1234")], "invalid_request"),
            (&[("resource", "https://other.test/")], "invalid_target"),
            (&[("request", "x.y.z")], "invalid_request"),
        ] {
            refused(&call(&house, &app, more).await, error);
        }
    }

    async fn only_a_client_that_is_registered_for_it_and_proves_itself_may_ask(house: House) {
        let plain = App::ordinary(&house).await;
        refused(&call(&house, &plain, &[]).await, "unauthorized_client");
        let _ = jane(&house).await;
        let app = bank(&house).await;
        let asked = ask(&house, &app, &[]).await;
        refused(&poll(&house, &plain, &asked).await, "unauthorized_client");
        let stranger = App { secret: Some("wrong".to_owned()), ..app.clone() };
        let reply = call(&house, &stranger, &[]).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_client")));
        let public = Client { auth_method: ClientAuthMethod::None, client_id: "public".to_owned(), ..banking(DeliveryMode::Poll) };
        assert!(house.here().add_client(public).await.is_err());
    }

    async fn an_id_token_of_ours_names_the_person(house: House) {
        let mut client = banking(DeliveryMode::Poll);
        client.redirect_uris = template("x", ClientAuthMethod::SecretBasic).redirect_uris;
        client.grant_types.as_mut().unwrap().insert(oauth::GrantType::AuthorizationCode);
        client.first_party = true;
        let app = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let hint = app.tokens(&house, &mut browser).await["id_token"].as_str().unwrap().to_owned();
        house.clock.advance(std::time::Duration::from_secs(3_600));
        ask(&house, &app, &[("login_hint", ""), ("id_token_hint", &hint)]).await;
        waiting(&mut browser).await;
        let other = App::add(&house, Client { client_id: "other".to_owned(), ..banking(DeliveryMode::Poll) }).await;
        refused(&call(&house, &other, &[("login_hint", ""), ("id_token_hint", &hint)]).await, "invalid_request");
    }

    /// §7.1.1, FAPI-CIBA §5.2.2.
    async fn a_client_that_signs_has_to_and_nothing_else_counts(house: House) {
        let key = ClientKey::new("k");
        signing_bank(&house, &key, |_| {}).await;
        let mut browser = jane(&house).await;
        let send = |request: String, more: Vec<(&'static str, &'static str)>| {
            let (key, house) = (&key, &house);
            async move {
                let form: Vec<_> = more.into_iter().chain([("request", request.as_str())]).collect();
                key.call(house, "bank", ENDPOINT, &form).await
            }
        };
        let plain = [("scope", SCOPE), ("login_hint", JANE), ("binding_message", "1234")];
        refused(&key.call(&house, "bank", ENDPOINT, &plain).await, "invalid_request");
        let reply = send(signed(&house, &key, &json!({})), vec![]).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(reply.json()["expires_in"], 120);
        let path = waiting(&mut browser).await;
        browser.open(&path).await.says("1234");
        refused(&send(signed(&house, &key, &json!({})), vec![("login_hint", "max@example.com")]).await, "invalid_request");
        for left_out in ["iss", "aud", "iat", "nbf", "exp", "jti"] {
            refused(&send(signed(&house, &key, &json!({ left_out: null })), vec![]).await, "invalid_request");
        }
        for wrong in [json!({"aud": "https://other.test"}), json!({"iss": "other"}), json!({"exp": house.clock.now().seconds() - 1})] {
            refused(&send(signed(&house, &key, &wrong), vec![]).await, "invalid_request");
        }
        refused(&send(signed(&house, &ClientKey::new("k"), &json!({})), vec![]).await, "invalid_request");
        allow(&mut browser, &path, None).await.says("Allowed");
    }

    /// FAPI-CIBA §5.2.2: signed, bound, and never pushed.
    async fn a_client_that_is_held_to_fapi_signs_and_is_not_pushed(house: House) {
        let key = ClientKey::new("k");
        signing_bank(&house, &key, |client| {
            client.profile = Profile::Fapi2;
            client.backchannel = BackchannelRules::default();
        })
        .await;
        let _ = jane(&house).await;
        let plain = [("scope", SCOPE), ("login_hint", JANE), ("binding_message", "1234")];
        refused(&key.call(&house, "bank", ENDPOINT, &plain).await, "invalid_request");
        let request = signed(&house, &key, &json!({}));
        assert_eq!(key.call(&house, "bank", ENDPOINT, &[("request", &request)]).await.status, StatusCode::OK);
        let mut client = house.here().client("bank").await.unwrap().unwrap();
        client.backchannel.mode = DeliveryMode::Push;
        client.backchannel.notification_endpoint = Some("https://bank.test/told".to_owned());
        assert!(house.here().save_client(client).await.is_err());
    }

    async fn what_exactly_is_asked_for_is_shown_and_goes_into_the_token(house: House) {
        let mut client = banking(DeliveryMode::Poll);
        client.requests.detail_types = vec!["payment_initiation".to_owned()];
        let app = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        let details = r#"[{"type":"payment_initiation","creditorName":"Merchant A"}]"#;
        let asked = ask(&house, &app, &[("authorization_details", details)]).await;
        let path = waiting(&mut browser).await;
        browser.open(&path).await.says("Payment initiation").says("Merchant A");
        allow(&mut browser, &path, None).await;
        let tokens = poll(&house, &app, &asked).await.json();
        assert_eq!(tokens["authorization_details"][0]["creditorName"], "Merchant A");
    }
}
