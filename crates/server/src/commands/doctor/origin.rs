//! The public address: whether it leads to this installation, and what is seen of a request that comes by it.

use super::super::report::Report;
use super::clock::{self, Span};
use super::{Patient, proxies};
use crate::wiring;
use base::{Clock, Timestamp, routes};
use http::header::{CACHE_CONTROL, DATE};
use http::{HeaderName, HeaderValue, StatusCode};
use outbound::{Outbound, OutboundError, Purpose, Request, Response};
use serde::Deserialize;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};
use url::Url;

/// What is read of discovery.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
}

/// Asks for the discovery document by the address that apps use.
pub(super) async fn look(patient: Arc<Patient>) -> (Report, ()) {
    let mut report = Report::default();
    let Some(origin) = patient.origin() else {
        let next = "set server.public_origin to the address that people see, like https://id.example.com";
        report.wrong("issuer", "there is no public address", next);
        return (report, ());
    };
    match wiring::outbound_to(&patient.loaded.config, Some(&origin)) {
        Ok(outbound) => ask(&patient, &origin, &outbound, &mut report).await,
        Err(trouble) => report.wrong("issuer", trouble.to_string(), "mend the section [outbound]"),
    }
    (report, ())
}

async fn ask(patient: &Patient, origin: &str, outbound: &Outbound, report: &mut Report) {
    let ours = Clock::system();
    let from = ours.now();
    let answer = match send(outbound, origin, &[]).await {
        Ok(answer) => answer,
        Err(error) => {
            let next = "see that the server runs, that the name leads to its proxy, and the proxy's certificate";
            return report.wrong("issuer", format!("{origin} can't be asked from here ({error})"), next);
        }
    };
    let span = Span { from, until: ours.now() };
    if !is_ours(origin, &answer, report) {
        return;
    }
    if let Some(date) = date(&answer) {
        // A date has whole seconds (RFC 9110 §5.6.7).
        clock::compare("the clock behind the public address", span, (date, Duration::from_secs(1)), report);
    }
    proxies::look(patient, (origin, outbound), report).await;
}

/// One request for the document, which no cache on the way may answer.
pub(super) async fn send(
    outbound: &Outbound,
    origin: &str,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Response, OutboundError> {
    let url = Url::parse(&format!("{origin}{}", routes::DISCOVERY));
    let url = url.map_err(|_| OutboundError::Refused(outbound::Refusal::Unreadable))?;
    let mut request = Request::get(url, Purpose::OwnOrigin).header(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    for (name, value) in headers {
        request = request.header(name.clone(), value.clone());
    }
    outbound.send(request).await
}

/// Whether this installation answered.
fn is_ours(origin: &str, answer: &Response, report: &mut Report) -> bool {
    let url = format!("{origin}{}", routes::DISCOVERY);
    let (text, next) = match (answer.status, serde_json::from_slice::<Metadata>(&answer.body)) {
        (StatusCode::OK, Ok(metadata)) if metadata.issuer == origin => {
            report.ok("issuer", format!("{url} answers, and names itself {origin}"));
            return true;
        }
        (StatusCode::OK, Ok(metadata)) => (
            format!("{url} names itself {}: apps refuse that", metadata.issuer),
            "set server.public_origin to the address that people see, and have the proxy lead to this server",
        ),
        (StatusCode::OK, Err(_)) => {
            (format!("{url} answers with something else"), "have the proxy pass every path on to this server")
        }
        (StatusCode::MISDIRECTED_REQUEST, _) => (
            format!("{url} answers 421: the server is asked for another host"),
            "have the proxy pass the Host header on unchanged (nginx: proxy_set_header Host $host)",
        ),
        (StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT, _) => (
            format!("{url} answers {}: the proxy is there, and the server behind it is not", answer.status.as_u16()),
            "start the server, and have the proxy lead to server.listen",
        ),
        (status, _) => {
            (format!("{url} answers {}", status.as_u16()), "have the proxy pass every path on to this server")
        }
    };
    report.wrong("issuer", text, next);
    false
}

fn date(answer: &Response) -> Option<Timestamp> {
    let text = answer.headers.get(DATE)?.to_str().ok()?;
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_seconds(i64::try_from(since.as_secs()).ok()?))
}
