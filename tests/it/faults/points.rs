//! An end at each point in turn: before each statement of a transaction, around each commit, and at each step of the relay. What the
//! points are is not listed here: people act for a while, and those that are passed are noted.

use super::people::dice;
use super::{Stage, usual, wanted};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;
use testkit::binary::Binary;
use testkit::database::Place;
use testkit::house::Db;
use testkit::smtp::Postbox;

/// At how many of them it ends when nobody says another number.
const FEW: usize = 8;
/// How long something that everybody does all the time may take to happen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much people do while points are noted.
const ACTS: u64 = 150;

/// How often a point has to be passed in that time, to be one at which the program ends.
const OFTEN: u32 = 3;

/// Names in an order that is another each time.
fn shuffled(names: BTreeSet<String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().collect();
    for last in (1..names.len()).rev() {
        names.swap(last, usize::try_from(dice(u64::try_from(last + 1).unwrap())).unwrap());
    }
    names
}

#[allow(clippy::print_stderr, reason = "the figures are for whoever runs it")]
async fn at_each_point(db: Db) {
    let (place, folder, post) = (Place::new(db).await, tempfile::tempdir().unwrap(), Postbox::open().await);
    let points = ("WATCHBELL_TEST_KILL_POINTS", folder.path().to_str().unwrap());
    let program = Binary::armed_with(&[&usual(&post, place.url())[..], &[points]].concat()).await;
    let mut stage = Stage::before(program, place.url(), post).await;
    let (acts, at) = (Rc::clone(&stage.town.acts), folder.path().join("at"));

    let mut note = async |program: &mut Binary| {
        std::fs::write(&at, "none").unwrap();
        let until = acts.get() + ACTS;
        while acts.get() < until {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        std::fs::remove_file(&at).unwrap();
        program.kill();
        program.start_again().await;
    };
    stage.round(&mut note).await;
    let passed = std::fs::read_to_string(folder.path().join("passed")).unwrap();
    // What happened once may not happen again so soon.
    let often = |line: &str| line.strip_suffix(&format!(" {OFTEN}")).map(str::to_owned);
    let names: BTreeSet<String> = passed.lines().filter_map(often).collect();
    assert!(names.len() > 20, "every statement is a point: {names:?}");

    let rounds = wanted().unwrap_or(FEW);
    let names = shuffled(names);
    let (mut turns, missed) = (names.iter().cycle(), RefCell::new(Vec::new()));
    stage
        .so_many(rounds, async |program: &mut Binary| {
            let point = turns.next().unwrap();
            std::fs::write(&at, format!("{point} {}", 1 + dice(3))).unwrap();
            let ended = program.ends_within(PATIENCE).await;
            std::fs::remove_file(&at).unwrap();
            if !ended {
                missed.borrow_mut().push(point.clone());
                program.kill();
            }
            program.start_again().await;
        })
        .await;
    let missed = missed.take();
    eprintln!("{} points, {} ends at one of them, missed: {missed:?}", names.len(), rounds - missed.len());
    assert!(missed.len() <= rounds / 4, "{missed:?}");
}

#[actix_web::test]
async fn whatever_was_acknowledged_survives_an_end_at_each_point_in_turn_on_sqlite() {
    at_each_point(Db::Sqlite).await;
}

#[actix_web::test]
async fn whatever_was_acknowledged_survives_an_end_at_each_point_in_turn_on_postgres() {
    at_each_point(Db::Postgres).await;
}
