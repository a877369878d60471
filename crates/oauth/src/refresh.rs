//! Refresh token rotation (RFC 9700 §4.14.2): each token is exchanged once, and a second time means theft.

use crate::error::{ErrorCode, OAuthError};
use crate::scope::Scope;
use base::{APART, Timestamp};
use std::time::Duration;

/// For how long the same answer is given again to a client that lost it on the way.
pub const REPEAT_WINDOW: Duration = Duration::from_secs(10);

/// The part of a stored refresh token that counts here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshRow {
    /// Since when.
    pub issued_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was exchanged.
    pub consumed_at: Option<Timestamp>,
}

/// What to do with a presented refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshDecision {
    /// Exchange it for its child.
    Rotate,
    /// Give the same child again: the answer was lost.
    SameChildAgain,
    /// It was used before: end its whole family.
    Replay,
    /// Too old.
    Expired,
}

/// Decides about a token that was found by its hash.
pub fn decide(row: &RefreshRow, now: Timestamp) -> RefreshDecision {
    match row.consumed_at {
        // Where it lies ahead by more than another node's clock does, the clock was set back: nothing is new again by that.
        Some(at) if now.since(at) > REPEAT_WINDOW || at.since(now) > APART => RefreshDecision::Replay,
        _ if now >= row.expires_at => RefreshDecision::Expired,
        Some(_) => RefreshDecision::SameChildAgain,
        None => RefreshDecision::Rotate,
    }
}

/// The scope of the new access token: all that was granted, or less if less is asked for (RFC 6749 §6). The
/// grant itself keeps what it has.
///
/// # Errors
/// `invalid_scope` when more is asked for than was granted.
pub fn narrow(granted: &Scope, wanted: Option<&Scope>) -> Result<Scope, OAuthError> {
    match wanted {
        None => Ok(granted.clone()),
        Some(wanted) if wanted.is_subset(granted) && !wanted.is_empty() => Ok(wanted.clone()),
        Some(_) => Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "scope is more than was granted: ask for less, or start a new authorization",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn row(consumed: Option<u64>) -> RefreshRow {
        RefreshRow {
            issued_at: NOW.minus(Duration::from_secs(3600)),
            expires_at: NOW.plus(Duration::from_secs(3600)),
            consumed_at: consumed.map(|millis| NOW.minus(Duration::from_millis(millis))),
        }
    }

    #[test]
    fn a_live_token_rotates_once() {
        assert_eq!(decide(&row(None), NOW), RefreshDecision::Rotate);
        assert_eq!(decide(&row(Some(10_001)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn a_lost_answer_is_given_again_for_ten_seconds() {
        assert_eq!(decide(&row(Some(0)), NOW), RefreshDecision::SameChildAgain);
        assert_eq!(decide(&row(Some(10_000)), NOW), RefreshDecision::SameChildAgain);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_used_token_new() {
        let ahead = |by| RefreshRow { consumed_at: Some(NOW.plus(by)), ..row(None) };
        assert_eq!(decide(&ahead(APART), NOW), RefreshDecision::SameChildAgain, "it was exchanged at another node");
        assert_eq!(decide(&ahead(APART + Duration::from_secs(1)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn an_old_token_is_expired_but_a_used_one_stays_a_replay() {
        let expired = |consumed| RefreshRow { expires_at: NOW, ..row(consumed) };
        assert_eq!(decide(&expired(None), NOW), RefreshDecision::Expired);
        assert_eq!(decide(&expired(Some(1)), NOW), RefreshDecision::Expired);
        assert_eq!(decide(&expired(Some(60_000)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn scope_can_shrink_but_not_grow() {
        let scope = |s: &str| s.parse::<Scope>().unwrap();
        let granted = scope("openid email");
        assert_eq!(narrow(&granted, None), Ok(granted.clone()));
        assert_eq!(narrow(&granted, Some(&scope("email"))), Ok(scope("email")));
        assert_eq!(narrow(&granted, Some(&scope("openid phone"))).unwrap_err().code, ErrorCode::InvalidScope);
    }
}
