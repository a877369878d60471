//! Whoever is at the door: the tenant, the browser, the language, the query.

use crate::cookies::Jar;
use crate::edge::{Site, certificate, client_ip::client_ip};
use crate::headers::Headers;
use crate::reply::{self, Stop};
use crate::state::WebState;
use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, COOKIE, USER_AGENT};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use app::oidc::Connection;
use app::{Here, Visitor};
use base::{Id, SecretKind, routes};
use identity::device_name::{Hints, Said};
use oauth::Params;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use view::{Banner, Locale};

/// A request as every handler needs it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Guest(Rc<Inner>);

struct Inner {
    site: Site,
    visitor: Visitor,
    locale: Locale,
    /// Whether it only reads (RFC 9110 §9.2.1).
    is_safe: bool,
    path: String,
    query: Params,
    raw_query: String,
    headers: Headers,
    connection: Connection,
}

impl Guest {
    /// Reads the request.
    ///
    /// # Errors
    /// [`Stop`] when its query can't be read.
    pub(crate) fn of(request: &HttpRequest) -> Result<Self, Stop> {
        if let Some(guest) = request.extensions().get::<Self>() {
            return Ok(guest.clone());
        }
        let Some(site) = request.extensions().get::<Site>().cloned() else {
            return Err(reply::plain::misdirected().into());
        };
        let raw_query = request.query_string().to_owned();
        let query = Params::decode(raw_query.as_bytes());
        let path = request.path().to_owned();
        let asked = query.as_ref().ok().filter(|_| path != routes::AUTHORIZE);
        let asked = asked.and_then(|query| query.one("ui_locales").ok().flatten());
        let headers = Headers::of(request.headers());
        let locale = locale(&site, &headers, asked);
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
        let certificate = certificate(&site, request.headers(), (peer, request.conn_data()));
        let connection = Connection { certificate, elsewhere: site.elsewhere };
        let visitor = visitor(&site, &headers, (peer, locale));
        let readable = query.is_ok();
        let is_safe = request.method().is_safe();
        let query = query.unwrap_or_default();
        let guest =
            Self(Rc::new(Inner { site, visitor, locale, is_safe, path, query, raw_query, headers, connection }));
        if !readable {
            return Err(reply::unreadable(&guest));
        }
        request.extensions_mut().insert(guest.clone());
        Ok(guest)
    }

    /// The tenant's use cases.
    pub(crate) fn here(&self) -> &Here {
        &self.0.site.here
    }

    /// The browser.
    pub(crate) fn visitor(&self) -> &Visitor {
        &self.0.visitor
    }

    /// The HTTP side's state.
    pub(crate) fn state(&self) -> &WebState {
        &self.0.site.state
    }

    /// The request's id.
    pub(crate) fn request_id(&self) -> &str {
        &self.0.site.request_id
    }

    /// The id of the request's trace, for the log. `None` where it is in none.
    pub(crate) fn trace_id(&self) -> Option<String> {
        traces::id(&tracing::Span::current())
    }

    /// Whether the tenant is reached over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.0.site.is_https()
    }

    /// The language, before an account's own choice.
    pub(crate) fn locale(&self) -> Locale {
        self.0.locale
    }

    /// The path.
    pub(crate) fn path(&self) -> &str {
        &self.0.path
    }

    /// The headers.
    pub(crate) fn headers(&self) -> &Headers {
        &self.0.headers
    }

    /// What the connection tells about an app.
    pub(crate) fn connection(&self) -> Connection {
        self.0.connection.clone()
    }

    /// The query, as parameters.
    pub(crate) fn query(&self) -> &Params {
        &self.0.query
    }

    /// Path and query, to come back to.
    pub(crate) fn target(&self) -> String {
        if self.0.raw_query.is_empty() { self.0.path.clone() } else { format!("{}?{}", self.0.path, self.0.raw_query) }
    }

    /// Path and query of what only reads: to ask for it once more.
    pub(crate) fn again(&self) -> Option<String> {
        // `//name` would lead to another host.
        self.0.is_safe.then(|| self.target()).filter(|target| !target.starts_with("//"))
    }

    /// One parameter of the query. What stands twice counts as left out.
    pub(crate) fn asked(&self, name: &'static str) -> Option<&str> {
        self.0.query.one(name).ok().flatten()
    }

    /// The flow that the URL names.
    pub(crate) fn flow(&self) -> Option<Id> {
        self.asked("flow")?.parse().ok()
    }

    /// The language that the URL asks for: the switch in the footer.
    pub(crate) fn asked_locale(&self) -> Option<Locale> {
        self.asked("ui_locales").and_then(Locale::from_tag)
    }

    /// What has just been done, to be said on this page.
    pub(crate) fn banner(&self) -> Option<Banner> {
        Banner::from_name(Jar::Banner.read(self.headers().get_all(COOKIE), self.is_https())?)
    }
}

fn locale(site: &Site, headers: &Headers, asked: Option<&str>) -> Locale {
    let kept = Jar::Locale.read(headers.get_all(COOKIE), site.is_https());
    Locale::choose(
        None,
        asked.filter(|tag| Locale::from_tag(tag).is_some()).or(kept),
        text(headers, ACCEPT_LANGUAGE.as_str()),
    )
}

fn visitor(site: &Site, headers: &Headers, (peer, locale): (IpAddr, Locale)) -> Visitor {
    let settings = site.state.settings();
    // Byte by byte: what a client wrote to the left of its proxy's word must not make the whole line unreadable.
    let forwarded: Vec<_> =
        headers.get_all("x-forwarded-for").map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let ip = client_ip(peer, forwarded.iter().map(AsRef::as_ref), &settings.trusted_proxies);
    let hints = Hints {
        brands: text(headers, "sec-ch-ua"),
        platform: text(headers, "sec-ch-ua-platform"),
        mobile: text(headers, "sec-ch-ua-mobile"),
        model: text(headers, "sec-ch-ua-model"),
    };
    let https = site.is_https();
    Visitor {
        ip,
        said: Said::new(text(headers, USER_AGENT.as_str()).unwrap_or_default(), &hints),
        place: settings.geo.as_ref().and_then(|geo| geo.find(ip)),
        locale: Some(locale.tag().to_owned()),
        session: Jar::Session.secret(SecretKind::Session, headers.get_all(COOKIE), https),
        device: Jar::Device.secret(SecretKind::Device, headers.get_all(COOKIE), https),
        browser: Jar::Browser.secret(SecretKind::Browser, headers.get_all(COOKIE), https),
    }
}

fn text<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl FromRequest for Guest {
    type Error = Stop;
    type Future = Ready<Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
