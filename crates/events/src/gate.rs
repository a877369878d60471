//! Whether a service that all mails go through is there at all.
//!
//! While it is away each mail would be written and tried in vain, again and again: one is enough to find out. The others wait
//! as they are, and go out as soon as that one does, instead of when the last of their own long waits is over.

use base::{Rng, Timestamp};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(2);
/// Whatever comes back is found within this long, and half of it more.
const LONGEST: Duration = Duration::from_secs(60);

/// The same, with what is added to it by chance.
const FARTHEST: Duration = Duration::from_secs(90);

/// Open, or shut until one may try.
#[derive(Default)]
pub(crate) struct Gate(Mutex<Option<Shut>>);

#[derive(Clone, Copy)]
struct Shut {
    /// When one may try.
    until: Timestamp,
    wait: Duration,
}

impl Shut {
    fn is_over(self, now: Timestamp) -> bool {
        now >= self.until || self.until > now.plus(FARTHEST)
    }
}

impl Gate {
    /// How many of `most` may go now. A moment that lies too far ahead was set by a clock that has been set back since.
    pub(crate) fn room(&self, most: i64, now: Timestamp) -> i64 {
        match *self.shut() {
            None => most,
            Some(shut) if shut.is_over(now) => 1.min(most),
            Some(_) => 0,
        }
    }

    /// It was not there. Says for how long nobody tries, if that is news: of many that were under way the first says it for all.
    pub(crate) fn shut_for(&self, now: Timestamp, rng: &Rng) -> Option<Duration> {
        let mut shut = self.shut();
        let wait = match *shut {
            Some(before) if !before.is_over(now) => return None,
            Some(Shut { wait, .. }) => wait.saturating_mul(2).min(LONGEST),
            None => FIRST,
        };
        let spread = wait.mul_f64(0.5 + rng.fraction());
        *shut = Some(Shut { until: now.plus(spread), wait });
        Some(spread)
    }

    /// It is there. Says whether that is news.
    pub(crate) fn open(&self) -> bool {
        self.shut().take().is_some()
    }

    fn shut(&self) -> std::sync::MutexGuard<'_, Option<Shut>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_790_000_000 + seconds)
    }

    #[test]
    fn one_finds_out_for_all() {
        let (gate, rng) = (Gate::default(), Rng::seeded(1));
        assert_eq!(gate.room(100, at(0)), 100);
        assert!(gate.shut_for(at(0), &rng).is_some());
        assert_eq!(gate.shut_for(at(0), &rng), None, "those that were under way say it once");
        assert_eq!(gate.room(100, at(0)), 0);
        assert_eq!(gate.room(100, at(4)), 1);
        assert!(gate.open());
        assert!(!gate.open(), "it was open");
        assert_eq!(gate.room(100, at(4)), 100);
    }

    #[test]
    fn what_comes_back_is_found_within_a_minute_and_a_half() {
        let (gate, rng) = (Gate::default(), Rng::seeded(2));
        let (mut now, mut tries) = (at(0), 0);
        while now < at(3_600) {
            let wait = gate.shut_for(now, &rng).expect("one tried, alone");
            assert!(wait <= Duration::from_secs(90), "{wait:?}");
            assert_eq!(gate.room(100, now), 0);
            now = now.plus(wait);
            assert_eq!(gate.room(100, now), 1);
            tries += 1;
        }
        assert!((40..140).contains(&tries), "{tries}");
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_nobody_out() {
        let (gate, rng) = (Gate::default(), Rng::seeded(4));
        assert!(gate.shut_for(at(3_600), &rng).is_some());
        assert_eq!(gate.room(100, at(0)), 1);
        assert!(gate.shut_for(at(0), &rng).is_some());
        assert_eq!(gate.room(100, at(0)), 0);
    }

    #[test]
    fn it_starts_over_after_it_was_open() {
        let (gate, rng) = (Gate::default(), Rng::seeded(3));
        for second in [0, 10, 30, 90] {
            assert!(gate.shut_for(at(second), &rng).is_some());
        }
        gate.open();
        assert!(gate.shut_for(at(200), &rng).is_some_and(|wait| wait <= Duration::from_secs(3)));
    }
}
