//! Signing in with a passkey or a security key: the two calls of the pages' script.

use crate::form::Body;
use crate::guest::Guest;
use crate::reply::{self, Reply};
use crate::run::run;
use actix_web::HttpResponse;
use app::login::{Browser, KeyAnswer};
use base::Id;
use identity::webauthn::Stage;
use serde::Deserialize;
use serde_json::Value;

/// For which sign-in a key is wanted, and what for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    flow: Id,
    stage: Stage,
}

/// The options for `navigator.credentials.get()`.
pub(crate) async fn options(guest: Guest, body: Body) -> Reply {
    let Wanted { flow, stage } = body.json()?;
    let work = guest.clone();
    match run(async move { work.here().ask_for_key(flow, stage, work.visitor()).await }).await {
        Ok(options) => Ok(HttpResponse::Ok().json(options)),
        Err(problem) => Err(reply::json::key(&guest, &problem)),
    }
}

/// What the key signed, and what the page found out about the browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answered {
    flow: Id,
    credential: Value,
    #[serde(default)]
    push_state: Option<String>,
    #[serde(default)]
    time_zone: Option<String>,
}

/// Signs in, or says why not; answers where to go next.
pub(crate) async fn answer(guest: Guest, body: Body) -> Reply {
    let answered: Answered = body.json()?;
    let browser = Browser::new(answered.push_state.as_deref(), answered.time_zone);
    let answer = KeyAnswer { flow: answered.flow, credential: answered.credential, browser };
    let work = guest.clone();
    match run(async move { work.here().sign_in_with_key(answer, work.visitor()).await }).await {
        Ok(step) => Ok(reply::json::step(&guest, step)),
        Err(problem) => Err(reply::json::key(&guest, &problem)),
    }
}
