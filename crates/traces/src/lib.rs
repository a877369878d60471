//! Traces: what a request waited for, told to a collector of the operator's (OpenTelemetry, OTLP over HTTP).
//!
//! The rest of the house writes `tracing` spans of one target ([`base::TRACED`]) and knows nothing of this crate; only who starts the log
//! and who meets a request does. A trace begins with a request or with a delivery. What is over goes into a bounded queue, which a
//! task of its own empties: nobody waits for it, and what has no room is dropped and counted.
//!
//! Spans, sampling and encoding are OpenTelemetry's. Its batch processor is not used, as it tells nobody how many it dropped and ends by blocking a thread;
//! nor its exporter, which takes addresses, headers and more from the environment behind the operator's configuration.

mod collector;
mod queue;
mod sample;
mod send;
mod span;
#[cfg(test)]
mod tests;

pub use collector::{NotTaken, greet};
pub use send::Sending;
pub use span::{follow, id};

use http::HeaderMap;
use meter::Meter;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;
use opentelemetry_sdk::trace::SdkTracerProvider;
use outbound::Outbound;
use queue::Queue;
use tracing::Metadata;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::{Layer, Registry};
use url::Url;

/// Who makes the spans, in each of them (its instrumentation scope).
const SCOPE: &str = "watchbell";

/// Where traces go, and how many.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The collector's whole address, as in `http://127.0.0.1:4318/v1/traces`.
    pub endpoint: Url,
    /// What it wants to see beside them: the key of a hosted one. Each value is marked as sensitive, so that `Debug` shows none.
    pub headers: HeaderMap,
    /// Which part of the traces that begin here is kept, from 0 to 1.
    pub ratio: f64,
    /// The name of this service there (`service.name`).
    pub service: String,
    /// The name of this process there (`service.instance.id`).
    pub instance: String,
    /// The version of this program (`service.version`).
    pub version: &'static str,
}

impl Settings {
    /// Scheme, host and port of the collector, which may be inside the operator's own network.
    pub fn origin(&self) -> String {
        self.endpoint.origin().ascii_serialization()
    }
}

/// Spans that are gathered and can't be sent yet: there is no HTTP client before there is an installation.
#[derive(Debug)]
pub struct Waiting {
    settings: Settings,
    spans: queue::Spans,
    resource: Resource,
}

/// What the log's subscriber needs to gather spans, and where they wait.
pub fn start(settings: Settings) -> (impl Layer<Registry> + Send + Sync, Waiting) {
    let (queue, spans) = Queue::new();
    // An empty one: the usual builder looks into the environment.
    let library = Box::new(TelemetryResourceDetector);
    let resource = Resource::builder_empty().with_detector(library).with_attributes([
        KeyValue::new("service.name", settings.service.clone()),
        KeyValue::new("service.instance.id", settings.instance.clone()),
        KeyValue::new("service.version", settings.version),
    ]);
    let resource = resource.build();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(queue)
        .with_sampler(sample::sampler(settings.ratio))
        .with_resource(resource.clone())
        .build();
    let scope = InstrumentationScope::builder(SCOPE).with_version(settings.version).build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer_with_scope(scope))
        // Not where in our code, by which thread and how often woken: of use to nobody, and more than the rest.
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_target(false)
        .with_level(false)
        .with_context_activation(false)
        .with_filter(filter_fn(is_told).with_max_level_hint(LevelFilter::INFO));
    (layer, Waiting { settings, spans, resource })
}

/// Spans alone: what is logged within them goes to the log, and nowhere else. That none of them is finer than `info` keeps the rest of
/// what is finer from being looked at.
fn is_told(what: &Metadata<'_>) -> bool {
    what.is_span() && what.target() == base::TRACED
}

impl Waiting {
    /// Sends them from now on. `outbound` must be allowed to reach [`Settings::origin`].
    pub fn send(self, outbound: Outbound, meter: Meter) -> Sending {
        let collector = collector::Collector::new(&self.settings, outbound);
        Sending::start((collector, &self.resource), self.spans, meter)
    }
}
