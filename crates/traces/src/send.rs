//! The task that sends spans: a bundle now and then, and what is left when the process ends.

use crate::collector::{Collector, NotTaken};
use crate::queue::Spans;
use bytes::Bytes;
use meter::Meter;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// The most spans of one request.
const BUNDLE: usize = 512;
/// How long the first span of a bundle waits for others.
const PERIOD: Duration = Duration::from_secs(2);
/// How long is waited before the same bundle is sent again; after the last time it is given up, so that newer spans have room.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// The longest wait that a collector can ask for.
const LONGEST: Duration = Duration::from_secs(30);
/// How often is logged that the collector is away.
const REMINDER: Duration = Duration::from_secs(600);

/// Spans are being sent.
#[derive(Debug)]
pub struct Sending {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Sending {
    pub(crate) fn start((collector, resource): (Collector, &Resource), spans: Spans, meter: Meter) -> Self {
        spans.count(&meter);
        let (stop, stopped) = watch::channel(false);
        let courier = Courier { collector, resource: resource.into(), spans, meter, stopped, trouble: None };
        Self { stop, task: tokio::spawn(courier.run()) }
    }

    /// Sends what is left, for `limit` at most.
    pub async fn finish(self, limit: Duration) {
        // The task may have ended by itself only if it panicked: then there is nobody to tell.
        let _ = self.stop.send(true);
        let abort = self.task.abort_handle();
        if timeout(limit, self.task).await.is_err() {
            abort.abort();
            tracing::warn!("the collector of traces did not take the last spans in time");
        }
    }
}

struct Courier {
    collector: Collector,
    resource: ResourceAttributesWithSchema,
    spans: Spans,
    meter: Meter,
    stopped: watch::Receiver<bool>,
    /// Since when nothing was taken, as far as it was told.
    trouble: Option<Instant>,
}

impl Courier {
    async fn run(mut self) {
        while !*self.stopped.borrow() {
            let Some(bundle) = self.gather().await else { return };
            self.bring(bundle).await;
        }
        loop {
            let mut rest = Vec::new();
            while rest.len() < BUNDLE
                && let Ok(span) = self.spans.queue.try_recv()
            {
                rest.push(span);
            }
            if rest.is_empty() {
                return;
            }
            self.bring(rest).await;
        }
    }

    /// Waits for a span, and then a moment for more. Told to stop, it answers with what there is; `None` when there will be no more.
    async fn gather(&mut self) -> Option<Vec<SpanData>> {
        let mut bundle = Vec::new();
        let mut due = None;
        while bundle.len() < BUNDLE {
            let room = BUNDLE.saturating_sub(bundle.len());
            let over = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                more = self.spans.queue.recv_many(&mut bundle, room) => match more {
                    0 if bundle.is_empty() => return None,
                    0 => break,
                    _ => due = due.or_else(|| Some(Instant::now() + PERIOD)),
                },
                () = over => break,
                _ = self.stopped.wait_for(|told| *told) => break,
            }
        }
        Some(bundle)
    }

    /// Sends a bundle, more than once where that may help.
    async fn bring(&mut self, bundle: Vec<SpanData>) {
        let number = u64::try_from(bundle.len()).unwrap_or(u64::MAX);
        if number == 0 {
            return;
        }
        let body = self.encode(bundle);
        let mut pauses = PAUSES.iter();
        loop {
            let (outcome, why) = match self.collector.take(body.clone()).await {
                Ok(refused) => {
                    self.meter.spans("sent", number.saturating_sub(refused));
                    self.meter.spans("refused", refused);
                    return self.works();
                }
                Err(NotTaken::Now(why, wait)) => match pauses.next() {
                    Some(pause) if self.pause(wait.unwrap_or(*pause)).await => continue,
                    _ => ("dropped", why),
                },
                Err(NotTaken::Ever(why)) => ("refused", why),
            };
            self.meter.spans(outcome, number);
            return self.fails(&why);
        }
    }

    fn encode(&self, bundle: Vec<SpanData>) -> Bytes {
        let resource_spans = group_spans_by_resource_and_scope(bundle, &self.resource);
        ExportTraceServiceRequest { resource_spans }.encode_to_vec().into()
    }

    /// Waits; `false` when it was told to stop meanwhile.
    async fn pause(&mut self, wait: Duration) -> bool {
        tokio::select! {
            () = sleep(wait.min(LONGEST)) => true,
            _ = self.stopped.wait_for(|told| *told) => false,
        }
    }

    fn works(&mut self) {
        if self.trouble.take().is_some() {
            tracing::info!("the collector takes traces again");
        }
    }

    /// Said once, and again now and then: each bundle would be a flood.
    fn fails(&mut self, why: &str) {
        if self.trouble.is_none_or(|told| told.elapsed() >= REMINDER) {
            self.trouble = Some(Instant::now());
            tracing::warn!(
                why,
                "the collector does not take traces; they are dropped and counted, nothing else changes"
            );
        }
    }
}
