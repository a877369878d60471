//! The endpoints that want a client's credentials: token (RFC 6749 §3.2), introspection (RFC 7662), revocation
//! (RFC 7009), pushed authorization requests (RFC 9126), requests of devices (RFC 8628), backchannel
//! authentication (CIBA Core).

use crate::form::Body;
use crate::guest::Guest;
use crate::reply;
use crate::run::run;
use actix_web::HttpResponse;
use actix_web::http::header::{ACCEPT, AUTHORIZATION};
use app::oidc::BackChannel;
use oauth::introspection::MEDIA_TYPE;
use oauth::{OAuthError, Params, dpop};

/// The proofs of possession among the headers.
pub(crate) fn proofs(guest: &Guest) -> Vec<Vec<u8>> {
    guest.headers().get_all(dpop::HEADER).map(|value| value.as_bytes().to_vec()).collect()
}

/// Exchanges a code or a refresh token.
pub(crate) async fn token(guest: Guest, body: Body) -> HttpResponse {
    let call = match call(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().token(call, work.visitor()).await }).await {
        Ok(response) => reply::oauth::with_nonce(&guest, reply::oauth::ok(&response)),
        Err(problem) => reply::oauth::problem(&guest, &problem),
    }
}

/// Takes an authorization request in (RFC 9126 §2).
pub(crate) async fn push(guest: Guest, body: Body) -> HttpResponse {
    let call = match call(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().push_request(call, work.visitor()).await }).await {
        Ok(response) => reply::oauth::with_nonce(&guest, reply::oauth::created(&response)),
        Err(problem) => reply::oauth::problem(&guest, &problem),
    }
}

/// Takes the request of a device in (RFC 8628 §3.1).
pub(crate) async fn device(guest: Guest, body: Body) -> HttpResponse {
    let call = match call(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().ask_by_device(call, work.visitor()).await }).await {
        Ok(response) => reply::oauth::ok(&response),
        Err(problem) => reply::oauth::problem(&guest, &problem),
    }
}

/// Takes the request of an app in that asks a person elsewhere (CIBA Core §7).
pub(crate) async fn backchannel(guest: Guest, body: Body) -> HttpResponse {
    let call = match call(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().ask_elsewhere(call, work.visitor()).await }).await {
        Ok(response) => reply::oauth::ok(&response),
        Err(problem) => reply::oauth::backchannel(&guest, &problem),
    }
}

/// Whether a token is worth anything.
pub(crate) async fn introspect(guest: Guest, body: Body) -> HttpResponse {
    let call = match call(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let accept = guest.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    let as_jwt =
        accept.flat_map(|value| value.split([',', ';'])).any(|one| one.trim().eq_ignore_ascii_case(MEDIA_TYPE));
    // In a box, as in `run`.
    match Box::pin(guest.here().introspect(call, as_jwt)).await {
        Ok(told) => reply::oauth::told(told, MEDIA_TYPE),
        Err(problem) => reply::oauth::problem(&guest, &problem),
    }
}

/// Ends a token. What was not known, too, is answered by 200 (RFC 7009 §2.2).
pub(crate) async fn revoke(guest: Guest, body: Body) -> HttpResponse {
    let call = match call(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().revoke(call).await }).await {
        Ok(()) => reply::oauth::empty(),
        Err(problem) => reply::oauth::problem(&guest, &problem),
    }
}

/// Credentials stand in the header or in the body, never in a query (RFC 6749 §2.3.1), which is not read at all.
fn call(guest: &Guest, body: &Body) -> Result<BackChannel, OAuthError> {
    let form = Params::from_form(body.content_type.as_deref(), &body.bytes)?;
    let authorization = guest.headers().get(AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    Ok(BackChannel { authorization, form, proofs: proofs(guest), connection: guest.connection() })
}
