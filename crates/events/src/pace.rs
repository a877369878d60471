//! How quickly one thing follows the other.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long what happens is gathered before it is relayed where much happens: nobody notices, and many who sign in at once share
/// the transaction.
pub(crate) const BREATH: Duration = Duration::from_millis(25);
/// So many may follow each other at once before that.
const AT_ONCE: u32 = 8;

/// Each takes [`BREATH`], and [`AT_ONCE`] of them may be ahead of that.
#[derive(Default)]
pub(crate) struct Pace(Mutex<Option<Instant>>);

impl Pace {
    /// Counts one more; says whether it came too early.
    pub(crate) fn is_fast(&self, now: Instant) -> bool {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = due.filter(|due| *due > now).unwrap_or(now) + BREATH;
        *due = Some(next);
        next > now + BREATH * AT_ONCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_at_once_wait_for_nothing_and_many_are_gathered() {
        let (pace, begin) = (Pace::default(), Instant::now());
        assert!((0..8).all(|_| !pace.is_fast(begin)));
        assert!(pace.is_fast(begin), "the ninth");
        let later = begin + Duration::from_secs(1);
        assert!(!pace.is_fast(later), "what is long over is forgotten");
        assert!((0..100).all(|n| !pace.is_fast(later + BREATH * n)), "slowly it never is too much");
    }
}
