//! Who may set up a second factor in the middle of a sign-in.

use super::factors::{APP, KEY_TOO, NONE, PASSKEY, key, step, totp, wants};
use super::*;

const RECENT: Duration = Duration::from_secs(600);

fn rule() -> Requirements {
    wants(Assurance::TwoFactors, Assurance::OneFactor)
}

fn session(at: Timestamp, amr: Amr) -> Evidence {
    Evidence::Session { account: id(9), at, session: id(5), amr: vec![amr], reached: Assurance::OneFactor }
}

#[test]
fn whoever_has_proven_a_strong_first_factor_of_an_account_that_has_no_second_may_set_one_up() {
    let mut flow = flow(rule());
    assert!(!flow.may_enrol(RECENT, START), "nobody has come yet");
    step(&mut flow, password(9, START), NONE);
    assert!(flow.may_enrol(RECENT, START));
}

/// CVE-2024-32868.
#[test]
fn an_account_that_has_anything_gets_nothing_more_by_this_door() {
    for factors in [APP, KEY_TOO, PASSKEY] {
        for methods in
            [Methods::default(), Methods::of([Method::Password, Method::Totp]), Methods::of([Method::Password])]
        {
            let mut flow = flow(Requirements { methods, ..wants(Assurance::PhishingResistant, Assurance::OneFactor) });
            step(&mut flow, password(9, START), factors);
            assert!(!flow.may_enrol(RECENT, START), "{factors:?}");
        }
    }
}

#[test]
fn a_code_by_mail_and_what_is_remembered_for_long_prove_too_little() {
    let mut by_mail = flow(rule());
    step(&mut by_mail, Evidence::MailCode { account: id(9), at: START }, NONE);
    assert!(!by_mail.may_enrol(RECENT, START));
    for (at, amr, may) in [
        (START, Amr::Pwd, true),
        (START.minus(RECENT), Amr::Pwd, true),
        (START.minus(RECENT).minus(minutes(1)), Amr::Pwd, false),
        (START, Amr::Email, false),
    ] {
        let mut in_session = flow(rule());
        step(&mut in_session, session(at, amr), NONE);
        assert_eq!(in_session.may_enrol(RECENT, START), may, "{amr:?} at {at:?}");
    }
    let mut by_touch = flow(rule());
    step(&mut by_touch, key(true, false), NONE);
    assert!(!by_touch.may_enrol(RECENT, START), "a key that verified nobody is no strong factor");
}

#[test]
fn a_proof_that_does_not_count_for_the_request_opens_nothing_here_either() {
    let methods = Methods::of([Method::Upstream, Method::Totp]);
    let mut off = flow(Requirements { methods, ..rule() });
    step(&mut off, password(9, START), NONE);
    assert!(!off.may_enrol(RECENT, START));
    let mut stale = flow(Requirements { fresh_since: Some(START), ..rule() });
    step(&mut stale, session(START.minus(minutes(1)), Amr::Pwd), NONE);
    assert!(!stale.may_enrol(RECENT, START), "a session from before the request is not fresh");
    let mut two = flow(rule());
    step(&mut two, password(9, START), APP);
    step(&mut two, totp(), APP);
    assert!(matches!(two.decide(START), Decision::Granted(_)) && !two.may_enrol(RECENT, START));
}

#[test]
fn who_is_let_in_for_now_is_told_of_it_until_they_put_it_off() {
    let later = START.plus(minutes(60));
    let mut flow = flow(rule());
    flow.add(password(9, START), START).unwrap();
    let demand = Demand::of(id(9), NONE, &flow.requirements, false);
    let methods = flow.requirements.methods.clone();
    flow.demand(demand.with_grace(later, START, &methods));
    assert_eq!(flow.enrolment_due(START), Some(later));
    assert!(flow.may_enrol(RECENT, START), "and may do it at once");
    flow.enrolment_put_off = true;
    assert_eq!(flow.enrolment_due(START), None);
}

#[test]
fn a_key_that_did_not_verify_its_user_is_no_strong_first_factor() {
    let mut flow = flow(Requirements::default());
    step(&mut flow, key(true, false), NONE);
    assert!(matches!(flow.decide(START), Decision::Granted(_)), "it signs in, as one factor");
    assert!(!flow.proves_strong_first(RECENT, START));
    let mut verified = super::flow(Requirements::default());
    step(&mut verified, key(true, true), NONE);
    assert!(verified.proves_strong_first(RECENT, START));
}
