//! A code by mail, in the place of a password.

use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use app::login::{AskMailCode, GiveMailCode};
use base::{Id, routes};
use view::Banner;
use view::pages::error::Trouble;
use view::pages::mail_code::{AskCode, MailCodeProblem, TypeCode};

/// A field for the code that was sent; before that, or with `with` = `other`, one for the address.
pub(crate) async fn page(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(gone(&guest)) };
    let other = guest.asked("with") == Some("other");
    show(&guest, flow, other.then(String::new), None).await
}

/// Has a code sent: from the sign-in page, from the page here, or again.
pub(crate) async fn send(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(gone(&guest)) };
    let typed = form.text("username");
    if typed.trim().is_empty() {
        return Ok(reply::see_other(&format!("{}&with=other", routes::with_flow(routes::LOGIN_CODE, flow))));
    }
    let (work, username) = (guest.clone(), typed.clone());
    let asked = AskMailCode { flow, username };
    match run(async move { work.here().ask_for_mail_code(asked, work.visitor()).await }).await {
        Ok(step) if form.is_on("again") => Ok(reply::done_at(&guest, step, Banner::MailSent)),
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::mail_code(&guest, flow, problem).await?;
            show(&guest, flow, (!form.is_on("again")).then_some(typed), Some(again)).await
        }
    }
}

/// The code.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(gone(&guest)) };
    let given = GiveMailCode { flow, code: form.secret("code"), browser: form.browser() };
    let work = guest.clone();
    match run(async move { work.here().sign_in_with_mail_code(given, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::mail_code(&guest, flow, problem).await?;
            show(&guest, flow, None, Some(again)).await
        }
    }
}

/// With a typed address, the page that asks for one.
async fn show(guest: &Guest, flow: Id, typed: Option<String>, again: Option<Again<MailCodeProblem>>) -> Reply {
    let page = match guest.here().mail_code_page(flow, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => {
            return Err(reply::mail_code(guest, flow, problem).await.err().unwrap_or_else(|| gone(guest)));
        }
    };
    let (sheet, problem) = Sheet::new(guest).flow(flow).leads_to(page.leads_to).again(again);
    let (flow, app) = (flow.to_string(), page.app);
    match page.asked {
        Some(email) if typed.is_none() => sheet.show(&TypeCode { flow, app, email, problem }),
        _ => {
            let username = typed.filter(|typed| !typed.is_empty()).or(page.hint).unwrap_or_default();
            sheet.show(&AskCode { flow, app, username, problem })
        }
    }
}

fn gone(guest: &Guest) -> reply::Stop {
    reply::trouble(guest, Trouble::FlowGone { restart: None })
}
