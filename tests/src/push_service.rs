//! A push service of our own: strict where real ones are, and strict where they ought to be.
//!
//! It takes messages as RFC 8030 says, checks each of them ([`verify`]), and hands them to browsers: to a real Firefox,
//! which subscribes over the WebSocket protocol of Mozilla's service on the same port, or to headless subscribers, whose
//! messages it decrypts. It fails on demand, and keeps a log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a double fails its test by panicking"
)]

#[path = "push_service/http.rs"]
mod http;
#[path = "push_service/socket.rs"]
mod socket;
#[path = "push_service/state.rs"]
mod state;
#[path = "push_service/verify.rs"]
mod verify;

use base::Clock;
use push::receiver::Receiver;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use state::{Home, State, Sub};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// The service. It runs until the test's runtime ends; clones are the same service.
#[derive(Clone)]
pub struct PushService {
    shared: Arc<Shared>,
}

struct Shared {
    origin: String,
    ca_pem: Option<String>,
    clock: Clock,
    state: Mutex<State>,
    changed: Notify,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// What goes wrong instead of a delivery.
#[derive(Debug, Clone)]
pub enum Fault {
    /// An answer with this status, these headers and this body.
    Status(u16, Vec<(String, String)>, String),
    /// The connection closes without an answer.
    Reset,
    /// The message is handled, but only after this time.
    Slow(Duration),
}

impl Fault {
    /// An answer with a status alone: 404, 410, 413, 500.
    pub fn status(status: u16) -> Self {
        Self::Status(status, Vec::new(), String::new())
    }

    /// An answer that asks to wait: 429 or 503, with seconds or a date.
    pub fn wait(status: u16, retry_after: &str) -> Self {
        Self::Status(status, vec![("retry-after".to_owned(), retry_after.to_owned())], String::new())
    }
}

/// One POST of a message, and what became of it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The endpoint.
    pub endpoint: String,
    /// The status of the answer, or 0 for a connection that was closed.
    pub status: u16,
    /// Why it was not taken: empty when it was.
    pub reason: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Entry {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// What a browser said about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The message.
    pub version: String,
    /// 100 delivered, 101 could not decrypt, 102 not delivered; 301 to 303 the worker failed.
    pub code: u64,
}

/// A message that reached a headless subscriber.
#[derive(Debug, Clone)]
pub struct Received {
    /// The payload as JSON; null when it is none.
    pub json: Value,
    /// The payload.
    pub payload: Vec<u8>,
    /// Its TTL in seconds.
    pub ttl: u64,
    /// Its urgency.
    pub urgency: String,
    /// Its topic.
    pub topic: Option<String>,
}

/// A subscription without a browser.
#[derive(Clone)]
pub struct Subscriber {
    service: PushService,
    token: String,
    receiver: Arc<Receiver>,
}

impl PushService {
    /// A service on plain http at a free port of this machine.
    pub async fn start() -> Self {
        Self::start_with(Clock::system(), false).await
    }

    /// A service over TLS, with a certificate authority of its own: [`PushService::ca_pem`].
    pub async fn start_tls() -> Self {
        Self::start_with(Clock::system(), true).await
    }

    /// A service whose time is the test's.
    pub async fn start_with(clock: Clock, tls: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, ca_pem) = if tls { certificate() } else { (None, None) };
        let origin = format!("{}://localhost:{port}", if tls { "https" } else { "http" });
        let shared = Shared { origin, ca_pem, clock, state: Mutex::default(), changed: Notify::new() };
        let service = Self { shared: Arc::new(shared) };
        let serving = service.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (service, acceptor) = (serving.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => http::serve(service, stream).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                http::serve(service, stream).await;
                            }
                        }
                    }
                });
            }
        });
        service
    }

    /// Its origin, as in endpoints and in the audience of tokens. The product has to trust it.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// Where Firefox connects: `dom.push.serverURL`.
    pub fn websocket_url(&self) -> String {
        format!("{}/", self.shared.origin.replacen("http", "ws", 1))
    }

    /// The certificate authority of a service over TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.shared.ca_pem.as_deref()
    }

    /// A new subscription without a browser, made with an `applicationServerKey` (base64url) or without one.
    pub fn subscribe(&self, application_server_key: Option<&str>) -> Subscriber {
        let receiver = Arc::new(Receiver::generate(&base::Rng::system()));
        let sub = Sub::new(application_server_key.map(state::b64), Home::Headless(receiver.clone()));
        let token = self.shared.state().add(sub);
        Subscriber { service: self.clone(), token, receiver }
    }

    /// Has the next `times` messages fail: all of them, or those to one endpoint.
    pub fn fail(&self, endpoint: Option<&str>, fault: Fault, times: usize) {
        let token = endpoint.map(|endpoint| endpoint.rsplit('/').next().unwrap_or_default().to_owned());
        self.shared.state().faults.push(state::Planned { token, fault, left: times });
    }

    /// Forgets every planned failure.
    pub fn heal(&self) {
        self.shared.state().faults.clear();
    }

    /// Ends a subscription: its endpoint answers 410 from now on.
    pub fn drop_endpoint(&self, endpoint: &str) {
        let token = endpoint.rsplit('/').next().unwrap_or_default();
        if let Some(sub) = self.shared.state().subs.get_mut(token) {
            sub.gone = true;
        }
    }

    /// Every message that was posted so far.
    pub fn log(&self) -> Vec<Entry> {
        self.shared.state().log.clone()
    }

    /// What browsers reported so far.
    pub fn reports(&self) -> Vec<Report> {
        self.shared.state().reports.clone()
    }

    /// The endpoints that browsers hold at the moment.
    pub fn browser_endpoints(&self) -> Vec<String> {
        let state = self.shared.state();
        let live = state.subs.iter().filter(|(_, sub)| !sub.gone && matches!(sub.home, Home::Browser { .. }));
        live.map(|(token, _)| self.endpoint(token)).collect()
    }

    /// Panics when a message was refused for a fault of its own, rather than a planned one.
    pub fn assert_all_well_formed(&self) {
        for entry in self.log() {
            assert!(entry.reason.is_empty() || entry.reason == state::PLANNED, "{}: {}", entry.status, entry.reason);
        }
    }

    /// Waits until something holds for the service, as its log or its endpoints change.
    pub async fn wait_until(&self, timeout: Duration, mut holds: impl FnMut(&Self) -> bool) -> bool {
        let waiting = async {
            loop {
                let changed = self.shared.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if holds(self) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(timeout, waiting).await.is_ok()
    }

    fn endpoint(&self, token: &str) -> String {
        format!("{}/p/{token}", self.shared.origin)
    }
}

impl Subscriber {
    /// Where its messages are posted.
    pub fn endpoint(&self) -> String {
        self.service.endpoint(&self.token)
    }

    /// What `PushSubscription.toJSON()` would give.
    pub fn json(&self) -> String {
        self.receiver.subscription_json(&self.endpoint())
    }

    /// The oldest message that was not taken yet, waited for.
    ///
    /// # Panics
    /// When none comes in time: with the log of what came instead.
    pub async fn next_message(&self, timeout: Duration) -> Received {
        match self.try_next(timeout).await {
            Some(message) => message,
            None => panic!("no message in {timeout:?}; the log has {:?}", self.outcomes()),
        }
    }

    /// The oldest message that was not taken yet, if one comes in time.
    pub async fn try_next(&self, timeout: Duration) -> Option<Received> {
        let mut found = None;
        let service = self.service.clone();
        let take = |service: &PushService| {
            let mut state = service.shared.state();
            found = state.subs.get_mut(&self.token).and_then(|sub| sub.inbox.pop_front());
            found.is_some()
        };
        service.wait_until(timeout, take).await;
        found
    }

    /// Messages that wait to be taken, after collapsing by topic.
    pub fn waiting(&self) -> usize {
        self.service.shared.state().subs.get(&self.token).map_or(0, |sub| sub.inbox.len())
    }

    fn outcomes(&self) -> Vec<(u16, String)> {
        let mine = self.endpoint();
        self.service.log().into_iter().filter(|e| e.endpoint == mine).map(|e| (e.status, e.reason)).collect()
    }
}

fn certificate() -> (Option<TlsAcceptor>, Option<String>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let leaf = CertificateParams::new(names).unwrap().signed_by(&key, &ca).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .unwrap();
    (Some(TlsAcceptor::from(Arc::new(config))), Some(ca.pem()))
}
