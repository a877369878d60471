//! What apps read first: discovery, server metadata, keys. The same for everyone, and open to any origin; so
//! nothing is asked of the request but its tenant.

use super::super::assets::matches;
use super::cors;
use crate::edge::Site;
use crate::guest::Guest;
use crate::reply::{self, Reply};
use crate::seen;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH};
use actix_web::web::ReqData;
use actix_web::{HttpRequest, HttpResponse};
use app::oidc::Document;
use view::Locale;

/// Discovery (OpenID Connect Discovery 1.0 §4) and server metadata (RFC 8414 §3): one document.
pub(crate) async fn discovery(request: HttpRequest, site: ReqData<Site>) -> Reply {
    let languages = Locale::ALL.map(Locale::tag);
    match site.here.discovery(&languages) {
        Ok(document) => {
            let mut response = document_reply(request.headers(), document, "application/json");
            if let Some(seen) = seen::answer(&site, &request) {
                response.headers_mut().insert(HeaderName::from_static(seen::ANSWER), seen);
                response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
            Ok(response)
        }
        Err(fault) => Err(reply::fault(&Guest::of(&request)?, &fault)),
    }
}

/// The metadata of our own APIs (RFC 9728 §3).
pub(crate) async fn resource(request: HttpRequest, site: ReqData<Site>) -> Reply {
    match site.here.resource_metadata() {
        Ok(document) => Ok(document_reply(request.headers(), document, "application/json")),
        Err(fault) => Err(reply::fault(&Guest::of(&request)?, &fault)),
    }
}

/// The public keys (RFC 7517 §5, media type §8.5.2).
pub(crate) async fn jwks(request: HttpRequest, site: ReqData<Site>) -> HttpResponse {
    document_reply(request.headers(), site.here.jwks(), "application/jwk-set+json")
}

fn document_reply(headers: &HeaderMap, document: Document, kind: &'static str) -> HttpResponse {
    let Document { text, tag } = document;
    let known = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|value| value.split(',')).any(|known| matches(known, &tag));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))).insert_header((ETAG, tag));
    let mut response = match is_known {
        true => response.finish(),
        false => response.insert_header((CONTENT_TYPE, HeaderValue::from_static(kind))).body(text),
    };
    cors::open(response.headers_mut());
    response
}
