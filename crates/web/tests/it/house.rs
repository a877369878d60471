//! A small house: an installation on a database of its own, and its routes as a function.

use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service};
use app::{App, Parts, Settings};
use base::{Clock, MasterKey, Origin, Rng};
use identity::limit::Limit;
use identity::password::HashParams;
use identity::password_policy::Policy;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreSettings};
use view::View;
use web::{WebSettings, WebState};

/// An installation with its place on the disk.
pub(crate) struct House {
    state: WebState,
    _place: tempfile::TempDir,
}

/// An answer, read to its end.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or_default())
    }
}

/// A request to a host by a browser on this very origin.
pub(crate) fn own(method: Method, path: &str) -> TestRequest {
    stranger(method, path).insert_header(("sec-fetch-site", "same-origin"))
}

/// A request that does not say where it comes from.
pub(crate) fn stranger(method: Method, path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method).insert_header(("host", "id.acme.test"))
}

impl House {
    /// A house at an origin.
    pub(crate) async fn at(origin: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", place.path().join("house.db").display());
        let store = Store::open(&url, StoreSettings::default()).await.unwrap();
        store.migrate().await.unwrap();
        let (clock, rng) = (Clock::system(), Rng::system());
        let keyring = app::setup::open_keyring(&store, &MasterKey::generate(&rng), (&clock, &rng)).await.unwrap();
        let origin: Origin = origin.parse().unwrap();
        app::setup::ensure_tenant(&store, &keyring, (&clock, &rng), (&origin, "Acme")).await.unwrap();
        let outbound = outbound::Outbound::new(outbound::Settings::default()).unwrap();
        let check_subscription = Arc::new(|_: &str| Err("no browser is rung here".to_owned()));
        let parts = Parts { store, clock, rng, keyring, outbound, check_subscription, settings: settings() };
        let app = App::open(parts).await.unwrap();
        let view = Arc::new(View::new().unwrap());
        Self { state: WebState::new(app, view, WebSettings::default()), _place: place }
    }

    /// A house over https.
    pub(crate) async fn open() -> Self {
        Self::at("https://id.acme.test").await
    }

    /// Answers one request.
    pub(crate) async fn call(&self, request: TestRequest) -> Reply {
        let service = init_service(web::app(self.state.clone())).await;
        let response: ServiceResponse = call_service(&service, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap();
        Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

fn settings() -> Settings {
    const HOUR: Duration = Duration::from_secs(3600);
    Settings {
        hashing: HashParams { memory_kib: 16, iterations: 1, parallelism: 1 },
        hashers: 1,
        hash_queue: 16,
        password: Policy::default(),
        pwned_passwords: None,
        registration_open: true,
        session_idle: HOUR,
        session_lifetime: HOUR,
        flow_lifetime: HOUR,
        confirm_lifetime: HOUR,
        reset_lifetime: HOUR,
        answer_lifetime: HOUR,
        strangers: Limit::strangers(),
        known_device: Limit::known_device(),
        address: Limit::address(),
        mails: Limit::mails(),
        offer_notices: true,
        max_subscriptions: 20,
        key_lead: HOUR,
        key_tail: HOUR,
    }
}
