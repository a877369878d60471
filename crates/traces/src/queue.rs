//! Between those who end a span and the one who sends it.

use meter::Meter;
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::mpsc;

/// How many spans wait at most: 2 MiB of them or so. The default of the standard (`OTEL_BSP_MAX_QUEUE_SIZE`).
const ROOM: usize = 2_048;

/// Where spans go in. It never waits.
#[derive(Debug)]
pub(crate) struct Queue {
    spans: mpsc::Sender<SpanData>,
    meter: Arc<OnceLock<Meter>>,
}

/// Where they come out.
pub(crate) struct Spans {
    /// One after the other.
    pub(crate) queue: mpsc::Receiver<SpanData>,
    meter: Arc<OnceLock<Meter>>,
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spans")
    }
}

impl Queue {
    /// Both ends.
    pub(crate) fn new() -> (Self, Spans) {
        let (spans, queue) = mpsc::channel(ROOM);
        let meter = Arc::new(OnceLock::new());
        (Self { spans, meter: Arc::clone(&meter) }, Spans { queue, meter })
    }
}

impl Spans {
    /// From now on it is counted what finds no room.
    pub(crate) fn count(&self, meter: &Meter) {
        // There is one meter in a process: a second call changes nothing.
        let _ = self.meter.set(meter.clone());
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.spans.try_send(span).is_err()
            && let Some(meter) = self.meter.get()
        {
            meter.spans("dropped", 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
