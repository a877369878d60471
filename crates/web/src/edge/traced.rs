//! The span of a request (OpenTelemetry semantic conventions for HTTP, server spans).
//!
//! Nothing that somebody sent is in it: no query, header, address or name. Of the path there is the route's, and as it came only where
//! no part of it is the visitor's choice.

use crate::state::WebState;
use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use tracing::Span;
use tracing::field::Empty;

const TRACEPARENT: &str = "traceparent";

/// Begins it. Where traces are off, that is a look at one flag.
pub(super) fn begin(state: &WebState, request: &ServiceRequest, (id, https): (&str, bool)) -> Span {
    let method = known(request.method());
    let title = method.unwrap_or("HTTP");
    let span = tracing::info_span!(
        target: base::TRACED,
        "request",
        otel.name = title,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method.unwrap_or("_OTHER"),
        http.route = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        url.scheme = if https { "https" } else { "http" },
        url.path = Empty,
        watchbell.request_id = id,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(parent) = parent(state, request) {
        traces::follow(&span, parent);
    }
    if let Some(route) = request.match_pattern().filter(|route| !route.is_empty()) {
        span.record("otel.name", format!("{title} {route}"));
        span.record("http.route", &*route);
        // Equal to the path, but for the parts that have a name in it: in their place stands that name.
        span.record("url.path", &*route);
    }
    span
}

/// Ends it.
pub(super) fn end(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("error.type", status.as_str());
        span.record("otel.status_code", "error");
    }
}

/// The methods that the conventions know: others would be words of the visitor's.
fn known(method: &Method) -> Option<&'static str> {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    KNOWN.into_iter().find(|known| method == *known)
}

/// What a proxy says of the trace that it has begun. A stranger's is no better than one made up: it could have everything kept, or mix
/// itself into others' traces. So it counts only from where it is known that it is not just passed on.
fn parent<'a>(state: &WebState, request: &'a ServiceRequest) -> Option<&'a str> {
    let settings = state.settings();
    let peer = request.peer_addr()?.ip().to_canonical();
    let trusted = settings.follow_traceparent && settings.trusted_proxies.iter().any(|net| net.contains(&peer));
    let mut values = request.headers().get_all(TRACEPARENT).filter(|_| trusted);
    let value = values.next()?.to_str().ok()?;
    // Twice is none (W3C Trace Context §3.2.1 wants one).
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_method_is_not_told() {
        assert_eq!(known(&Method::PATCH), Some("PATCH"));
        assert_eq!(known(&Method::from_bytes(b"JANE").unwrap()), None);
    }
}
