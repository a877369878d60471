//! Cross-origin calls of apps that live in the browser: to the token endpoint, to UserInfo and to the account API, with a token or a
//! verifier and never with cookies (Fetch §3.2). The authorization endpoint has none (RFC 9700 §2.6).

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, HttpResponse, Resource, web};

/// A resource that any origin may call.
pub(crate) fn resource(
    resource: Resource,
    methods: &'static str,
) -> Resource<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>>
{
    let answer = move || async move { preflight(methods) };
    resource.route(web::method(actix_web::http::Method::OPTIONS).to(answer)).wrap(from_fn(
        |request: ServiceRequest, next: Next<BoxBody>| async move {
            // An app's server names no origin, and needs no leave.
            let by_page = request.headers().contains_key(ORIGIN);
            let mut response = next.call(request).await?;
            if by_page {
                open(response.headers_mut());
            }
            response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
            Ok(response)
        },
    ))
}

/// Lets any origin read the answer.
pub(super) fn open(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("WWW-Authenticate, Retry-After, DPoP-Nonce, X-Request-Id"),
    );
}

/// What a browser asks before the call.
fn preflight(methods: &'static str) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, methods))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, DPoP"))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}
