//! The span of a request (OpenTelemetry semantic conventions for HTTP, client spans).
//!
//! It says what for, and not to whom: hosts of push services, apps and their documents were given by others. No `traceparent` is sent
//! along: whoever is asked here is somebody else, and ids of ours would tell them which of their requests belong together.

use crate::error::OutboundError;
use crate::message::{Request, Response};
use http::Method;
use tracing::Span;
use tracing::field::Empty;

pub(crate) fn begin(request: &Request) -> Span {
    let method = if request.method == Method::POST { "POST" } else { "GET" };
    tracing::info_span!(
        target: base::TRACED,
        "request to others",
        otel.name = method,
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = method,
        http.response.status_code = Empty,
        error.type = Empty,
        watchbell.purpose = request.purpose.name(),
    )
}

pub(crate) fn end(span: &Span, outcome: &Result<Response, OutboundError>) {
    let kind = match outcome {
        Ok(response) => {
            span.record("http.response.status_code", i64::from(response.status.as_u16()));
            if response.status.as_u16() < 400 {
                return;
            }
            response.status.as_str()
        }
        Err(OutboundError::Refused(_)) => "refused",
        Err(OutboundError::Unreachable(_)) => "unreachable",
        Err(OutboundError::Timeout) => "timeout",
        Err(OutboundError::TooLarge { .. }) => "too_large",
    };
    span.record("error.type", kind);
    span.record("otel.status_code", "error");
}
