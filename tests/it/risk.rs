//! The risk rules: what is odd about a sign-in that is otherwise right, and what follows.

use actix_web::http::StatusCode;
use base::{Cursor, Id};
use identity::limit::Limit;
use identity::risk::{Action, Outcome, Rule, Rules, why};
use identity::{Event, Totp};
use std::time::Duration;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply, SAFARI};
use testkit::house::{Db, House, Plan, START};
use testkit::people::{NEW_PASSWORD, PASSWORD, jane, register, sign_in};
use testkit::places::{PARIS, REUNION, TOKYO, atlas};
use testkit::stories;

const JANE: &str = "jane@example.com";
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A house that knows where addresses are, with these rules.
async fn open(db: Db, rules: Rules) -> House {
    let mut plan = Plan { geo: Some(atlas()), ..Plan::default() };
    plan.settings.risk = rules;
    House::build(db, plan).await
}

async fn id_of(house: &House, email: &str) -> Id {
    let tenant = house.here().tenant().id;
    house.store.read(tenant).await.unwrap().find_account_by_email(email).await.unwrap().unwrap().id
}

/// Gives the account an authenticator app.
async fn give_second_factor(house: &House, email: &str) {
    let totp = Totp {
        account: id_of(house, email).await,
        sealed: vec![0; 64],
        last_step: 0,
        created_at: START,
        confirmed_at: Some(START),
        last_used_at: None,
    };
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    tx.put_totp(&totp).await.unwrap();
    tx.commit().await.unwrap();
}

/// What was found in the sign-ins to the account, newest first: the outcome, and the rules that led to it.
async fn found(house: &House, email: &str) -> Vec<(Outcome, Vec<Rule>)> {
    let mut read = house.store.read(house.here().tenant().id).await.unwrap();
    let log = read.list_events(id_of(house, email).await, Cursor(None), 200).await.unwrap();
    let risk = |event| match event {
        Event::Risk { findings, outcome, .. } => Some((outcome, why(&findings, outcome).collect())),
        _ => None,
    };
    log.items.into_iter().filter_map(|record| risk(record.event)).collect()
}

async fn attacks(house: &House) -> Vec<Event> {
    let mut read = house.store.read(house.here().tenant().id).await.unwrap();
    let found = read.list_kinds(&["attack.one_address", "attack.many_addresses"], START, 99).await.unwrap();
    found.into_iter().map(|record| record.event).collect()
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.open("/account").await;
    browser.submit_and_follow(page.form("/logout")).await;
}

/// Gives address and password, and stops at the answer.
async fn try_in(browser: &mut Browser, email: &str, password: &str) -> Reply {
    let page = browser.open("/login").await;
    browser.submit(page.form("/login").with("username", email).with("password", password)).await
}

fn is_asked_for_more(reply: &Reply) -> bool {
    reply.status == StatusCode::SEE_OTHER && reply.location().starts_with("/login/mfa?")
}

/// How many letters of that subject came so far.
fn letters(house: &House, subject: &str) -> usize {
    house.post.letters_to(JANE).iter().filter(|letter| letter.subject.contains(subject)).count()
}

stories! {
    /// A laptop on a journey: its owner is told once, and gets in.
    async fn a_sign_in_from_a_new_country_is_told_once(db: Db) {
        let house = open(db, Rules::default()).await;
        let mut laptop = jane(&house).await;
        sign_out(&mut laptop).await;
        let mut laptop = laptop.from_address(TOKYO);
        let mut letters = Vec::new();
        for time in 0..2 {
            house.clock.advance(DAY);
            sign_in(&mut laptop, JANE, PASSWORD).await;
            if time == 0 {
                // Now: a day later it is worth nothing any more.
                letters.push(house.post.take(JANE, "Unusual sign-in").await);
            }
            laptop.open("/account").await.says("Jane");
            sign_out(&mut laptop).await;
        }
        let letter = &letters[0];
        assert!(letter.text.contains("You haven’t signed in from this country before."), "{}", letter.text);
        assert!(letter.text.contains("near Tokyo"), "{}", letter.text);
        assert_eq!(found(&house, JANE).await, [(Outcome::Told, vec![Rule::NewCountry])]);
        sign_in(&mut laptop, JANE, PASSWORD).await;
        laptop.open("/account/activity").await.says("Unusual sign-in. You haven’t signed in from this country before.");
    }

    /// The question about the new device tells of the sign-in: nobody is told twice.
    async fn a_new_device_in_a_new_country_is_one_notice_and_both_reasons(db: Db) {
        let house = open(db, Rules::default()).await;
        let mut here = jane(&house).await;
        house.clock.advance(DAY);
        let mut there = house.browser(CHROME).from_address(TOKYO);
        sign_in(&mut there, JANE, PASSWORD).await;
        house.post.take(JANE, "New sign-in").await;
        assert_eq!(found(&house, JANE).await, [(Outcome::Noted, vec![Rule::NewDevice, Rule::NewCountry])]);
        // A mail that comes later shows that none came before it.
        house.clock.advance(DAY);
        sign_in(&mut house.browser(SAFARI).from_address(PARIS), JANE, PASSWORD).await;
        house.post.take(JANE, "New sign-in").await;
        assert_eq!(letters(&house, "Unusual"), 0);
        assert_eq!(found(&house, JANE).await.len(), 1, "a new device alone is what the question says");
        here.open("/account/activity").await.says("Unusual sign-in. We don’t know this device yet.");
    }

    /// Lyon and, an hour later, Réunion: the same country, and no aeroplane is as fast.
    async fn an_impossible_journey_is_asked_for_a_second_factor_and_says_why(db: Db) {
        let house = open(db, Rules::default()).await;
        let mut here = jane(&house).await;
        give_second_factor(&house, JANE).await;
        house.clock.advance(HOUR);
        let mut there = house.browser(CHROME).from_address(REUNION);
        let reply = try_in(&mut there, JANE, PASSWORD).await;
        assert!(is_asked_for_more(&reply), "{} {}", reply.status, reply.location());
        there.open("/account").await.form("/login");
        assert_eq!(found(&house, JANE).await, [(Outcome::Asked, vec![Rule::ImpossibleTravel])]);

        let flow = reply.parameter("flow").unwrap().parse().unwrap();
        let mut read = house.store.read(house.here().tenant().id).await.unwrap();
        let demand = read.find_flow(flow).await.unwrap().unwrap().demand.unwrap();
        assert!(demand.reasons.contains(&identity::login::Reason::ImpossibleTravel), "{demand:?}");
        here.open("/account/activity")
            .await
            .says("We asked for a second step. The last sign-in was too far away for the time between.");

        // The same password again in the same flow is the same attempt.
        let page = there.open(&format!("/login?flow={flow}")).await;
        there.submit(page.form("/login").with("username", JANE).with("password", PASSWORD)).await;
        assert_eq!(found(&house, JANE).await.len(), 1);
    }

    /// A thief would set up a second factor of his own: of whoever has none, none is asked.
    async fn who_has_no_second_factor_is_told_instead_of_asked(db: Db) {
        let house = open(db, Rules::default()).await;
        let _here = jane(&house).await;
        let mut phone = house.browser(SAFARI);
        sign_in(&mut phone, JANE, PASSWORD).await;
        house.post.take(JANE, "New sign-in").await;
        sign_out(&mut phone).await;
        house.clock.advance(HOUR);
        let mut phone = phone.from_address(REUNION);
        sign_in(&mut phone, JANE, PASSWORD).await;
        phone.open("/account").await.says("Jane");
        let letter = house.post.take(JANE, "Unusual sign-in").await;
        assert!(letter.text.contains("too far away"), "{}", letter.text);
        assert_eq!(found(&house, JANE).await, [(Outcome::Told, vec![Rule::ImpossibleTravel])]);
    }

    /// A browser whose word counts has a VPN; it does not fly.
    async fn a_known_browser_may_be_anywhere_at_once(db: Db) {
        let house = open(db, Rules::default()).await;
        let mut here = jane(&house).await;
        give_second_factor(&house, JANE).await;
        sign_out(&mut here).await;
        let reply = try_in(&mut here.from_address(REUNION), JANE, PASSWORD).await;
        assert!(is_asked_for_more(&reply), "by the account's own choice");
        assert_eq!(found(&house, JANE).await, []);
    }

    /// Half a year, to the day. A remembered device is not spared.
    async fn an_account_that_was_not_used_for_half_a_year_is_asked_for_more(db: Db) {
        let house = open(db, Rules::default()).await;
        let mut here = jane(&house).await;
        give_second_factor(&house, JANE).await;
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        let device = tx.list_devices(id_of(&house, JANE).await).await.unwrap().remove(0);
        let trusted_until = Some(START.plus(DAY * 400));
        tx.update_device(&identity::Device { trusted_until, ..device }).await.unwrap();
        tx.commit().await.unwrap();
        sign_out(&mut here).await;

        house.clock.advance(DAY * 179);
        let reply = try_in(&mut here, JANE, PASSWORD).await;
        assert!(!is_asked_for_more(&reply), "{}", reply.location());
        sign_out(&mut here).await;
        house.clock.advance(DAY * 180);
        let reply = try_in(&mut here, JANE, PASSWORD).await;
        assert!(is_asked_for_more(&reply), "{}", reply.location());
        assert_eq!(found(&house, JANE).await, [(Outcome::Asked, vec![Rule::LongInactivity])]);
    }

    /// One address, a list of leaked passwords: the one that fits does not get in.
    async fn who_tried_many_accounts_before_is_asked_for_more_and_the_operator_hears_of_it(db: Db) {
        let house = open(db, Rules { accounts: 4, ..Rules::default() }).await;
        let _here = jane(&house).await;
        give_second_factor(&house, JANE).await;
        let mut thief = house.browser(CHROME).from_address("198.51.100.66");
        for n in 0..4 {
            assert_eq!(attacks(&house).await.len(), 0);
            try_in(&mut thief, &format!("somebody-{n}@example.com"), "leaked").await;
            // The same one again is no other account.
            try_in(&mut thief, &format!("somebody-{n}@example.com"), "leaked too").await;
        }
        let event = Event::ManyAccountsTried { network: "198.51.100.66".to_owned(), accounts: 4 };
        assert_eq!(attacks(&house).await, [event]);
        try_in(&mut thief, "somebody-5@example.com", "leaked").await;
        assert_eq!(attacks(&house).await.len(), 1, "once in a window");

        assert!(is_asked_for_more(&try_in(&mut thief, JANE, PASSWORD).await));
        let (outcome, rules) = found(&house, JANE).await.remove(0);
        assert_eq!(outcome, Outcome::Asked);
        assert!(rules.contains(&Rule::ManyAccounts), "{rules:?}");

        // An hour later the address has a clean slate.
        house.clock.advance(HOUR * 12);
        try_in(&mut thief, JANE, PASSWORD).await;
        let (_, rules) = found(&house, JANE).await.remove(0);
        assert!(!rules.contains(&Rule::ManyAccounts), "{rules:?}");
    }

    /// An office: many sign in from one address, and none of them in vain.
    async fn many_who_sign_in_from_one_address_are_not_odd(db: Db) {
        let house = open(db, Rules { accounts: 2, ..Rules::default() }).await;
        let people = ["a@example.com", "b@example.com", "c@example.com", "d@example.com"];
        for email in people {
            register(&house, &mut house.browser(FIREFOX), email).await;
        }
        for email in people {
            let mut browser = house.browser(CHROME);
            sign_in(&mut browser, email, PASSWORD).await;
            browser.open("/account").await.says("Jane");
            assert_eq!(found(&house, email).await, []);
        }
        assert_eq!(attacks(&house).await, []);
    }

    /// Many addresses guess at one account: a stranger among them is asked, its owner is not.
    async fn an_account_that_is_tried_from_many_addresses_asks_strangers_for_more(db: Db) {
        let house = open(db, Rules { addresses: 3, ..Rules::default() }).await;
        let mut here = jane(&house).await;
        give_second_factor(&house, JANE).await;
        for n in 1..=3 {
            try_in(&mut house.browser(CHROME).from_address(&format!("203.0.113.{}", n * 10)), JANE, "guess").await;
        }
        sign_out(&mut here).await;
        try_in(&mut here, JANE, PASSWORD).await;
        assert_eq!(found(&house, JANE).await, [], "a known browser is its owner's");
        let mut stranger = house.browser(SAFARI).from_address("203.0.113.99");
        assert!(is_asked_for_more(&try_in(&mut stranger, JANE, PASSWORD).await));
        assert_eq!(found(&house, JANE).await, [(Outcome::Asked, vec![Rule::ManyAddresses])]);
    }

    /// A botnet, one guess from each of its machines.
    async fn tries_from_unusually_many_addresses_are_told_to_the_operator(db: Db) {
        let house = open(db, Rules { addresses_in_all: 20, ..Rules::default() }).await;
        for n in 1..=25 {
            let mut bot = house.browser(CHROME).from_address(&format!("198.51.{n}.7"));
            try_in(&mut bot, &format!("somebody-{n}@example.com"), "leaked").await;
            try_in(&mut bot, &format!("somebody-{n}-else@example.com"), "leaked").await;
        }
        assert_eq!(attacks(&house).await, [Event::ManyAddressesTried { addresses: 20 }]);
    }

    /// Guesses that come together are counted before any of them is looked at.
    async fn a_burst_of_guesses_does_not_slip_in_a_right_one_unseen(db: Db) {
        let house = open(db, Rules { accounts: 6, ..Rules::default() }).await;
        let _here = jane(&house).await;
        give_second_factor(&house, JANE).await;
        let mut guesses = Vec::new();
        for n in 0..12 {
            let mut thief = house.browser(CHROME).from_address("198.51.100.66");
            guesses.push(async move { try_in(&mut thief, &format!("somebody-{n}@example.com"), "leaked").await.status });
        }
        let statuses = futures_util::future::join_all(guesses).await;
        assert!(statuses.iter().all(|status| *status == StatusCode::UNPROCESSABLE_ENTITY), "{statuses:?}");
        assert!(matches!(attacks(&house).await[..], [Event::ManyAccountsTried { .. }]), "told once");
        try_in(&mut house.browser(SAFARI).from_address("198.51.100.66"), JANE, PASSWORD).await;
        let (_, rules) = found(&house, JANE).await.remove(0);
        assert!(rules.contains(&Rule::ManyAccounts), "{rules:?}");
    }

    /// security.md: the same address, 15 accounts, one guess each: throttled, and an event.
    async fn fifteen_accounts_from_one_address_are_throttled_and_told(db: Db) {
        let mut plan = Plan { geo: Some(atlas()), ..Plan::default() };
        plan.settings.address = Limit::address();
        let house = House::build(db, plan).await;
        let mut thief = house.browser(CHROME).from_address("[2001:db8:7::1]");
        let mut statuses = Vec::new();
        for n in 0..16 {
            // Another address of the same customer is the same address.
            thief = thief.from_address(&format!("[2001:db8:7::{}]", n + 1));
            statuses.push(try_in(&mut thief, &format!("somebody-{n}@example.com"), "leaked").await.status);
        }
        assert!(statuses[..15].iter().all(|status| *status == StatusCode::UNPROCESSABLE_ENTITY), "{statuses:?}");
        assert_eq!(statuses[15], StatusCode::TOO_MANY_REQUESTS);
        let event = Event::ManyAccountsTried { network: "2001:db8:7::/64".to_owned(), accounts: 10 };
        assert_eq!(attacks(&house).await, [event]);
    }

    /// Refused: why, what to do, a mail to the owner; and setting a password by mail is the way in.
    async fn what_is_refused_says_why_and_what_to_do(db: Db) {
        let house = open(db, Rules { new_country: Action::Refuse, ..Rules::default() }).await;
        let mut here = jane(&house).await;
        house.clock.advance(DAY);
        let mut there = house.browser(CHROME).from_address(TOKYO);
        let reply = try_in(&mut there, JANE, "not the one").await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "a wrong password is wrong, and that is all");
        let reply = try_in(&mut there, JANE, PASSWORD).await;
        assert!(reply.location().starts_with("/login/refused?flow="), "{}", reply.location());
        assert_eq!(reply.header("set-cookie"), "", "nothing that would sign anybody in");
        let page = there.open(reply.location()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.says("We stopped this sign-in").says("You haven’t signed in from this country before.");
        page.says("Sign in from a device that you have used here before").says("set a new password by mail");
        there.open("/account").await.form("/login");
        there.open(&reply.location().replace("refused", "continue")).await.form("/login");
        let mut else_where = house.browser(SAFARI);
        assert_eq!(else_where.open(reply.location()).await.status, StatusCode::FORBIDDEN, "another browser's");
        assert!(!else_where.open(reply.location()).await.text().contains("country"));

        let letter = house.post.take(JANE, "We stopped a sign-in").await;
        assert!(letter.text.contains("You haven’t signed in from this country before."), "{}", letter.text);
        assert_eq!(found(&house, JANE).await, [(Outcome::Refused, vec![Rule::NewCountry])]);
        here.open("/account/activity").await.says("We stopped a sign-in.");

        let page = there.open("/recover").await;
        there.submit_and_follow(page.form("/recover").with("username", JANE)).await;
        let page = there.open(&house.post.take(JANE, "Set a new password").await.link("/reset")).await;
        there.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        sign_in(&mut there, JANE, NEW_PASSWORD).await;
        there.open("/account").await.says("Jane");
    }

    /// The shadow: every rule would refuse, and nobody notices anything.
    async fn in_shadow_mode_nothing_changes_for_anybody_and_everything_is_recorded(db: Db) {
        let refuse = Action::Refuse;
        let rules = Rules {
            shadow: true,
            new_device: refuse,
            new_country: refuse,
            impossible_travel: refuse,
            long_inactivity: refuse,
            many_accounts: refuse,
            many_addresses: refuse,
            ..Rules::default()
        };
        let house = open(db, rules).await;
        let mut here = jane(&house).await;
        let mut there = house.browser(CHROME).from_address(TOKYO);
        sign_in(&mut there, JANE, PASSWORD).await;
        there.open("/account").await.says("Jane");
        house.post.take(JANE, "New sign-in").await;
        let all = vec![Rule::NewDevice, Rule::NewCountry, Rule::ImpossibleTravel];
        assert_eq!(found(&house, JANE).await, [(Outcome::Recorded, all)]);
        for path in ["/account/activity", "/account"] {
            let text = here.open(path).await.text();
            assert!(text.contains("New device signed in") && !text.contains("country"), "{text}");
        }
        // A later mail shows that none came before it.
        sign_in(&mut house.browser(SAFARI), JANE, PASSWORD).await;
        house.post.take(JANE, "New sign-in").await;
        assert_eq!(letters(&house, "sign-in"), 0, "none but the two questions");
    }

    async fn rules_that_are_off_find_nothing(db: Db) {
        let off = Action::Off;
        let rules = Rules { new_device: off, new_country: off, impossible_travel: off, ..Rules::default() };
        let house = open(db, rules).await;
        let _here = jane(&house).await;
        let mut there = house.browser(CHROME).from_address(TOKYO);
        sign_in(&mut there, JANE, PASSWORD).await;
        there.open("/account").await.says("Jane");
        house.post.take(JANE, "New sign-in").await;
        assert_eq!(found(&house, JANE).await, []);
    }
}
