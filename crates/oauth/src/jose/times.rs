//! The times that a token of a client names (RFC 7519 §4.1.4–4.1.6), measured by our clock with some patience for theirs.

use super::verify::{Claims, JwtError};
use base::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// How far a client's clock may be ahead of ours (FAPI 2.0 Security Profile §5.3.2.1: ten seconds are fine, sixty are not).
pub const LEEWAY: Duration = Duration::from_secs(30);

/// What the times of a token have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How far ahead `exp` may lie, and how long ago `nbf`.
    pub longest: Duration,
    /// Whether `nbf` has to be there.
    pub nbf_required: bool,
}

/// Checks `exp`, which has to be there, `nbf` and `iat`. Answers `exp`.
///
/// # Errors
/// [`JwtError::Expired`], [`JwtError::NotYet`], [`JwtError::TooLong`]; [`JwtError::Malformed`] for what is no time.
pub fn check_times(claims: &Claims, window: &Window, now: Timestamp) -> Result<Timestamp, JwtError> {
    let expires = moment(claims, "exp")?.ok_or(JwtError::Expired)?;
    if now >= expires {
        return Err(JwtError::Expired);
    }
    if expires > now.plus(window.longest).plus(LEEWAY) {
        return Err(JwtError::TooLong);
    }
    let (from, made) = (moment(claims, "nbf")?, moment(claims, "iat")?);
    if window.nbf_required && from.is_none() {
        return Err(JwtError::Malformed);
    }
    if from.is_some_and(|from| from < now.minus(window.longest)) {
        return Err(JwtError::TooLong);
    }
    let is_ahead = |at: Timestamp| at > now.plus(LEEWAY);
    if from.is_some_and(is_ahead) || made.is_some_and(is_ahead) {
        return Err(JwtError::NotYet);
    }
    Ok(expires)
}

/// A `NumericDate`, which may have a fraction (RFC 7519 §2).
///
/// # Errors
/// [`JwtError::Malformed`] for what is no number, or before 1970, or beyond all bounds.
pub fn moment(claims: &Claims, name: &str) -> Result<Option<Timestamp>, JwtError> {
    /// The year 9999.
    const LAST: i64 = 253_402_300_799;
    let seconds = match claims.get(name) {
        None => return Ok(None),
        Some(Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Some(whole),
            (None, Some(broken)) => {
                Duration::try_from_secs_f64(broken).ok().and_then(|d| i64::try_from(d.as_secs()).ok())
            }
            (None, None) => None,
        },
        Some(_) => None,
    };
    match seconds {
        Some(seconds @ 0..=LAST) => Ok(Some(Timestamp::from_seconds(seconds))),
        _ => Err(JwtError::Malformed),
    }
}
