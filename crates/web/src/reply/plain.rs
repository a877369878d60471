//! Answers in plain text: for programs, and for when there is no page to show.

use crate::guest::Guest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE};
use base::Fault;

fn text(status: StatusCode, body: &str) -> HttpResponse {
    HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(format!("{body}\n"))
}

/// No tenant has this host (RFC 9110 §15.5.20). Which hosts there are is not told.
pub(crate) fn misdirected() -> HttpResponse {
    text(StatusCode::MISDIRECTED_REQUEST, "error: this server does not answer for the host that was asked for")
}

/// The path knows other methods (RFC 9110 §15.5.6).
pub(crate) fn method_not_allowed(allow: &str) -> HttpResponse {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "error: this path does not take that method");
    if let Ok(allow) = allow.parse() {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// What the path takes, when asked by OPTIONS.
pub(crate) fn options(allow: &str) -> HttpResponse {
    HttpResponse::NoContent().insert_header((ALLOW, allow)).finish()
}

/// There is no such file.
pub(crate) fn not_found() -> HttpResponse {
    text(StatusCode::NOT_FOUND, "error: there is nothing here")
}

/// Not even the error page could be made.
pub(crate) fn broken(guest: &Guest, fault: &Fault) -> HttpResponse {
    tracing::error!(request_id = guest.request_id(), trace_id = guest.trace_id(), %fault, "a page could not be made");
    let body = format!("error: something went wrong on our side. Tell us this number: {}", guest.request_id());
    text(StatusCode::INTERNAL_SERVER_ERROR, &body)
}
