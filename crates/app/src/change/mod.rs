//! Sensitive changes: the one door through which an account's own pages change how it is had.
//!
//! What the operator lets happen at once is carried out at once ([`Here::change`]); the rest waits for its owner's yes.
//! An answer is decided under the account's lock, and what follows from it is done in the same transaction: there is no
//! moment at which a change is decided and not done.

mod answer;
mod ask;
mod carry_out;
mod code;
mod email;
mod find;
mod lockdown;
mod phone;
mod tend;
mod undo;

pub use answer::{AnswerProblem, Moved};
pub use bus::Watch as ChangeWatch;
pub use email::EmailRefusal;
pub use find::{Asker, May, Phase, Reach, ShownChange, SoFar, Values};
pub use lockdown::{LiftRefusal, LockdownPage};
pub use phone::PhoneRefusal;

use crate::guard::TooMany;
use base::Id;

/// What became of a change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made<T> {
    /// It is done.
    Done(T),
    /// It waits for its owner's yes: its page says how it stands.
    Waits(Id),
    /// Nothing was changed.
    NotNow(NotNow),
}

/// Why nothing can be changed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// The account is locked down until its owner is back.
    LockedDown,
    /// Too many changes were asked for.
    TooMany(TooMany),
    /// What it was about is gone, or taken, since the page was shown.
    Overtaken,
}

impl<T> Made<T> {
    /// With another value where it is done.
    pub fn map<U>(self, done: impl FnOnce(T) -> U) -> Made<U> {
        match self {
            Self::Done(value) => Made::Done(done(value)),
            Self::Waits(id) => Made::Waits(id),
            Self::NotNow(why) => Made::NotNow(why),
        }
    }
}
