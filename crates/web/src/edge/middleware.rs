//! The one middleware around every route.

use super::cross_site::From;
use super::{Site, flood, headers, traced};
use crate::api_caller::{BY_TOKEN, token_header};
use crate::guest::Guest;
use crate::reply;
use crate::state::WebState;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use base::routes;
use std::time::Instant;
use tracing::Instrument;

/// Where apps' servers, mail programs and other sites' pages post to by design, beside the answers of other providers. Each endpoint
/// says itself what it makes of it.
const OPEN_TO_OTHERS: [&str; 11] = [
    routes::TOKEN,
    routes::INTROSPECT,
    routes::PAR,
    routes::DEVICE_AUTHORIZATION,
    routes::BACKCHANNEL_AUTHENTICATION,
    routes::REVOKE,
    routes::REGISTER_CLIENT,
    routes::USERINFO,
    routes::AUTHORIZE,
    routes::END_SESSION,
    routes::WAY_OFF,
];

/// What a GET changes: a HEAD must not do it by accident.
const NO_HEAD: [&str; 5] =
    [routes::AUTHORIZE, routes::CONTINUE, routes::OFFER, routes::CHECK_MAIL, routes::END_SESSION];

/// Asked by a load balancer, which knows an address and not the public host.
pub(crate) const HEALTH: [&str; 2] = ["/livez", "/readyz"];

/// Finds the tenant, refuses what other sites send, and puts the headers on the answer.
pub(crate) async fn edge(
    state: WebState,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let id = state.request_id();
    let site = Site::find(&state, &request, &id);
    let https = site.as_ref().is_some_and(Site::is_https);
    let method = request.method().clone();
    let path = request.path().to_owned();
    let span = traced::begin(&state, &request, (&id, https));
    let refused = match span.in_scope(|| refusal(&request, site.is_some())) {
        None if is_form(&request) => flood::refusal(&state, &request).instrument(span.clone()).await,
        decided => decided,
    };
    let mut response = match refused {
        Some(refusal) => request.into_response(refusal),
        None => {
            if method == Method::HEAD {
                request.head_mut().method = Method::GET;
            }
            next.call(request).instrument(span.clone()).await?
        }
    };
    traced::end(&span, response.status());
    state.app().meter().answered(endpoint(&path), response.status().as_u16(), begun.elapsed());
    headers::decorate(response.headers_mut(), &id, https);
    if state.app().is_leaving() {
        // Whoever keeps the connection for his next request should have made another one by then.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let trace_id = traces::id(&span);
    tracing::debug!(request_id = id, trace_id, %method, path, status = response.status().as_u16(), "answered");
    Ok(response)
}

/// What is measured by itself; the rest are pages.
fn endpoint(path: &str) -> &'static str {
    const NAMED: [(&str, &str); 12] = [
        (routes::TOKEN, "token"),
        (routes::AUTHORIZE, "authorize"),
        (routes::USERINFO, "userinfo"),
        (routes::INTROSPECT, "introspection"),
        (routes::JWKS, "jwks"),
        (routes::DISCOVERY, "discovery"),
        (routes::PAR, "pushed_request"),
        (routes::REVOKE, "revocation"),
        (routes::DEVICE_AUTHORIZATION, "device_authorization"),
        (routes::REGISTER_CLIENT, "registration"),
        (routes::LOGIN, "login"),
        (routes::CONTINUE, "login"),
    ];
    NAMED.iter().find(|(known, _)| *known == path).map_or("other", |(_, name)| name)
}

/// Whether a page of ours sends it, to change something.
fn is_form(request: &ServiceRequest) -> bool {
    let (method, path) = (request.method(), request.path());
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let by_token = BY_TOKEN.contains(&path) && token_header(request.headers()).is_some();
    let by_app = routes::is_registered_client(path);
    changes && !routes::is_upstream_callback(path) && !by_token && !by_app && !OPEN_TO_OTHERS.contains(&path)
}

/// What is answered without asking any handler.
fn refusal(request: &ServiceRequest, found: bool) -> Option<HttpResponse> {
    let (method, path) = (request.method(), request.path());
    if *method == Method::TRACE || *method == Method::CONNECT {
        return Some(reply::plain::method_not_allowed("GET, HEAD, POST"));
    }
    if HEALTH.contains(&path) {
        return None;
    }
    if !found {
        return Some(reply::plain::misdirected());
    }
    // No path of ours needs an escape; the router would undo one after the rules here have looked.
    if path.contains('%') {
        return Some(reply::plain::not_found());
    }
    if *method == Method::HEAD && (routes::is_upstream_callback(path) || NO_HEAD.contains(&path)) {
        return Some(reply::plain::method_not_allowed("GET, POST"));
    }
    if is_form(request) {
        let guest = Guest::of(request.request());
        return match guest {
            Ok(guest) if guest.comes_from() == From::Here => None,
            Ok(guest) => Some(reply::cross_site(&guest)),
            Err(stop) => Some(stop.into_response()),
        };
    }
    None
}
