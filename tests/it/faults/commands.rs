//! An operator's command is killed at any moment: the next one finds everything whole, and does it.

use super::people::dice;
use super::{usual, wanted};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use testkit::binary::{self, Binary};
use testkit::browser::FIREFOX;
use testkit::database::Place;
use testkit::house::Db;
use testkit::people::{PASSWORD, sign_in};
use testkit::smtp::Postbox;

/// How often each command is killed when nobody says another number.
const FEW: usize = 6;
/// How many signing keys of one algorithm there can be at once: one that signs, and one that waits.
const MOST_KEYS: usize = 2;

/// Whose commands they are.
struct Desk {
    data: PathBuf,
    url: String,
}

/// How a command ended, and what it said.
struct Ended {
    status: ExitStatus,
    said: String,
    trouble: String,
}

impl Desk {
    /// Runs a command, and kills it after a time, or lets it end.
    async fn run(&self, arguments: &[&str], until: Option<Duration>) -> Ended {
        let mut command = binary::command(arguments);
        command.args(["--json", "--data"]).arg(&self.data).env("WATCHBELL_DATABASE__URL", &self.url);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let done = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            if let Some(until) = until {
                std::thread::sleep(until);
                child.kill().unwrap();
            }
            child.wait_with_output().unwrap()
        });
        let done = done.await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { status: done.status, said: text(&done.stdout), trouble: text(&done.stderr) }
    }

    async fn does(&self, arguments: &[&str]) -> serde_json::Value {
        let ended = self.run(arguments, None).await;
        assert!(ended.status.success(), "{arguments:?}: {}", ended.trouble);
        serde_json::from_str(&ended.said).unwrap()
    }

    /// How long a command takes, about.
    async fn takes(&self, arguments: &[&str]) -> Duration {
        let begun = Instant::now();
        self.does(arguments).await;
        begun.elapsed()
    }
}

/// Any moment of something that takes so long.
fn sometime(length: Duration) -> Duration {
    Duration::from_micros(dice(u64::try_from(length.as_micros()).unwrap().max(1)))
}

/// An installation with a person in it, whose server does not run.
async fn installed(place: &Place) -> (Binary, Desk) {
    let post = Postbox::open().await;
    let mut program = Binary::dev_with(&usual(&post, place.url())).await;
    super::add_person(&program, place.url(), "ann@example.com").await;
    assert!(program.stop().await.success());
    let desk = Desk { data: program.data().to_owned(), url: place.url().to_owned() };
    (program, desk)
}

async fn migrating(db: Db) {
    let data = tempfile::tempdir().unwrap();
    let place = Place::empty(db).await;
    let length = {
        let place = Place::empty(db).await;
        Desk { data: data.path().to_owned(), url: place.url().to_owned() }.takes(&["migrate"]).await
    };
    let mut desk = Desk { data: data.path().to_owned(), url: place.url().to_owned() };
    let mut places = vec![place];
    for _ in 0..wanted().unwrap_or(FEW) {
        desk.run(&["migrate"], Some(sometime(length))).await;
        // Again and again on the same one: until it is done, or for a new one where it was.
        if dice(2) == 0 {
            assert_eq!(desk.does(&["migrate"]).await["up_to_date"], true);
            places.push(Place::empty(db).await);
            desk.url = places.last().unwrap().url().to_owned();
        }
    }
    assert_eq!(desk.does(&["migrate"]).await["up_to_date"], true);
}

#[actix_web::test]
async fn tables_that_are_half_brought_up_to_date_are_brought_further_on_sqlite() {
    migrating(Db::Sqlite).await;
}

#[actix_web::test]
async fn tables_that_are_half_brought_up_to_date_are_brought_further_on_postgres() {
    migrating(Db::Postgres).await;
}

/// Every algorithm has a key that signs, and at most one that waits, whenever the rotation was killed.
async fn rotating(db: Db) {
    let place = Place::new(db).await;
    let (mut program, desk) = installed(&place).await;
    let length = desk.takes(&["keys", "status"]).await;
    for _ in 0..wanted().unwrap_or(FEW) {
        desk.run(&["keys", "rotate"], Some(sometime(length * 2))).await;
        let status = desk.does(&["keys", "status"]).await;
        let keys = status.as_array().unwrap();
        for alg in ["ES256", "EdDSA", "RS256"] {
            // The VAPID key is of ES256 too, and none of them.
            let of_it: Vec<_> = keys.iter().filter(|key| key["alg"] == alg && key["usage"] == "signing").collect();
            assert!((1..=MOST_KEYS).contains(&of_it.len()), "{alg}: {status}");
        }
    }
    let rotated = desk.does(&["keys", "rotate"]).await;
    let count = |which: &str| rotated[which].as_array().unwrap().len();
    assert_eq!(count("rotated") + count("waiting"), 3, "{rotated}");
    program.start_again().await;
    assert!(program.stop().await.success());
}

#[actix_web::test]
async fn a_rotation_of_keys_that_is_killed_leaves_keys_that_sign_on_sqlite() {
    rotating(Db::Sqlite).await;
}

#[actix_web::test]
async fn a_rotation_of_keys_that_is_killed_leaves_keys_that_sign_on_postgres() {
    rotating(Db::Postgres).await;
}

/// The database and the file have the same master key whenever its change was killed, or the next key waits beside; nothing is
/// unreadable, and the command can be run again.
async fn changing_the_master_key(db: Db) {
    let place = Place::new(db).await;
    let (mut program, desk) = installed(&place).await;
    let length = desk.takes(&["keys", "status"]).await;
    let first = desk.does(&["keys", "status"]).await;
    let mut changed = 0;
    for _ in 0..wanted().unwrap_or(FEW) {
        let ended = desk.run(&["keys", "rotate", "--master"], Some(sometime(length * 2))).await;
        changed += usize::from(ended.status.success());
        // To be run again at once, or whatever else comes next.
        if dice(2) == 0 {
            desk.does(&["keys", "rotate", "--master"]).await;
            changed += 1;
        }
        assert_eq!(desk.does(&["keys", "status"]).await, first, "what it opens is the same");
    }
    desk.does(&["keys", "rotate", "--master"]).await;
    let names = std::fs::read_dir(&desk.data).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<_> = names.filter(|name| name.starts_with("master.key")).collect();
    assert!(names.iter().filter(|name| name.contains("earlier")).count() > changed, "each is kept: {names:?}");
    assert!(!names.contains(&"master.key.next".to_owned()), "{names:?}");
    program.start_again().await;
    let mut browser = program.browser(FIREFOX);
    sign_in(&mut browser, "ann@example.com", PASSWORD).await;
    assert_eq!(browser.get("/account").await.status, 200);
    assert!(program.stop().await.success());
}

#[actix_web::test]
async fn a_change_of_the_master_key_that_is_killed_leaves_nothing_unreadable_on_sqlite() {
    changing_the_master_key(Db::Sqlite).await;
}

#[actix_web::test]
async fn a_change_of_the_master_key_that_is_killed_leaves_nothing_unreadable_on_postgres() {
    changing_the_master_key(Db::Postgres).await;
}

/// There is no half of a backup under its name, and what a killed one left is in nobody's way.
async fn backing_up(db: Db) {
    let place = Place::new(db).await;
    let (_program, desk) = installed(&place).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let path = |file: &Path| file.to_str().unwrap().to_owned();
    let length = desk.takes(&["backup", &path(&file("whole.backup"))]).await;
    let mut finished = vec![file("whole.backup")];
    for n in 0..wanted().unwrap_or(FEW) {
        let this = file(&format!("{n}.backup"));
        desk.run(&["backup", &path(&this)], Some(sometime(length))).await;
        if !this.exists() {
            desk.does(&["backup", &path(&this)]).await;
        }
        finished.push(this);
    }
    for file in finished {
        let elsewhere = Place::empty(db).await;
        let there = Desk { data: desk.data.clone(), url: elsewhere.url().to_owned() };
        // Killed as well, and begun again.
        there.run(&["restore", &path(&file)], Some(sometime(length))).await;
        let again = there.run(&["restore", &path(&file)], None).await;
        let done_before = again.trouble.contains("name one that is empty");
        assert!(again.status.success() || done_before, "{}", again.trouble);
        let people = there.does(&["user", "list"]).await;
        assert_eq!(people[0]["email"], "ann@example.com", "{people}");
    }
}

#[actix_web::test]
async fn a_backup_that_is_killed_is_none_and_a_restore_that_is_killed_is_begun_again_on_sqlite() {
    backing_up(Db::Sqlite).await;
}

#[actix_web::test]
async fn a_backup_that_is_killed_is_none_and_a_restore_that_is_killed_is_begun_again_on_postgres() {
    backing_up(Db::Postgres).await;
}

/// A move that is killed is gone on with: it ends as one that was not, and the old database has everything until then.
async fn moving(db: Db, target: Db) {
    let place = Place::new(db).await;
    let (program, desk) = installed(&place).await;
    for n in 0..4 {
        super::add_person(&program, place.url(), &format!("person{n}@example.com")).await;
    }
    let people = async |desk: &Desk| desk.does(&["user", "list"]).await.as_array().unwrap().len();
    let length = {
        let elsewhere = Place::empty(target).await;
        desk.takes(&["move", "--to", elsewhere.url()]).await
    };
    let mut cut = 0;
    for _ in 0..wanted().unwrap_or(FEW / 2) {
        let elsewhere = Place::empty(target).await;
        let there = Desk { data: desk.data.clone(), url: elsewhere.url().to_owned() };
        let once = ["move", "--to", &there.url];
        for _ in 0..1 + dice(3) {
            let ended = desk.run(&once, Some(sometime(length))).await;
            cut += usize::from(!ended.status.success());
        }
        let ended = desk.run(&once, None).await;
        let done_before = ended.trouble.contains("name one that is empty");
        assert!(ended.status.success() || done_before, "{}", ended.trouble);
        assert_eq!((people(&there).await, people(&desk).await), (5, 5));
        assert_eq!(there.does(&["keys", "status"]).await, desk.does(&["keys", "status"]).await);
    }
    assert!(cut > 0, "none was killed in time");
}

#[actix_web::test]
async fn a_move_to_postgres_that_is_killed_is_gone_on_with() {
    moving(Db::Sqlite, Db::Postgres).await;
}

#[actix_web::test]
async fn a_move_from_postgres_that_is_killed_is_gone_on_with() {
    moving(Db::Postgres, Db::Sqlite).await;
}
