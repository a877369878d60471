//! When to try again.

use base::{Rng, Timestamp};
use std::time::Duration;
use store::model::{Delivery, Outcome};

const FIRST: Duration = Duration::from_secs(5);
/// How long it waits at most in the first hour: what comes back after half an hour is found, with jitter, within five minutes.
const LONGEST_AT_FIRST: Duration = Duration::from_secs(200);
/// So many attempts make that hour.
const AT_FIRST: u32 = 30;
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// A day and a little.
const MOST_ATTEMPTS: i32 = 80;

/// The next attempt after a failure that may pass: doubling with jitter, up to a few minutes for about an hour and then up to half an
/// hour; never before `asked` (Retry-After), never after the delivery is worthless; given up after too many.
pub(crate) fn retry(
    delivery: &Delivery,
    (now, rng): (Timestamp, &Rng),
    asked: Option<Duration>,
    error: String,
) -> Outcome {
    if delivery.attempts >= MOST_ATTEMPTS {
        return Outcome::Dead(error);
    }
    let before = u32::try_from(delivery.attempts.saturating_sub(1)).unwrap_or(0);
    let doubled = |from: Duration, times: u32| from.saturating_mul(1_u32.checked_shl(times).unwrap_or(u32::MAX));
    let base = match before.checked_sub(AT_FIRST) {
        None => doubled(FIRST, before.min(16)).min(LONGEST_AT_FIRST),
        Some(later) => doubled(LONGEST_AT_FIRST, later.min(16)).min(LONGEST),
    };
    let jittered = base.mul_f64(0.5 + rng.fraction());
    let at = now.plus(asked.map_or(jittered, |asked| asked.max(jittered.min(asked.mul_f64(1.5)))));
    if at >= delivery.expires_at { Outcome::Dead(format!("no time left: {error}")) } else { Outcome::Retry(at, error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;
    use store::model::Sink;

    fn delivery(attempts: i32, expires_in: u64) -> (Delivery, Timestamp) {
        let now = Timestamp::from_seconds(1_790_000_000);
        let id = Id::from_bytes([1; 16]);
        let expires_at = now.plus(Duration::from_secs(expires_in));
        let (body, last_error) = (None, None);
        (
            Delivery {
                id,
                tenant: id,
                event: id,
                sink: Sink::Push,
                target: String::new(),
                attempts,
                expires_at,
                body,
                last_error,
            },
            now,
        )
    }

    #[test]
    fn waits_grow_and_are_spread() {
        let rng = Rng::seeded(1);
        let wait = |attempts| {
            let (delivery, now) = delivery(attempts, 86_400);
            match retry(&delivery, (now, &rng), None, "x".into()) {
                Outcome::Retry(at, _) => at.since(now).as_secs_f64(),
                other => panic!("{other:?}"),
            }
        };
        assert!((2.5..=7.5).contains(&wait(1)));
        assert!((20.0..=60.0).contains(&wait(4)));
        for attempts in 7..=30 {
            assert!((100.0..=300.0).contains(&wait(attempts)), "{attempts}: {}", wait(attempts));
        }
        assert!((800.0..=2_400.0).contains(&wait(34)));
        assert!((900.0..=2_700.0).contains(&wait(79)));
    }

    #[test]
    fn what_the_service_asks_for_is_kept() {
        let (delivery, now) = delivery(1, 86_400);
        let asked = Duration::from_secs(120);
        match retry(&delivery, (now, &Rng::seeded(1)), Some(asked), "429".into()) {
            Outcome::Retry(at, _) => assert!(at.since(now) >= asked),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_worthless_delivery_is_not_tried_again() {
        let (late, now) = delivery(1, 1);
        assert!(matches!(retry(&late, (now, &Rng::seeded(1)), None, "x".into()), Outcome::Dead(_)));
        let (often, now) = delivery(MOST_ATTEMPTS, 86_400);
        assert!(matches!(retry(&often, (now, &Rng::seeded(1)), None, "x".into()), Outcome::Dead(_)));
    }
}
