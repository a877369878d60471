//! Software statements: somebody whom the operator trusts says what an app is (RFC 7591 §2.3).

use super::*;
use app::oidc::StatementIssuer;
use testkit::client_key::ClientKey;
use testkit::publisher::Publisher;
use testkit::stories;

const DIRECTORY: &str = "https://directory.example";

/// A house that believes one directory.
async fn believing_house(db: Db, directory: &Publisher, required: bool) -> House {
    let mut plan = plan(RegistrationMode::Open);
    plan.outbound.trusted_origins.push(directory.origin().parse().unwrap());
    plan.settings.registration.statement_required = required;
    let issuer = StatementIssuer { issuer: DIRECTORY.into(), jwks_uri: directory.address() };
    plan.settings.registration.issuers = vec![issuer];
    House::build(db, plan).await
}

fn statement(key: &ClientKey, claims: Value) -> String {
    let mut all = json!({"iss": DIRECTORY, "software_id": "shop", "client_name": "Shop of the directory"});
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    key.sign(&json!({"alg": "ES256", "kid": "d1", "typ": "JWT"}), &all)
}

stories! {
    async fn what_a_trusted_directory_says_of_an_app_wins(db: Db) {
        let key = ClientKey::new("d1");
        let directory = Publisher::start(&key.jwks()).await;
        let house = believing_house(db, &directory, true).await;
        refused(&register(&house, "", &shop(json!({}))).await, "invalid_client_metadata", "software_statement");
        let token = statement(&key, json!({"redirect_uris": ["https://stated.example/cb"]}));
        let app = Registered::shop(&house, json!({"software_statement": token})).await;
        assert_eq!(app.told["client_name"], "Shop of the directory");
        assert_eq!(app.told["redirect_uris"], json!(["https://stated.example/cb"]));
        assert_eq!((&app.told["software_id"], &app.told["software_statement"]), (&json!("shop"), &json!(token)));
        // Who changes what was registered can't shake the directory's word off.
        let bare = app.again(json!({"software_statement": null, "client_name": "Another"}));
        refused(&app.call(&house, Method::PUT, &bare).await, "invalid_client_metadata", "software_statement");
        let renamed = app.call(&house, Method::PUT, &app.again(json!({"client_name": "Another"}))).await;
        assert_eq!(renamed.json()["client_name"], "Shop of the directory");
    }

    async fn a_statement_that_nobody_trusted_made_is_refused(db: Db) {
        let (key, stranger) = (ClientKey::new("d1"), ClientKey::new("d1"));
        let directory = Publisher::start(&key.jwks()).await;
        let house = believing_house(db, &directory, false).await;
        let other = statement(&key, json!({"iss": "https://evil.example"}));
        for unknown in [other.as_str(), "x", "a.b.c"] {
            let reply = register(&house, "", &shop(json!({"software_statement": unknown}))).await;
            refused(&reply, "unapproved_software_statement", "software_statement");
        }
        assert_eq!(directory.asked(), 0, "no stranger has us fetch anything");
        let good = statement(&key, json!({}));
        let (head, _) = good.rsplit_once('.').unwrap();
        for forged in [
            statement(&stranger, json!({})),
            format!("{head}."),
            statement(&key, json!({"exp": house.clock.now().seconds() - 1})),
            statement(&key, json!({"nbf": house.clock.now().seconds() + 60})),
            key.sign(&json!({"alg": "none"}), &json!({"iss": DIRECTORY})),
        ] {
            let reply = register(&house, "", &shop(json!({"software_statement": forged}))).await;
            refused(&reply, "invalid_software_statement", "software_statement");
        }
        assert!(house.here().clients().await.unwrap().is_empty());
        assert_eq!(Registered::shop(&house, json!({"software_statement": good})).await.told["software_id"], "shop");
    }
}
