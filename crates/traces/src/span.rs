//! What one span has to do with traces elsewhere.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// Puts a request's span into the trace that its `traceparent` names (W3C Trace Context §3.2). It is for the caller to know that whoever
/// sent it may say so. One that can't be read begins a trace of its own (§4.3). `tracestate` is left alone: it would be
/// text that somebody sent, and we pass it on to nobody.
pub fn follow(span: &Span, traceparent: &str) {
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Header(traceparent));
    // Refused where traces are off, or the span has begun: then it stays where it is.
    let _ = span.set_parent(parent);
}

/// The id of the trace that a span is told in: 32 hexadecimal digits. `None` where traces are off, and for a trace that is not kept.
pub fn id(span: &Span) -> Option<String> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let known = span.span_context();
    known.is_sampled().then(|| known.trace_id().to_string())
}

/// The one header.
struct Header<'a>(&'a str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}
