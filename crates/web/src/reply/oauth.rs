//! Answers of the OAuth endpoints: JSON, never kept (RFC 6749 §5.1, §5.2).

use super::trouble::log;
use crate::convert::seconds;
use crate::guest::Guest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use app::Problem;
use app::oidc::Told;
use base::{Fault, routes};
use oauth::protected_resource::with_metadata;
use oauth::{ErrorCode, OAuthError, dpop};
use serde::Serialize;

/// A success.
pub(crate) fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}

/// A success in either form; a JWT comes with its media type.
pub(crate) fn told(body: Told, media_type: &'static str) -> HttpResponse {
    let (media_type, body) = match body {
        Told::Json(text) => ("application/json", text),
        Told::Jwt(jwt) => (media_type, jwt),
    };
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"))
        .content_type(media_type)
        .body(body)
}

/// Something was made.
pub(crate) fn created(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}

/// An answer with the nonce for the next proof, where the request had one (RFC 9449 §8.2).
pub(crate) fn with_nonce(guest: &Guest, mut response: HttpResponse) -> HttpResponse {
    if guest.headers().get(dpop::HEADER).is_some()
        && let Some(nonce) = guest.here().dpop_nonce().and_then(|nonce| HeaderValue::from_str(&nonce).ok())
    {
        response.headers_mut().insert(HeaderName::from_static(dpop::NONCE_HEADER), nonce);
    }
    response
}

/// A refusal of a resource of ours, which says where its metadata is (RFC 9728 §5.1).
pub(crate) fn at_resource(guest: &Guest, mut response: HttpResponse) -> HttpResponse {
    let address = guest.here().url(routes::PROTECTED_RESOURCE);
    let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    let told = challenge.and_then(|challenge| HeaderValue::try_from(with_metadata(challenge, &address)).ok());
    if let Some(told) = told {
        response.headers_mut().insert(WWW_AUTHENTICATE, told);
    }
    response
}

/// A success without a body.
pub(crate) fn empty() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).finish()
}

/// A refusal in the standards' form, or trouble on our side.
pub(crate) fn problem(guest: &Guest, problem: &Problem<OAuthError>) -> HttpResponse {
    match problem {
        Problem::Refusal(error) => refusal(guest, error),
        Problem::Fault(fault) => broken(guest, fault),
    }
}

/// The same of a request that asks a person elsewhere, where a no before anybody was asked is a 403 (CIBA Core §13).
pub(crate) fn backchannel(guest: &Guest, why: &Problem<OAuthError>) -> HttpResponse {
    let mut response = problem(guest, why);
    if matches!(why, Problem::Refusal(error) if error.code == ErrorCode::AccessDenied) {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    response
}

/// A refusal with the RFC's code. What only we may know goes to the log.
pub(crate) fn refusal(guest: &Guest, error: &OAuthError) -> HttpResponse {
    if let Some(detail) = error.detail() {
        tracing::info!(request_id = guest.request_id(), trace_id = guest.trace_id(), path = guest.path(), code = %error.code, detail, "refused an app");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    if let Some(challenge) = error.challenge() {
        response.insert_header((WWW_AUTHENTICATE, challenge));
    }
    if let Some(wait) = error.wait() {
        response.insert_header((RETRY_AFTER, seconds(wait).to_string()));
    }
    with_nonce(guest, response.json(error))
}

/// Trouble on our side, in the standards' form.
pub(super) fn broken(guest: &Guest, fault: &Fault) -> HttpResponse {
    log(guest, fault);
    let error = if fault.is_busy() {
        OAuthError::new(ErrorCode::TemporarilyUnavailable, "too busy: try again in a second")
    } else {
        let sentence =
            format!("something went wrong on our side: tell the operator this number: {}", guest.request_id());
        OAuthError::new(ErrorCode::ServerError, &sentence)
    };
    let mut response = refusal(guest, &error);
    if fault.is_busy() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
