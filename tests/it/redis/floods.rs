//! How many forms one address may send is counted over all nodes.

use super::two_nodes;
use actix_web::http::{Method, StatusCode};
use serde_json::json;
use testkit::browser::{Browser, CHROME};
use testkit::house::{House, Node, Plan};
use testkit::redis::{counted, private, until, url};

/// One comes back every fifteen seconds: none within a story.
const FEW: u32 = 4;

fn few() -> Plan {
    Plan { forms_per_minute: FEW, ..Plan::default() }
}

/// Sends forms of one address to both nodes in turns; says how many were taken.
async fn taken(house: &House, other: &Node, address: &str) -> usize {
    let mut browser = house.browser(CHROME).from_address(address);
    let form = browser.open("/login").await.form("/login").with("username", "jane@example.com").with("password", "x");
    let mut taken = 0;
    for n in 0..12 {
        let server = if n % 2 == 0 { house.server() } else { &other.server };
        browser.moves_to(server);
        let reply = browser.submit(form.clone()).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            let wait: u64 = reply.header("retry-after").parse().unwrap();
            assert!((1..=16).contains(&wait), "{wait}");
            reply.says("try again");
        } else {
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.body);
            taken += 1;
        }
    }
    taken
}

#[actix_web::test]
async fn a_flood_is_counted_over_both_nodes() {
    let (house, other) = two_nodes(url(), few()).await;
    assert_eq!(taken(&house, &other, "198.51.100.1").await, 4);
    // Nobody else is held up, a page can be looked at, and scripts read JSON.
    assert_eq!(taken(&house, &other, "198.51.100.2").await, 4);
    let mut full: Browser = house.browser(CHROME).from_address("198.51.100.1");
    assert_eq!(full.open("/login").await.status, StatusCode::OK);
    let refused = full.json(Method::POST, "/account/api/preferences", &json!({})).await;
    assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::TOO_MANY_REQUESTS, &json!("many")));
    let (all, own) =
        ("watchbell_forms_refused_total{counted_by=\"all\"}", "watchbell_forms_refused_total{counted_by=\"node\"}");
    assert!(counted(&house.app, all) > 0, "it is the bucket of all that was empty");
    assert_eq!(counted(&house.app, own), 0, "neither node alone has seen too many");
}

/// Without Redis each node counts for itself.
#[actix_web::test]
async fn without_redis_each_node_counts_alone() {
    let server = private();
    let (house, other) = two_nodes(&server.url(), few()).await;
    server.kill();
    until(house.app.bus(), false).await;
    until(other.app.bus(), false).await;
    assert_eq!(taken(&house, &other, "198.51.100.1").await, 8);
}

/// What was counted here counts also when Redis is flushed or new.
#[actix_web::test]
async fn a_flushed_redis_opens_no_full_bucket_of_a_node() {
    let server = private();
    let (house, other) = two_nodes(&server.url(), few()).await;
    assert_eq!(taken(&house, &other, "198.51.100.1").await, 4);
    testkit::redis::say(&server, "FLUSHALL").await;
    assert!(taken(&house, &other, "198.51.100.1").await <= 4, "twice as many at most, as with two nodes alone");
    assert_eq!(taken(&house, &other, "198.51.100.1").await, 0);
}
