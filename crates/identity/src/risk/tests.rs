use super::*;
use crate::device::{Agent, Device, PushOffer};
use crate::event::{Event, EventRecord};
use crate::place::Position;
use base::{Id, SecretHash};
use proptest::prelude::*;
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn place(country: &str, position: Option<(f64, f64)>) -> Place {
    let position = position.and_then(|(latitude, longitude)| Position::rounded(latitude, longitude));
    Place { city: None, country: country.to_owned(), position }
}

fn lyon() -> Place {
    place("FR", Some((45.8, 4.8)))
}

fn tokyo() -> Place {
    place("JP", Some((35.7, 139.7)))
}

/// A device of the account, last seen in a place.
fn device(n: u8, seen: Option<Place>, last_seen_at: Timestamp) -> Device {
    Device {
        id: id(n),
        account: id(1),
        secret: SecretHash([n; 32]),
        agent: Agent::default(),
        place: seen,
        first_seen_at: last_seen_at,
        last_seen_at,
        known_at: Some(last_seen_at),
        push_offer: PushOffer::default(),
        push_wanted: false,
        trusted_until: None,
    }
}

fn record(event: Event, by: u8, seen: Place, at: Timestamp) -> EventRecord {
    EventRecord {
        id: id(90),
        tenant: id(2),
        account: Some(id(1)),
        device: Some(id(by)),
        agent: Agent::default(),
        place: Some(seen),
        event,
        at,
    }
}

/// An ordinary sign-in: in Lyon, where the account was used an hour ago, with a known browser.
fn ordinary() -> Signals {
    Signals {
        at: NOW,
        browser: Familiarity::Known,
        place: Some(lyon()),
        history: History::of_devices(&[device(10, Some(lyon()), NOW.minus(HOUR))]),
        accounts_from_address: 0,
        addresses_on_account: 0,
    }
}

fn fired(signals: &Signals) -> Vec<Rule> {
    assess(signals, &Rules::default()).findings().iter().map(|finding| finding.rule).collect()
}

#[test]
fn an_ordinary_sign_in_is_not_odd() {
    let found = assess(&ordinary(), &Rules::default());
    assert_eq!(found, Assessment::default());
    assert_eq!(found.outcome(Familiarity::Known, true), Outcome::Nothing);
}

#[test]
fn the_very_first_sign_in_has_nothing_to_be_compared_with() {
    let first =
        Signals { browser: Familiarity::First, history: History::default(), place: Some(tokyo()), ..ordinary() };
    assert_eq!(fired(&first), []);
}

#[test]
fn a_browser_is_new_until_it_has_signed_in() {
    assert_eq!(fired(&Signals { browser: Familiarity::New, ..ordinary() }), [Rule::NewDevice]);
    assert_eq!(fired(&Signals { browser: Familiarity::Seen, ..ordinary() }), []);
}

#[test]
fn a_country_is_new_when_others_are_known_and_this_one_is_not() {
    // Hours enough for the journey, so that this is the only thing that is odd.
    let abroad = |known: &[Device]| Signals { place: Some(tokyo()), history: History::of_devices(known), ..ordinary() };
    let (then, before) = (NOW.minus(DAY), NOW.minus(DAY * 2));
    assert_eq!(fired(&abroad(&[device(10, Some(lyon()), then)])), [Rule::NewCountry], "a known browser travels, too");
    assert_eq!(fired(&abroad(&[device(10, Some(lyon()), then), device(11, Some(tokyo()), before)])), []);
    assert_eq!(fired(&abroad(&[device(10, None, then)])), [], "where it was before is not known");
    assert_eq!(fired(&Signals { place: None, ..abroad(&[device(10, Some(lyon()), then)]) }), []);
}

#[test]
fn a_journey_is_impossible_above_the_speed_and_the_distance_that_are_set() {
    // Lyon to Tokyo is about 9,900 km: eleven hours at 900 km/h.
    let travel = |hours: u64, browser| Signals {
        browser,
        place: Some(tokyo()),
        history: History {
            countries: ["FR", "JP"].map(str::to_owned).into(),
            ..History::of_devices(&[device(10, Some(lyon()), NOW.minus(HOUR * u32::try_from(hours).unwrap()))])
        },
        ..ordinary()
    };
    assert_eq!(fired(&travel(10, Familiarity::Seen)), [Rule::ImpossibleTravel]);
    assert_eq!(fired(&travel(12, Familiarity::Seen)), [], "a fast aeroplane");
    assert_eq!(fired(&travel(0, Familiarity::Seen)), [Rule::ImpossibleTravel], "at the same moment");
    assert_eq!(fired(&travel(1, Familiarity::Known)), [], "a known browser has switched on a VPN");
    assert_eq!(fired(&travel(1, Familiarity::New)), [Rule::NewDevice, Rule::ImpossibleTravel]);

    // Paris is some 390 km from Lyon, Berlin some 970.
    let at_once = |there: (f64, f64)| Signals { place: Some(place("FR", Some(there))), ..travel(0, Familiarity::Seen) };
    assert_eq!(fired(&at_once((48.9, 2.3))), [], "files of places are wrong by as much");
    assert_eq!(fired(&at_once((52.5, 13.4))), [Rule::ImpossibleTravel]);

    let nowhere = Signals { place: Some(place("JP", None)), ..travel(0, Familiarity::Seen) };
    assert_eq!(fired(&nowhere), [], "without a position there is no distance");
    let ahead = Signals { at: NOW.minus(DAY), ..travel(0, Familiarity::Seen) };
    assert_eq!(fired(&ahead), [Rule::ImpossibleTravel], "a clock that was set back makes nothing possible");
}

#[test]
fn an_account_was_not_used_for_long_from_the_very_day_on() {
    let rested =
        |span| Signals { history: History::of_devices(&[device(10, Some(lyon()), NOW.minus(span))]), ..ordinary() };
    assert_eq!(fired(&rested(DAY * 180 - Duration::from_secs(1))), []);
    assert_eq!(fired(&rested(DAY * 180)), [Rule::LongInactivity], "on a known browser, too");
    let other = [device(10, None, NOW.minus(DAY * 400)), device(11, None, NOW.minus(DAY * 3))];
    assert_eq!(fired(&Signals { history: History::of_devices(&other), ..ordinary() }), [], "the last of all counts");
}

#[test]
fn many_tries_in_vain_count_against_browsers_that_are_not_known() {
    let tried = |accounts, addresses, browser| Signals {
        browser,
        accounts_from_address: accounts,
        addresses_on_account: addresses,
        ..ordinary()
    };
    assert_eq!(fired(&tried(9, 4, Familiarity::Seen)), []);
    assert_eq!(fired(&tried(10, 4, Familiarity::Seen)), [Rule::ManyAccounts]);
    assert_eq!(fired(&tried(9, 5, Familiarity::First)), [Rule::ManyAddresses]);
    assert_eq!(fired(&tried(99, 99, Familiarity::Known)), [], "a neighbour's guesses are not its owner's");
    let zero = Rules { accounts: 0, addresses: 0, ..Rules::default() };
    assert!(assess(&tried(0, 0, Familiarity::Seen), &zero).findings().is_empty(), "none are not many");
}

#[test]
fn the_log_knows_countries_of_devices_that_went_on_or_were_forgotten() {
    let signed_in = |by, seen| record(Event::LoginSucceeded { session: id(5), app: None }, by, seen, NOW.minus(DAY));
    let devices = [device(10, Some(lyon()), NOW.minus(DAY * 2))];
    let history = History::of_devices(&devices).and_log(&[signed_in(10, tokyo()), signed_in(11, place("BR", None))]);
    assert_eq!(history.countries, ["BR", "FR", "JP"].map(str::to_owned).into());
    assert_eq!(history.last_used, Some(NOW.minus(DAY)));
    assert_eq!(history.last_place.map(|(position, _)| Some(position)), Some(tokyo().position), "the later of the two");
}

#[test]
fn what_a_stranger_did_makes_no_country_the_owners() {
    let stranger = |event| record(event, 66, tokyo(), NOW.minus(HOUR));
    let log = [
        stranger(Event::LoginDenied { device: id(66), agent: Agent::default() }),
        stranger(Event::NewDevice { session: id(5), device: id(66), app: None }),
        stranger(Event::LoginSucceeded { session: id(5), app: None }),
    ];
    assert_eq!(History::default().and_log(&log), History::default(), "it was not the owner");
    let tried = [
        stranger(Event::Guessing {}),
        stranger(Event::Risk { findings: Vec::new(), outcome: Outcome::Refused, app: None }),
    ];
    assert_eq!(History::default().and_log(&tried), History::default(), "it was only tried");
}

#[test]
fn the_strongest_that_fired_decides_and_says_why() {
    let odd = Signals { browser: Familiarity::New, place: Some(tokyo()), ..ordinary() };
    let rules = |new_device, new_country, impossible_travel| Rules {
        new_device,
        new_country,
        impossible_travel,
        ..Rules::default()
    };
    let told = |rules: Rules| {
        let found = assess(&odd, &rules);
        let outcome = found.outcome(odd.browser, true);
        (outcome, why(found.findings(), outcome).collect::<Vec<_>>())
    };
    use Action::{Ask, Notify, Off, Refuse, Shadow};
    let all = vec![Rule::NewDevice, Rule::NewCountry, Rule::ImpossibleTravel];
    assert_eq!(told(rules(Off, Off, Off)), (Outcome::Nothing, vec![]));
    assert_eq!(told(rules(Shadow, Shadow, Shadow)), (Outcome::Recorded, all.clone()));
    assert_eq!(told(rules(Off, Notify, Shadow)), (Outcome::Noted, vec![Rule::NewCountry]));
    assert_eq!(told(rules(Notify, Notify, Ask)), (Outcome::Asked, vec![Rule::ImpossibleTravel]));
    assert_eq!(told(rules(Ask, Refuse, Ask)), (Outcome::Refused, vec![Rule::NewCountry]));
    assert_eq!(told(Rules { shadow: true, ..rules(Ask, Refuse, Ask) }), (Outcome::Recorded, all));
}

#[test]
fn an_account_that_can_prove_no_more_is_told_instead_of_asked() {
    let odd = |browser| Signals { browser, place: Some(tokyo()), ..ordinary() };
    let outcome = |browser, can| assess(&odd(browser), &Rules::default()).outcome(browser, can);
    assert_eq!(outcome(Familiarity::Seen, true), Outcome::Asked);
    assert_eq!(outcome(Familiarity::Seen, false), Outcome::Told);
    assert_eq!(outcome(Familiarity::New, false), Outcome::Noted, "the question about the new device tells of it");
    let refuse = Rules { impossible_travel: Action::Refuse, ..Rules::default() };
    assert_eq!(assess(&odd(Familiarity::Seen), &refuse).outcome(Familiarity::Seen, false), Outcome::Refused);
}

#[test]
fn a_new_device_by_itself_is_what_the_question_says_already() {
    let new = Signals { browser: Familiarity::New, ..ordinary() };
    assert!(assess(&new, &Rules::default()).is_only_the_question());
    let asked = Rules { new_device: Action::Ask, ..Rules::default() };
    assert!(!assess(&new, &asked).is_only_the_question());
    assert!(
        !assess(&new, &Rules { shadow: true, ..Rules::default() }).is_only_the_question(),
        "that is for the operator"
    );
    assert!(!assess(&Signals { place: Some(tokyo()), ..new }, &Rules::default()).is_only_the_question());
    assert!(!assess(&ordinary(), &Rules::default()).is_only_the_question());
}

fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![Just(Action::Off), Just(Action::Shadow), Just(Action::Notify), Just(Action::Ask), Just(Action::Refuse),]
}

fn rules() -> impl Strategy<Value = Rules> {
    proptest::array::uniform6(actions()).prop_map(|[device, country, travel, inactivity, accounts, addresses]| Rules {
        new_device: device,
        new_country: country,
        impossible_travel: travel,
        long_inactivity: inactivity,
        many_accounts: accounts,
        many_addresses: addresses,
        ..Rules::default()
    })
}

/// The stronger of two sets, rule by rule.
fn stronger(one: &Rules, other: &Rules) -> Rules {
    Rules {
        new_device: one.new_device.max(other.new_device),
        new_country: one.new_country.max(other.new_country),
        impossible_travel: one.impossible_travel.max(other.impossible_travel),
        long_inactivity: one.long_inactivity.max(other.long_inactivity),
        many_accounts: one.many_accounts.max(other.many_accounts),
        many_addresses: one.many_addresses.max(other.many_addresses),
        ..one.clone()
    }
}

fn signals() -> impl Strategy<Value = Signals> {
    let browser = prop_oneof![
        Just(Familiarity::New),
        Just(Familiarity::First),
        Just(Familiarity::Seen),
        Just(Familiarity::Known),
    ];
    let somewhere = || prop_oneof![Just(None), Just(Some(lyon())), Just(Some(tokyo())), Just(Some(place("BR", None)))];
    (browser, somewhere(), somewhere(), 0_u32..300 * 24, 0_u32..20, 0_u32..10).prop_map(
        |(browser, here, there, hours, accounts, addresses)| Signals {
            at: NOW,
            browser,
            place: here,
            history: History::of_devices(&[device(10, there, NOW.minus(HOUR * hours))]),
            accounts_from_address: accounts,
            addresses_on_account: addresses,
        },
    )
}

proptest! {
    #[test]
    fn a_stronger_rule_never_weakens_what_follows(signals in signals(), one in rules(), other in rules(), can: bool) {
        let outcome = |rules: &Rules| assess(&signals, rules).outcome(signals.browser, can);
        let both = stronger(&one, &other);
        prop_assert!(outcome(&both) >= outcome(&one));
        prop_assert!(outcome(&both) >= outcome(&other));
    }

    #[test]
    fn a_shadow_acts_on_nobody_and_records_what_the_rules_would_find(signals in signals(), rules in rules(), can: bool) {
        let open = assess(&signals, &rules);
        let shadow = assess(&signals, &Rules { shadow: true, ..rules });
        prop_assert!(shadow.outcome(signals.browser, can) <= Outcome::Recorded);
        let names = |found: &Assessment| found.findings().iter().map(|finding| finding.rule).collect::<Vec<_>>();
        prop_assert_eq!(names(&shadow), names(&open));
    }

    #[test]
    fn a_rule_that_is_off_finds_nothing(signals in signals(), shadow: bool) {
        let off = Rules {
            shadow,
            new_device: Action::Off,
            new_country: Action::Off,
            impossible_travel: Action::Off,
            long_inactivity: Action::Off,
            many_accounts: Action::Off,
            many_addresses: Action::Off,
            ..Rules::default()
        };
        prop_assert_eq!(assess(&signals, &off), Assessment::default());
    }

    #[test]
    fn whatever_follows_has_a_reason(signals in signals(), rules in rules(), can: bool) {
        let found = assess(&signals, &rules);
        let outcome = found.outcome(signals.browser, can);
        prop_assert_eq!(why(found.findings(), outcome).count() == 0, outcome == Outcome::Nothing);
    }
}
