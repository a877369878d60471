//! Changes to an account that may wait for their owner's yes.
//!
//! A sensitive change is of a [`ChangeKind`]; the operator says for each what happens with it ([`Mode`]). One that waits
//! is a [`PendingChange`]: it holds all that is needed to carry it out, and is decided once.

mod kind;
mod number;
mod pending;
#[cfg(test)]
mod tests;
mod what;

pub use kind::{ChangeKind, ChangePolicy, Mode};
pub use number::{CHANGE_KEY, ChangeSecret, Leg};
pub use pending::{
    APPROVAL_LIFETIME, Asking, Before, Ended, Ending, MAIL_AFTER, MAX_WRONG_CODES, MAX_WRONG_NUMBERS, NotTaken,
    PendingChange, Requester, UNDO_FOR,
};

pub use what::Change;

use crate::limit::Limit;
use std::time::Duration;

/// How many requests ring browsers in ten minutes; one more, and none does for [`PAUSE`]. Whoever gets many of them says
/// yes to one in the end (CISA, "Implementing Number Matching in MFA Applications", on fatigue).
pub const RINGS: Limit =
    Limit { tries: 3, window: Duration::from_secs(10 * 60), longest_lock: Duration::ZERO, consecutive: None };
/// How long no browser is rung after that. The code by mail is the way meanwhile.
pub const PAUSE: Duration = Duration::from_secs(3600);
/// How many requests an account takes in an hour, rung or not: each sends a mail.
pub const REQUESTS: Limit =
    Limit { tries: 10, window: Duration::from_secs(3600), longest_lock: Duration::ZERO, consecutive: None };
/// From how many denials within [`DENIALS_WITHIN`] on they are an event of their own.
pub const MANY_DENIALS: usize = 2;
/// How long a denial counts.
pub const DENIALS_WITHIN: Duration = Duration::from_secs(24 * 3600);
