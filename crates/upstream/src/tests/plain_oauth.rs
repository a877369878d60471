use super::{Double, NOW, attempt, reason};
use crate::{Told, Trouble};
use serde_json::{Value, json};

async fn told(double: &Double, user: Value, emails: Value) -> Result<Told, Trouble> {
    double.answers_json("/token", json!({ "access_token": "gho_x", "token_type": "bearer", "scope": "user:email" }));
    double.answers_json("/user", user);
    double.answers_json("/user/emails", emails);
    double.plain().redeem("code", &attempt(), NOW).await
}

#[tokio::test]
async fn a_person_is_their_number_and_their_primary_address() {
    let double = Double::start().await;
    let user = json!({ "id": 583_231, "login": "octocat", "name": "The Octocat", "email": "public@example.com" });
    let emails = json!([
        { "email": "old@example.com", "primary": false, "verified": true },
        { "email": "octocat@example.com", "primary": true, "verified": true },
    ]);
    let expected = Told {
        issuer: "https://github.example".to_owned(),
        subject: "583231".to_owned(),
        email: Some("octocat@example.com".to_owned()),
        email_verified: true,
        name: Some("The Octocat".to_owned()),
        auth_time: None,
    };
    assert_eq!(told(&double, user, emails).await.unwrap(), expected);
    assert!(double.asked("/token") == 1 && double.asked("/user") == 1);
}

#[tokio::test]
async fn an_address_that_is_not_verified_is_not_told_as_if_it_were() {
    let double = Double::start().await;
    let user = json!({ "id": 1 });
    for emails in [
        json!([{ "email": "a@example.com", "primary": true, "verified": false }, { "email": "b@example.com", "primary": false, "verified": true }]),
        json!([{ "email": "a@example.com", "primary": true, "verified": "true" }]),
        json!([{ "email": "a@example.com", "primary": true }]),
    ] {
        let told = told(&double, user.clone(), emails).await.unwrap();
        assert_eq!((told.email.as_deref(), told.email_verified), (Some("a@example.com"), false));
    }
    for emails in [json!([]), json!({}), json!(null), json!([{ "email": "a@example.com", "verified": true }])] {
        assert_eq!(told(&double, user.clone(), emails).await.unwrap().email, None);
    }
}

#[tokio::test]
async fn somebody_without_a_number_is_nobody() {
    let double = Double::start().await;
    for id in [json!(null), json!(1.5), json!(true), json!(""), json!({}), json!("x".repeat(300))] {
        assert!(reason(told(&double, json!({ "id": id }), json!([])).await).contains("who it is"), "{id}");
    }
    assert!(matches!(told(&double, json!([1]), json!([])).await, Err(Trouble::Unusable(_))));
}

#[tokio::test]
async fn a_strange_access_token_breaks_nothing() {
    let double = Double::start().await;
    double.answers_json("/token", json!({ "access_token": "a\nb", "token_type": "bearer" }));
    let outcome = double.plain().redeem("code", &attempt(), NOW).await;
    assert!(matches!(outcome, Err(Trouble::Unusable(_))), "{outcome:?}");
}
