//! Signing in by another provider: the way there, and the way back.

use super::login;
use crate::edge::cross_site::From;
use crate::form::{Body, Form};
use crate::guest::Guest;
use crate::landing::{self, LANDED};
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::{Maybe, SignedIn, begin as begin_login};
use actix_web::web::Path;
use app::Step;
use app::change::Made;
use app::login::{Answered, BeginUpstream, Join, UpstreamAnswer};
use base::{Id, routes};
use oauth::Params;
use view::Banner;
use view::pages::error::Trouble;
use view::pages::join::JoinProblem;
use view::pages::upstream::{ConnectUpstream, JoinUpstream};

/// A provider's button.
pub(crate) async fn begin(guest: Maybe, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return begin_login(&guest, routes::ACCOUNT).await };
    let provider = form.text("provider");
    let command = BeginUpstream { flow, provider: provider.clone(), browser: form.browser() };
    let work = guest.clone();
    match run(async move { work.here().begin_upstream(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::begin_upstream(&guest, (flow, &provider), problem).await?;
            login::show(&guest, flow, None, Some(again)).await
        }
    }
}

/// What a provider answers with: all that is read of it.
const PARTS: [&str; 4] = ["state", "code", "iss", "error"];

/// The answer, by a redirect.
pub(crate) async fn answer(guest: Guest, provider: Path<String>) -> Reply {
    let params = guest.query().clone();
    take(guest, provider.into_inner(), params).await
}

/// The answer, by a form that the browser posts: from another site it comes without our cookies, and is sent once more
/// from here (OAuth 2.0 Form Post Response Mode).
pub(crate) async fn answer_by_form(guest: Guest, provider: Path<String>, body: Body) -> Reply {
    let params = Params::from_form(body.content_type.as_deref(), &body.bytes);
    let params = params.map_err(|_| reply::unreadable(&guest))?;
    let landed = params.one(LANDED).ok().flatten().is_some();
    match (guest.comes_from(), landed) {
        (From::Here, _) => take(guest, provider.into_inner(), params).await,
        (From::Elsewhere, true) => Err(reply::cross_site(&guest).into()),
        (From::Elsewhere, false) => {
            let said = PARTS.iter().filter_map(|name| Some(((*name).to_owned(), params.one(name).ok()??.to_owned())));
            let fields: Vec<_> = said.chain([(LANDED.to_owned(), "1".to_owned())]).collect();
            Ok(landing::page(&guest, guest.path(), &fields))
        }
    }
}

async fn take(guest: Guest, provider: String, params: Params) -> Reply {
    // A part that stands twice is nobody's honest answer (RFC 6749 §3.1).
    if PARTS.iter().any(|name| params.one(name).is_err()) {
        return Err(reply::unreadable(&guest));
    }
    let part = |name| params.one(name).ok().flatten().map(str::to_owned);
    let (state, code, iss, error) = (part("state"), part("code"), part("iss"), part("error"));
    let answer = UpstreamAnswer { provider, state, code, iss, error };
    let work = guest.clone();
    match run(async move { work.here().upstream_answer(answer, work.visitor()).await }).await {
        Ok(Answered::GoOn(step)) => Ok(reply::bounce(&guest, step)),
        Ok(Answered::Linked(made)) => {
            if let Made::Waits(id) = made {
                return Ok(reply::bounce(&guest, Step::here(routes::change(id))));
            }
            reply::made(&guest, made, routes::SIGN_IN)?;
            let mut page = reply::bounce(&guest, Step::here(routes::SIGN_IN));
            reply::say(&guest, &mut page, Banner::IdentityLinked);
            Ok(page)
        }
        Err(problem) => Err(reply::upstream_answer(&guest, problem)),
    }
}

/// "Don't connect it."
pub(crate) async fn forget(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let work = guest.clone();
    match run(async move { work.here().forget_pending(flow, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => Err(reply::flow(&guest, flow, problem).await),
    }
}

/// "Connect it?"
pub(crate) async fn connect_page(person: SignedIn) -> Reply {
    let Some(flow) = person.flow() else { return Err(reply::trouble(&person, Trouble::FlowGone { restart: None })) };
    let page = match person.here().connect_page(flow, &person.signed, person.visitor()).await {
        Ok(Some(page)) => page,
        Ok(None) => return Ok(reply::see_other(&routes::with_flow(routes::CONTINUE, flow))),
        Err(problem) => return Err(reply::flow(&person, flow, problem).await),
    };
    Sheet::new(&person).flow(flow).leads_to(page.leads_to).show(&ConnectUpstream {
        flow: flow.to_string(),
        app: page.app,
        email: page.email,
        pending: crate::convert::pending(page.pending),
    })
}

/// The answer to it: the way leads on.
pub(crate) async fn connect(person: SignedIn, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&person, Trouble::FlowGone { restart: None })) };
    let (work, yes) = (person.clone(), form.filled("answer") == Some("yes"));
    match run(async move { work.here().connect((flow, yes), &work.signed, work.visitor()).await }).await {
        Ok(()) => login::go_on(&person, flow).await,
        Err(problem) => Err(reply::flow(&person, flow, problem).await),
    }
}

/// "Almost there": the page that asks for address and name.
pub(crate) async fn join_page(guest: Guest) -> Reply {
    match guest.flow() {
        Some(flow) => show_join(&guest, flow, None, None).await,
        None => Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })),
    }
}

/// Address and name. The answer is the same for known and unknown addresses.
pub(crate) async fn join(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let command = Join { flow, email: form.text("username"), name: form.text("name"), browser: form.browser() };
    let work = guest.clone();
    match run(async move { work.here().join(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::register(&guest, flow, problem).await?;
            show_join(&guest, flow, Some(&form), Some(again)).await
        }
    }
}

async fn show_join(guest: &Guest, flow: Id, typed: Option<&Form>, again: Option<Again<JoinProblem>>) -> Reply {
    let page = match guest.here().join_page(flow, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => {
            return Err(reply::register(guest, flow, problem).await.err().unwrap_or_else(|| reply::unreadable(guest)));
        }
    };
    let (sheet, problem) = Sheet::new(guest).flow(flow).again(again);
    sheet.show(&JoinUpstream {
        flow: flow.to_string(),
        app: page.app,
        pending: crate::convert::pending(page.pending),
        username: typed.map_or(page.email, |form| form.text("username")),
        name: typed.map_or(page.name, |form| form.text("name")),
        problem,
    })
}
