//! A collector of traces (OTLP over HTTP) that keeps what it gets, byte by byte.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::sync::{Arc, Mutex};

/// The largest request that it takes: the default of the OpenTelemetry Collector is larger.
const MOST: usize = 4 * 1024 * 1024;

/// A running collector.
pub struct Collector {
    endpoint: String,
    got: Arc<Mutex<Vec<Got>>>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Got {
    /// Its headers as text, one to a line.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Collector {
    /// Starts one that takes everything.
    pub async fn start() -> Self {
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Data::from(Arc::clone(&got));
        let server = HttpServer::new(move || {
            let app = App::new().app_data(kept.clone()).app_data(web::PayloadConfig::new(MOST));
            app.route("/v1/traces", web::post().to(take))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let endpoint = format!("http://{}/v1/traces", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self { endpoint, got }
    }

    /// Its address.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What it got so far.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Every span that it got so far.
    pub fn spans(&self) -> Vec<Span> {
        let requests = self.got().into_iter().map(|got| ExportTraceServiceRequest::decode(&*got.body).unwrap());
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|of| of.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// Whether these bytes are in anything that it got.
    pub fn has_seen(&self, text: &str) -> bool {
        let within = |body: &[u8]| body.windows(text.len()).any(|window| window == text.as_bytes());
        self.got().iter().any(|got| within(&got.body))
    }
}

async fn take(request: HttpRequest, body: Bytes, kept: Data<Mutex<Vec<Got>>>) -> HttpResponse {
    let lines = request.headers().iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
    kept.lock().unwrap().push(Got { head: lines.collect(), body: body.to_vec() });
    HttpResponse::build(StatusCode::OK).content_type("application/x-protobuf").finish()
}

/// An attribute of a span as text, or nothing.
pub fn attribute(span: &Span, key: &str) -> String {
    text(&span.attributes, key)
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    match found.and_then(|found| found.value.clone()) {
        Some(AnyValue { value: Some(Value::StringValue(text)) }) => text,
        Some(AnyValue { value: Some(Value::IntValue(number)) }) => number.to_string(),
        None => String::new(),
        other => panic!("{key}: {other:?}"),
    }
}

/// An id as it stands in headers and logs.
pub fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
