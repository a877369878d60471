use super::double::Private;
use super::{Double, NOW, attempt, later};
use crate::{Trouble, WrongIssuer};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

#[tokio::test]
async fn the_browser_is_sent_with_state_nonce_and_pkce() {
    let double = Double::start().await;
    let url = double.oidc().begin(&attempt(), NOW).await.unwrap();
    assert!(url.as_str().starts_with(&format!("{}/authorize?", double.origin)), "{url}");
    let sent: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", "watchbell"),
        ("redirect_uri", "https://id.acme.test/login/upstream/double/callback"),
        ("state", "af0ifjsldkj"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("scope", "openid email"),
    ];
    for (name, value) in expected {
        assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!url.as_str().contains("s3cret") && !url.as_str().contains("dBjftJ"), "neither secret nor verifier: {url}");
}

#[tokio::test]
async fn documents_are_fetched_once_for_all_who_wait() {
    let double = Double::start().await;
    double.is_slow(Duration::from_millis(50));
    let upstream = std::sync::Arc::new(double.oidc());
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let upstream = std::sync::Arc::clone(&upstream);
            tokio::spawn(async move { upstream.begin(&attempt(), NOW).await.is_ok() })
        })
        .collect();
    for one in asking {
        assert!(one.await.unwrap());
    }
    assert_eq!(double.asked("/.well-known/openid-configuration"), 1);
    upstream.begin(&attempt(), later(3599)).await.unwrap();
    assert_eq!(double.asked("/.well-known/openid-configuration"), 1, "still fresh");
    upstream.begin(&attempt(), later(3600)).await.unwrap();
    assert_eq!(double.asked("/.well-known/openid-configuration"), 2, "an hour later");
}

#[tokio::test]
async fn a_provider_that_is_out_of_order_is_not_asked_all_the_time_and_its_last_documents_do_for_a_day() {
    let double = Double::start().await;
    let upstream = double.oidc();
    upstream.begin(&attempt(), NOW).await.unwrap();
    double.answers_with("/.well-known/openid-configuration", 503, "");
    for _ in 0..5 {
        upstream.begin(&attempt(), later(4000)).await.unwrap();
    }
    assert_eq!(double.asked("/.well-known/openid-configuration"), 2);
    let late = upstream.begin(&attempt(), later(24 * 3600 + 1)).await;
    assert!(matches!(late, Err(Trouble::Unreachable(_))), "{late:?}");
    let asked = double.asked("/.well-known/openid-configuration");
    assert!(upstream.begin(&attempt(), later(24 * 3600 + 5)).await.is_err());
    assert_eq!(double.asked("/.well-known/openid-configuration"), asked, "not again so soon");
    double.answers_json("/.well-known/openid-configuration", double.document());
    assert!(upstream.begin(&attempt(), later(24 * 3600 + 12)).await.is_ok());
}

#[tokio::test]
async fn a_new_key_is_asked_for_and_not_more_often_than_once_in_a_minute() {
    let double = Double::start().await;
    let upstream = double.oidc();
    upstream.begin(&attempt(), NOW).await.unwrap();
    let new = Private::es256();
    let token = new.token(&json!({ "alg": "ES256", "kid": "two" }), &double.claims());
    double.issues_token(&token);
    double.answers_json("/jwks", json!({ "keys": [double.key.jwk("one"), new.jwk("two")] }));
    assert!(upstream.redeem("code", &attempt(), later(30)).await.is_err(), "asked a moment ago");
    assert_eq!(double.asked("/jwks"), 1);
    assert!(upstream.redeem("code", &attempt(), later(61)).await.is_ok());
    assert_eq!(double.asked("/jwks"), 2);
    double.issues_token(&new.token(&json!({ "alg": "ES256", "kid": "three" }), &double.claims()));
    for _ in 0..5 {
        assert!(upstream.redeem("code", &attempt(), later(90)).await.is_err());
    }
    assert_eq!(double.asked("/jwks"), 2, "strangers' keys don't make us ask again and again");
}

#[tokio::test]
async fn documents_of_another_issuer_or_with_a_strange_address_are_not_used() {
    let double = Double::start().await;
    let with = |name: &str, value: serde_json::Value| {
        let mut document = double.document();
        document[name] = value;
        document
    };
    let evil = [
        with("issuer", json!("https://accounts.google.com")),
        with("issuer", json!(format!("{}/", double.origin))),
        with("authorization_endpoint", json!("javascript:alert(1)//")),
        with("authorization_endpoint", json!("http://evil.example/authorize")),
        with("authorization_endpoint", json!("data:text/html,x")),
        with("jwks_uri", json!(null)),
        json!([]),
    ];
    for document in evil {
        double.answers_json("/.well-known/openid-configuration", document.clone());
        let outcome = double.oidc().begin(&attempt(), NOW).await;
        assert!(matches!(outcome, Err(Trouble::Unusable(_))), "{document}: {outcome:?}");
    }
}

/// RFC 9207 §2.4: an answer of another issuer is not taken, nor one without its name where it must be there.
#[tokio::test]
async fn an_answer_names_its_issuer() {
    let double = Double::start().await;
    let ours = double.origin.clone();
    assert_eq!(double.oidc().check_issuer(None, NOW).await.unwrap(), Ok(()));
    assert_eq!(double.oidc().check_issuer(Some(&ours), NOW).await.unwrap(), Ok(()));
    assert_eq!(double.oidc().check_issuer(Some("https://evil.example"), NOW).await.unwrap(), Err(WrongIssuer));
    let mut document = double.document();
    document["authorization_response_iss_parameter_supported"] = json!(true);
    double.answers_json("/.well-known/openid-configuration", document);
    assert_eq!(double.oidc().check_issuer(None, NOW).await.unwrap(), Err(WrongIssuer));
    assert_eq!(double.oidc().check_issuer(Some(&ours), NOW).await.unwrap(), Ok(()));
}
