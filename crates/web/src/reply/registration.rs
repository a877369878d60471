//! Answers to apps that register themselves.

use super::{oauth, plain};
use crate::guest::Guest;
use ::oauth::{ErrorCode, OAuthError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, PRAGMA, WWW_AUTHENTICATE};
use app::Problem;
use app::guard::TooMany;
use app::oidc::RegistrationRefusal;

/// The registration is withdrawn (RFC 7592 §2.3).
pub(crate) fn gone() -> HttpResponse {
    HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).finish()
}

/// A refusal, or trouble on our side.
pub(crate) fn problem(guest: &Guest, problem: &Problem<RegistrationRefusal>) -> HttpResponse {
    let refusal = match problem {
        Problem::Refusal(refusal) => refusal,
        Problem::Fault(fault) => return oauth::broken(guest, fault),
    };
    match refusal {
        RegistrationRefusal::Off => plain::not_found(),
        RegistrationRefusal::TooMany(TooMany { wait }) => {
            oauth::refusal(guest, &OAuthError::too_many("too many registrations from here: wait", *wait))
        }
        // RFC 7592 §2.
        RegistrationRefusal::Disabled => {
            let error =
                OAuthError::new(ErrorCode::AccessDenied, "the operator of this server has switched this app off");
            let mut response = oauth::refusal(guest, &error);
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
        RegistrationRefusal::Refused(error) => {
            let mut response = oauth::refusal(guest, error);
            // These tokens are good for bearers alone (RFC 7591 §3, RFC 7592 §2).
            if error.code == ErrorCode::InvalidToken {
                response
                    .headers_mut()
                    .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
            }
            response
        }
    }
}
