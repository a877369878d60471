//! The sign-in page, and the way on.

use crate::convert::{button, pending};
use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::{Maybe, begin};
use actix_web::http::StatusCode;
use app::login::{SignIn, is_account_page};
use base::{Id, routes};
use view::pages::error::Trouble;
use view::pages::login::{Login, LoginProblem, Refused};

/// The page of a flow. Without one, a sign-in to the account begins; whoever is signed in already goes there.
pub(crate) async fn page(guest: Maybe) -> Reply {
    if let Some(flow) = guest.flow() {
        let restarted = guest.asked("restarted").map(|why| Again::said(begun_again(why)));
        let upstream = reply::problem_of(&guest).map(|note| Again::said(LoginProblem::Upstream(note)));
        return show(&guest, flow, None, restarted.or(upstream)).await;
    }
    let return_to = guest.asked("return_to").filter(|path| is_account_page(path));
    match &guest.signed {
        Some(_) => Ok(reply::see_other(return_to.unwrap_or(routes::ACCOUNT))),
        None => begin(&guest, return_to.unwrap_or(routes::ACCOUNT)).await,
    }
}

/// What the page says of how one came back to it.
fn begun_again(why: &str) -> LoginProblem {
    match why {
        "codes" => LoginProblem::TooManyCodes,
        "mail" => LoginProblem::NotByMail,
        _ => LoginProblem::Restarted,
    }
}

/// Address and password.
pub(crate) async fn submit(guest: Maybe, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return begin(&guest, routes::ACCOUNT).await };
    let command =
        SignIn { flow, username: form.text("username"), password: form.secret("password"), browser: form.browser() };
    let work = guest.clone();
    match run(async move { work.here().sign_in(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::login(&guest, flow, problem).await?;
            show(&guest, flow, Some(form.text("username")), Some(again)).await
        }
    }
}

/// Why a sign-in was refused, and what to do.
pub(crate) async fn refused(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let reasons = match guest.here().refused_page(flow, guest.visitor()).await {
        Ok(reasons) => reasons,
        Err(problem) => return Err(reply::flow(&guest, flow, problem).await),
    };
    if reasons.is_empty() {
        return Ok(reply::see_other(&routes::with_flow(routes::LOGIN, flow)));
    }
    let page = Refused { flow: flow.to_string(), reasons };
    Sheet::new(&guest).flow(flow).status(StatusCode::FORBIDDEN).show(&page)
}

/// The page of a flow.
pub(super) async fn show(guest: &Maybe, flow: Id, typed: Option<String>, again: Option<Again<LoginProblem>>) -> Reply {
    let page = match guest.here().login_page(flow, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => return Err(reply::flow(guest, flow, problem).await),
    };
    let (sheet, problem) = Sheet::new(guest).flow(flow).leads_to(page.leads_to).again(again);
    // Whoever must sign in again is most likely the same person.
    let present = || guest.signed.as_ref().map(|signed| signed.account.email.as_str().to_owned());
    sheet.show(&Login {
        flow: flow.to_string(),
        app: page.app,
        username: typed.or(page.hint).or_else(present).unwrap_or_default(),
        again: false,
        password: page.password,
        passkey: page.passkey,
        mail_code: page.mail_code,
        can_register: page.registration_open,
        providers: page.providers.into_iter().map(button).collect(),
        pending: page.pending.map(pending),
        problem,
    })
}

/// Goes on with a flow: to its next page, or back to the app.
pub(crate) async fn resume(guest: Guest) -> Reply {
    match guest.flow() {
        Some(flow) => go_on(&guest, flow).await,
        None => Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })),
    }
}

/// The same, from the button of a page.
pub(crate) async fn resume_by_form(guest: Guest, form: Form) -> Reply {
    match form.id("flow") {
        Some(flow) => go_on(&guest, flow).await,
        None => Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })),
    }
}

pub(super) async fn go_on(guest: &Guest, flow: Id) -> Reply {
    let work = guest.clone();
    match run(async move { work.here().continue_flow(flow, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(guest, step)),
        Err(problem) => Err(reply::flow(guest, flow, problem).await),
    }
}
