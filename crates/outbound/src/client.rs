//! The client.

use crate::connect::{ConnectError, Connector, Lookup, system_lookup};
use crate::error::{OutboundError, Refusal};
use crate::guard::Guard;
use crate::message::{Request, Response};
use crate::settings::Settings;
use crate::{tls, traced};
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Uri};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::time::Duration;
use tracing::Instrument;
use url::Url;

/// Of the answer to a notice only the reason is of use: the rest is left unread.
const NOTICE_BODY: usize = 4 * 1024;
const IDLE: Duration = Duration::from_secs(90);
const MOST_IDLE: usize = 8;
const HTTP1_BUFFER: usize = 64 * 1024;
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 1024 * 1024;
const HTTP2_HEADERS: u32 = 16 * 1024;
const PING: Duration = Duration::from_secs(20);

#[allow(clippy::disallowed_types, reason = "this is the one client, and its connector checks every address")]
type Http = hyper_util::client::legacy::Client<HttpsConnector<Connector>, Full<Bytes>>;

/// The only HTTP client. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Outbound {
    http: Http,
    guard: Guard,
    timeout: Duration,
    max_body: usize,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Outbound {
    /// A client.
    ///
    /// # Errors
    /// A sentence for the operator when TLS can't be set up: an extra CA that is none.
    pub fn new(settings: Settings) -> Result<Self, String> {
        Self::with_lookup(settings, system_lookup())
    }

    pub(crate) fn with_lookup(settings: Settings, lookup: Lookup) -> Result<Self, String> {
        let guard = Guard::new(settings.trusted_origins);
        let connector = Connector { guard: guard.clone(), overrides: settings.connect_to.into(), lookup };
        // Plain http gets this far for trusted origins alone: `send` checks first.
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::config(&settings.extra_ca_pem)?)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(connector);
        Ok(Self { http: build(connector), guard, timeout: settings.timeout, max_body: settings.max_body })
    }

    /// The rules by which this client judges a URL: for checking one when it is first met.
    pub const fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Sends a request and reads the whole answer, whatever its status. Nothing is followed.
    ///
    /// # Errors
    /// [`OutboundError`]: refused by our rules, not reached, not in time, or too large.
    pub async fn send(&self, request: Request) -> Result<Response, OutboundError> {
        self.guard.check(&request.url, request.purpose).map_err(OutboundError::Refused)?;
        let uri = to_uri(&request.url).ok_or(OutboundError::Refused(Refusal::Unreadable))?;
        let (host, purpose) = (uri.host().unwrap_or_default().to_owned(), request.purpose);
        let span = traced::begin(&request);
        let exchange = tokio::time::timeout(self.timeout, self.exchange(request, uri)).instrument(span.clone());
        let outcome = exchange.await.unwrap_or(Err(OutboundError::Timeout));
        traced::end(&span, &outcome);
        if let Err(error) = &outcome {
            // The host alone: the path of a push endpoint or a webhook is a capability.
            tracing::debug!(?purpose, host, %error, "a request failed");
        }
        outcome
    }

    async fn exchange(&self, request: Request, uri: Uri) -> Result<Response, OutboundError> {
        let mut out = http::Request::new(Full::new(request.body));
        *out.method_mut() = request.method;
        *out.uri_mut() = uri;
        *out.headers_mut() = request.headers;
        out.headers_mut().entry(USER_AGENT).or_insert(HeaderValue::from_static("Watchbell"));
        let answer = self.http.request(out).await.map_err(|error| classify(&error))?;
        let (head, body) = answer.into_parts();
        let body = if request.purpose.wants_the_head_alone() {
            read(body, NOTICE_BODY).await?.0
        } else {
            let declared = head.headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
            let limit = self.max_body;
            if declared.is_some_and(|length: usize| length > limit) {
                return Err(OutboundError::TooLarge { limit });
            }
            match read(body, limit).await? {
                (body, true) => body,
                (_, false) => return Err(OutboundError::TooLarge { limit }),
            }
        };
        Ok(Response { status: head.status, headers: head.headers, body })
    }
}

/// Reads at most `limit` bytes, and tells whether that was all. A body that is dropped unread costs its
/// connection (HTTP/1.1) or is reset (HTTP/2): no more of it is paid for.
async fn read<B>(mut body: B, limit: usize) -> Result<(Bytes, bool), OutboundError>
where
    B: BodyExt<Data = Bytes> + Unpin,
    B::Error: Error + 'static,
{
    let mut out = BytesMut::new();
    while let Some(frame) = BodyExt::frame(&mut body).await {
        let frame = frame.map_err(|error| classify(&error))?;
        let Ok(data) = frame.into_data() else { continue };
        let room = limit.saturating_sub(out.len());
        out.extend_from_slice(data.get(..room.min(data.len())).unwrap_or_default());
        if data.len() > room {
            return Ok((out.freeze(), false));
        }
    }
    Ok((out.freeze(), true))
}

#[allow(clippy::disallowed_types, reason = "this is the one client, and its connector checks every address")]
fn build(connector: HttpsConnector<Connector>) -> Http {
    hyper_util::client::legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MOST_IDLE)
        .http1_max_buf_size(HTTP1_BUFFER)
        .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
        .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
        .http2_max_header_list_size(HTTP2_HEADERS)
        // A connection that died without a word is found out before a message is lost to its timeout.
        .http2_keep_alive_interval(PING)
        .http2_keep_alive_timeout(Duration::from_secs(5))
        .build(connector)
}

/// The URL for hyper. The two parsers must agree on what was checked, or it is not sent.
fn to_uri(url: &Url) -> Option<Uri> {
    let uri: Uri = url.as_str().parse().ok()?;
    let same = uri.scheme_str() == Some(url.scheme()) && uri.host() == url.host_str() && uri.port_u16() == url.port();
    same.then_some(uri)
}

/// Finds the innermost cause that we know, and words the rest.
fn classify(error: &(dyn Error + 'static)) -> OutboundError {
    let mut words = String::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(ConnectError::Refused(refusal)) = error.downcast_ref::<ConnectError>() {
            return OutboundError::Refused(*refusal);
        }
        let said = error.to_string();
        if !words.ends_with(&said) {
            if !words.is_empty() {
                words.push_str(": ");
            }
            words.push_str(&said);
        }
        cause = error.source();
    }
    OutboundError::Unreachable(words)
}
