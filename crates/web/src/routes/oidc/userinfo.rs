//! UserInfo (OpenID Connect Core §5.3.1): by GET, by POST with the token in the header or in the body.

use super::token::proofs;
use crate::form::Body;
use crate::guest::Guest;
use crate::reply;
use actix_web::HttpResponse;
use actix_web::http::header::AUTHORIZATION;
use app::oidc::ResourceCall;
use base::routes;
use oauth::{Params, bearer};

/// By GET.
pub(crate) async fn get(guest: Guest) -> HttpResponse {
    answer(guest, ("GET", None)).await
}

/// By POST. A body of another kind than a form is no form: then the header speaks alone.
pub(crate) async fn post(guest: Guest, body: Body) -> HttpResponse {
    let is_form = Params::from_form(body.content_type.as_deref(), b"").is_ok();
    let form = match is_form.then(|| Params::decode(&body.bytes)).transpose() {
        Ok(form) => form,
        Err(error) => return reply::oauth::refusal(&guest, &error),
    };
    answer(guest, ("POST", form)).await
}

async fn answer(guest: Guest, (method, form): (&str, Option<Params>)) -> HttpResponse {
    let authorization = guest.headers().get(AUTHORIZATION).map(|value| value.as_bytes());
    let (token, scheme) = match bearer::token(authorization, form.as_ref()) {
        Ok(token) => token,
        Err(error) => return reply::oauth::at_resource(&guest, reply::oauth::refusal(&guest, &error)),
    };
    let (method, proofs) = (method.to_owned(), proofs(&guest));
    let call = ResourceCall { token, scheme, proofs, method, path: routes::USERINFO, connection: guest.connection() };
    // Nothing of it has to be finished when the app has gone. In a box, as in `run`.
    match Box::pin(guest.here().userinfo(&call)).await {
        Ok(told) => reply::oauth::with_nonce(&guest, reply::oauth::told(told, "application/jwt")),
        Err(problem) => reply::oauth::at_resource(&guest, reply::oauth::problem(&guest, &problem)),
    }
}
