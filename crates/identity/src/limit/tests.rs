use super::*;
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * MINUTE)
}

/// Guesses wrongly as long as it is let, and answers how often that was.
fn hammer(counter: &mut Counter, limit: &Limit, now: Timestamp) -> u32 {
    let mut hashed = 0;
    while let Ok(reserved) = counter.reserve(limit, now) {
        *counter = reserved.fail(limit, now);
        hashed += 1;
    }
    hashed
}

#[test]
fn two_hundred_guesses_at_once_are_hashed_ten_times() {
    let limit = Limit::strangers();
    let mut counter = Counter::default();
    let mut reserved = 0;
    for _ in 0..200 {
        // All reserve before the first has been answered.
        if let Ok(next) = counter.reserve(&limit, START) {
            counter = next;
            reserved += 1;
        }
    }
    assert_eq!(reserved, 10);
}

#[test]
fn the_tenth_failure_closes_the_lane_once_and_the_other_nine_do_not() {
    let limit = Limit::strangers();
    let mut counter = Counter::default();
    for _ in 0..10 {
        counter = counter.reserve(&limit, START).unwrap();
    }
    let mut closings = 0;
    for _ in 0..10 {
        let after = counter.fail(&limit, START);
        closings += u32::from(after.locked_until > counter.locked_until);
        counter = after;
    }
    assert_eq!(closings, 1);
    assert_eq!(counter.reserve(&limit, START), Err(RetryAfter(minutes(15))));
}

#[test]
fn each_lock_is_twice_as_long_up_to_an_hour() {
    let limit = Limit::strangers();
    let (mut counter, mut now, mut locks) = (Counter::default(), START, Vec::new());
    for _ in 0..4 {
        assert_eq!(hammer(&mut counter, &limit, now), 10);
        let RetryAfter(wait) = counter.reserve(&limit, now).unwrap_err();
        locks.push(wait);
        now = now.plus(wait);
    }
    assert_eq!(locks, [minutes(15), minutes(30), minutes(60), minutes(60)]);
}

#[test]
fn hammering_at_a_closed_lane_does_not_keep_it_closed() {
    let limit = Limit::strangers();
    let mut counter = Counter::default();
    hammer(&mut counter, &limit, START);
    let closed = counter;
    for minute in 0..15 {
        assert!(counter.reserve(&limit, START.plus(minutes(minute))).is_err());
    }
    assert_eq!(counter, closed);
    assert!(counter.reserve(&limit, START.plus(minutes(15))).is_ok());
}

#[test]
fn nobody_guesses_more_than_a_hundred_times_in_a_row_at_one_password() {
    let mut total = 0;
    for limit in [Limit::strangers(), Limit::known_device()] {
        let (mut counter, mut now) = (Counter::default(), START);
        for _ in 0..24 * 365 {
            total += hammer(&mut counter, &limit, now);
            now = now.plus(minutes(60));
        }
        assert!(counter.is_disabled(&limit));
        assert_eq!(counter.reserve(&limit, now), Err(RetryAfter::UNTIL_RESET));
        assert!(counter.reset().reserve(&limit, now).is_ok());
    }
    assert_eq!(total, 100);
}

#[test]
fn strangers_who_hammer_for_an_hour_leave_the_known_device_alone() {
    let (mut strangers, known) = (Counter::default(), Counter::default());
    for minute in 0..60 {
        hammer(&mut strangers, &Limit::strangers(), START.plus(minutes(minute)));
    }
    let now = START.plus(minutes(60));
    assert!(strangers.reserve(&Limit::strangers(), now.minus(minutes(1))).is_err());
    assert!(known.reserve(&Limit::known_device(), now).is_ok());
}

#[test]
fn a_success_begins_the_lane_anew() {
    let limit = Limit::strangers();
    let mut counter = Counter::default();
    for _ in 0..9 {
        counter = counter.reserve(&limit, START).unwrap().fail(&limit, START);
    }
    counter = counter.reserve(&limit, START).unwrap().succeed();
    assert_eq!(counter, Counter::default());
    assert_eq!(hammer(&mut counter, &limit, START), 10);
}

#[test]
fn an_attempt_that_was_no_guess_is_given_back() {
    let limit = Limit::address();
    let mut counter = Counter::default();
    for _ in 0..1_000 {
        counter = counter.reserve(&limit, START).unwrap().refund();
    }
    assert_eq!(hammer(&mut counter, &limit, START), 15);
    assert_eq!(Counter::default().refund(), Counter::default());
}

#[test]
fn an_attempt_whose_process_died_counts_until_the_window_ends() {
    let limit = Limit::strangers();
    let mut counter = Counter::default();
    for _ in 0..10 {
        counter = counter.reserve(&limit, START).unwrap();
    }
    assert_eq!(counter.reserve(&limit, START.plus(minutes(5))), Err(RetryAfter(minutes(10))));
    assert!(counter.reserve(&limit, START.plus(minutes(15))).is_ok());
}

#[test]
fn fifteen_accounts_from_one_address_are_enough_and_the_address_opens_again_by_itself() {
    let limit = Limit::address();
    let mut counter = Counter::default();
    assert_eq!(hammer(&mut counter, &limit, START), 15);
    assert_eq!(counter.reserve(&limit, START), Err(RetryAfter(minutes(15))));
    for quarter in 1..100 {
        assert_eq!(hammer(&mut counter, &limit, START.plus(minutes(15 * quarter))), 15);
    }
}

#[test]
fn mails_that_are_only_asked_for_are_limited_too() {
    let limit = Limit::mails();
    let mut counter = Counter::default();
    for _ in 0..5 {
        counter = counter.reserve(&limit, START).unwrap();
    }
    assert_eq!(counter.reserve(&limit, START), Err(RetryAfter(minutes(60))));
}

#[test]
fn a_clock_that_was_set_back_does_not_keep_a_window_open_for_ever() {
    let limit = Limit::address();
    let ahead = Counter { tries: 15, window_at: Some(START.plus(minutes(600))), ..Counter::default() };
    assert!(ahead.reserve(&limit, START).is_ok());
}

#[test]
fn a_clock_that_is_set_back_an_hour_and_forth_gives_no_other_try() {
    let limit = Limit::address();
    let full = Counter { tries: 15, window_at: Some(START), ..Counter::default() };
    for now in [START, START.minus(minutes(60)), START.plus(minutes(14)), START.minus(minutes(1))] {
        assert!(full.reserve(&limit, now).is_err());
        assert_eq!(full.within(limit.window, now), 15);
    }
    assert!(full.reserve(&limit, START.plus(minutes(15))).is_ok());
}

#[test]
fn the_wait_is_told_in_whole_seconds_rounded_up() {
    assert_eq!(RetryAfter(Duration::from_millis(1_500)).seconds(), Some(2));
    assert_eq!(RetryAfter(Duration::ZERO).seconds(), Some(1));
    assert_eq!(RetryAfter(minutes(15)).seconds(), Some(900));
    assert_eq!(RetryAfter::UNTIL_RESET.seconds(), None);
    assert!(RetryAfter::UNTIL_RESET.is_until_reset());
}

proptest! {
    #[test]
    fn no_quarter_of_an_hour_sees_more_than_two_windows_worth_of_hashes(
        steps in prop::collection::vec((0_u64..400, any::<bool>()), 1..300)
    ) {
        let limit = Limit::strangers();
        let (mut counter, mut now) = (Counter::default(), START);
        let mut hashed: Vec<Timestamp> = Vec::new();
        let mut open = 0_u32;
        for (seconds, try_again) in steps {
            now = now.plus(Duration::from_secs(seconds));
            if try_again {
                if let Ok(next) = counter.reserve(&limit, now) {
                    counter = next;
                    open += 1;
                    hashed.push(now);
                }
            } else if open > 0 {
                counter = counter.fail(&limit, now);
                open -= 1;
            }
            let recent = hashed.iter().filter(|at| now.since(**at) < limit.window).count();
            prop_assert!(recent <= 20, "{recent} in 15 minutes");
            prop_assert!(counter.tries <= limit.tries);
            prop_assert!(!counter.is_disabled(&limit) || counter.reserve(&limit, now).is_err());
        }
    }
}
