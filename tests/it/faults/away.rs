//! The database is held by others, or its primary is gone for ever: people are told to come again, and nothing is lost.

use super::people::{COME_AGAIN, Town};
use super::{PEOPLE, Stage, until_ready};
use actix_web::test::TestRequest;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use testkit::binary::Binary;
use testkit::database::Place;
use testkit::house::Db;
use xtask::postgres::Pair;

/// What everybody was told who was stopped by the trouble; waits until that is everybody.
pub(super) async fn all_are_told(troubles: &RefCell<Vec<String>>) {
    for _ in 0..1_200 {
        if troubles.borrow().len() >= PEOPLE {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let told = troubles.take();
    assert_eq!(told, vec![COME_AGAIN; PEOPLE], "each is told that it will pass");
}

pub(super) fn troubles(town: &Town) -> Rc<RefCell<Vec<String>>> {
    Rc::clone(&town.troubles)
}

/// Every connection waits for what somebody else has locked.
#[actix_web::test]
async fn who_finds_every_connection_in_use_is_told_to_come_again_and_it_heals_by_itself() {
    let place = Place::new(Db::Postgres).await;
    let url = place.url().to_owned();
    let mut stage = Stage::set_with(&url, &[("WATCHBELL_DATABASE__MAX_CONNECTIONS", "2")]).await;
    let troubles = troubles(&stage.town);
    stage
        .so_many(2, async |program: &mut Binary| {
            let mut holder = AsyncPgConnection::establish(&url).await.unwrap();
            let hold = "BEGIN; LOCK TABLE accounts, sessions, grants IN ACCESS EXCLUSIVE MODE";
            holder.batch_execute(hold).await.unwrap();
            all_are_told(&troubles).await;
            let live = program.send(TestRequest::with_uri("/livez")).await.unwrap();
            assert_eq!(live.status, 200, "it lives: restarting it would not help");
            holder.batch_execute("ROLLBACK").await.unwrap();
            until_ready(program).await;
        })
        .await;
}

/// The primary is killed in the midst of everything, and the standby takes its place; the program lives through it.
#[actix_web::test]
async fn whatever_was_acknowledged_survives_a_failover_to_a_synchronous_standby() {
    let mut pair = tokio::task::spawn_blocking(Pair::start).await.unwrap().unwrap();
    let mut stage = Stage::set(&pair.url()).await;
    let (troubles, acts) = (troubles(&stage.town), Rc::clone(&stage.town.acts));
    stage
        .so_many(1, async |program: &mut Binary| {
            // There is one such fault: much is acknowledged before.
            while acts.get() < 100 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            pair.kill_primary().unwrap();
            all_are_told(&troubles).await;
            assert_eq!(program.send(TestRequest::with_uri("/readyz")).await.unwrap().status, 503);
            pair.promote().unwrap();
            until_ready(program).await;
        })
        .await;
}
