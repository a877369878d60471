mod bounds;
mod codes;
mod enrolment;
mod factors;
mod methods;
mod proofs;

use super::*;
use crate::account::PasswordHash;
use crate::session::Amr;
use base::SecretHash;
use std::time::Duration;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: [u8; 32] = [7; 32];

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

fn flow(requirements: Requirements) -> Flow {
    Flow::start(id(1), SecretHash([1; 32]), serde_json::json!({"page": "/account"}), requirements, START)
}

fn password(account: u8, at: Timestamp) -> Evidence {
    Evidence::Password { account: id(account), at }
}

/// Proves something, of an account of which nothing special is asked.
fn add(flow: &mut Flow, evidence: Evidence, now: Timestamp) -> Result<(), FlowError> {
    let account = evidence.account();
    flow.add(evidence, now)?;
    flow.demand(Demand::of(account, Factors::default(), &flow.requirements, false));
    Ok(())
}

fn plain(account: u8) -> Demand {
    Demand::of(id(account), Factors::default(), &Requirements::default(), false)
}

fn registering() -> Flow {
    let mut flow = flow(Requirements::default());
    let email = "anna@example.com".parse().unwrap();
    flow.register(email, "Anna".into(), PasswordHash("$argon2id$".into()), START).unwrap();
    flow
}

fn needs(flow: &Flow, now: Timestamp) -> bool {
    matches!(flow.decide(now), Decision::Needs(_))
}

#[test]
fn a_password_signs_in_and_says_who_how_and_when() {
    let mut flow = flow(Requirements::default());
    let at = START.plus(minutes(1));
    add(&mut flow, password(9, at), at).unwrap();
    let granted = flow.enter(at.plus(minutes(1))).unwrap();
    assert_eq!(granted.account(), id(9));
    assert_eq!(granted.amr(), [Amr::Pwd]);
    assert_eq!(granted.acr(), "urn:watchbell:acr:1");
    assert_eq!(granted.auth_time(), at);
}

#[test]
fn nothing_is_granted_for_nothing() {
    let mut fresh = flow(Requirements::default());
    assert_eq!(fresh.enter(START), Err(FlowError::NotProven(NextStep::SignIn)));
    let mut again = flow(Requirements { account: Some(id(9)), ..Requirements::default() });
    let next = NextStep::Reauthenticate { account: id(9) };
    assert_eq!(again.enter(START), Err(FlowError::NotProven(next)));
}

#[test]
fn a_flow_lets_somebody_in_once_for_a_proof_and_takes_nothing_after_its_end() {
    let mut flow = flow(Requirements::default());
    add(&mut flow, password(9, START), START).unwrap();
    flow.enter(START).unwrap();
    assert_eq!(flow.enter(START), Err(FlowError::Finished));
    flow.finished_at = Some(START);
    assert_eq!(flow.enter(START), Err(FlowError::Finished));
    let later = START.plus(Duration::from_secs(10));
    assert_eq!(add(&mut flow, password(9, START), later), Err(FlowError::Finished));
}

/// The second click of a form was on its way when the first let them in: it proves by itself what it proves.
#[test]
fn a_moment_after_its_end_a_flow_takes_the_same_proof_anew() {
    let mut flow = flow(Requirements::default());
    add(&mut flow, password(9, START), START).unwrap();
    flow.enter(START).unwrap();
    flow.finished_at = Some(START);
    let soon = START.plus(Duration::from_secs(9));
    add(&mut flow, password(9, soon), soon).unwrap();
    assert_eq!(flow.enter(soon).unwrap().auth_time(), soon);
    assert_eq!((flow.finished_at, flow.reopened), (None, true));
    assert_eq!(flow.enter(soon), Err(FlowError::Finished));
}

#[test]
fn a_flow_that_ended_before_it_let_anybody_in_takes_no_proof_and_lets_nobody_in() {
    let mut flow = flow(Requirements::default());
    add(&mut flow, password(9, START), START).unwrap();
    flow.finished_at = Some(START);
    assert_eq!(add(&mut flow, password(9, START), START), Err(FlowError::Finished));
    assert_eq!(flow.enter(START), Err(FlowError::Finished));
}

#[test]
fn after_half_an_hour_a_flow_takes_no_step_and_begins_again_with_the_same_aim() {
    let wanted = Requirements { fresh_since: Some(START), account: Some(id(9)), ..Requirements::default() };
    let mut old = flow(wanted.clone());
    old.remember(" anna@example.com ");
    add(&mut old, password(9, START), START).unwrap();
    let late = START.plus(FLOW_LIFETIME);
    assert_eq!(old.enter(late), Err(FlowError::Expired));
    assert_eq!(add(&mut old, password(9, late), late), Err(FlowError::Expired));
    let new = old.again(id(2), late);
    assert_eq!((new.id, new.requirements.clone(), new.continuation.clone()), (id(2), wanted, old.continuation.clone()));
    assert_eq!(new.typed.as_deref(), Some("anna@example.com"));
    assert_eq!(new.expires_at, late.plus(FLOW_LIFETIME));
    assert!(new.evidence.is_empty() && needs(&new, late), "nothing proven goes over");
}

#[test]
fn a_flow_for_one_person_takes_no_proof_from_another() {
    let mut flow = flow(Requirements { account: Some(id(9)), ..Requirements::default() });
    assert_eq!(add(&mut flow, password(8, START), START), Err(FlowError::WrongAccount));
    assert!(needs(&flow, START));
    add(&mut flow, password(9, START), START).unwrap();
    assert!(!needs(&flow, START));
}

#[test]
fn signing_in_as_somebody_else_begins_anew() {
    let mut flow = flow(Requirements::default());
    add(&mut flow, password(8, START), START).unwrap();
    add(&mut flow, password(9, START), START).unwrap();
    assert_eq!(flow.evidence, [password(9, START)]);
    assert_eq!(flow.enter(START).unwrap().account(), id(9));
}

#[test]
fn proofs_of_two_people_never_add_up() {
    let fresh = Requirements { fresh_since: Some(START.plus(minutes(1))), ..Requirements::default() };
    // The other's proof would be fresh enough, the last person's is not.
    let mixed = [password(8, START.plus(minutes(2))), password(9, START)];
    assert!(matches!(decide(&fresh, Some(&plain(9)), &mixed, START.plus(minutes(3))), Decision::Needs(_)));
}

#[test]
fn a_proof_from_before_the_request_does_not_count_where_a_fresh_one_is_asked_for() {
    let asked = START.plus(minutes(5));
    let mut flow = flow(Requirements { fresh_since: Some(asked), ..Requirements::default() });
    add(&mut flow, password(9, START), START.plus(minutes(6))).unwrap();
    assert!(needs(&flow, START.plus(minutes(6))));
    add(&mut flow, password(9, asked), START.plus(minutes(6))).unwrap();
    assert!(!needs(&flow, START.plus(minutes(6))), "exactly then is fresh");
}

#[test]
fn a_proof_from_another_time_is_refused() {
    let mut flow = flow(Requirements::default());
    assert_eq!(add(&mut flow, password(9, START.minus(minutes(2))), START), Err(FlowError::Stale));
    assert_eq!(add(&mut flow, password(9, START.plus(minutes(2))), START), Err(FlowError::Stale));
    let ahead = [password(9, START.plus(minutes(2)))];
    assert!(matches!(decide(&Requirements::default(), Some(&plain(9)), &ahead, START), Decision::Needs(_)));
}

#[test]
fn a_clock_a_little_ahead_never_puts_the_sign_in_into_the_future() {
    let mut flow = flow(Requirements::default());
    add(&mut flow, password(9, START.plus(Duration::from_secs(2))), START).unwrap();
    assert_eq!(flow.enter(START).unwrap().auth_time(), START);
}

#[test]
fn the_same_proof_again_is_kept_once() {
    let mut flow = flow(Requirements::default());
    for second in 0..1_000 {
        let at = START.plus(Duration::from_secs(second));
        add(&mut flow, password(9, at), at).unwrap();
    }
    assert_eq!(flow.evidence.len(), 1);
    let newest = flow.evidence.clone();
    add(&mut flow, password(9, START), START.plus(minutes(20))).unwrap();
    assert_eq!(flow.evidence, newest, "an older proof that comes late does not take its place");
}

#[test]
fn a_registration_signs_in_only_after_its_link_was_used() {
    let mut flow = registering();
    let evidence = Evidence::Registered { account: id(9), at: START };
    assert_eq!(add(&mut flow, evidence.clone(), START), Err(FlowError::NotConfirmed));
    assert!(needs(&flow, START));
    flow.confirm(id(9), START).unwrap();
    assert!(needs(&flow, START), "using the link in another browser signs nobody in");
    add(&mut flow, evidence, START).unwrap();
    let granted = flow.enter(START).unwrap();
    assert_eq!((granted.account(), granted.amr()), (id(9), vec![Amr::Pwd]));
}

#[test]
fn a_confirmed_registration_signs_in_to_the_account_that_was_made_of_it_and_to_no_other() {
    let mut flow = registering();
    flow.confirm(id(9), START).unwrap();
    let other = Evidence::Registered { account: id(8), at: START };
    assert_eq!(add(&mut flow, other, START), Err(FlowError::NotConfirmed));
}

#[test]
fn a_link_confirms_once() {
    let mut flow = registering();
    flow.confirm(id(9), START).unwrap();
    assert_eq!(flow.confirm(id(8), START), Err(FlowError::AlreadyConfirmed));
    assert_eq!(flow.check_code(&KEY, "000000", START), Err(FlowError::AlreadyConfirmed));
}

#[test]
fn who_registers_again_corrects_the_address_until_it_is_confirmed() {
    let mut flow = registering();
    let corrected: Email = "anna.smith@example.com".parse().unwrap();
    let record = PasswordHash("$argon2id$".into());
    flow.register(corrected.clone(), "Anna".into(), record.clone(), START).unwrap();
    assert_eq!(flow.registration.as_ref().map(|r| &r.email), Some(&corrected));
    flow.confirm(id(9), START).unwrap();
    let late = flow.register(corrected, "Anna".into(), record, START);
    assert_eq!(late, Err(FlowError::AlreadyConfirmed));
}

#[test]
fn nobody_registers_in_a_flow_for_a_person_who_has_an_account() {
    let mut flow = flow(Requirements { account: Some(id(9)), ..Requirements::default() });
    let email = "anna@example.com".parse().unwrap();
    assert_eq!(flow.register(email, "Anna".into(), PasswordHash(String::new()), START), Err(FlowError::WrongAccount));
    assert_eq!(flow.confirm(id(9), START), Err(FlowError::NotRegistering));
}

#[test]
fn the_code_of_the_asking_browser_opens_the_link_elsewhere_however_it_is_typed() {
    let mut flow = registering();
    let code = shown_code(&KEY, flow.id);
    assert_eq!(code.len(), 6);
    assert_eq!(code, shown_code(&KEY, flow.id), "the same after a reload");
    let (first, last) = code.split_at(3);
    for typed in [code.clone(), format!(" {first} {last} "), format!("{first}-{last}")] {
        assert_eq!(flow.check_code(&KEY, &typed, START), Ok(()));
    }
    assert_eq!(flow.registration.unwrap().wrong_codes, 0);
}

#[test]
fn five_wrong_codes_close_that_way_for_good_even_for_the_right_one_and_after_registering_anew() {
    let mut flow = registering();
    let right = shown_code(&KEY, flow.id);
    let wrong = if right == "123456" { "123457" } else { "123456" };
    for left in (1..MAX_WRONG_CODES).rev() {
        assert_eq!(flow.check_code(&KEY, wrong, START), Err(FlowError::WrongCode { left }));
    }
    assert_eq!(flow.check_code(&KEY, wrong, START), Err(FlowError::TooManyCodes));
    assert_eq!(flow.check_code(&KEY, &right, START), Err(FlowError::TooManyCodes));
    let email = "anna@example.com".parse().unwrap();
    flow.register(email, "Anna".into(), PasswordHash(String::new()), START).unwrap();
    assert_eq!(flow.check_code(&KEY, &right, START), Err(FlowError::TooManyCodes));
}

#[test]
fn another_flow_and_another_server_show_another_code() {
    let codes: std::collections::HashSet<_> = (0..200).map(|n| shown_code(&KEY, id(n))).collect();
    assert!(codes.len() > 195, "{}", codes.len());
    assert_ne!(shown_code(&KEY, id(1)), shown_code(&[8; 32], id(1)));
    for typed in ["", "      ", "12345", &"1".repeat(10_000), "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}"] {
        assert!(registering().check_code(&KEY, typed, START).is_err());
    }
}

#[test]
fn a_flow_is_stored_and_read_back_unchanged() {
    let mut flow = registering();
    add(&mut flow, password(9, START), START).unwrap();
    let stored = serde_json::to_string(&flow).unwrap();
    assert_eq!(serde_json::from_str::<Flow>(&stored).unwrap(), flow);
}

#[test]
fn what_was_typed_is_kept_within_bounds() {
    let mut flow = flow(Requirements::default());
    flow.remember(&"a".repeat(10_000));
    assert_eq!(flow.typed.as_ref().map(String::len), Some(254));
    flow.remember("  ");
    assert_eq!(flow.typed, None);
}

#[test]
fn a_flow_belongs_to_the_browser_that_began_it() {
    let flow = flow(Requirements::default());
    assert!(flow.belongs_to(&SecretHash([1; 32])));
    assert!(!flow.belongs_to(&SecretHash([2; 32])));
}

#[test]
fn every_refusal_names_the_next_step() {
    for error in [
        FlowError::Expired,
        FlowError::Finished,
        FlowError::WrongAccount,
        FlowError::Stale,
        FlowError::NotRegistering,
        FlowError::NotConfirmed,
        FlowError::AlreadyConfirmed,
        FlowError::WrongCode { left: 1 },
        FlowError::TooManyCodes,
        FlowError::OutOfOrder,
        FlowError::NotProven(NextStep::SignIn),
    ] {
        assert!(error.to_string().contains(": "), "{error}");
    }
}

#[test]
fn an_attempt_that_the_risk_rules_refuse_leaves_nothing_proven_and_a_next_one_is_looked_at_anew() {
    let mut flow = flow(Requirements::default());
    add(&mut flow, password(9, START), START).unwrap();
    flow.let_on(id(9));
    assert!(flow.is_judged(id(9)) && !flow.is_judged(id(8)), "each account by itself");
    assert!(!needs(&flow, START) && !flow.is_refused());

    flow.refuse(id(9), vec![Reason::NewCountry]);
    assert!(flow.is_refused() && !flow.is_judged(id(9)));
    assert!(needs(&flow, START) && flow.evidence.is_empty());
    assert!(matches!(flow.enter(START), Err(FlowError::NotProven(NextStep::SignIn))));

    add(&mut flow, password(9, START), START).unwrap();
    assert!(!flow.is_refused() && !flow.is_judged(id(9)));
    flow.let_on(id(9));
    add(&mut flow, Evidence::Totp { account: id(9), at: START }, START).unwrap();
    assert!(flow.is_judged(id(9)), "further proofs of the same attempt are not looked at again");
}

#[test]
fn what_the_risk_rules_ask_for_stands_until_it_is_proven_and_a_remembered_device_is_not_spared_it() {
    let mut flow = flow(Requirements::default());
    let factors = Factors { totp: true, ..Factors::default() };
    let usual = || Demand::of(id(9), factors, &Requirements::default(), false);
    flow.add(password(9, START), START).unwrap();
    flow.add(Evidence::Remembered { account: id(9), at: START, device: id(3) }, START).unwrap();
    flow.demand(usual());
    assert!(!needs(&flow, START), "spared what is usual");
    flow.demand(usual().raised(Assurance::TwoFactors, [Reason::ImpossibleTravel]));
    assert!(needs(&flow, START));
    flow.demand(usual());
    assert!(needs(&flow, START), "looking again takes nothing back");
    assert!(flow.demand.as_ref().unwrap().reasons.contains(&Reason::ImpossibleTravel));
    flow.add(Evidence::Totp { account: id(9), at: START }, START).unwrap();
    flow.demand(usual());
    assert!(!needs(&flow, START));
}
