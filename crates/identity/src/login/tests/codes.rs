//! Codes that are typed into a flow: how many are looked at, and when the flow is over.

use super::factors::{NONE, step};
use super::*;

#[test]
fn five_codes_are_looked_at_and_with_the_next_the_flow_is_over_whatever_it_says() {
    let mut flow = flow(Requirements::default());
    for left in (1..MAX_WRONG_CODES).rev() {
        assert_eq!(flow.try_code(START), Ok(()));
        assert_eq!(flow.code_was_wrong(START), FlowError::WrongCode { left });
        assert_eq!(flow.check_open(START), Ok(()));
    }
    assert_eq!(flow.try_code(START), Ok(()), "the last one");
    let later = START.plus(minutes(1));
    assert_eq!(flow.code_was_wrong(later), FlowError::TooManyCodes);
    assert_eq!(flow.finished_at, Some(later));
    assert_eq!(flow.try_code(later), Err(FlowError::Finished));
}

#[test]
fn of_many_codes_at_once_no_more_are_looked_at_than_of_many_in_a_row() {
    let mut flow = flow(Requirements::default());
    for _ in 0..MAX_WRONG_CODES {
        assert_eq!(flow.try_code(START), Ok(()), "counted before anybody knows what it is");
    }
    assert_eq!(flow.try_code(START), Err(FlowError::TooManyCodes));
    assert_eq!(flow.try_code(START), Err(FlowError::Finished));
    let later = START.plus(minutes(1));
    assert_eq!(flow.code_was_wrong(later), FlowError::TooManyCodes);
    assert_eq!(flow.finished_at, Some(START), "it was over before");
}

#[test]
fn a_right_code_was_no_guess() {
    let mut flow = flow(Requirements::default());
    for _ in 0..3 * MAX_WRONG_CODES {
        assert_eq!(flow.try_code(START), Ok(()));
        flow.code_was_right();
    }
    assert_eq!(flow.try_code(START), Ok(()));
    assert_eq!(flow.code_was_wrong(START), FlowError::WrongCode { left: MAX_WRONG_CODES - 1 });
}

#[test]
fn a_flow_that_ran_out_counts_no_code() {
    let mut flow = flow(Requirements::default());
    assert_eq!(flow.try_code(START.plus(FLOW_LIFETIME)), Err(FlowError::Expired));
    assert_eq!(flow.code_tries, 0);
}

/// ASVS 5.0 §6.5.5.
#[test]
fn a_code_by_mail_works_for_ten_minutes() {
    let mut flow = flow(Requirements::default());
    let code = flow.ask_mail_code("anna@example.com".parse().unwrap(), START);
    assert_eq!(code.until, START.plus(minutes(10)));
    assert_eq!(flow.mail_code, Some(code));
}

/// Whoever reads the mailbox would have linked their own account elsewhere, and come in by it from then on.
#[test]
fn a_code_by_mail_is_not_taken_where_an_account_elsewhere_waits_to_be_connected() {
    let mut flow = flow(Requirements::default());
    assert!(flow.takes_mail_code());
    flow.keep_pending(PendingIdentity {
        provider: "double".to_owned(),
        issuer: "https://double.example".to_owned(),
        subject: "1".to_owned(),
        email: None,
        name: None,
        account: None,
        at: START,
    });
    assert!(!flow.takes_mail_code());
}

#[test]
fn another_persons_session_keeps_nobody_from_asking_for_a_code_once_they_have_proven_more() {
    let session = Evidence::Session {
        account: id(7),
        at: START,
        session: id(5),
        amr: vec![Amr::Pwd],
        reached: Assurance::OneFactor,
    };
    let mut flow = flow(Requirements::default());
    flow.add(session, START).unwrap();
    assert!(!flow.takes_mail_code());
    step(&mut flow, password(9, START), NONE);
    assert!(flow.takes_mail_code(), "the session is not theirs, and stands there no more");
}
