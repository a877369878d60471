//! The way of spans from their end to the collector, with a collector that misbehaves.

use crate::collector::Collector;
use crate::queue::Queue;
use crate::send::Sending;
use crate::{NotTaken, Settings, greet, start};
use http::HeaderMap;
use meter::{Levels, Meter};
use opentelemetry::trace::{Span, Tracer, TracerProvider};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use outbound::Outbound;
use prost::Message;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tracing::Subscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

const SOON: Duration = Duration::from_secs(60);

/// A collector that answers with one status after the other, and with the last one from then on; 0 is silence.
async fn collector(statuses: &'static [u16]) -> (Settings, UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap()).parse().unwrap();
    let (tell, got) = unbounded_channel();
    tokio::spawn(async move {
        let mut statuses = statuses.iter().copied();
        let mut status = statuses.next().unwrap();
        let mut silent = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let (mut line, mut length) = (String::new(), 0);
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 2) {
                if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = number.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            let head =
                format!("HTTP/1.1 {status} x\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            if status == 0 {
                silent.push(stream);
            } else {
                stream.write_all(head.as_bytes()).await.unwrap();
            }
            status = statuses.next().unwrap_or(status);
            tell.send(body).unwrap();
        }
    });
    let (service, instance) = ("watchbell".to_owned(), "one".to_owned());
    (Settings { endpoint, headers: HeaderMap::new(), ratio: 1.0, service, instance, version: "1" }, got)
}

fn outbound(settings: &Settings) -> Outbound {
    let trusted_origins = vec![settings.origin().parse().unwrap()];
    // Longer than any test: whoever gives up earlier does it by himself.
    let timeout = Duration::from_secs(3_600);
    Outbound::new(outbound::Settings { trusted_origins, timeout, ..outbound::Settings::default() }).unwrap()
}

/// Begins and ends so many spans.
fn end(number: usize, queue: Queue) {
    let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOn).with_span_processor(queue).build();
    let tracer = provider.tracer("tests");
    (0..number).for_each(|_| tracer.start("x").end());
}

fn send(settings: &Settings, number: usize) -> (Sending, Meter) {
    let ((queue, spans), meter) = (Queue::new(), Meter::new());
    end(number, queue);
    let collector = Collector::new(settings, outbound(settings));
    (Sending::start((collector, &Resource::builder_empty().build()), spans, meter.clone()), meter)
}

fn spans_of(body: &[u8]) -> usize {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    request.resource_spans.iter().flat_map(|of| &of.scope_spans).map(|scope| scope.spans.len()).sum()
}

#[track_caller]
fn counted(meter: &Meter, outcome: &str, number: usize) {
    let line = format!("watchbell_trace_spans_total{{outcome=\"{outcome}\"}} {number}\n");
    let text = meter.text(&Levels::default());
    assert!(text.contains(&line), "{line}{text}");
}

/// Lines of libraries that nobody wants to read are not made for the sake of traces.
#[tokio::test]
async fn what_is_finer_than_a_span_is_not_looked_at() {
    let (settings, _) = collector(&[200]).await;
    let (layer, _waiting) = start(settings);
    assert_eq!(registry().with(layer).max_level_hint(), Some(LevelFilter::INFO));
}

#[tokio::test]
async fn what_finds_no_room_is_dropped_and_counted() {
    let ((queue, mut spans), meter) = (Queue::new(), Meter::new());
    spans.count(&meter);
    end(2_051, queue);
    counted(&meter, "dropped", 3);
    let mut kept = 0;
    while spans.queue.try_recv().is_ok() {
        kept += 1;
    }
    assert_eq!(kept, 2_048);
}

#[tokio::test]
async fn a_collector_that_is_busy_gets_the_same_spans_again() {
    let (settings, mut got) = collector(&[503, 200]).await;
    let (sending, meter) = send(&settings, 5);
    let first = tokio::time::timeout(SOON, got.recv()).await.unwrap().unwrap();
    let second = tokio::time::timeout(SOON, got.recv()).await.unwrap().unwrap();
    assert_eq!((spans_of(&first), &first), (5, &second));
    sending.finish(SOON).await;
    counted(&meter, "sent", 5);
}

#[tokio::test]
async fn what_is_refused_is_not_sent_again() {
    let (settings, mut got) = collector(&[400, 200]).await;
    let (sending, meter) = send(&settings, 5);
    sending.finish(SOON).await;
    assert_eq!(spans_of(&got.recv().await.unwrap()), 5);
    assert!(got.try_recv().is_err());
    counted(&meter, "refused", 5);
}

#[tokio::test]
async fn at_the_end_everything_goes_out_in_bundles() {
    let (settings, mut got) = collector(&[200]).await;
    let (sending, meter) = send(&settings, 1_200);
    sending.finish(SOON).await;
    let mut bundles = Vec::new();
    while let Ok(body) = got.try_recv() {
        bundles.push(spans_of(&body));
    }
    assert!(bundles.iter().all(|spans| *spans <= 512) && bundles.iter().sum::<usize>() == 1_200, "{bundles:?}");
    counted(&meter, "sent", 1_200);
}

#[tokio::test]
async fn a_collector_that_never_answers_holds_up_no_end() {
    let (settings, mut got) = collector(&[0]).await;
    let (sending, _) = send(&settings, 5);
    assert_eq!(spans_of(&got.recv().await.unwrap()), 5, "it is tried");
    let finished = tokio::time::timeout(SOON, sending.finish(Duration::from_millis(200)));
    assert!(finished.await.is_ok());
}

#[tokio::test]
async fn a_greeting_is_a_request_without_spans() {
    let (settings, mut got) = collector(&[200, 401]).await;
    assert_eq!(greet(&settings, outbound(&settings)).await, Ok(()));
    assert_eq!(spans_of(&got.recv().await.unwrap()), 0);
    let refused = greet(&settings, outbound(&settings)).await;
    assert!(matches!(&refused, Err(NotTaken::Ever(why)) if why.contains("401")), "{refused:?}");
}
