//! What the operator is told of apps that register, change and withdraw by themselves.

use super::*;
use identity::{CameBy, Event, OwnRegistration};
use testkit::house::START;
use testkit::publisher::Publisher;
use testkit::stories;

/// What was told, newest first.
async fn told(house: &House) -> Vec<Event> {
    let found = house.here().own_registrations(START).await.unwrap();
    assert!(found.iter().all(|record| record.account.is_none()), "it is no person's");
    found.into_iter().map(|record| record.event).collect()
}

fn of(app: &Registered, name: &str) -> OwnRegistration {
    let (client_id, app) = (app.client_id().to_owned(), name.to_owned());
    OwnRegistration { client_id, app, by: CameBy::Anybody, token: None, changed: Vec::new() }
}

stories! {
    async fn the_operator_is_told_of_an_app_that_comes_changes_and_goes(db: Db) {
        let house = open_house(db).await;
        let app = Registered::shop(&house, json!({})).await;
        let came = Event::ClientRegistered(of(&app, "Acme Shop"));
        assert_eq!(told(&house).await, std::slice::from_ref(&came));
        house.clock.advance(Duration::from_secs(1));
        let said = app.again(json!({"client_name": "Acme Market", "redirect_uris": ["https://market.acme.test/cb"]}));
        let app = Registered::of(&app.call(&house, Method::PUT, &said).await);
        let changed = vec!["client_name".to_owned(), "redirect_uris".to_owned()];
        let changed = Event::ClientChanged(OwnRegistration { changed, ..of(&app, "Acme Market") });
        assert_eq!(told(&house).await, [changed.clone(), came.clone()]);
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(app.call(&house, Method::DELETE, &Value::Null).await.status, StatusCode::NO_CONTENT);
        let gone = Event::ClientWithdrawn(of(&app, "Acme Market"));
        assert_eq!(told(&house).await, [gone, changed, came], "it outlives the app");
    }

    async fn the_token_that_it_came_with_is_named(db: Db) {
        let house = guarded_house(db).await;
        let token = given(&house, 1, Duration::from_secs(60)).await;
        let app = Registered::of(&register(&house, &token.secret.reveal(), &shop(json!({}))).await);
        let with = OwnRegistration { by: CameBy::InitialToken, token: Some(token.token.id), ..of(&app, "Acme Shop") };
        assert_eq!(told(&house).await, [Event::ClientRegistered(with)]);
    }

    /// What was refused is nothing that an app did; of many at once the one that counted is told.
    async fn what_was_not_taken_is_not_told(db: Db) {
        let house = open_house(db).await;
        refused(&register(&house, "", &shop(json!({"redirect_uris": ["javascript:alert(1)"]}))).await, "invalid_redirect_uri", "redirect_uris");
        assert!(told(&house).await.is_empty());
        let app = Registered::shop(&house, json!({})).await;
        house.clock.advance(Duration::from_secs(1));
        refused(&app.call(&house, Method::PUT, &app.again(json!({"grant_types": ["client_credentials"]}))).await, "invalid_client_metadata", "grant_types");
        let said = app.again(json!({"client_name": "Changed"}));
        futures_util::future::join_all((0..10).map(|_| app.call(&house, Method::PUT, &said))).await;
        futures_util::future::join_all((0..3).map(|_| app.call(&house, Method::DELETE, &Value::Null))).await;
        let kinds: Vec<_> = told(&house).await.iter().map(Event::kind).collect();
        assert_eq!(kinds, ["client.changed", "client.registered"]);
    }

    async fn an_app_that_is_a_document_is_told_when_it_is_met_and_when_it_says_something_else(db: Db) {
        const ID: &str = "https://agent.test/client.json";
        let said = |name: &str| json!({ "client_id": ID, "client_name": name, "redirect_uris": [CALLBACK] });
        let publisher = Publisher::secure("agent.test", &said("The Agent")).await;
        let mut plan = Plan::default();
        publisher.join(&mut plan);
        plan.settings.registration.documents = true;
        let house = House::build(db, plan).await;
        let knock = || async {
            let app = App { client_id: ID.to_owned(), secret: None };
            house.browser(testkit::browser::CHROME).get(&app.request(&[])).await;
            house.clock.advance(Duration::from_secs(3_601));
        };
        let agent = |name: &str, changed: &[&str]| OwnRegistration {
            client_id: ID.to_owned(),
            app: name.to_owned(),
            by: CameBy::Document,
            token: None,
            changed: changed.iter().map(|name| (*name).to_owned()).collect(),
        };
        knock().await;
        knock().await;
        assert_eq!(publisher.asked(), 2);
        let met = Event::ClientRegistered(agent("The Agent", &[]));
        assert_eq!(told(&house).await, std::slice::from_ref(&met), "it says the same as before");
        publisher.publishes(&said("The Other Agent"));
        knock().await;
        assert_eq!(told(&house).await, [Event::ClientChanged(agent("The Other Agent", &["client_name"])), met]);
    }
}
