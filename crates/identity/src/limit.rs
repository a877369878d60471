//! Guessing limits: an attempt is reserved and saved before anything is hashed.
//!
//! An attempt goes: [`Counter::reserve`], save and commit; hash; then [`Counter::succeed`] or
//! [`Counter::fail`], save. As the reservation is counted first, a hundred attempts at once are as many as a
//! hundred in a row, and an attempt whose process died still counts.
//!
//! One counter is one *lane*: what strangers try on an account, what a device that the account knows tries on
//! it, what one network address tries on whatever account. Lanes are separate, so that a stranger who hammers
//! an account does not lock its owner out.

use base::{Timestamp, WRONG_BY};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often something was tried, under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counter {
    /// Attempts in the present window, reserved ones included.
    pub tries: u32,
    /// Failures in a row since the last success.
    pub consecutive: u32,
    /// When the window began.
    pub window_at: Option<Timestamp>,
    /// No attempt before this moment.
    pub locked_until: Option<Timestamp>,
}

/// Wait this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// Waiting does not help: the authenticator is closed until it is reset.
    pub const UNTIL_RESET: Self = Self(Duration::MAX);

    /// Whether only a reset opens the lane again.
    pub fn is_until_reset(self) -> bool {
        self == Self::UNTIL_RESET
    }

    /// The value of a `Retry-After` header (RFC 9110 §10.2.3), in seconds, rounded up; `None` when waiting
    /// does not help.
    pub fn seconds(self) -> Option<u64> {
        (!self.is_until_reset()).then(|| self.0.as_secs().saturating_add(u64::from(self.0.subsec_nanos() > 0)).max(1))
    }
}

/// How much may be tried in one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Attempts in a window. Each time as many have failed in a row, the lane is locked besides.
    pub tries: u32,
    /// The length of a window, and of the first lock; each further lock is twice as long.
    pub window: Duration,
    /// The longest lock. Zero means none: the window alone limits.
    pub longest_lock: Duration,
    /// Failures in a row after which the lane is closed until it is reset (NIST SP 800-63B-4 §3.2.2 allows at
    /// most 100 for one authenticator). `None` means never.
    pub consecutive: Option<u32>,
}

const MINUTE: u64 = 60;
const QUARTER_HOUR: Duration = Duration::from_secs(15 * MINUTE);
const HOUR: Duration = Duration::from_secs(60 * MINUTE);

impl Limit {
    /// Wrong passwords on one account from devices that it does not know: 10 in 15 minutes, locks that double
    /// up to an hour, and 80 in a row at most. Together with [`Limit::known_device`] that makes 100.
    pub const fn strangers() -> Self {
        Self { tries: 10, window: QUARTER_HOUR, longest_lock: HOUR, consecutive: Some(80) }
    }

    /// Wrong passwords on one account from devices that it knows: 10 in 15 minutes, and 20 in a row at most.
    pub const fn known_device() -> Self {
        Self { tries: 10, window: QUARTER_HOUR, longest_lock: HOUR, consecutive: Some(20) }
    }

    /// Wrong passwords from one network address, on whatever accounts: 15 in 15 minutes. No lock and no end:
    /// many people can share an address.
    pub const fn address() -> Self {
        Self { tries: 15, window: QUARTER_HOUR, longest_lock: Duration::ZERO, consecutive: None }
    }

    /// Mails asked for by anybody, to one address and for one purpose: five in an hour.
    pub const fn mails() -> Self {
        Self { tries: 5, window: HOUR, longest_lock: Duration::ZERO, consecutive: None }
    }

    /// Requests that wait for an answer, of an app that anybody can be, from one network address: 300 in 15 minutes.
    pub const fn requests() -> Self {
        Self { tries: 300, window: QUARTER_HOUR, longest_lock: Duration::ZERO, consecutive: None }
    }

    fn lock_after(&self, consecutive: u32) -> Option<Duration> {
        let tries = self.tries.max(1);
        if self.longest_lock.is_zero() || consecutive == 0 || !consecutive.is_multiple_of(tries) {
            return None;
        }
        let doublings = (consecutive / tries).saturating_sub(1).min(16);
        Some(self.window.saturating_mul(1 << doublings).min(self.longest_lock))
    }
}

impl Counter {
    /// Counts an attempt before it is made. The caller saves and commits the new counter at once.
    ///
    /// # Errors
    /// [`RetryAfter`] when no attempt is left; nothing is counted then, so that hammering at a closed lane
    /// does not keep it closed.
    pub fn reserve(&self, limit: &Limit, now: Timestamp) -> Result<Self, RetryAfter> {
        if limit.consecutive.is_some_and(|most| self.consecutive >= most) {
            return Err(RetryAfter::UNTIL_RESET);
        }
        if let Some(until) = self.locked_until.filter(|until| now < *until) {
            return Err(RetryAfter(until.since(now)));
        }
        match self.window_at {
            Some(began) if is_within(began, limit.window, now) => {
                if self.tries >= limit.tries {
                    return Err(RetryAfter(began.plus(limit.window).since(now)));
                }
                Ok(Self { tries: self.tries.saturating_add(1), locked_until: None, ..*self })
            }
            _ => Ok(Self { tries: 1, window_at: Some(now), locked_until: None, ..*self }),
        }
    }

    /// Takes a reservation back: nothing was tried after all, or it was no guess.
    #[must_use]
    pub const fn refund(&self) -> Self {
        Self { tries: self.tries.saturating_sub(1), ..*self }
    }

    /// After a success: the lane begins anew.
    #[must_use]
    pub fn succeed(&self) -> Self {
        Self::default()
    }

    /// After a failure: counts it in the row, and locks the lane each time the row has grown by a window's
    /// worth. The attempt itself was counted when it was reserved.
    #[must_use]
    pub fn fail(&self, limit: &Limit, now: Timestamp) -> Self {
        let consecutive = self.consecutive.saturating_add(1);
        let lock = limit.lock_after(consecutive).map(|span| now.plus(span));
        Self { consecutive, locked_until: self.locked_until.max(lock), ..*self }
    }

    /// Counts one more, whatever the number: in the present window, or in a new one.
    #[must_use]
    pub fn raise(&self, window: Duration, now: Timestamp) -> Self {
        match self.window_at {
            Some(began) if is_within(began, window, now) => Self { tries: self.tries.saturating_add(1), ..*self },
            _ => Self { tries: 1, window_at: Some(now), ..*self },
        }
    }

    /// How often something was counted in the present window; none when it is over.
    pub fn within(&self, window: Duration, now: Timestamp) -> u32 {
        match self.window_at {
            Some(began) if is_within(began, window, now) => self.tries,
            _ => 0,
        }
    }

    /// Whether the lane is closed until it is reset.
    pub fn is_disabled(&self, limit: &Limit) -> bool {
        limit.consecutive.is_some_and(|most| self.consecutive >= most)
    }

    /// After the password was set anew by its owner: the lane begins anew.
    #[must_use]
    pub fn reset(&self) -> Self {
        Self::default()
    }
}

/// Whether a moment is in the window that began then. One that lies ahead is a clock that was set back: the window goes on, so that
/// nobody gets another try by it; but one that lies ahead for long was never right.
fn is_within(began: Timestamp, window: Duration, now: Timestamp) -> bool {
    began <= now.plus(WRONG_BY) && now < began.plus(window)
}

#[cfg(test)]
mod tests;
