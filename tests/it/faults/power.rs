//! The power goes: of what was written, the disk has what was synced, and anything of the rest.
//!
//! What the program writes is noted while people act. Then the power goes before any step of it, as often as you like, each time
//! another way; the program starts on what is left.

use super::full::integrity;
use super::journal::{Act, Done};
use super::people::{Person, dice};
use super::{Found, Stage, left, wanted};
use base::Clock;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use testkit::binary::Binary;
use testkit::database::Place;
use testkit::house::Db;
use testkit::power::Recorder;

/// How often the power goes when nobody says another number.
const FEW: usize = 8;
/// How much people do: SQLite folds its log into the file some times meanwhile.
const ACTS: u64 = 300;

/// Leaves out families of which nobody knows how far they were: they are told apart where the next request comes at once.
fn for_certain(done: &mut Vec<Done>, people: &mut [Person]) {
    let family = |act: &Act| match act {
        Act::Redeem { family, .. } | Act::Refresh(family) => Some(*family),
        _ => None,
    };
    let open: BTreeSet<u64> = done.iter().filter(|one| one.got.is_none()).filter_map(|one| family(&one.act)).collect();
    done.retain(|one| family(&one.act).is_none_or(|family| !open.contains(&family)));
    for person in people {
        person.families.retain(|family, _| !open.contains(family));
    }
}

#[allow(clippy::print_stderr, reason = "the figures are for whoever runs it")]
#[actix_web::test]
async fn whatever_was_acknowledged_survives_a_power_cut_that_takes_what_was_not_synced() {
    let place = Place::new(Db::Sqlite).await;
    let file = Path::new(place.url().trim_start_matches("sqlite:"));
    let mut stage = Stage::set(place.url()).await;
    assert!(stage.program.stop().await.success());
    let recorder = Recorder::of(file);
    stage.program.start_again_under(&recorder.command()).await;
    let (since, acts) = (Clock::system().now(), Rc::clone(&stage.town.acts));
    let mut some_time = async |program: &mut Binary| {
        while acts.get() < ACTS {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.kill();
    };
    stage.act(&mut some_time).await;
    let all = stage.town.journal.borrow_mut().since_then();
    let seen = recorder.seen_of(stage.program.process()).await;

    let (cuts, mut sum) = (wanted().unwrap_or(FEW), Found::default());
    let (mut lost, mut most, mut longest) = (0, 0, Duration::ZERO);
    for _ in 0..cuts {
        let cut = seen.cut(usize::try_from(dice(u64::try_from(seen.steps()).unwrap())).unwrap(), dice);
        cut.put(file);
        let mut people = stage.people.clone();
        let mut done = all.iter().filter_map(|one| one.by(cut.at)).collect();
        for_certain(&mut done, &mut people);
        most = most.max(done.len());
        stage.program.start_again().await;
        longest = longest.max(stage.program.start_time());
        let found = left::compare(&stage.town, (place.url(), since), &mut people, done).await;
        stage.program.kill();
        assert_eq!(integrity(place.url()), "ok");
        sum.acknowledged += found.acknowledged;
        sum.whole += found.whole;
        sum.open += found.open;
        lost += usize::from(cut.lost > 0);
    }
    eprintln!(
        "{cuts} power cuts in {} steps, {lost} of which took something: {} acknowledged and found, {} unanswered and whole, {} \
         unanswered and not done or not told apart; the longest start took {longest:?}",
        seen.steps(),
        sum.acknowledged,
        sum.whole,
        sum.open
    );
    assert!(lost > 0 && most > 20, "a power cut that takes nothing is none: {lost} {most}");
}
