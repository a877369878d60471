//! kill -9 at every point between a yes and what follows from it: before each statement, around each commit, and at each step
//! of the delivery. A change was done whole or not at all, and the log, the page and the account say the same.
//!
//! The points are not listed here: a run in which nothing is killed says which there are.

use super::*;
use base::Id;
use identity::Event;
use identity::change::Ending;
use std::collections::BTreeSet;
use store::{Store, StoreSettings};
use tempfile::TempDir;
use testkit::binary::Binary;
use testkit::database::Place;
use testkit::house::Db;
use testkit::smtp::Postbox;

const PATIENCE: Duration = Duration::from_secs(20);
const TOLD: &str = "The address of your";

/// Registers against the running program; mail goes to our own postbox, which outlives it.
async fn register(post: &Postbox, browser: &mut Browser) {
    let page = browser.open("/login").await;
    let page = browser.open(&link(&page, "/register")).await;
    let form = page.form("/register").with("username", JANE).with("name", "Jane Doe").with("password", PASSWORD);
    browser.submit_and_follow(form).await;
    let letter = post.take(JANE, "").await;
    let page = browser.open(&letter.link("/confirm")).await;
    browser.submit_and_follow(page.form("/confirm")).await;
}

/// A change of the address of which only the owner's yes is missing: its path, and the code.
async fn ready(post: &Postbox, laptop: &mut Browser) -> (String, String) {
    let change = path(&ask_for_email(laptop, NEW).await);
    let code = post.take(NEW, "Your code").await.code().unwrap();
    give_code(laptop, &change, ("new_code", &code)).await;
    (change, post.take(JANE, "Confirm").await.code().unwrap())
}

/// The program, in front of a database in which a change waits for its yes; each round has a copy of it.
struct Stage {
    program: Binary,
    post: Postbox,
    points: TempDir,
    waiting: Place,
    laptop: Browser,
    change: String,
    yes: String,
}

impl Stage {
    async fn set(db: Db) -> Self {
        let (post, points, waiting) = (Postbox::open().await, tempfile::tempdir().unwrap(), Place::new(db).await);
        let settings = [
            ("WATCHBELL_MAIL__SMTP_URL", post.url()),
            ("WATCHBELL_PASSWORD__MEMORY_KIB", "64"),
            ("WATCHBELL_PASSWORD__ITERATIONS", "1"),
            ("WATCHBELL_DATABASE__URL", waiting.url()),
            ("WATCHBELL_TEST_KILL_POINTS", points.path().to_str().unwrap()),
        ];
        let mut program = Binary::armed_with(&settings).await;
        let mut laptop = program.browser(FIREFOX);
        register(&post, &mut laptop).await;
        let (change, yes) = ready(&post, &mut laptop).await;
        assert!(program.stop().await.success());
        Self { program, post, points, waiting, laptop, change, yes }
    }

    /// Starts the program on a copy of its own.
    async fn begin(&mut self) -> Place {
        let copy = self.waiting.copy().await;
        self.program.set("WATCHBELL_DATABASE__URL", copy.url());
        self.program.start_again().await;
        // What the relay does when it starts is no part of an answer.
        tokio::time::sleep(Duration::from_millis(150)).await;
        copy
    }

    /// Says yes. Whether that was answered.
    async fn answer(&self) -> bool {
        let mut answering = self.laptop.clone();
        let (to, fields) = (format!("{}/code", self.change), [("code".to_owned(), self.yes.clone())]);
        let answer = tokio::task::spawn_local(async move { answering.post(&to, &fields).await.status });
        answer.await.is_ok_and(|status| status.is_redirection())
    }

    fn at(&self) -> std::path::PathBuf {
        self.points.path().join("at")
    }

    /// How often the mailbox before was told of the change.
    fn told(&self) -> usize {
        self.post.letters_to(JANE).iter().filter(|letter| letter.subject.contains(TOLD)).count()
    }

    async fn is_told(&self, before: usize, point: &str) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while self.told() == before {
            assert!(std::time::Instant::now() < deadline, "{point}: nobody is told of what was done");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Every point that is passed on the way, in order, with how often it was passed before.
    async fn points(&mut self) -> Vec<String> {
        let _copy = self.begin().await;
        let before = self.told();
        std::fs::write(self.at(), "count").unwrap();
        assert!(self.answer().await);
        self.is_told(before, "none").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        std::fs::remove_file(self.at()).unwrap();
        self.program.kill();
        std::fs::read_to_string(self.points.path().join("passed")).unwrap().lines().map(str::to_owned).collect()
    }

    /// Is killed at a point. Answers whether the change was done; `None` where the point was not passed this time.
    async fn dies_at(&mut self, point: &str) -> Option<bool> {
        let copy = self.begin().await;
        let before = self.told();
        std::fs::write(self.at(), point).unwrap();
        let acknowledged = self.answer().await;
        let died = self.program.ends_within(Duration::from_secs(3)).await;
        std::fs::remove_file(self.at()).unwrap();
        if !died {
            self.program.kill();
            return None;
        }
        let left = Left::of(copy.url(), &self.change).await;
        let done = left.is_whole(point);
        assert!(done || !acknowledged, "{point}: what was answered is done");
        if done {
            // Whatever was not told when it died is told when it lives again.
            if self.told() == before {
                copy.lapse_claims().await;
                self.program.start_again().await;
                self.is_told(before, point).await;
                self.program.kill();
            }
            assert!(self.told() - before <= 2, "{point}: at most the mail that was on its way comes again");
        }
        Some(done)
    }
}

/// What a killed program left behind.
#[derive(Debug)]
struct Left {
    email: String,
    ending: Option<Ending>,
    log: BTreeSet<String>,
    told: usize,
}

impl Left {
    async fn of(url: &str, change: &str) -> Self {
        let store = Store::open(url, StoreSettings::default()).await.unwrap();
        let tenant = store.tenants().await.unwrap()[0].id;
        let mut read = store.read(tenant).await.unwrap();
        let id: Id = change.rsplit('/').next().unwrap().parse().unwrap();
        let change = read.find_change(id).await.unwrap().unwrap();
        let account = read.find_account(change.account).await.unwrap().unwrap();
        let kinds = ["account.email_changed", "change.ended"];
        let events = read.list_kinds_of(account.id, &kinds, change.asked_at).await.unwrap();
        let told = events.iter().filter(|one| matches!(one.event, Event::EmailChanged { .. })).count();
        let log = events.iter().map(|one| one.event.kind().to_owned()).collect();
        drop(read);
        store.close().await;
        Self { email: account.email.as_str().to_owned(), ending: change.ended.map(|ended| ended.how), log, told }
    }

    /// Whether it was done. Account, change and log say the same.
    #[track_caller]
    fn is_whole(&self, point: &str) -> bool {
        let done = self.email == NEW;
        if done {
            assert_eq!((self.ending, self.told, self.log.len()), (Some(Ending::Applied), 1, 2), "{point}: {self:?}");
        } else {
            assert_eq!((self.email.as_str(), self.ending, self.log.len()), (JANE, None, 0), "{point}: {self:?}");
        }
        done
    }
}

async fn everywhere(db: Db) {
    let mut stage = Stage::set(db).await;
    let points = stage.points().await;
    assert!(points.len() > 30, "every statement is a point: {points:?}");
    let (mut before, mut after, mut missed) = (0, 0, Vec::new());
    for point in &points {
        match stage.dies_at(point).await {
            Some(false) => before += 1,
            Some(true) => after += 1,
            None => missed.push(point),
        }
    }
    assert!(before > 10 && after > 10, "{before} before, {after} after");
    // What the program does by the clock may fall on another moment.
    assert!(missed.len() <= 3, "{missed:?}");
    // And what waited can still be said yes to.
    let _copy = stage.begin().await;
    assert!(stage.answer().await);
    assert_eq!(address(&mut stage.laptop).await, NEW);
    assert!(stage.program.stop().await.success());
}

#[actix_web::test]
async fn a_change_is_done_whole_or_not_at_all_wherever_the_process_is_killed_on_sqlite() {
    everywhere(Db::Sqlite).await;
}

#[actix_web::test]
async fn a_change_is_done_whole_or_not_at_all_wherever_the_process_is_killed_on_postgres() {
    everywhere(Db::Postgres).await;
}
