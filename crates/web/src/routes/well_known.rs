//! Paths that lead on.

use crate::guest::Guest;
use crate::reply::see_other;
use actix_web::HttpResponse;
use base::routes;
use serde_json::json;

/// Where a password manager finds the password page (W3C, "A Well-Known URL for Changing Passwords").
pub(crate) async fn change_password() -> HttpResponse {
    see_other(routes::PASSWORD)
}

/// Where a password manager finds the pages of passkeys (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
pub(crate) async fn passkey_endpoints(guest: Guest) -> HttpResponse {
    let page = guest.here().url(routes::SIGN_IN);
    HttpResponse::Ok().json(json!({ "enroll": page, "manage": page }))
}

/// The bare origin leads to the account.
pub(crate) async fn front() -> HttpResponse {
    see_other(routes::ACCOUNT)
}
