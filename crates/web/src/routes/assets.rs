//! Styles, scripts, pictures, the service worker.

use crate::landing;
use crate::reply;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use view::assets::{self, Asset};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// A file under `/a/`.
pub(crate) async fn file(request: HttpRequest) -> HttpResponse {
    if request.path() == landing::SCRIPT_PATH {
        return HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8"))
            .insert_header((CACHE_CONTROL, ASK_AGAIN))
            .body(landing::SCRIPT);
    }
    serve(request.headers(), assets::get(request.path())).finish_or_body()
}

/// The service worker. It may speak for the whole origin (Service Workers §6.1).
pub(crate) async fn worker(request: HttpRequest) -> HttpResponse {
    let mut response = serve(request.headers(), assets::get(request.path())).finish_or_body();
    let everywhere = actix_web::http::header::HeaderValue::from_static("/");
    response.headers_mut().insert(HeaderName::from_static("service-worker-allowed"), everywhere);
    response
}

/// The bell.
pub(crate) async fn icon(request: HttpRequest) -> HttpResponse {
    serve(request.headers(), assets::url("bell.svg").and_then(assets::get)).ask_again().finish_or_body()
}

/// There is nothing here for search engines.
pub(crate) async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body("User-agent: *\nDisallow: /\n")
}

/// A file on its way: which of its forms, and whether the browser has it already.
struct Served {
    asset: Option<&'static Asset>,
    encoding: Option<&'static str>,
    is_known: bool,
    immutable: bool,
}

fn serve(headers: &HeaderMap, asset: Option<&'static Asset>) -> Served {
    let known = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let is_known = asset.is_some_and(|asset| known.flat_map(|v| v.split(',')).any(|tag| matches(tag, &asset.etag)));
    let accepted: Vec<&str> =
        headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
    let encoding = ["br", "gzip"].into_iter().find(|coding| {
        let packed = asset.is_some_and(|asset| body(asset, Some(coding)).is_some());
        packed && accepted.iter().any(|one| accepts(one, coding))
    });
    Served { asset, encoding, is_known, immutable: asset.is_some_and(|asset| asset.immutable) }
}

/// Weak comparison (RFC 9110 §8.8.3.2).
pub(super) fn matches(tag: &str, etag: &str) -> bool {
    let tag = tag.trim();
    tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
}

/// Whether a member of `Accept-Encoding` names a coding and does not rule it out (RFC 9110 §12.5.3).
fn accepts(member: &str, coding: &str) -> bool {
    let mut parts = member.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
    let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty()));
    named && !refused
}

fn body(asset: &'static Asset, encoding: Option<&str>) -> Option<&'static [u8]> {
    match encoding {
        Some("br") => asset.br,
        Some("gzip") => asset.gzip,
        Some(_) => None,
        None => Some(asset.bytes),
    }
}

impl Served {
    fn ask_again(mut self) -> Self {
        self.immutable = false;
        self
    }

    fn finish_or_body(self) -> HttpResponse {
        let Some(asset) = self.asset else { return reply::plain::not_found() };
        let mut response = if self.is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((CACHE_CONTROL, if self.immutable { FOR_EVER } else { ASK_AGAIN }))
            .insert_header((ETAG, asset.etag.as_str()))
            .insert_header((VARY, "accept-encoding"));
        if self.is_known {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, asset.content_type));
        if let Some(encoding) = self.encoding {
            response.insert_header((CONTENT_ENCODING, encoding));
        }
        response.body(body(asset, self.encoding).unwrap_or(asset.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_used_when_it_is_named_and_not_ruled_out() {
        for yes in ["br", " br", "BR;q=0.5", "br;q=1.0"] {
            assert!(accepts(yes, "br"), "{yes}");
        }
        for no in ["gzip", "br;q=0", "br;q=0.000", "brr", ""] {
            assert!(!accepts(no, "br"), "{no}");
        }
    }

    #[test]
    fn a_tag_matches_however_weak() {
        assert!(matches(" \"a\"", "\"a\"") && matches("W/\"a\"", "\"a\"") && matches("*", "\"a\""));
        assert!(!matches("\"b\"", "\"a\"") && !matches("", "\"a\""));
    }
}
