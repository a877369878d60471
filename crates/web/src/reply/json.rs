//! Answers of the pages' own JSON API: `{"error": "...", "message": "..."}` when it does not do what was asked.

use super::Stop;
use super::step::{add_cookie, for_script};
use super::trouble::log;
use crate::convert::seconds;
use crate::cookies::Jar;
use crate::guest::Guest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use app::account::{AddKeyRefusal, AnswerRefusal, PreferenceRefusal};
use app::guard::TooMany;
use app::login::{Detour, EnrolRefusal, FlowRefusal, KeyRefusal};
use app::push::PushRefusal;
use app::recovery::RecoveryRefusal;
use app::{Problem, Step};
use base::{Fault, routes};
use oauth::{ErrorCode, OAuthError};
use serde_json::{Value, json};
use view::Banner;

fn refuse(status: StatusCode, error: &str, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "error": error, "message": message }))
}

/// There is no live session.
pub(crate) fn sign_in_first(guest: &Guest) -> HttpResponse {
    let mut response = refuse(StatusCode::UNAUTHORIZED, "sign_in_first", "there is no live session: sign in at /login");
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    super::oauth::at_resource(guest, response)
}

/// An access token that opens nothing here (RFC 6750 §3.1).
pub(crate) fn token(guest: &Guest, error: &OAuthError) -> Stop {
    if let Some(detail) = error.detail() {
        tracing::info!(request_id = guest.request_id(), trace_id = guest.trace_id(), path = guest.path(), code = %error.code, detail, "refused an app");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = refuse(status, &error.code.to_string(), error.description());
    if let Some(mut challenge) = error.challenge() {
        if error.code == ErrorCode::InsufficientScope {
            // Of the scheme that was used, which comes first.
            let end = challenge.find(", DPoP ").unwrap_or(challenge.len());
            challenge.insert_str(end, ", scope=\"notices\"");
        }
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
    }
    super::oauth::at_resource(guest, response).into()
}

/// The same, or trouble on our side.
pub(crate) fn token_problem(guest: &Guest, problem: &Problem<OAuthError>) -> Stop {
    match problem {
        Problem::Refusal(error) => token(guest, error),
        Problem::Fault(broken) => fault(guest, broken),
    }
}

/// An access token in the address.
pub(crate) fn token_in_query() -> HttpResponse {
    let message = "an access token does not belong into an address: send it as Authorization: Bearer";
    refuse(StatusCode::BAD_REQUEST, "invalid_request", message)
}

/// What an app may not do for a person: with the page where they do it.
pub(crate) fn not_by_app(guest: &Guest) -> HttpResponse {
    let link = guest.here().url(routes::NOTIFICATIONS);
    let message = "no app makes notices about security quieter, or speaks for a browser: lead the person to the link";
    HttpResponse::Forbidden().json(json!({ "error": "not_by_app", "message": message, "link": link }))
}

/// The body can't be read.
pub(crate) fn unreadable(message: &str) -> HttpResponse {
    refuse(StatusCode::BAD_REQUEST, "unreadable", message)
}

/// The body is too large.
pub(crate) fn too_large() -> HttpResponse {
    refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the request is too large: send less")
}

/// The request came from another site.
pub(crate) fn cross_site() -> HttpResponse {
    refuse(
        StatusCode::FORBIDDEN,
        "cross_site",
        "the request does not come from our own page: open the page and try again",
    )
}

/// Too many requests came from the same network address.
pub(crate) fn too_many(wait: u64) -> HttpResponse {
    let body = json!({ "error": "many", "message": "too many requests from your network: wait, and try again" });
    HttpResponse::TooManyRequests().insert_header((RETRY_AFTER, wait.to_string())).json(body)
}

/// Trouble on our side.
pub(crate) fn fault(guest: &Guest, fault: &Fault) -> Stop {
    log(guest, fault);
    if fault.is_busy() {
        let body =
            json!({ "error": "busy", "message": "too busy: try again in a second", "request_id": guest.request_id() });
        return HttpResponse::ServiceUnavailable().insert_header((RETRY_AFTER, "1")).json(body).into();
    }
    let body =
        json!({ "error": "broken", "message": "something went wrong on our side", "request_id": guest.request_id() });
    HttpResponse::InternalServerError().json(body).into()
}

/// A flow that can't go on.
pub(crate) fn flow(guest: &Guest, problem: &Problem<FlowRefusal>) -> Stop {
    match problem {
        Problem::Refusal(FlowRefusal::Gone) => {
            refuse(StatusCode::NOT_FOUND, "flow_gone", "the sign-in is over: reload the page").into()
        }
        Problem::Refusal(FlowRefusal::OtherBrowser) => {
            refuse(StatusCode::FORBIDDEN, "other_browser", "the sign-in was begun in another browser").into()
        }
        Problem::Fault(broken) => fault(guest, broken),
    }
}

/// Where a script goes next, with the cookies that go with it.
pub(crate) fn step(guest: &Guest, step: Step) -> HttpResponse {
    for_script(guest, StatusCode::OK, step)
}

/// Where a script goes next; the page there says what has been done.
pub(crate) fn done(guest: &Guest, path: &str, banner: Banner) -> HttpResponse {
    let mut response = for_script(guest, StatusCode::OK, Step::here(path));
    add_cookie(&mut response, &Jar::Banner.set(banner.name().to_owned(), guest.is_https()));
    response
}

/// Who they are has to be proven first: the way there.
pub(crate) fn prove_first(guest: &Guest, step: Step) -> Stop {
    for_script(guest, StatusCode::FORBIDDEN, step).into()
}

/// Nobody was signed in by a key. The page has the words.
pub(crate) fn key(guest: &Guest, problem: &Problem<KeyRefusal>) -> Stop {
    let refusal = match problem {
        Problem::Refusal(refusal) => *refusal,
        Problem::Fault(broken) => return fault(guest, broken),
    };
    let (status, error, message) = match refusal {
        KeyRefusal::Flow(FlowRefusal::Gone) => (StatusCode::NOT_FOUND, "flow_gone", "the sign-in is over: reload"),
        KeyRefusal::Flow(FlowRefusal::OtherBrowser) => {
            (StatusCode::FORBIDDEN, "flow_gone", "the sign-in was begun in another browser: reload")
        }
        KeyRefusal::NothingToAsk => (StatusCode::CONFLICT, "unsupported", "there is no key to ask for here"),
        KeyRefusal::Late => (StatusCode::CONFLICT, "late", "the challenge was used or replaced: ask for another one"),
        KeyRefusal::Unknown { forget } => {
            let message = "this key opens no account here";
            let body = json!({ "error": "unknown", "message": message, "forget": forget });
            return HttpResponse::UnprocessableEntity().json(body).into();
        }
        KeyRefusal::OtherAccount => {
            (StatusCode::UNPROCESSABLE_ENTITY, "other", "this key is of another account than this sign-in is for")
        }
        KeyRefusal::Copied => {
            (StatusCode::UNPROCESSABLE_ENTITY, "copied", "the key's counter went back: there may be a copy of it")
        }
        KeyRefusal::NotVerified => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "unverified",
            "the key did not verify its user: use its PIN or a fingerprint",
        ),
        KeyRefusal::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "failed", "that proves nothing: try again"),
        KeyRefusal::TooMany(TooMany { wait }) => {
            let body = json!({ "error": "many", "message": "too many tries: wait" });
            let wait = seconds(wait).to_string();
            return HttpResponse::TooManyRequests().insert_header((RETRY_AFTER, wait)).json(body).into();
        }
    };
    refuse(status, error, message).into()
}

/// No key was added. What was made and not taken is to be forgotten by the browser; never so one that may be in use.
pub(crate) fn new_key(guest: &Guest, problem: &Problem<AddKeyRefusal>) -> Stop {
    let (status, error, message, forget) = match problem {
        Problem::Refusal(AddKeyRefusal::Off) => {
            (StatusCode::CONFLICT, "unsupported", "there are no such keys here", false)
        }
        Problem::Refusal(AddKeyRefusal::Late) => {
            (StatusCode::CONFLICT, "late", "the challenge was used or ran out: ask for another one", false)
        }
        Problem::Refusal(AddKeyRefusal::TooMany) => {
            (StatusCode::CONFLICT, "many", "the account has as many keys as there can be: remove one first", true)
        }
        Problem::Refusal(AddKeyRefusal::Taken) => (StatusCode::CONFLICT, "taken", "this key is in use already", false),
        Problem::Refusal(AddKeyRefusal::Invalid) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "failed", "that is not the key that was asked for: try again", true)
        }
        Problem::Fault(broken) => return fault(guest, broken),
    };
    HttpResponse::build(status).json(json!({ "error": error, "message": message, "forget": forget })).into()
}

/// No key was set up on the way in: as above, or the way to what is needed instead.
pub(crate) fn enrol(guest: &Guest, problem: Problem<EnrolRefusal<AddKeyRefusal>>) -> Stop {
    match problem {
        Problem::Refusal(EnrolRefusal::Way(refusal)) => new_key(guest, &Problem::Refusal(refusal)),
        Problem::Refusal(EnrolRefusal::Detour(Detour::Elsewhere(step))) => prove_first(guest, *step),
        Problem::Refusal(EnrolRefusal::Detour(Detour::Flow(refusal))) => flow(guest, &Problem::Refusal(refusal)),
        Problem::Fault(broken) => fault(guest, &broken),
    }
}

/// Notices were not switched on, or not tested.
pub(crate) fn push(guest: &Guest, problem: &Problem<PushRefusal>) -> Stop {
    match problem {
        Problem::Refusal(PushRefusal::Subscription(why)) => {
            refuse(StatusCode::UNPROCESSABLE_ENTITY, "subscription", why).into()
        }
        Problem::Refusal(PushRefusal::TooMany) => {
            let message = "too many browsers are rung: switch notices off in one of them";
            refuse(StatusCode::CONFLICT, "too_many", message).into()
        }
        Problem::Refusal(PushRefusal::NotOn) => {
            refuse(StatusCode::CONFLICT, "not_on", "notices are not on in this browser: switch them on first").into()
        }
        Problem::Fault(broken) => fault(guest, broken),
    }
}

/// A switch that stayed. With a stale revision, the answer says how things stand, and what was asked for.
pub(crate) fn preference(guest: &Guest, problem: &Problem<PreferenceRefusal>, yours: Value) -> Stop {
    match problem {
        Problem::Refusal(PreferenceRefusal::Locked) => {
            let message = "this can't be switched off: it is the warning that a thief would silence";
            refuse(StatusCode::UNPROCESSABLE_ENTITY, "locked", message).into()
        }
        Problem::Refusal(PreferenceRefusal::NotByApp) => not_by_app(guest).into(),
        Problem::Refusal(PreferenceRefusal::Stale(now)) => {
            let mut body = crate::api_json::preferences(now, guest.here().now());
            if let Some(fields) = body.as_object_mut() {
                fields.insert("error".to_owned(), json!("stale"));
                fields.insert(
                    "message".to_owned(),
                    json!("changed in another browser meanwhile: send yours again with the revision that is here"),
                );
                fields.insert("yours".to_owned(), yours);
            }
            HttpResponse::Conflict().json(body).into()
        }
        Problem::Fault(broken) => fault(guest, broken),
    }
}

/// A way back was not stopped.
pub(crate) fn recovery(guest: &Guest, problem: &Problem<RecoveryRefusal>) -> Stop {
    match problem {
        Problem::Refusal(_) => {
            refuse(StatusCode::NOT_FOUND, "not_found", "there is nothing to stop for this browser").into()
        }
        Problem::Fault(broken) => fault(guest, broken),
    }
}

/// There is no such change for this browser.
pub(crate) fn not_yours() -> HttpResponse {
    refuse(StatusCode::NOT_FOUND, "not_found", "there is no such change for this browser")
}

/// "Was this you?" could not be answered.
pub(crate) fn answer(guest: &Guest, problem: &Problem<AnswerRefusal>) -> Stop {
    match problem {
        Problem::Refusal(AnswerRefusal::NotYours) => {
            refuse(StatusCode::NOT_FOUND, "not_found", "there is no such question for this browser").into()
        }
        Problem::Refusal(AnswerRefusal::SignInFirst) => sign_in_first(guest).into(),
        Problem::Fault(broken) => fault(guest, broken),
    }
}
