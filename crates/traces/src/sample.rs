//! Which traces are kept.

use opentelemetry::trace::{Link, SpanKind, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

/// What has a parent is kept when its parent is; of what begins here that part which the operator chose (`parentbased_traceidratio` in
/// the words of the standard).
pub(crate) fn sampler(ratio: f64) -> Sampler {
    Sampler::ParentBased(Box::new(Roots(Sampler::TraceIdRatioBased(ratio))))
}

/// A trace begins with a request or a delivery. What the house does by itself in between, such as looking for work twice a second, is
/// no trace of its own.
#[derive(Debug, Clone)]
struct Roots(Sampler);

impl ShouldSample for Roots {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        if matches!(kind, SpanKind::Server | SpanKind::Consumer) {
            return self.0.should_sample(parent, trace, name, kind, attributes, links);
        }
        SamplingResult { decision: SamplingDecision::Drop, attributes: Vec::new(), trace_state: TraceState::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags};

    fn kept(ratio: f64, kind: &SpanKind, parent: Option<bool>) -> bool {
        let trace = TraceId::from(7);
        let parent = parent.map(|sampled| {
            let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
            let of = SpanContext::new(trace, SpanId::from(9), flags, true, TraceState::default());
            Context::new().with_remote_span_context(of)
        });
        let result = sampler(ratio).should_sample(parent.as_ref(), trace, "x", kind, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    }

    #[test]
    fn a_trace_begins_with_a_request_or_a_delivery() {
        assert!(kept(1.0, &SpanKind::Server, None) && kept(1.0, &SpanKind::Consumer, None));
        assert!(!kept(1.0, &SpanKind::Internal, None) && !kept(1.0, &SpanKind::Client, None));
        assert!(!kept(0.0, &SpanKind::Server, None));
    }

    #[test]
    fn what_has_a_parent_goes_with_it() {
        for kind in [SpanKind::Server, SpanKind::Internal, SpanKind::Client] {
            assert!(kept(0.0, &kind, Some(true)), "{kind:?}");
            assert!(!kept(1.0, &kind, Some(false)), "{kind:?}");
        }
    }
}
