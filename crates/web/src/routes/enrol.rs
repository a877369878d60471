//! A second factor that is set up on the way in.

use super::login::go_on;
use crate::form::{Body, Form};
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use actix_web::HttpResponse;
use app::account::AddKey;
use app::login::{Enrol, EnrolPage, NewSeed};
use base::Id;
use identity::CredentialKind;
use serde::Deserialize;
use serde_json::Value;
use view::pages::enrol::{Enrol as EnrolChoice, EnrolApp, Frame};
use view::pages::error::Trouble;
use view::pages::second_factor::CodeProblem;
use view::words::Args;

/// What can be set up; with `with` = `app`, or where that is all there is, an authenticator app.
pub(crate) async fn page(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let with_app = guest.asked("with") == Some("app");
    show(&guest, flow, with_app, None).await
}

/// The first code of an app; or `answer` = `later`.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else {
        return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None }));
    };
    let work = guest.clone();
    if form.filled("answer") == Some("later") {
        return match run(async move { work.here().put_enrolment_off(flow, work.visitor()).await }).await {
            Ok(()) => go_on(&guest, flow).await,
            Err(problem) => Err(reply::enrol(&guest, flow, problem).await.err().unwrap_or_else(|| nothing(&guest))),
        };
    }
    let command = Enrol { flow, code: form.secret("code") };
    match run(async move { work.here().enrol(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::enrol(&guest, flow, problem).await?;
            show(&guest, flow, true, Some(again)).await
        }
    }
}

async fn show(guest: &Guest, flow: Id, with_app: bool, again: Option<Again<CodeProblem>>) -> Reply {
    let page = match guest.here().enrol_page(flow, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => {
            return Err(reply::enrol(guest, flow, problem).await.err().unwrap_or_else(|| nothing(guest)));
        }
    };
    let EnrolPage { app, email, ways, seed, until, reasons, leads_to, .. } = page;
    let frame = Frame { flow: flow.to_string(), app, email, until, reasons };
    let (sheet, problem) = Sheet::new(guest).flow(flow).leads_to(leads_to).again(again);
    let keys = ways.passkey || ways.security_key;
    match seed {
        Some(NewSeed { uri, key }) if with_app || !keys => {
            sheet.show(&EnrolApp { frame, uri: uri.to_string(), key: key.to_string(), others: keys, problem })
        }
        _ => {
            let (passkey, security_key, app) = (ways.passkey, ways.security_key, ways.app);
            sheet.show(&EnrolChoice { frame, passkey, security_key, app })
        }
    }
}

fn nothing(guest: &Guest) -> reply::Stop {
    reply::trouble(guest, Trouble::FlowGone { restart: None })
}

/// Which kind of key is to be set up, and for which sign-in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    flow: Id,
    kind: CredentialKind,
}

/// The options for `navigator.credentials.create()`.
pub(crate) async fn key_options(guest: Guest, body: Body) -> Reply {
    let Wanted { flow, kind } = body.json()?;
    let work = guest.clone();
    match run(async move { work.here().ask_to_enrol_key(flow, kind, work.visitor()).await }).await {
        Ok(options) => Ok(HttpResponse::Ok().json(options)),
        Err(problem) => Err(reply::json::enrol(&guest, problem)),
    }
}

/// A new key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    flow: Id,
    credential: Value,
}

/// Takes it; answers where to go next.
pub(crate) async fn add_key(guest: Guest, body: Body) -> Reply {
    let New { flow, credential } = body.json()?;
    let words = guest.state().view().words();
    let word = |key| words.say(guest.locale(), key, &Args::new());
    let new = AddKey { credential, passkey: word("key-passkey"), security_key: word("key-security-key") };
    let work = guest.clone();
    match run(async move { work.here().enrol_key(flow, new, work.visitor()).await }).await {
        Ok(step) => Ok(reply::json::step(&guest, step)),
        Err(problem) => Err(reply::json::enrol(&guest, problem)),
    }
}
