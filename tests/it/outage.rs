//! Mail and push services are down for a while: what is still worth something comes soon after, and the rest is given up, where an
//! operator finds it.

use crate::bell::{SOON, turn_on};
use std::time::{Duration, Instant};
use testkit::browser::{Browser, CHROME};
use testkit::house::{Db, House, Plan};
use testkit::people::{PASSWORD, jane, sign_in};
use testkit::push_service::{Fault, PushService};
use testkit::stories;

const JANE: &str = "jane@example.com";
const MINUTE: Duration = Duration::from_secs(60);
/// Mails that were tried in vain, and are tried again.
const AGAIN: &str = "watchbell_deliveries_total{sink=\"mail\",outcome=\"again\",service=\"\"}";

/// A house whose relays look often, and its push service.
async fn open(db: Db) -> (House, PushService) {
    let mut plan = Plan { nap: Duration::from_millis(10), ..Plan::default() };
    let service = PushService::start_with(plan.clock.clone(), false).await;
    plan.outbound.trusted_origins.push(service.origin().parse().unwrap());
    (House::build(db, plan).await, service)
}

/// Neither takes anything, for so long.
async fn are_down(house: &House, service: &PushService, minutes: u32) {
    house.post.is_away(true);
    service.fail(None, Fault::Reset, usize::MAX);
    for _ in 0..2 * minutes {
        house.clock.advance(MINUTE / 2);
        tokio::time::timeout(MINUTE, is_tried(house, "push")).await.expect("the relay stands still");
        // Of mails one tries for all, now and then: the others are due and wait.
        let _ = tokio::time::timeout(Duration::from_millis(50), is_tried(house, "mail")).await;
    }
}

/// Jane has forgotten her password.
async fn asks_for_a_link(browser: &mut Browser) {
    let page = browser.open("/recover").await;
    browser.submit_and_follow(page.form("/recover").with("username", JANE)).await;
}

fn are_back(house: &House, service: &PushService) {
    house.post.is_away(false);
    service.heal();
}

async fn everything_due_is_tried(house: &House) {
    for sink in ["push", "mail"] {
        tokio::time::timeout(MINUTE, is_tried(house, sink)).await.expect("the relay stands still");
    }
}

/// Until nothing is due there.
async fn is_tried(house: &House, sink: &str) {
    while house.app.levels().await.unwrap().outbox.iter().any(|(name, due, _)| *name == sink && *due > 0) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The delivery that was given up, once it is: one that was claimed is not due, and not yet over.
async fn given_up(house: &House) -> store::model::Delivery {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let dead = house.store.dead_deliveries(10).await.unwrap();
        if let [one] = dead.as_slice() {
            return one.clone();
        }
        assert!(dead.is_empty() && Instant::now() < deadline, "{dead:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn comes_to(expected: u64, counted: impl Fn() -> u64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while counted() != expected {
        assert!(Instant::now() < deadline, "{} instead of {expected}", counted());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

stories! {
    /// security.md, "Faults": all of them, at most five minutes after half an hour.
    async fn what_happens_while_mail_and_push_services_are_down_is_told_within_five_minutes_after(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        house.post.is_away(true);
        service.fail(None, Fault::Reset, usize::MAX);
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await;
        are_down(&house, &service, 30).await;
        assert!(bell.waiting() == 0 && house.post.letters_to(JANE).is_empty());
        are_back(&house, &service);
        house.clock.advance(5 * MINUTE);
        assert!(bell.next_message(SOON).await.json.to_string().contains("was-this-you"));
        house.post.take(JANE, "sign-in").await;
        everything_due_is_tried(&house).await;
        assert!(bell.waiting() == 0 && house.post.letters_to(JANE).is_empty(), "and once");
        service.assert_all_well_formed();
    }

    /// While the mail server is away, one mail asks for all whether it is back; then all go out at once, though none of them is
    /// tried so soon again by itself.
    async fn of_many_mails_one_asks_for_all_whether_the_server_is_back(db: Db) {
        let (house, service) = open(db).await;
        house.post.is_away(true);
        let people: Vec<String> = (0..20).map(|n| format!("person{n}@example.com")).collect();
        for person in &people {
            let mut browser = house.browser(CHROME);
            let page = browser.open("/register").await;
            let form = page.form("/register").with("username", person).with("name", "Jo").with("password", PASSWORD);
            browser.submit_and_follow(form).await;
        }
        are_down(&house, &service, 15).await;
        let tried = testkit::redis::counted(&house.app, AGAIN);
        assert!((10..50).contains(&tried), "{tried} times, for twenty mails in a quarter of an hour");
        are_back(&house, &service);
        house.clock.advance(3 * MINUTE / 2);
        for person in &people {
            house.post.take(person, "").await;
        }
    }

    /// Whoever gives Watchbell a wrong password for the mail server loses no mail by it.
    async fn a_mail_server_that_does_not_know_us_costs_nobody_a_mail(db: Db) {
        let (house, service) = open(db).await;
        jane(&house).await;
        house.post.is_closed(true);
        let mut there = house.browser(CHROME);
        asks_for_a_link(&mut there).await;
        comes_to(1, || testkit::redis::counted(&house.app, AGAIN)).await;
        are_down(&house, &service, 10).await;
        are_back(&house, &service);
        house.post.is_closed(false);
        house.clock.advance(5 * MINUTE);
        house.post.take(JANE, "password").await;
        assert!(house.store.dead_deliveries(10).await.unwrap().is_empty());
    }

    /// A mail that waited behind another, and was never tried itself, is found like any that was.
    async fn what_waited_in_vain_is_given_up_and_can_be_had_again(db: Db) {
        let (house, _service) = open(db).await;
        jane(&house).await;
        house.post.is_away(true);
        let mut there = house.browser(CHROME);
        for _ in 0..2 {
            asks_for_a_link(&mut there).await;
            // The first is tried, and the second waits for its sake.
            comes_to(1, || testkit::redis::counted(&house.app, AGAIN)).await;
        }
        while !house.app.levels().await.unwrap().outbox.contains(&("mail", 1, 0)) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        house.post.is_away(false);
        house.clock.advance(70 * MINUTE);
        let deadline = Instant::now() + MINUTE;
        let dead = loop {
            let dead = house.store.dead_deliveries(10).await.unwrap();
            if dead.len() == 2 {
                break dead;
            }
            assert!(Instant::now() < deadline, "{dead:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        assert!(dead.iter().all(|one| one.last_error.as_ref().unwrap().starts_with("no time left: ")), "{dead:?}");
        assert!(house.store.redrive(dead[0].id, house.clock.now()).await.unwrap());
        house.post.take(JANE, "password").await;
    }

    /// A link that sets a password is of no use to anybody an hour later; but whoever wants it can still be given it.
    async fn what_has_outlived_its_time_is_given_up_and_can_be_had_again(db: Db) {
        let (house, service) = open(db).await;
        jane(&house).await;
        house.post.is_away(true);
        let mut there = house.browser(CHROME);
        asks_for_a_link(&mut there).await;
        comes_to(1, || testkit::redis::counted(&house.app, AGAIN)).await;
        are_down(&house, &service, 62).await;
        are_back(&house, &service);
        house.clock.advance(30 * MINUTE);
        let given_up = given_up(&house).await;
        assert!(house.post.letters_to(JANE).is_empty(), "it is over");
        let why = given_up.last_error.clone().unwrap_or_default();
        assert!(why.starts_with("no time left: ") && given_up.attempts > 10, "{given_up:?}");
        let name = "watchbell_deliveries_total{sink=\"mail\",outcome=\"dead\",service=\"\"}";
        comes_to(1, || testkit::redis::counted(&house.app, name)).await;

        assert!(house.store.redrive(given_up.id, house.clock.now()).await.unwrap());
        let link = house.post.take(JANE, "password").await.link("/reset");
        there.open(&link).await.form("/reset");
        assert!(house.store.dead_deliveries(10).await.unwrap().is_empty());
    }
}
