//! Redis dies, is emptied or stands still in the midst of everything: nobody notices, and nothing is forgotten.

use super::people::dice;
use super::rolling::two_nodes;
use super::wanted;
use std::rc::Rc;
use std::time::Duration;
use testkit::balancer::Balancer;
use testkit::binary::Binary;
use testkit::database::Place;
use testkit::house::Db;
use testkit::redis::{Server, private, say};

/// How often it happens when nobody says another number.
const FEW: usize = 3;

async fn nobody_notices(fault: impl AsyncFn(&Server), end: impl Fn(&mut Server)) {
    let (place, balancer, mut redis) = (Place::new(Db::Postgres).await, Balancer::open().await, private());
    let address = redis.url();
    let (mut stage, _other) = two_nodes(&balancer, place.url(), &address).await;
    let (troubles, acts) = (Rc::clone(&stage.town.troubles), Rc::clone(&stage.town.acts));
    let some_more = async || {
        let until = acts.get() + 10 + dice(20);
        while acts.get() < until && troubles.borrow().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    stage
        .so_many(wanted().unwrap_or(FEW), async |_: &mut Binary| {
            fault(&redis).await;
            some_more().await;
            end(&mut redis);
            some_more().await;
            assert!(troubles.borrow().is_empty(), "{:?}", troubles.borrow());
        })
        .await;
}

#[actix_web::test]
async fn nobody_notices_that_redis_dies_and_comes_back_as_new() {
    nobody_notices(async |redis| redis.kill(), |redis| redis.start_again().unwrap()).await;
}

#[actix_web::test]
async fn nobody_notices_that_redis_is_emptied() {
    let flush = async |redis: &Server| assert!(say(redis, "FLUSHALL").await.contains("OK"));
    nobody_notices(flush, |_| ()).await;
}

#[actix_web::test]
async fn nobody_notices_that_redis_stands_still_for_a_while() {
    nobody_notices(async |redis| redis.pause(), |redis| redis.go_on()).await;
}
