//! Faults under load: whatever ends at whatever moment, everything that was acknowledged is there afterwards, nothing is
//! half-done, and nothing that ended lives again.
//!
//! People do what changes something, and write down what they intend and what was answered ([`journal`]). Then something
//! breaks, all of it starts again, and what is there is compared with what was written down ([`left`]).
//! `WATCHBELL_TEST_FAULTS` says how many times; few by default.

mod away;
mod commands;
mod full;
mod journal;
mod left;
mod people;
mod points;
mod power;
mod redis;
mod rolling;
mod versions;

use self::journal::Journal;
use self::left::Found;
use self::people::{Person, Town, dice};
use base::Clock;
use std::cell::RefCell;
use std::io::Write;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;
use testkit::binary::{self, Binary};
use testkit::database::Place;
use testkit::house::Db;
use testkit::people::{App, CALLBACK, PASSWORD};
use testkit::smtp::Postbox;
use xtask::postgres::Cluster;

/// How many people act at once.
const PEOPLE: usize = 6;
/// How many faults there are when nobody says another number.
const FEW: usize = 12;

/// What every program here is set to.
fn usual<'a>(post: &'a Postbox, url: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("WATCHBELL_MAIL__SMTP_URL", post.url()),
        ("WATCHBELL_PASSWORD__MEMORY_KIB", "64"),
        ("WATCHBELL_PASSWORD__ITERATIONS", "1"),
        ("WATCHBELL_DATABASE__URL", url),
    ]
}

/// The program on a database, and the people before it.
struct Stage {
    program: Binary,
    url: String,
    town: Town,
    people: Vec<Person>,
    _post: Postbox,
}

impl Stage {
    async fn set(url: &str) -> Self {
        Self::set_with(url, &[]).await
    }

    async fn set_with(url: &str, more: &[(&str, &str)]) -> Self {
        let post = Postbox::open().await;
        let program = Binary::dev_with(&[&usual(&post, url)[..], more].concat()).await;
        Self::before(program, url, post).await
    }

    /// The same before a program that runs.
    async fn before(program: Binary, url: &str, post: Postbox) -> Self {
        let app = add_app(&program, url).await;
        let journal = Rc::new(RefCell::new(Journal::new()));
        let town = Town {
            origin: Rc::new(RefCell::new(program.url().to_owned())),
            app,
            journal,
            over: Rc::default(),
            begun: Rc::default(),
            acts: Rc::default(),
            troubles: Rc::default(),
        };
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let email = format!("person{number}@example.com");
            add_person(&program, url, &email).await;
            let mut person = Person { number, email, name: "New".to_owned(), ..Person::default() };
            person.browser = town.sign_in(&person).await.unwrap().expect("a session");
            people.push(person);
        }
        Self { program, url: url.to_owned(), town, people, _post: post }
    }

    /// Waits for any moment of what is going on: so many acts later, and a little.
    async fn sometime(&self) {
        // Whoever asks for many faults wants much to be there to be lost.
        let least = if wanted().is_some() { 200 } else { 10 };
        let (begun, later) = (self.town.acts.get(), least + dice(40));
        while self.town.acts.get() < begun + later {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_micros(dice(20_000))).await;
    }

    /// Lets everybody act, breaks something in the midst of it, and compares once the program answers again.
    async fn round(&mut self, fault: &mut impl AsyncFnMut(&mut Binary)) -> Found {
        let since = Clock::system().now();
        self.act(fault).await;
        let done = self.town.journal.borrow_mut().since_then();
        left::compare(&self.town, (&self.url, since), &mut self.people, done).await
    }

    /// Lets everybody act until something that breaks in the midst of it is whole again.
    async fn act(&mut self, fault: &mut impl AsyncFnMut(&mut Binary)) {
        self.town.over.set(false);
        let acting: Vec<_> = self
            .people
            .iter()
            .cloned()
            .map(|person| {
                let town = self.town.clone();
                tokio::task::spawn_local(async move { town.live(person).await })
            })
            .collect();
        self.sometime().await;
        fault(&mut self.program).await;
        self.town.over.set(true);
        for person in acting {
            person.await.expect("whoever acts sees answers or none, and no wrong one");
        }
        self.town.origin.replace(self.program.url().to_owned());
    }

    async fn rounds(&mut self, fault: impl AsyncFnMut(&mut Binary)) {
        self.so_many(wanted().unwrap_or(FEW), fault).await;
    }

    #[allow(clippy::print_stderr, reason = "the figures are for whoever runs it")]
    async fn so_many(&mut self, rounds: usize, mut fault: impl AsyncFnMut(&mut Binary)) {
        let (mut sum, mut longest) = (Found::default(), Duration::ZERO);
        for round in 1..=rounds {
            let found = self.round(&mut fault).await;
            sum.acknowledged += found.acknowledged;
            sum.whole += found.whole;
            sum.open += found.open;
            longest = longest.max(self.program.start_time());
            // Now and then: a long run that ends with a complaint has still shown what it had shown until then.
            if round == rounds || round % 50 == 0 {
                eprintln!(
                    "{round} faults: {} acknowledged and found, {} unanswered and whole, {} unanswered and not done or \
                     not told apart; the longest start took {longest:?}",
                    sum.acknowledged, sum.whole, sum.open
                );
            }
        }
        assert!(sum.acknowledged > rounds * 5, "the people did too little: {sum:?}");
        assert!(self.program.stop().await.success());
    }
}

/// How many faults somebody asked for.
fn wanted() -> Option<usize> {
    std::env::var("WATCHBELL_TEST_FAULTS").ok().map(|number| number.parse().expect("a number"))
}

async fn command(program: &Binary, url: &str, arguments: &[&str]) -> serde_json::Value {
    let mut command = binary::command(arguments);
    command.args(["--json", "--data"]).arg(program.data()).env("WATCHBELL_DATABASE__URL", url);
    let settings = [("WATCHBELL_PASSWORD__MEMORY_KIB", "64"), ("WATCHBELL_PASSWORD__ITERATIONS", "1")];
    command.envs(settings).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let done = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        // A command that takes no password does not read it.
        let _ = child.stdin.take().unwrap().write_all(PASSWORD.as_bytes());
        child.wait_with_output().unwrap()
    });
    let done = done.await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

async fn add_app(program: &Binary, url: &str) -> App {
    let add = ["client", "add", "--name", "Shop", "--id", "shop", "--redirect-uri", CALLBACK, "--first-party"];
    let added = command(program, url, &add).await;
    let secret = added["client_secret"].as_str().expect("a secret").to_owned();
    App { client_id: "shop".to_owned(), secret: Some(secret) }
}

async fn add_person(program: &Binary, url: &str, email: &str) {
    command(program, url, &["user", "add", "--email", email, "--name", "New", "--password-stdin"]).await;
}

async fn killed(program: &mut Binary) {
    program.kill();
    program.start_again().await;
}

#[actix_web::test]
async fn whatever_was_acknowledged_survives_kill_9_at_any_moment_on_sqlite() {
    let place = Place::new(Db::Sqlite).await;
    Stage::set(place.url()).await.rounds(killed).await;
}

#[actix_web::test]
async fn whatever_was_acknowledged_survives_kill_9_at_any_moment_on_postgres() {
    let place = Place::new(Db::Postgres).await;
    Stage::set(place.url()).await.rounds(killed).await;
}

#[actix_web::test]
async fn whoever_is_asked_to_stop_answers_what_it_took_and_nothing_is_lost() {
    let place = Place::new(Db::Sqlite).await;
    Stage::set(place.url())
        .await
        .rounds(async |program: &mut Binary| {
            assert!(program.stop().await.success());
            program.start_again().await;
        })
        .await;
}

/// The database goes down in the midst of everything, as after a crash, and comes back; the program lives through it.
#[actix_web::test]
async fn whatever_was_acknowledged_survives_a_crash_of_postgres() {
    let cluster = tokio::task::spawn_blocking(Cluster::start_durable).await.unwrap().unwrap();
    let cluster = RefCell::new(cluster);
    let url = cluster.borrow().url();
    Stage::set(&url)
        .await
        .rounds(async |program: &mut Binary| {
            let outage = Duration::from_millis(dice(400));
            cluster.borrow_mut().crash(outage).unwrap();
            until_ready(program).await;
        })
        .await;
}

async fn until_ready(program: &Binary) {
    let ready = || async { program.send(actix_web::test::TestRequest::with_uri("/readyz")).await };
    for _ in 0..300 {
        if ready().await.is_ok_and(|answer| answer.status == 200) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it is not ready, fifteen seconds after its database came back");
}
