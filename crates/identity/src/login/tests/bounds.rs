//! Times at their very edge: what is taken a moment before is refused a moment after.

use super::*;
use base::APART;

const MOMENT: Duration = Duration::from_micros(1);

#[test]
fn clocks_of_two_servers_may_be_a_minute_apart_and_no_more() {
    let apart = Duration::from_secs(60);
    assert_eq!(APART, apart);
    let proven = |at| flow(Requirements::default()).add(password(9, at), START);
    assert_eq!(proven(START.minus(apart)), Ok(()), "by a server whose clock is behind");
    assert_eq!(proven(START.minus(apart).minus(MOMENT)), Err(FlowError::Stale));
    assert_eq!(proven(START.plus(apart)), Ok(()), "by one whose clock is ahead");
    assert_eq!(proven(START.plus(apart).plus(MOMENT)), Err(FlowError::Stale));
}

#[test]
fn what_a_session_or_another_provider_saw_may_be_older_than_the_flow_but_not_from_the_future() {
    let (long_ago, ahead) = (START.minus(minutes(600)), START.plus(APART).plus(MOMENT));
    let amr = || vec![Amr::Pwd];
    let seen = |at| {
        [
            Evidence::Session { account: id(9), at, session: id(5), amr: amr(), reached: Assurance::OneFactor },
            Evidence::Upstream { account: id(9), at, identity: id(4) },
        ]
    };
    for evidence in seen(long_ago) {
        assert_eq!(flow(Requirements::default()).add(evidence, START), Ok(()));
    }
    for evidence in seen(ahead) {
        assert_eq!(flow(Requirements::default()).add(evidence, START), Err(FlowError::Stale));
    }
}

#[test]
fn an_account_elsewhere_waits_for_half_an_hour() {
    let mut flow = flow(Requirements::default());
    flow.keep_pending(PendingIdentity {
        provider: "double".to_owned(),
        issuer: "https://double.example".to_owned(),
        subject: "1".to_owned(),
        email: None,
        name: None,
        account: None,
        at: START,
    });
    let end = START.plus(minutes(30));
    assert!(flow.pending(START).is_some() && flow.pending(end.minus(MOMENT)).is_some());
    assert!(flow.pending(end).is_none());
}

#[test]
fn where_nothing_is_set_there_is_a_week_to_set_up_a_second_factor_a_month_of_trust_and_ten_minutes_of_recency() {
    let policy = SignInPolicy::default();
    let day = 24 * 60;
    assert_eq!(policy.enrolment_grace, minutes(7 * day));
    assert_eq!(policy.trust_device, minutes(30 * day));
    assert_eq!(policy.recent, minutes(10));
}
