//! "I have lost everything": the way back, its wait and its stop.
//!
//! Looking changes nothing. What is done is a POST, from a page's form or, as JSON, from the service worker.

use super::account::{encoded, sign_in_way};
use crate::convert::{recovery, rules};
use crate::form::{Body, Form, is_json};
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::Maybe;
use actix_web::HttpResponse;
use actix_web::web::Path;
use app::Problem;
use app::account::Asked;
use app::login::SetPassword;
use app::recovery::{BeginPage, FinishPage, RecoveryRefusal, Shown};
use base::{Id, routes};
use serde_json::json;
use view::pages::PasswordProblem;
use view::pages::error::Trouble;
use view::pages::recovery::{AskRecovery, BeginRecovery, FinishRecovery, RecoveryAsked, RecoveryDone};

/// The form for the address.
pub(crate) async fn page(guest: Guest) -> Reply {
    ask(&guest, guest.flow(), String::new(), None)
}

/// Has a mail sent. The answer is the same for every address.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let (flow, typed) = (form.id("flow"), form.text("username"));
    let (work, email) = (guest.clone(), typed.clone());
    match run(async move { work.here().request_recovery(&email, work.visitor()).await }).await {
        Ok(()) if !guest.here().can_recover() => ask(&guest, flow, typed, None),
        Ok(()) => {
            let sheet = Sheet::new(&guest);
            let sheet = if let Some(flow) = flow { sheet.flow(flow) } else { sheet };
            sheet.show(&RecoveryAsked { flow: flow.map(|flow| flow.to_string()), email: typed })
        }
        Err(problem) => {
            let again = reply::recovery_asked(&guest, problem)?;
            ask(&guest, flow, typed, Some(again))
        }
    }
}

fn ask(guest: &Guest, flow: Option<Id>, username: String, again: Option<Again<()>>) -> Reply {
    let wait = guest.here().can_recover().then(|| guest.here().settings().recovery_wait.as_secs());
    let (sheet, problem) = Sheet::new(guest).again(again);
    sheet.show(&AskRecovery { flow: flow.map(|flow| flow.to_string()), username, invalid: problem.is_some(), wait })
}

/// Behind the link of the first mail.
pub(crate) async fn begin_page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    match guest.here().begin_page(&token).await {
        Ok(BeginPage::Ask { email, wait }) => {
            let ready_at = guest.here().now().plus(wait);
            Sheet::new(&guest).show(&BeginRecovery { token, email, wait: wait.as_secs(), ready_at })
        }
        Ok(BeginPage::Stands(shown)) => Sheet::new(&guest).show(&recovery(*shown, Some(token))),
        Err(problem) => Err(reply::recovery_link(&guest, problem)),
    }
}

/// Begins the wait, and shows how it stands.
pub(crate) async fn begin(guest: Guest, form: Form) -> Reply {
    let (work, token) = (guest.clone(), form.text("token"));
    let way = with_token(routes::RECOVERY_BEGIN, &token);
    match run(async move { work.here().begin_recovery(&token, work.visitor()).await }).await {
        // What was begun before is shown on the same page.
        Ok(()) | Err(Problem::Refusal(RecoveryRefusal::Stands(_))) => Ok(reply::see_other(&way)),
        Err(problem) => Err(reply::recovery_link(&guest, problem)),
    }
}

/// How one stands: behind the link of a mail.
pub(crate) async fn by_mail(guest: Maybe) -> Reply {
    match guest.asked("token").map(str::to_owned) {
        Some(token) => show(&guest, Asked::Mail(token.clone()), Some(token)).await,
        None => Err(reply::trouble(&guest, Trouble::NotFound)),
    }
}

/// How one stands: behind a notice, or a page of the account.
pub(crate) async fn by_notice(guest: Maybe, id: Path<String>) -> Reply {
    match id.parse::<Id>() {
        Ok(id) => show(&guest, Asked::Notice(id), None).await,
        Err(_) => Err(reply::trouble(&guest, Trouble::NotFound)),
    }
}

async fn show(guest: &Maybe, asked: Asked, token: Option<String>) -> Reply {
    match guest.here().recovery(&asked, guest.signed.as_ref(), guest.visitor()).await {
        Ok(shown) => sheet(guest).show(&recovery(shown, token)),
        Err(problem) => {
            // Another browser of the person: the session will tell.
            let way = sign_in_way(guest, &guest.target()).filter(|_| token.is_none());
            Err(reply::recovery_stop(guest, problem, way.as_deref()))
        }
    }
}

fn sheet(guest: &Maybe) -> Sheet<'_> {
    match &guest.signed {
        Some(signed) => Sheet::new(guest).of(signed),
        None => Sheet::new(guest),
    }
}

/// "It wasn't me": stops it.
pub(crate) async fn stop(guest: Maybe, id: Path<String>, body: Body) -> Reply {
    let by_script = is_json(body.content_type.as_deref());
    let token = if by_script { None } else { body.field("token") };
    let Ok(id) = id.parse::<Id>() else {
        return Err(refused(&guest, by_script, Problem::Refusal(RecoveryRefusal::NotYours), None));
    };
    let way = match &token {
        Some(token) => with_token(routes::RECOVERY_STOP, token),
        None => routes::recovery(id),
    };
    let asked = token.map_or(Asked::Notice(id), Asked::Mail);
    let work = guest.clone();
    match run(async move { work.here().stop_recovery(&asked, work.signed.as_ref(), work.visitor()).await }).await {
        Ok(()) if by_script => Ok(HttpResponse::Ok().json(json!({ "stopped": true }))),
        Ok(()) => Ok(reply::see_other(&way)),
        Err(problem) => {
            let way = sign_in_way(&guest, &routes::recovery(id));
            Err(refused(&guest, by_script, problem, way.as_deref()))
        }
    }
}

fn refused(guest: &Maybe, by_script: bool, problem: Problem<RecoveryRefusal>, way: Option<&str>) -> reply::Stop {
    if by_script { reply::json::recovery(guest, &problem) } else { reply::recovery_stop(guest, problem, way) }
}

/// Behind the link of the last mail.
pub(crate) async fn finish_page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    choose(&guest, token, None).await
}

/// Sets the new password. Nobody is signed in by it.
pub(crate) async fn finish(guest: Guest, form: Form) -> Reply {
    let command = SetPassword { token: form.text("token"), password: form.secret("password") };
    let work = guest.clone();
    match run(async move { work.here().finish_recovery(command, work.visitor()).await }).await {
        Ok(cookies) => Ok(reply::with_cookies(&guest, Sheet::new(&guest).show(&RecoveryDone {})?, &cookies)),
        Err(Problem::Refusal(RecoveryRefusal::Stands(shown))) => over(&guest, *shown, form.text("token")),
        Err(problem) => {
            let again = reply::recovery_password(&guest, problem)?;
            choose(&guest, form.text("token"), Some(again)).await
        }
    }
}

async fn choose(guest: &Guest, token: String, again: Option<Again<PasswordProblem>>) -> Reply {
    match guest.here().finish_page(&token).await {
        Ok(FinishPage::Choose(choose)) => {
            let (sheet, problem) = Sheet::new(guest).again(again);
            sheet.show(&FinishRecovery { token, email: choose.email, rules: rules(guest.here()), problem })
        }
        Ok(FinishPage::Stands(shown)) => over(guest, *shown, token),
        Err(problem) => Err(reply::recovery_link(guest, problem)),
    }
}

/// It can't be finished, and the page says how it stands.
fn over(guest: &Guest, shown: Shown, token: String) -> Reply {
    Sheet::new(guest).status(reply::RECOVERY_STANDS).show(&recovery(shown, Some(token)))
}

fn with_token(path: &str, token: &str) -> String {
    format!("{path}?token={}", encoded(token))
}
