//! A form that is shown once more.

use crate::convert::seconds;
use actix_web::http::StatusCode;
use app::guard::TooMany;

/// The same form again, with what is wrong.
pub(crate) struct Again<P> {
    /// What is wrong.
    pub(crate) problem: P,
    /// The status.
    pub(crate) status: StatusCode,
    /// How many seconds to wait.
    pub(crate) wait: Option<u64>,
}

impl<P> Again<P> {
    /// A note on a page that is as good as new.
    pub(crate) const fn said(problem: P) -> Self {
        Self { problem, status: StatusCode::OK, wait: None }
    }

    pub(crate) const fn form(problem: P) -> Self {
        Self { problem, status: StatusCode::UNPROCESSABLE_ENTITY, wait: None }
    }

    /// The same, or `closed` where waiting does not help.
    pub(super) fn later_or(closed: P, too_many: TooMany, problem: impl FnOnce(u64) -> P) -> Self {
        match too_many.is_until_reset() {
            true => Self { problem: closed, status: StatusCode::TOO_MANY_REQUESTS, wait: None },
            false => Self::later(too_many, problem),
        }
    }

    pub(super) fn later(too_many: TooMany, problem: impl FnOnce(u64) -> P) -> Self {
        let wait = seconds(too_many.wait);
        Self { problem: problem(wait), status: StatusCode::TOO_MANY_REQUESTS, wait: Some(wait) }
    }
}
