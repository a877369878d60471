//! Two nodes behind a load balancer, of which one after the other is stopped and replaced, by the version before and by this one:
//! nobody notices.

use super::people::{Person, dice};
use super::{Stage, add_person, usual, wanted};
use std::rc::Rc;
use std::time::Duration;
use testkit::balancer::Balancer;
use testkit::binary::{self, Binary};
use testkit::database::Place;
use testkit::house::Db;
use testkit::smtp::Postbox;

/// How often each node is replaced when nobody says another number: by the version before, and by this one again.
const FEW: usize = 2;

/// Two nodes of one installation: one origin, one database, one master key, one Redis.
pub(super) async fn two_nodes(balancer: &Balancer, url: &str, redis: &str) -> (Stage, Binary) {
    let post = Postbox::open().await;
    let settings = [
        ("WATCHBELL_SERVER__PUBLIC_ORIGIN", balancer.origin()),
        ("WATCHBELL_SERVER__LISTEN", "127.0.0.1:0"),
        ("WATCHBELL_SERVER__OPERATIONS_LISTEN", "127.0.0.1:0"),
        ("WATCHBELL_SERVER__DRAIN_SECONDS", "2"),
        ("WATCHBELL_REDIS__URL", redis),
    ];
    let settings = [&usual(&post, url)[..], &settings].concat();
    let one = Binary::dev_with(&settings).await;
    let key = one.data().join("master.key");
    let key = ("WATCHBELL_KEYS__MASTER_KEY_FILE", key.to_str().unwrap());
    let other = Binary::dev_with(&[&settings[..], &[key]].concat()).await;
    balancer.put(0, &one).await;
    balancer.put(1, &other).await;
    (Stage::before(one, url, post).await, other)
}

#[allow(clippy::print_stderr, reason = "the figures are for whoever runs it")]
#[actix_web::test]
async fn nobody_notices_that_one_node_after_the_other_is_replaced() {
    let (place, balancer) = (Place::new(Db::Postgres).await, Balancer::open().await);
    let (mut stage, mut other) = two_nodes(&balancer, place.url(), testkit::redis::url()).await;
    let town = stage.town.clone();
    let (troubles, acts) = (Rc::clone(&town.troubles), Rc::clone(&town.acts));
    let mut traveller = Person { email: "traveller@example.com".to_owned(), ..Person::default() };
    add_person(&stage.program, place.url(), &traveller.email).await;
    traveller.browser = town.sign_in(&traveller).await.unwrap().expect("a session");
    let some_more = async || {
        let least = if wanted().is_some() { 200 } else { 10 };
        let until = acts.get() + least + dice(20);
        while acts.get() < until && troubles.borrow().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };

    let mut versions = [binary::previous(), binary::program()].into_iter().cycle();
    let replace_both = async |one: &mut Binary| {
        let version = versions.next().unwrap();
        // What is under way longer than any node lives.
        let (jar, page) = town.begin_sign_in(&traveller).await.unwrap();
        let code = town.code(&traveller).await.unwrap();
        for (place, node) in [one, &mut other].into_iter().enumerate() {
            assert!(node.stop().await.success());
            some_more().await;
            node.becomes(version);
            node.start_again().await;
            balancer.put(place, node).await;
            some_more().await;
        }
        assert!(town.give_password(&traveller, jar, &page).await.unwrap().is_some(), "the sign-in goes on");
        assert_eq!(town.redeem(&code).await.unwrap().status, 200, "the code is good");
        let failed = town.troubles.borrow();
        assert!(failed.is_empty(), "{failed:?}");
    };
    stage.so_many(wanted().unwrap_or(FEW), replace_both).await;
    let counts = balancer.counts();
    eprintln!("behind the balancer: {counts:?}, none failed");
    assert!(counts.by_node.values().all(|taken| *taken > counts.answered / 10), "both nodes work: {counts:?}");
    assert!(counts.on_kept_connections > 0, "connections are kept: {counts:?}");
    assert!(counts.closing > 0, "a node that is about to stop gives up its connections: {counts:?}");
}
