//! The collector: one request, and what its answer means (OTLP 1.9, "OTLP/HTTP").

use crate::Settings;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use outbound::{Outbound, OutboundError, Purpose, Request, Response};
use prost::Message;
use std::time::Duration;
use url::Url;

/// Where spans are sent.
#[derive(Debug)]
pub(crate) struct Collector {
    outbound: Outbound,
    endpoint: Url,
    headers: HeaderMap,
}

/// Why spans were not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The same may be taken later: nobody answers, or it has too much to do. It may say for how long.
    Now(String, Option<Duration>),
    /// The same will not be taken.
    Ever(String),
}

/// Asks a collector whether it takes spans, by sending it none.
///
/// # Errors
/// [`NotTaken`], with what was found.
pub async fn greet(settings: &Settings, outbound: Outbound) -> Result<(), NotTaken> {
    Collector::new(settings, outbound).take(Bytes::new()).await.map(drop)
}

impl Collector {
    /// One at the address of the settings.
    pub(crate) fn new(settings: &Settings, outbound: Outbound) -> Self {
        Self { outbound, endpoint: settings.endpoint.clone(), headers: settings.headers.clone() }
    }

    /// Hands over an encoded request; answers how many of its spans were refused nevertheless.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub(crate) async fn take(&self, body: Bytes) -> Result<u64, NotTaken> {
        let mut request = Request::post(self.endpoint.clone(), Purpose::Telemetry, body);
        request.headers = self.headers.clone();
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        read(self.outbound.send(request).await)
    }
}

fn read(answer: Result<Response, OutboundError>) -> Result<u64, NotTaken> {
    let answer = answer.map_err(|error| match error {
        OutboundError::Unreachable(_) | OutboundError::Timeout => NotTaken::Now(error.to_string(), None),
        OutboundError::Refused(_) | OutboundError::TooLarge { .. } => NotTaken::Ever(error.to_string()),
    })?;
    let told = || format!("it answers {}", answer.status);
    match answer.status {
        status if status.is_success() => Ok(refused(answer.body)),
        // The four that may be tried again, and no other.
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Err(NotTaken::Now(told(), wait(&answer.headers))),
        _ => Err(NotTaken::Ever(told())),
    }
}

/// A success may be one in part. What can't be read is a success: some collectors answer with other words.
fn refused(body: Bytes) -> u64 {
    let answer = ExportTraceServiceResponse::decode(body).unwrap_or_default();
    answer.partial_success.map_or(0, |part| u64::try_from(part.rejected_spans).unwrap_or(0))
}

fn wait(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    fn answer(status: u16, body: Vec<u8>) -> Result<Response, OutboundError> {
        let headers = [(RETRY_AFTER, HeaderValue::from_static("7"))].into_iter().collect();
        Ok(Response { status: StatusCode::from_u16(status).unwrap(), headers, body: body.into() })
    }

    #[test]
    fn a_success_may_be_one_in_part() {
        assert_eq!(read(answer(200, Vec::new())), Ok(0));
        assert_eq!(read(answer(202, b"thanks".to_vec())), Ok(0));
        let part = ExportTracePartialSuccess { rejected_spans: 3, error_message: "no".to_owned() };
        let part = ExportTraceServiceResponse { partial_success: Some(part) };
        assert_eq!(read(answer(200, part.encode_to_vec())), Ok(3));
    }

    #[test]
    fn only_what_may_be_taken_later_is_sent_again() {
        for status in [429, 502, 503, 504] {
            let found = read(answer(status, Vec::new()));
            assert!(matches!(&found, Err(NotTaken::Now(_, Some(wait))) if wait.as_secs() == 7), "{status}: {found:?}");
        }
        for status in [301, 400, 401, 404, 413, 415, 500] {
            assert!(matches!(read(answer(status, Vec::new())), Err(NotTaken::Ever(_))), "{status}");
        }
        assert!(matches!(read(Err(OutboundError::Timeout)), Err(NotTaken::Now(_, None))));
        assert!(matches!(read(Err(OutboundError::TooLarge { limit: 1 })), Err(NotTaken::Ever(_))));
    }
}
