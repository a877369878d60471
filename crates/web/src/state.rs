//! What every request is served with.

use crate::streams::Streams;
use actix_web::http::header::HeaderName;
use app::App;
use base::{Clock, Rng};
use identity::place::GeoReader;
use ipnet::IpNet;
use std::sync::Arc;
use view::{Links, View};

/// What an operator sets about HTTP.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// The proxies whose `X-Forwarded-For` is believed. Empty means that nobody's is.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which one of these proxies tells of the certificate of an app's connection (RFC 9440, or as nginx
    /// writes it). Nobody else's is read.
    pub certificate_header: Option<HeaderName>,
    /// Whether a `traceparent` of one of these proxies is followed. Nobody else's is.
    pub follow_traceparent: bool,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// Whether this is a developer's machine: error pages for developers say more.
    pub dev: bool,
    /// Where addresses seem to be.
    pub geo: Option<Arc<GeoReader>>,
    /// The operator's own pages, in the footer.
    pub links: Links,
    /// How many forms one network address may send in a minute; 0 for any number.
    pub forms_per_minute: u32,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            certificate_header: None,
            follow_traceparent: false,
            body_limit: 64 * 1024,
            dev: false,
            geo: None,
            links: Links::default(),
            forms_per_minute: 0,
        }
    }
}

/// The state of the HTTP side. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    view: Arc<View>,
    settings: WebSettings,
    clock: Clock,
    rng: Rng,
    streams: Streams,
}

impl WebState {
    /// The state over an open installation.
    pub fn new(app: App, view: Arc<View>, settings: WebSettings) -> Self {
        // For the ids of requests alone: what is stored takes its time and randomness from the installation.
        let (clock, rng) = (Clock::system(), Rng::system());
        Self { inner: Arc::new(Inner { app, view, settings, clock, rng, streams: Streams::default() }) }
    }

    pub(crate) fn app(&self) -> &App {
        &self.inner.app
    }

    pub(crate) fn view(&self) -> &View {
        &self.inner.view
    }

    pub(crate) fn settings(&self) -> &WebSettings {
        &self.inner.settings
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.inner.streams
    }

    /// An id for a request, to be named on error pages and in the log.
    pub(crate) fn request_id(&self) -> String {
        base::Id::new(&self.inner.clock, &self.inner.rng).to_string()
    }
}
