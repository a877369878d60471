//! Coming back for an answer: an app that waits for a person asks the token endpoint again and again, and is told to be
//! patient (RFC 8628 §3.5).

use crate::error::{ErrorCode, OAuthError};
use crate::seconds;
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long an app waits between two questions, to begin with.
pub const INTERVAL: Duration = Duration::from_secs(5);
/// How much longer each time that it did not (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// What a clock or a network may take away of the interval.
const SLACK: Duration = Duration::from_millis(500);

/// How it stands with a request for which an app comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polling {
    /// How long the app has to wait between two questions, in seconds.
    #[serde(with = "seconds")]
    pub interval: Duration,
    /// When it asked last.
    pub asked_at: Option<Timestamp>,
    /// What the person said.
    pub decision: Option<Decision>,
    /// Until when it can be decided and redeemed.
    pub expires_at: Timestamp,
}

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes: this grant.
    Granted(Id),
    /// No.
    Denied,
    /// Nothing: a newer request of the same app took its place.
    Replaced,
}

impl Polling {
    /// A request that nobody has decided.
    pub const fn new(expires_at: Timestamp) -> Self {
        Self { interval: INTERVAL, asked_at: None, decision: None, expires_at }
    }

    /// Whether it can still be decided.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.decision.is_none() && now < self.expires_at
    }

    /// Decides it. `false` when it was decided before or is too old: the first word stays.
    pub fn decide(&mut self, decision: Decision, now: Timestamp) -> bool {
        let open = self.is_open(now);
        if open {
            self.decision = Some(decision);
        }
        open
    }

    /// What the app is told that asks now: the grant, once there is one. To be saved, whatever the answer.
    ///
    /// # Errors
    /// `authorization_pending`, `slow_down`, `access_denied`, `expired_token`.
    pub fn ask(&mut self, now: Timestamp) -> Result<Id, OAuthError> {
        let told = |code, text: &str| Err(OAuthError::new(code, text));
        match self.decision {
            Some(Decision::Denied) => return told(ErrorCode::AccessDenied, "the person did not allow it"),
            _ if now >= self.expires_at => {
                return told(ErrorCode::ExpiredToken, "nobody decided in time: begin again");
            }
            Some(Decision::Replaced) => {
                return told(
                    ErrorCode::ExpiredToken,
                    "a newer request of this client for the same person took its place",
                );
            }
            Some(Decision::Granted(grant)) => return Ok(grant),
            None => {}
        }
        // One that lies ahead was at a node whose clock is, or before the clock was set back: no reason to slow anybody down.
        let before = self.asked_at.filter(|before| *before <= now);
        let soon = before.is_some_and(|before| now.since(before).saturating_add(SLACK) < self.interval);
        self.asked_at = Some(now);
        if soon {
            self.interval = self.interval.saturating_add(SLOWER);
            let text = format!("asked too soon: wait {} seconds between two questions", self.interval.as_secs());
            return told(ErrorCode::SlowDown, &text);
        }
        told(ErrorCode::AuthorizationPending, "the person has not decided yet: ask again")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn at(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    fn polling() -> Polling {
        Polling::new(at(600))
    }

    fn code(polling: &mut Polling, seconds: u64) -> Result<Id, ErrorCode> {
        polling.ask(at(seconds)).map_err(|error| error.code)
    }

    #[test]
    fn who_asks_in_good_time_is_told_to_wait() {
        let mut polling = polling();
        for seconds in [0, 5, 10, 17] {
            assert_eq!(code(&mut polling, seconds), Err(ErrorCode::AuthorizationPending), "{seconds}");
        }
        assert_eq!(polling.interval, INTERVAL);
    }

    #[test]
    fn who_asks_too_soon_waits_five_seconds_longer_each_time_and_for_good() {
        let mut polling = polling();
        assert_eq!(code(&mut polling, 0), Err(ErrorCode::AuthorizationPending));
        assert_eq!(code(&mut polling, 1), Err(ErrorCode::SlowDown));
        assert_eq!(code(&mut polling, 7), Err(ErrorCode::SlowDown), "six seconds are not ten any more");
        assert_eq!(polling.interval, Duration::from_secs(15));
        assert_eq!(code(&mut polling, 22), Err(ErrorCode::AuthorizationPending));
        assert_eq!(polling.interval, Duration::from_secs(15), "it stays");
        let kept: Polling = serde_json::from_value(serde_json::to_value(&polling).unwrap()).unwrap();
        assert_eq!(kept, polling);
    }

    #[test]
    fn who_asks_at_nodes_whose_clocks_differ_is_not_slowed_down() {
        let mut polling = polling();
        for seconds in [60, 5, 70, 15] {
            assert_eq!(code(&mut polling, seconds), Err(ErrorCode::AuthorizationPending), "{seconds}");
        }
    }

    #[test]
    fn the_first_word_stays() {
        let (yes, no) = (Decision::Granted(Id::from_bytes([1; 16])), Decision::Denied);
        let mut polling = polling();
        assert!(polling.decide(no, at(1)));
        assert!(!polling.decide(yes, at(2)));
        assert_eq!(code(&mut polling, 3), Err(ErrorCode::AccessDenied));
        assert_eq!(
            code(&mut polling, 4),
            Err(ErrorCode::AccessDenied),
            "nobody is told to slow down for what is decided"
        );
    }

    #[test]
    fn what_was_replaced_is_over() {
        let mut polling = polling();
        assert!(polling.decide(Decision::Replaced, at(1)) && !polling.is_open(at(1)));
        assert_eq!(code(&mut polling, 2), Err(ErrorCode::ExpiredToken));
    }

    #[test]
    fn what_is_granted_is_told_until_the_time_is_over() {
        let grant = Id::from_bytes([1; 16]);
        let mut polling = polling();
        assert_eq!(code(&mut polling, 0), Err(ErrorCode::AuthorizationPending));
        assert!(polling.decide(Decision::Granted(grant), at(1)));
        assert_eq!(code(&mut polling, 1), Ok(grant));
        assert_eq!(code(&mut polling, 600), Err(ErrorCode::ExpiredToken));
        assert!(!self::polling().decide(Decision::Granted(grant), at(600)), "and is not granted after that");
    }
}
