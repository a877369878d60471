//! The tenant that a request is for.

use crate::state::WebState;
use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::HOST;
use app::Here;
use base::routes;

/// What answers at the host for apps with certificates: pages do not, as a browser would ask its person for one.
const FOR_CERTIFICATES: [&str; 7] = [
    routes::TOKEN,
    routes::PAR,
    routes::INTROSPECT,
    routes::REVOKE,
    routes::USERINFO,
    routes::DEVICE_AUTHORIZATION,
    routes::BACKCHANNEL_AUTHENTICATION,
];

/// What the edge found out about a request, for the extractors.
#[derive(Clone)]
pub(crate) struct Site {
    /// The HTTP side's state.
    pub(crate) state: WebState,
    /// The tenant.
    pub(crate) here: Here,
    /// The request's id.
    pub(crate) request_id: String,
    /// Whether it came to the host that is for apps with certificates.
    pub(crate) elsewhere: bool,
}

impl Site {
    /// Finds the tenant by the request's authority (RFC 9112 §3.2.2: an absolute target wins over `Host`), and
    /// leaves the finding with the request. `None` when there is no such tenant, or more than one is named.
    pub(super) fn find(state: &WebState, request: &ServiceRequest, request_id: &str) -> Option<Self> {
        let mut hosts = request.headers().get_all(HOST);
        let host = hosts.next().and_then(|host| host.to_str().ok());
        if hosts.next().is_some() {
            return None;
        }
        let target = request.uri().authority().map(|authority| authority.as_str());
        let host = target.or(host)?;
        let usual = state.app().at(host);
        let elsewhere = usual.is_none() && FOR_CERTIFICATES.contains(&request.path());
        let here = if elsewhere { state.app().at_for_certificates(host) } else { usual }?;
        let site = Self { state: state.clone(), here, request_id: request_id.to_owned(), elsewhere };
        request.extensions_mut().insert(site.clone());
        Some(site)
    }

    /// Whether the tenant is reached over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.here.tenant().origin.is_https()
    }
}
