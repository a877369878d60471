//! Resource indicators (RFC 8707) and rich authorization requests (RFC 9396).

use oauth::client::{ClientAuthMethod, RequestRules};
use testkit::house::House;
use testkit::people::{App, CALLBACK, VERIFIER, claims, jane, template, userinfo};
use testkit::stories;

const API: &str = "https://api.acme.test/";
const MAIL: &str = "https://mail.acme.test/";
const PAYMENT: &str = r#"[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"Merchant <A>"}]"#;

async fn app(house: &House) -> App {
    let mut client = template("shop", ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.scope = "openid offline_access orders".parse().unwrap();
    client.requests = RequestRules {
        resources: vec![API.to_owned(), MAIL.to_owned()],
        detail_types: vec!["payment_initiation".to_owned()],
        ..RequestRules::default()
    };
    App::add(house, client).await
}

async fn redeem(house: &House, app: &App, code: &str, more: &[(&str, &str)]) -> testkit::browser::Reply {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    form.extend(more);
    app.call(house, "/oauth/token", &form).await
}

stories! {
    async fn a_token_for_an_api_is_for_that_api_alone(house: House) {
        let app = app(&house).await;
        let mut browser = jane(&house).await;
        let code = browser.open(&app.request(&[("resource", API)])).await.parameter("code").unwrap();
        let tokens = redeem(&house, &app, &code, &[]).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(claims(access)["aud"], API);
        assert_eq!(userinfo(&house, access).await.status, 401, "it opens nothing of ours");
        // A refresh can't reach beyond what was granted.
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("resource", MAIL)];
        assert_eq!(app.call(&house, "/oauth/token", &form).await.json()["error"], "invalid_target");
        assert_eq!(claims(app.refresh(&house, refresh).await.json()["access_token"].as_str().unwrap())["aud"], API);
    }

    async fn a_code_without_an_api_can_be_exchanged_for_a_token_to_one(house: House) {
        let app = app(&house).await;
        let mut browser = jane(&house).await;
        let code = browser.open(&app.request(&[])).await.parameter("code").unwrap();
        let reply = redeem(&house, &app, &code, &[("resource", "https://other.test/")]).await;
        assert_eq!((reply.status.as_u16(), reply.json()["error"].as_str()), (400, Some("invalid_target")));
        let tokens = redeem(&house, &app, &code, &[("resource", MAIL)]).await.json();
        assert_eq!(claims(tokens["access_token"].as_str().unwrap())["aud"], MAIL, "the refusal cost nothing");
    }

    async fn an_api_that_the_app_may_not_call_is_refused(house: House) {
        let app = app(&house).await;
        let reply = jane(&house).await.open(&app.request(&[("resource", "https://other.test/")])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("invalid_target"));
        let form = [("grant_type", "client_credentials"), ("resource", API)];
        let token = app.call(&house, "/oauth/token", &form).await.json();
        assert_eq!(claims(token["access_token"].as_str().unwrap())["aud"], API);
    }

    /// RFC 9396: shown in words, allowed each time, and told to whoever acts on it.
    async fn a_payment_is_shown_allowed_each_time_and_stands_in_the_token(house: House) {
        let app = app(&house).await;
        let mut browser = jane(&house).await;
        for _ in 0..2 {
            let page = browser.open(&app.request(&[("authorization_details", PAYMENT)])).await;
            page.says("Payment initiation").says("Instructed amount: Amount").says("123.50");
            assert!(page.body.contains("Merchant &lt;A&gt;"), "the app's words are text, whatever they hold");
            let reply = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
            let tokens = redeem(&house, &app, &reply.parameter("code").unwrap(), &[]).await.json();
            let granted: serde_json::Value = serde_json::from_str(PAYMENT).unwrap();
            let access = tokens["access_token"].as_str().unwrap();
            assert_eq!(tokens["authorization_details"], granted);
            assert_eq!(claims(access)["authorization_details"], granted);
            let told = app.call(&house, "/oauth/introspect", &[("token", access)]).await.json();
            assert_eq!(told["authorization_details"], granted);
        }
        let silent = browser.open(&app.request(&[("authorization_details", PAYMENT), ("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("consent_required"));
    }

    async fn a_token_request_can_not_ask_for_a_bigger_payment(house: House) {
        let app = app(&house).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.request(&[("authorization_details", PAYMENT)])).await;
        let reply = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let bigger = PAYMENT.replace("123.50", "99123.50");
        let code = reply.parameter("code").unwrap();
        let refused = redeem(&house, &app, &code, &[("authorization_details", &bigger)]).await;
        assert_eq!(refused.json()["error"], "invalid_authorization_details");
    }

    /// What would not fit into an address is kept here, and is used once like any other code.
    async fn the_code_of_a_long_payment_is_redeemed_like_any_other(house: House) {
        let app = app(&house).await;
        let mut browser = jane(&house).await;
        let payment = PAYMENT.replace("Merchant <A>", &"Merchant ".repeat(300));
        let page = browser.open(&app.request(&[("authorization_details", &payment)])).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let code = back.parameter("code").unwrap();
        assert!(code.len() < 100, "{code}");
        let tokens = redeem(&house, &app, &code, &[]).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert!(claims(access)["authorization_details"][0]["creditorName"].as_str().unwrap().len() > 2_000);
        assert!(app.is_active(&house, access).await);
        assert_eq!(redeem(&house, &app, &code, &[]).await.json()["error"], "invalid_grant");
        assert!(!app.is_active(&house, access).await, "a second use ends what came of the first");
    }

    async fn details_of_another_type_are_refused(house: House) {
        let app = app(&house).await;
        let other = r#"[{"type":"account_information"}]"#;
        let reply = jane(&house).await.open(&app.request(&[("authorization_details", other)])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("invalid_authorization_details"));
    }
}
