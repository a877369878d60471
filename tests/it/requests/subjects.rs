//! Pairwise subjects (OpenID Connect Core §8): apps can't compare notes about a person.

use app::operate::ClientRefusal;
use oauth::client::{Client, ClientAuthMethod, SubjectRules};
use serde_json::json;
use testkit::house::{Db, House, Plan};
use testkit::people::{App, CALLBACK, claims, jane, template, userinfo};
use testkit::publisher::Publisher;
use testkit::stories;

fn pairwise(client_id: &str) -> Client {
    let mut client = template(client_id, ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.subject = SubjectRules { pairwise: true, ..SubjectRules::default() };
    client
}

/// A house that may ask the publisher of a sector's document.
async fn house_with(db: Db, publisher: &Publisher) -> House {
    let mut plan = Plan::default();
    plan.outbound.trusted_origins.push(publisher.origin().parse().unwrap());
    House::build(db, plan).await
}

async fn refused(house: &House, client: &Client) -> String {
    match house.here().add_client(client.clone()).await {
        Err(app::Problem::Refusal(ClientRefusal::Invalid(why))) => why,
        other => panic!("{:?}", other.map(|_| ())),
    }
}

stories! {
    async fn two_sectors_are_told_two_people_and_one_sector_the_same_one(db: Db) {
        let publisher = Publisher::start(&json!([CALLBACK])).await;
        let house = house_with(db, &publisher).await;
        let mut browser = jane(&house).await;
        let mut subjects = Vec::new();
        let mut clients = vec![pairwise("public"), pairwise("one"), pairwise("two"), pairwise("elsewhere")];
        clients[0].subject.pairwise = false;
        clients[3].subject.sector_identifier_uri = Some(publisher.address());
        for client in clients {
            let app = App::add(&house, client).await;
            let tokens = app.tokens(&house, &mut browser).await;
            let subject = claims(tokens["id_token"].as_str().unwrap())["sub"].clone();
            let access = tokens["access_token"].as_str().unwrap();
            // Whatever is told is told about the same one.
            assert_eq!(userinfo(&house, access).await.json()["sub"], subject);
            assert_eq!(app.call(&house, "/oauth/introspect", &[("token", access)]).await.json()["sub"], subject);
            let refresh = tokens["refresh_token"].as_str().unwrap();
            assert_eq!(app.call(&house, "/oauth/introspect", &[("token", refresh)]).await.json()["sub"], subject);
            let again = app.refresh(&house, refresh).await.json();
            assert_eq!(claims(again["id_token"].as_str().unwrap())["sub"], subject);
            subjects.push(subject);
        }
        let [public, one, two, elsewhere] = subjects.as_slice() else { panic!("four") };
        assert_eq!(one, two, "one sector: the host of the redirect URIs");
        assert!(public != one && one != elsewhere && public != elsewhere);
    }

}

stories! {
    async fn a_hint_with_a_pairwise_subject_means_its_person(house: House) {
        let app = App::add(&house, pairwise("one")).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        let hint = tokens["id_token"].as_str().unwrap();
        let reply = browser.open(&app.request(&[("prompt", "none"), ("id_token_hint", hint)])).await;
        assert!(reply.parameter("code").is_some(), "{}", reply.location());
        let path = format!("/oauth/logout?id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fshop.acme.test%2Fbye");
        assert_eq!(browser.open(&path).await.location(), "https://shop.acme.test/bye");
        let reply = browser.open(&app.request(&[("prompt", "none"), ("id_token_hint", hint)])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("login_required"));
    }

}

stories! {
    /// OpenID Connect Core §8.1: whoever lists their redirect URIs elsewhere shows that these belong to them.
    async fn a_pairwise_client_needs_one_sector_and_stands_in_its_document(db: Db) {
        let publisher = Publisher::start(&json!([CALLBACK])).await;
        let house = house_with(db, &publisher).await;
        let mut client = pairwise("two-hosts");
        client.redirect_uris.push("https://other.acme.test/callback".parse().unwrap());
        let why = refused(&house, &client).await;
        assert!(why.contains("sector_identifier_uri"), "which sector? {why}");
        client.subject.sector_identifier_uri = Some(publisher.address());
        let why = refused(&house, &client).await;
        assert!(why.contains("does not list https://other.acme.test/callback"), "{why}");
        for (status, body) in [("200 OK", "{}"), ("404 Not Found", "[]")] {
            publisher.answers(status, "", body);
            assert!(refused(&house, &client).await.contains("publish"));
        }
        client.subject.sector_identifier_uri = Some("https://10.0.0.1/apps.json".to_owned());
        refused(&house, &client).await;
        client.subject.sector_identifier_uri = Some(publisher.address());
        publisher.publishes(&json!([CALLBACK, "https://other.acme.test/callback"]));
        assert!(house.here().add_client(client).await.is_ok());
    }
}
