//! The only place where refusals and faults become HTTP. Every match is exhaustive, so that a new refusal does
//! not compile until someone has decided what a person is told.

mod again;
mod changes;
pub(crate) mod json;
pub(crate) mod oauth;
pub(crate) mod plain;
mod refusals;
pub(crate) mod registration;
mod step;
mod trouble;
mod upstream;

pub(crate) use again::Again;
pub(crate) use changes::{ask, email, lockdown, made, made_by_script, not_taken, phone};
pub(crate) use refusals::{
    RECOVERY_STANDS, ResetProblem, answer, authorize, change, confirm, device, enrol, flow, invite, key_change, login,
    mail_code, profile, recovery_asked, recovery_link, recovery_password, recovery_stop, register, request, reset,
    second_factor, set_up, set_up_app, way_off,
};
pub(crate) use step::{add_cookie, bounce, done, done_at, say, see_other, step, with_cookies};
pub(crate) use trouble::{
    begin_again, cross_site, fault, flow_ended, not_found, too_large, too_many_forms, too_slow, trouble, unreadable,
};
pub(crate) use upstream::{begin_link, begin_upstream, problem_of, unlink, upstream_answer};

use actix_web::HttpResponse;
use actix_web::error::InternalError;
use std::fmt;

/// What a handler answers: what was asked for, or something instead.
pub(crate) type Reply = Result<HttpResponse, Stop>;

/// An answer that ends the handling of a request before its time.
pub(crate) struct Stop(Box<HttpResponse>);

impl Stop {
    pub(crate) fn into_response(self) -> HttpResponse {
        *self.0
    }
}

impl From<HttpResponse> for Stop {
    fn from(response: HttpResponse) -> Self {
        Self(Box::new(response))
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stop({})", self.0.status())
    }
}

impl From<Stop> for actix_web::Error {
    fn from(stop: Stop) -> Self {
        InternalError::from_response("answered early", *stop.0).into()
    }
}
