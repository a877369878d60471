//! Two nodes on one PostgreSQL with Redis between them: what it hastens, and that nothing hangs on it.

mod faults;
mod floods;
mod hints;
mod partition;
mod replays;

use testkit::house::{Db, House, Node, Plan};
use testkit::redis::place;

/// Two nodes that meet in a Redis.
async fn two_nodes(url: &str, plan: Plan) -> (House, Node) {
    let house = House::build(Db::Postgres, Plan { redis: Some(place(url)), ..plan }).await;
    let other = house.another_node().await;
    (house, other)
}
