//! What one node does, the others hear at once.

use super::two_nodes;
use crate::bell::{SOON, turn_on};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use std::time::{Duration, Instant};
use testkit::browser::{Browser, CHROME};
use testkit::house::{Node, Plan};
use testkit::people::{App, PASSWORD, jane, sign_in};
use testkit::push_service::PushService;
use testkit::redis::url;
use tokio::time::timeout;

/// Nobody would look for an hour.
const NEVER: Duration = Duration::from_secs(3_600);

/// The node that wrote an event is stopping: another rings, and need not look for it.
#[actix_web::test]
async fn an_event_of_one_node_is_told_of_by_another_at_once() {
    let mut plan = Plan { nap: NEVER, ..Plan::default() };
    let service = PushService::start_with(plan.clock.clone(), false).await;
    plan.outbound.trusted_origins.push(service.origin().parse().unwrap());
    let (mut house, _other) = two_nodes(url(), plan).await;
    let mut here = jane(&house).await;
    let bell = turn_on(&mut here, &service).await;
    house.stop_relay().await;
    for _ in 0..3 {
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        bell.next_message(SOON).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(service.log().len(), 4, "the first notice, and one for each sign-in");
}

/// Without a word from the other node, a token counts for half a second after it was looked at.
#[actix_web::test]
async fn what_one_node_revokes_counts_nowhere_before_the_half_second_is_over() {
    let (house, other) = two_nodes(url(), Plan::default()).await;
    let app = App::first_party(&house).await;
    let mut browser = jane(&house).await;
    let mut seen = 0;
    for _ in 0..8 {
        let tokens = app.tokens(&house, &mut browser).await;
        let access = [("token", tokens["access_token"].as_str().unwrap())];
        let looked = Instant::now();
        assert_eq!(app.call_at(&other.server, "/oauth/introspect", &access).await.json()["active"], true);
        assert_eq!(app.call(&house, "/oauth/revoke", &access).await.status, StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(150)).await;
        let still = app.call_at(&other.server, "/oauth/introspect", &access).await.json()["active"].clone();
        // On a machine that was busy elsewhere this shows nothing.
        if looked.elapsed() < Duration::from_millis(450) {
            assert_eq!(still, false, "after {:?}", looked.elapsed());
            seen += 1;
        }
    }
    assert!(seen > 0, "too slow a machine to see anything");
}

/// What `keys rotate` publishes at one node, or on the command line, all publish.
#[actix_web::test]
async fn a_new_key_of_one_node_is_published_by_all() {
    let (house, other) = two_nodes(url(), Plan::default()).await;
    let before = keys(&other).await;
    house.here().rotate_keys(&oauth::jose::SigningAlg::ALL).await.unwrap_or_else(|e| panic!("{e:?}"));
    let deadline = Instant::now() + Duration::from_secs(10);
    while keys(&other).await == before {
        assert!(Instant::now() < deadline, "the other node still publishes the old keys alone");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn keys(node: &Node) -> String {
    (node.server)(TestRequest::with_uri("/oauth/jwks").insert_header(("host", "id.acme.test"))).await.body
}

/// The page that waits at one node hears of the answer that was given at another.
#[actix_web::test]
async fn an_answer_at_one_node_moves_the_page_that_waits_at_another() {
    let (house, other) = two_nodes(url(), Plan::default()).await;
    let mut laptop = jane(&house).await;
    let page = laptop.open("/account/email").await;
    let form = page.form("/account/email").with("email", "jane@new.example");
    let page = laptop.submit_and_follow(form).await;
    let change = waited_for(&page.body);
    let id: base::Id = change.rsplit('/').next().unwrap().parse().unwrap();
    let mut watch = other.app.bus().watch(id);
    let mut waiting: Browser = laptop.clone();
    waiting.moves_to(&other.server);
    let (to, cancel) = (format!("{change}/state"), page.form(&format!("{change}/cancel")));
    let waiting = tokio::task::spawn_local(async move { waiting.get(&to).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    laptop.submit_and_follow(cancel).await;
    timeout(Duration::from_secs(5), watch.moved()).await.expect("the other node hears of it");
    let news = timeout(SOON, waiting).await.expect("it ends").unwrap();
    assert!(news.body.contains("event: moved"), "{}", news.body);
}

/// The path of the change that the page waits for.
fn waited_for(body: &str) -> String {
    body.split("data-wait=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}
