//! Too many forms from one network address: refused before anything is looked at.
//!
//! It bounds the work that one address can make, on all nodes together. Guessing is limited elsewhere, in the database.

use crate::guest::Guest;
use crate::reply;
use crate::state::WebState;
use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;

/// The answer to one form too many.
pub(super) async fn refusal(state: &WebState, request: &ServiceRequest) -> Option<HttpResponse> {
    let per_minute = state.settings().forms_per_minute;
    if per_minute == 0 {
        return None;
    }
    let guest = match Guest::of(request.request()) {
        Ok(guest) => guest,
        Err(stop) => return Some(stop.into_response()),
    };
    match state.app().take_form(guest.visitor().ip, per_minute).await {
        Ok(()) => None,
        Err(many) => Some(reply::too_many_forms(&guest, many)),
    }
}
