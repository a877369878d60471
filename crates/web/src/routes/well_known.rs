//! Paths that lead on.

use crate::reply::see_other;
use actix_web::HttpResponse;
use base::routes;

/// Where a password manager finds the password page (W3C, "A Well-Known URL for Changing Passwords").
pub(crate) async fn change_password() -> HttpResponse {
    see_other(routes::SIGN_IN)
}

/// The bare origin leads to the account.
pub(crate) async fn front() -> HttpResponse {
    see_other(routes::ACCOUNT)
}
