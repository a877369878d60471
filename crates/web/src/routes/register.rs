//! Making an account, up to the mail.

use crate::convert::rules;
use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::Maybe;
use actix_web::HttpResponse;
use app::login::Register;
use app::visitor::Destination;
use base::{Id, routes};
use serde_json::json;
use view::Banner;
use view::pages::error::Trouble;
use view::pages::join::{CheckMail, JoinProblem, Register as RegisterPage};

/// The form. Without a flow, one begins that leads to the account; who is signed in goes there at once.
pub(crate) async fn page(guest: Maybe) -> Reply {
    let Some(flow) = guest.flow() else {
        return if guest.signed.is_some() { Ok(reply::see_other(routes::ACCOUNT)) } else { begin(&guest).await };
    };
    show(&guest, flow, None, None).await
}

async fn begin(guest: &Guest) -> Reply {
    let step = guest.here().begin_login(guest.visitor(), None).await;
    let mut step = step.map_err(|fault| reply::fault(guest, &fault))?;
    if let Destination::Here(path) = &mut step.to
        && let Some(query) = path.strip_prefix(routes::LOGIN)
    {
        *path = format!("{}{query}", routes::REGISTER);
    }
    Ok(reply::step(guest, step))
}

/// Address, name, password. The answer is the same for known and unknown addresses.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return begin(&guest).await };
    let command = Register {
        flow,
        email: form.text("username"),
        name: form.text("name"),
        password: form.secret("password"),
        browser: form.browser(),
    };
    let work = guest.clone();
    match run(async move { work.here().register(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::register(&guest, flow, problem).await?;
            show(&guest, flow, Some(&form), Some(again)).await
        }
    }
}

async fn show(guest: &Guest, flow: Id, typed: Option<&Form>, again: Option<Again<JoinProblem>>) -> Reply {
    let app = match guest.here().register_page(flow, guest.visitor()).await {
        Ok(app) => app,
        Err(problem) => {
            return Err(reply::register(guest, flow, problem).await.err().unwrap_or_else(|| reply::unreadable(guest)));
        }
    };
    let (sheet, problem) = Sheet::new(guest).flow(flow).again(again);
    sheet.show(&RegisterPage {
        flow: flow.to_string(),
        app,
        username: typed.map(|form| form.text("username")).unwrap_or_default(),
        name: typed.map(|form| form.text("name")).unwrap_or_default(),
        rules: rules(guest.here()),
        problem,
    })
}

/// "Check your mail." Once the link was opened elsewhere, the way leads on from here.
pub(crate) async fn check_mail(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let page = match guest.here().check_mail(flow, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => return Err(reply::flow(&guest, flow, problem).await),
    };
    if page.confirmed {
        return finish(&guest, flow).await;
    }
    Sheet::new(&guest).flow(flow).show(&CheckMail {
        flow: flow.to_string(),
        email: page.email,
        code: page.code,
        app: page.app,
    })
}

async fn finish(guest: &Guest, flow: Id) -> Reply {
    let work = guest.clone();
    match run(async move { work.here().finish_registration(flow, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(guest, step)),
        Err(problem) => match reply::register(guest, flow, problem).await {
            Ok(_) => Err(reply::trouble(guest, Trouble::FlowGone { restart: None })),
            Err(stop) => Err(stop),
        },
    }
}

/// Sends the link again.
pub(crate) async fn resend(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let work = guest.clone();
    match run(async move { work.here().resend(flow, work.visitor()).await }).await {
        Ok(step) => Ok(reply::done_at(&guest, step, Banner::MailSent)),
        Err(problem) => match reply::register(&guest, flow, problem).await {
            Ok(_) => Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })),
            Err(stop) => Err(stop),
        },
    }
}

/// Whether the link has been used, for the page that waits.
pub(crate) async fn state(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(reply::json::unreadable("flow is missing").into()) };
    match guest.here().check_mail(flow, guest.visitor()).await {
        Ok(page) => Ok(HttpResponse::Ok().json(json!({ "confirmed": page.confirmed }))),
        Err(problem) => Err(reply::json::flow(&guest, &problem)),
    }
}
