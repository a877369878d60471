//! Redis dies, is emptied, stands still and comes back: the service goes on, and nothing is forgotten.
//!
//! That nobody waits for it is counted, not timed: how long a request takes is also the machine's affair.

use super::two_nodes;
use actix_web::http::StatusCode;
use std::time::{Duration, Instant};
use testkit::browser::{Browser, CHROME, FIREFOX, Reply};
use testkit::house::{House, Node, Plan};
use testkit::people::{App, CALLBACK, PASSWORD, VERIFIER, jane, link, sign_in};
use testkit::redis::{Server, counted, private, say, until};

const JANE: &str = "jane@example.com";

/// What is done to Redis in the middle of something.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Killed,
    Flushed,
    StandsStill,
}

async fn befalls(fault: Fault, server: &Server) {
    match fault {
        Fault::Killed => server.kill(),
        Fault::Flushed => assert!(say(server, "FLUSHALL").await.contains("OK")),
        Fault::StandsStill => server.pause(),
    }
}

/// How often a node's requests may wait in vain for a Redis that stands still, for `redis.timeout_ms` each: with the usual 80, less
/// than half a second, in all.
pub(super) const IN_VAIN: u64 = 5;

pub(super) fn waited_in_vain(app: &app::App) -> u64 {
    let slow = |what| counted(app, &format!("watchbell_redis_questions_total{{what=\"{what}\",outcome=\"slow\"}}"));
    slow("take") + slow("seen")
}

/// What the two nodes do in turns.
struct Turns<'a> {
    house: &'a House,
    other: &'a Node,
    taken: usize,
}

impl<'a> Turns<'a> {
    const fn of(house: &'a House, other: &'a Node) -> Self {
        Self { house, other, taken: 0 }
    }

    fn next(&mut self) -> &'a testkit::browser::Server {
        self.taken += 1;
        if self.taken.is_multiple_of(2) { self.house.server() } else { &self.other.server }
    }

    /// One step of a browser, at the node whose turn it is.
    async fn step(&mut self, browser: &mut Browser, step: impl AsyncFnOnce(&mut Browser) -> Reply) -> Reply {
        browser.moves_to(self.next());
        step(browser).await
    }

    /// One call of an app's server.
    async fn call(&mut self, app: &App, path: &str, form: &[(&str, &str)]) -> Reply {
        app.call_at(self.next(), path, form).await
    }
}

/// Registering, signing in, consent, tokens, renewing, a replayed code, a change that waits: with the fault between any two steps.
async fn everything_goes_on(fault: Fault) {
    let server = private();
    let (house, other) = two_nodes(&server.url(), Plan { forms_per_minute: 600, ..Plan::default() }).await;
    let app = App::ordinary(&house).await;
    let (mut turns, mut browser) = (Turns::of(&house, &other), house.browser(FIREFOX));

    let page = turns.step(&mut browser, async |b| b.open("/login").await).await;
    let page = turns.step(&mut browser, async |b| b.open(&link(&page, "/register")).await).await;
    befalls(fault, &server).await;
    let form = page.form("/register").with("username", JANE).with("name", "Jane Doe").with("password", PASSWORD);
    turns.step(&mut browser, async |b| b.submit_and_follow(form).await).await.says(JANE);
    let letter = house.post.take(JANE, "").await;
    let page = turns.step(&mut browser, async |b| b.open(&letter.link("/confirm")).await).await;
    turns.step(&mut browser, async |b| b.submit_and_follow(page.form("/confirm")).await).await;
    if fault == Fault::Flushed {
        befalls(fault, &server).await;
    }

    let page = turns.step(&mut browser, async |b| b.open(&app.request(&[])).await).await;
    let yes = page.form("/consent").with("decision", "allow");
    let back = turns.step(&mut browser, async |b| b.submit_and_follow(yes).await).await;
    let code = back.parameter("code").unwrap_or_else(|| panic!("{} {}", back.status, back.body));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let tokens = turns.call(&app, "/oauth/token", &form).await.json();
    let renew = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    let renewed = turns.call(&app, "/oauth/token", &renew).await.json();
    let access = [("token", renewed["access_token"].as_str().unwrap())];
    assert_eq!(turns.call(&app, "/oauth/introspect", &access).await.json()["active"], true);
    if fault == Fault::Flushed {
        befalls(fault, &server).await;
    }
    let replayed = turns.call(&app, "/oauth/token", &form).await;
    assert_eq!(replayed.json()["error"], "invalid_grant");
    tokio::time::sleep(Duration::from_millis(600)).await;
    for _ in 0..2 {
        let dead = turns.call(&app, "/oauth/introspect", &access).await.json();
        assert_eq!(dead["active"], false, "what a replayed code had given is over on both nodes");
    }

    let page = turns.step(&mut browser, async |b| b.open("/account/email").await).await;
    let form = page.form("/account/email").with("email", "jane@new.example");
    let page = turns.step(&mut browser, async |b| b.submit_and_follow(form).await).await;
    let cancel = page.form("/cancel");
    turns.step(&mut browser, async |b| b.submit_and_follow(cancel).await).await;
    let page = turns.step(&mut browser, async |b| b.open("/account/profile").await).await;
    assert!(page.body.contains(JANE) && !page.body.contains("jane@new.example"), "what was taken back was not done");

    let mut second = house.browser(CHROME);
    let page = turns.step(&mut second, async |b| sign_in(b, JANE, "not the one").await).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    turns.step(&mut second, async |b| sign_in(b, JANE, PASSWORD).await).await;
    assert_eq!(turns.step(&mut second, async |b| b.get("/account").await).await.status, StatusCode::OK);
    for app in [&house.app, &other.app] {
        let waited = waited_in_vain(app);
        assert!(waited <= IN_VAIN, "{waited} requests waited for it in vain");
    }
    server.go_on();
}

#[actix_web::test]
async fn redis_dies_in_the_middle() {
    everything_goes_on(Fault::Killed).await;
}

#[actix_web::test]
async fn redis_is_emptied_again_and_again() {
    everything_goes_on(Fault::Flushed).await;
}

/// It takes connections and answers nothing: nobody waits for it for long.
#[actix_web::test]
async fn redis_stands_still() {
    everything_goes_on(Fault::StandsStill).await;
}

/// Limits on guessing are the database's: emptying Redis, or taking it away, buys no guess.
#[actix_web::test]
async fn an_emptied_redis_forgets_no_guess() {
    let server = private();
    let (house, other) = two_nodes(&server.url(), Plan::default()).await;
    let _jane = jane(&house).await;
    let mut guesser = house.browser(CHROME).from_address("198.51.100.9");
    let form = guesser.open("/login").await.form("/login").with("username", JANE).with("password", "guess");
    let (mut tried, mut refused) = (0, 0);
    for n in 0..16 {
        match n {
            5 => befalls(Fault::Flushed, &server).await,
            8 => befalls(Fault::Killed, &server).await,
            _ => {}
        }
        guesser.moves_to(if n % 2 == 0 { house.server() } else { &other.server });
        match guesser.submit(form.clone()).await.status {
            StatusCode::UNPROCESSABLE_ENTITY => tried += 1,
            StatusCode::TOO_MANY_REQUESTS => refused += 1,
            status => panic!("{status}"),
        }
    }
    assert!(tried <= 10 && refused >= 6, "{tried} guesses were looked at, {refused} refused");
}

/// It comes back, as new, and is used again.
#[actix_web::test]
async fn redis_comes_back_and_is_used_again() {
    let mut server = private();
    let (house, other) = two_nodes(&server.url(), Plan::default()).await;
    let mut browser = jane(&house).await;
    server.kill();
    until(house.app.bus(), false).await;
    until(other.app.bus(), false).await;
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    server.start_again().unwrap();
    until(house.app.bus(), true).await;
    until(other.app.bus(), true).await;
    // Each listens again, too, and hears of what was missed at once.
    let deadline = Instant::now() + Duration::from_secs(10);
    while !say(&server, "KEYS *").await.contains(":news") {
        assert!(Instant::now() < deadline, "nobody listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    hears(&house.app, &other.app).await;
}

/// Waits until one node hears what another says.
pub(super) async fn hears(speaker: &app::App, listener: &app::App) {
    let (before, deadline) = (listener.store().revision(), Instant::now() + Duration::from_secs(20));
    loop {
        speaker.bus().say(bus::News::Outdated);
        if listener.store().revision() != before {
            break;
        }
        assert!(Instant::now() < deadline, "the other node hears nothing");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Stands still, and goes on: what it was told in between hurts nobody.
#[actix_web::test]
async fn redis_goes_on_after_it_stood_still() {
    let server = private();
    let (house, other) = two_nodes(&server.url(), Plan { forms_per_minute: 600, ..Plan::default() }).await;
    let _jane = jane(&house).await;
    server.pause();
    for n in 0..6 {
        let mut browser = house.browser(CHROME);
        browser.moves_to(if n % 2 == 0 { house.server() } else { &other.server });
        let page = browser.open("/login").await;
        let form = page.form("/login").with("username", JANE).with("password", PASSWORD);
        assert!(browser.submit(form).await.status.is_redirection());
    }
    for app in [&house.app, &other.app] {
        assert!((1..=IN_VAIN).contains(&waited_in_vain(app)), "{}", waited_in_vain(app));
    }
    until(house.app.bus(), false).await;
    server.go_on();
    until(house.app.bus(), true).await;
    let mut browser = house.browser(CHROME);
    sign_in(&mut browser, JANE, PASSWORD).await;
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}
