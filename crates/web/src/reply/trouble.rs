//! Error pages: what happened, what to do, a number to name.

use super::{Reply, Stop, json, oauth, plain, step};
use crate::form::is_json;
use crate::guest::Guest;
use crate::page::Sheet;
use ::oauth::OAuthError;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use app::guard::TooMany;
use app::login::FlowRefusal;
use app::{Problem, Signed};
use base::{Fault, Id, routes};
use view::pages::error::{ErrorPage, Trouble};

/// Where apps' servers call: they read the standards' JSON.
const BACK_CHANNEL: [&str; 5] = [routes::TOKEN, routes::USERINFO, routes::INTROSPECT, routes::REVOKE, routes::PAR];

/// The status that goes with an error page.
fn status(trouble: &Trouble) -> StatusCode {
    match trouble {
        Trouble::FlowGone { .. } | Trouble::Unreadable | Trouble::Request { .. } => StatusCode::BAD_REQUEST,
        Trouble::OtherBrowser
        | Trouble::SetupClosed
        | Trouble::RegistrationClosed
        | Trouble::NoMailCode { .. }
        | Trouble::CrossSite => StatusCode::FORBIDDEN,
        Trouble::LinkGone { .. } | Trouble::NotFound => StatusCode::NOT_FOUND,
        Trouble::Taken => StatusCode::CONFLICT,
        Trouble::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Trouble::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Trouble::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// How long to wait, in seconds, where waiting helps.
const fn wait(trouble: &Trouble) -> Option<u64> {
    match trouble {
        Trouble::TooMany { wait } => Some(*wait),
        Trouble::Busy { .. } => Some(1),
        Trouble::FlowGone { .. }
        | Trouble::Unreadable
        | Trouble::Request { .. }
        | Trouble::OtherBrowser
        | Trouble::SetupClosed
        | Trouble::RegistrationClosed
        | Trouble::NoMailCode { .. }
        | Trouble::CrossSite
        | Trouble::LinkGone { .. }
        | Trouble::NotFound
        | Trouble::Taken
        | Trouble::Broken { .. } => None,
    }
}

/// An error page.
pub(crate) fn trouble(guest: &Guest, trouble: Trouble) -> Stop {
    let sheet = Sheet::new(guest).status(status(&trouble)).wait(wait(&trouble));
    match sheet.show(&ErrorPage { trouble, app: None }) {
        Ok(response) => response.into(),
        Err(stop) => stop,
    }
}

/// Trouble on our side: logged here, once, under the request's id.
pub(crate) fn fault(guest: &Guest, fault: &Fault) -> Stop {
    // What was asked for by its address alone can be asked for again, with all that it says.
    fault_in(guest, fault, guest.again())
}

/// The same in a request that can be made again at the address `again`.
pub(super) fn fault_in(guest: &Guest, fault: &Fault, again: Option<String>) -> Stop {
    log(guest, fault);
    trouble(guest, if fault.is_busy() { Trouble::Busy { again } } else { Trouble::Broken { again } })
}

pub(super) fn log(guest: &Guest, fault: &Fault) {
    let (request_id, trace_id, path) = (guest.request_id(), guest.trace_id(), guest.path());
    if fault.is_busy() {
        tracing::warn!(request_id, trace_id, path, %fault, "too busy");
    } else {
        tracing::error!(request_id, trace_id, path, %fault, "a request failed");
    }
}

/// The request can't be understood.
pub(crate) fn unreadable(guest: &Guest) -> Stop {
    if BACK_CHANNEL.contains(&guest.path()) {
        let error = OAuthError::invalid_request("the request can't be read: send a form of at most 100 parameters");
        return oauth::refusal(guest, &error).into();
    }
    if wants_json(guest) {
        json::unreadable("the request can't be read").into()
    } else {
        trouble(guest, Trouble::Unreadable)
    }
}

/// The body is larger than we take (RFC 9110 §15.5.14).
pub(crate) fn too_large(guest: &Guest) -> Stop {
    if BACK_CHANNEL.contains(&guest.path()) {
        let error = OAuthError::invalid_request("the request is too large: send at most 64 KiB");
        return oauth::refusal(guest, &error).into();
    }
    if wants_json(guest) {
        return json::too_large().into();
    }
    match Sheet::new(guest)
        .status(StatusCode::PAYLOAD_TOO_LARGE)
        .show(&ErrorPage { trouble: Trouble::Unreadable, app: None })
    {
        Ok(response) => response.into(),
        Err(stop) => stop,
    }
}

/// A request that changes something came from elsewhere.
/// A body that did not come in time (RFC 9110 §15.5.9). The connection is closed.
pub(crate) fn too_slow() -> Stop {
    let mut response = actix_web::HttpResponse::RequestTimeout();
    Stop::from(response.force_close().body("The request took too long to arrive. Send it again."))
}

/// What another site sent.
pub(crate) fn cross_site(guest: &Guest) -> actix_web::HttpResponse {
    tracing::info!(
        request_id = guest.request_id(),
        trace_id = guest.trace_id(),
        path = guest.path(),
        "refused what came from another site"
    );
    if wants_json(guest) { json::cross_site() } else { trouble(guest, Trouble::CrossSite).into_response() }
}

/// More forms from one network address than it may send.
pub(crate) fn too_many_forms(guest: &Guest, TooMany { wait }: TooMany) -> actix_web::HttpResponse {
    let wait = wait.as_secs().saturating_add(1);
    tracing::info!(
        request_id = guest.request_id(),
        trace_id = guest.trace_id(),
        path = guest.path(),
        wait,
        "too many forms from one address"
    );
    if wants_json(guest) { json::too_many(wait) } else { trouble(guest, Trouble::TooMany { wait }).into_response() }
}

/// There is no such page. Whoever is signed in is led to the account.
pub(crate) fn not_found(guest: &Guest, signed: Option<&Signed>) -> Stop {
    if guest.path().starts_with("/a/") {
        return plain::not_found().into();
    }
    let sheet = Sheet::new(guest).status(status(&Trouble::NotFound));
    let sheet = if let Some(signed) = signed { sheet.of(signed) } else { sheet };
    match sheet.show(&ErrorPage { trouble: Trouble::NotFound, app: None }) {
        Ok(response) => response.into(),
        Err(stop) => stop,
    }
}

/// A flow that can't go on. One that is too old, or was finished in another tab, begins again by itself with the
/// same app; of one that is not known any more, or is another browser's, the page says so.
pub(crate) async fn flow_ended(guest: &Guest, flow: Id, refusal: FlowRefusal) -> Reply {
    if refusal == FlowRefusal::OtherBrowser {
        return Err(trouble(guest, Trouble::OtherBrowser));
    }
    begin_again(guest, flow, "1").await
}

/// Begins a flow again with the same app. Its sign-in page says why.
pub(crate) async fn begin_again(guest: &Guest, flow: Id, why: &str) -> Reply {
    let (again, visitor) = (guest.clone(), guest.visitor().clone());
    let restarted = crate::run::run(async move { again.here().restart(flow, &visitor).await }).await;
    match restarted {
        Ok(next) => Ok(step::restarted(guest, next, why)),
        Err(Problem::Refusal(FlowRefusal::OtherBrowser)) => Err(trouble(guest, Trouble::OtherBrowser)),
        Err(Problem::Refusal(FlowRefusal::Gone)) => Err(trouble(guest, Trouble::FlowGone { restart: None })),
        Err(Problem::Fault(broken)) => Err(fault(guest, &broken)),
    }
}

/// Whether whoever asks is a script.
fn wants_json(guest: &Guest) -> bool {
    let kind = guest.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    guest.path().starts_with("/account/api/") || is_json(kind)
}
