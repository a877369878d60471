//! What a flow can say of its proofs: which of them is a second factor, and what a registration proves.

use super::factors::{APP, KEY_TOO, NONE, key, step, totp};
use super::*;

#[test]
fn a_code_of_the_app_or_a_key_proves_that_a_second_factor_is_at_hand_and_a_recovery_code_that_it_is_not() {
    let with = |second: Option<Evidence>| {
        let mut flow = flow(Requirements::default());
        step(&mut flow, password(9, START), APP);
        if let Some(second) = second {
            step(&mut flow, second, APP);
        }
        flow.proves_second()
    };
    assert!(with(Some(totp())));
    assert!(with(Some(key(false, false))), "a security key");
    assert!(with(Some(key(true, true))), "a passkey");
    assert!(!with(None), "a password alone");
    assert!(!with(Some(Evidence::RecoveryCode { account: id(9), at: START })));
    assert!(!with(Some(Evidence::Remembered { account: id(9), at: START, device: id(2) })), "a device that is spared");
}

#[test]
fn a_second_factor_of_somebody_else_is_none_here() {
    let mut flow = flow(Requirements::default());
    step(&mut flow, password(9, START), KEY_TOO);
    step(&mut flow, key(false, true), KEY_TOO);
    assert!(flow.proves_second());
    flow.add(password(8, START), START).unwrap();
    assert!(!flow.proves_second());
}

#[test]
fn a_confirmed_registration_proves_the_password_that_was_set_in_it_at_the_time_of_the_link() {
    let mut flow = registering();
    assert_eq!(flow.proof_of_registration(), None, "the link was not used");
    let later = START.plus(minutes(5));
    flow.confirm(id(9), later).unwrap();
    assert_eq!(flow.proof_of_registration(), Some(Evidence::Registered { account: id(9), at: later }));
    assert_eq!(super::flow(Requirements::default()).proof_of_registration(), None, "nobody registered");
}

#[test]
fn a_registration_without_a_password_and_without_a_provider_proves_nothing() {
    let mut flow = registering();
    flow.confirm(id(9), START).unwrap();
    flow.registration.as_mut().unwrap().password = None;
    assert_eq!(flow.proof_of_registration(), None);
    let claimed = Evidence::Registered { account: id(9), at: START };
    assert_eq!(flow.add(claimed, START), Err(FlowError::NotConfirmed));
    flow.demand(Demand::of(id(9), NONE, &flow.requirements, false));
    assert_eq!(flow.decide(START), Decision::Needs(NextStep::SignIn));
}
