//! Apps that register themselves: the registration endpoint (RFC 7591 §3), and where they manage what they registered
//! (RFC 7592 §2).

use crate::form::{Body, is_json};
use crate::guest::Guest;
use crate::reply;
use crate::run::run;
use actix_web::HttpResponse;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Path;
use app::oidc::RegistrationCall;
use oauth::OAuthError;
use oauth::registration::invalid;

/// Registers an app.
pub(crate) async fn register(guest: Guest, body: Body) -> HttpResponse {
    let call = match call_with(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().register_client(call, work.visitor()).await }).await {
        Ok(told) => reply::oauth::created(&told),
        Err(problem) => reply::registration::problem(&guest, &problem),
    }
}

/// Shows what one registered.
pub(crate) async fn show(guest: Guest, id: Path<String>) -> HttpResponse {
    let (work, call) = (guest.clone(), call(&guest, Vec::new()));
    match run(async move { work.here().registration(&id, call, work.visitor()).await }).await {
        Ok(told) => reply::oauth::ok(&told),
        Err(problem) => reply::registration::problem(&guest, &problem),
    }
}

/// Replaces it.
pub(crate) async fn update(guest: Guest, id: Path<String>, body: Body) -> HttpResponse {
    let call = match call_with(&guest, &body) {
        Ok(call) => call,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    let work = guest.clone();
    match run(async move { work.here().update_registration(&id, call, work.visitor()).await }).await {
        Ok(told) => reply::oauth::ok(&told),
        Err(problem) => reply::registration::problem(&guest, &problem),
    }
}

/// Withdraws it.
pub(crate) async fn delete(guest: Guest, id: Path<String>) -> HttpResponse {
    let (work, call) = (guest.clone(), call(&guest, Vec::new()));
    match run(async move { work.here().delete_registration(&id, call, work.visitor()).await }).await {
        Ok(()) => reply::registration::gone(),
        Err(problem) => reply::registration::problem(&guest, &problem),
    }
}

fn call_with(guest: &Guest, body: &Body) -> Result<RegistrationCall, OAuthError> {
    if !is_json(body.content_type.as_deref()) {
        return Err(invalid("send a JSON object, as application/json"));
    }
    Ok(call(guest, body.bytes.to_vec()))
}

fn call(guest: &Guest, body: Vec<u8>) -> RegistrationCall {
    let authorization = guest.headers().get(AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    RegistrationCall { authorization, body }
}
