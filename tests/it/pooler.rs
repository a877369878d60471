//! PostgreSQL behind a PgBouncer in transaction mode, which lends four connections to two nodes: each transaction may be on another one,
//! and whatever was left behind there would meet somebody else.

use actix_web::http::StatusCode;
use futures_util::future::join_all;
use store::{Pooler, Store, StoreSettings};
use testkit::browser::CHROME;
use testkit::database::Place;
use testkit::house::{Db, House, Plan};
use testkit::people::{App, PASSWORD, jane, sign_in};
use xtask::pgbouncer::keeps_prepared;

/// The ways that the installed PgBouncer can do.
fn ways() -> Vec<Pooler> {
    let prepared = keeps_prepared().unwrap().then_some(Pooler::TransactionPrepared);
    [Pooler::Transaction].into_iter().chain(prepared).collect()
}

/// Registration, sign-in, tokens and their renewal, at two nodes by turns.
#[actix_web::test]
async fn people_sign_in_and_apps_renew_through_a_pooler() {
    for pooler in ways() {
        let house = House::build(Db::Postgres, Plan { pooler, ..Plan::default() }).await;
        let other = house.another_node().await;
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        let mut refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
        for turn in 0..6 {
            let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
            let server = if turn % 2 == 0 { &other.server } else { house.server() };
            let renewed = app.call_at(server, "/oauth/token", &form).await;
            assert_eq!(renewed.status, StatusCode::OK, "{pooler:?}, turn {turn}: {}", renewed.body);
            refresh = renewed.json()["refresh_token"].as_str().unwrap().to_owned();
        }
        let mut there = house.browser(CHROME);
        there.moves_to(&other.server);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
    }
}

/// Many at once, so that statements of both nodes meet on the same connections.
#[actix_web::test]
async fn many_at_once_share_the_few_connections_of_a_pooler() {
    for pooler in ways() {
        let house = House::build(Db::Postgres, Plan { pooler, ..Plan::default() }).await;
        let other = house.another_node().await;
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        let access = [("token", tokens["access_token"].as_str().unwrap())];
        let asked = (0..60).map(|n| {
            let server = if n % 2 == 0 { &other.server } else { house.server() };
            app.call_at(server, "/oauth/introspect", &access)
        });
        for told in join_all(asked).await {
            assert_eq!(
                (told.status, &told.json()["active"]),
                (StatusCode::OK, &true.into()),
                "{pooler:?}: {}",
                told.body
            );
        }
    }
}

/// The lock that has nodes migrate one after the other ends with each step: none is left behind in the pooler.
#[actix_web::test]
async fn nodes_that_start_at_once_migrate_once_through_a_pooler() {
    for pooler in ways() {
        let place = Place::empty(Db::Postgres).await.behind(pooler);
        let settings = || StoreSettings { pooler, ..StoreSettings::default() };
        let one = Store::open(place.url(), settings()).await.unwrap();
        let two = Store::open(place.url(), settings()).await.unwrap();
        let (first, second) = tokio::join!(one.migrate(), two.migrate());
        let all = first.unwrap() + second.unwrap();
        assert!(all > 0);
        assert_eq!(one.migrate().await.unwrap(), 0, "{pooler:?}: nothing is left to do");
        assert_eq!(two.revert_migrations().await.unwrap(), all);
        assert_eq!(one.migrate().await.unwrap(), all);
        one.close().await;
        two.close().await;
    }
}
