//! The tenant that a request is for.

use crate::state::WebState;
use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::HOST;
use app::Here;

/// What the edge found out about a request, for the extractors.
#[derive(Clone)]
pub(crate) struct Site {
    /// The HTTP side's state.
    pub(crate) state: WebState,
    /// The tenant.
    pub(crate) here: Here,
    /// The request's id.
    pub(crate) request_id: String,
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
        let here = state.app().at(target.or(host)?)?;
        let site = Self { state: state.clone(), here, request_id: request_id.to_owned() };
        request.extensions_mut().insert(site.clone());
        Some(site)
    }

    /// Whether the tenant is reached over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.here.tenant().origin.is_https()
    }
}
