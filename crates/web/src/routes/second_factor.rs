//! The second factor, and the recovery codes that were made on the way in.

use super::login::go_on;
use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::login::SecondFactor;
use base::{Id, routes};
use view::pages::error::Trouble;
use view::pages::second_factor::{CodeProblem, NewCodes, SecondFactor as SecondFactorPage};

/// What stays as it was when the page is shown again.
#[derive(Default)]
struct Kept {
    with_recovery: bool,
    trust: bool,
}

/// The page of a flow that waits for it.
pub(crate) async fn page(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(gone(&guest)) };
    let kept = Kept { with_recovery: guest.asked("with") == Some("recovery"), trust: false };
    show(&guest, flow, kept, None).await
}

/// A code.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(gone(&guest)) };
    let trust_device = form.is_on("trust_device");
    let command = SecondFactor { flow, code: form.secret("code"), trust_device };
    let work = guest.clone();
    match run(async move { work.here().second_factor(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::second_factor(&guest, flow, problem).await?;
            let kept = Kept { with_recovery: form.filled("with") == Some("recovery"), trust: trust_device };
            show(&guest, flow, kept, Some(again)).await
        }
    }
}

async fn show(guest: &Guest, flow: Id, kept: Kept, again: Option<Again<CodeProblem>>) -> Reply {
    let page = match guest.here().second_factor_page(flow, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => {
            return Err(reply::second_factor(guest, flow, problem).await.err().unwrap_or_else(|| gone(guest)));
        }
    };
    let days = guest.here().settings().sign_in.trust_device.as_secs() / (24 * 3_600);
    let (sheet, problem) = Sheet::new(guest).flow(flow).leads_to(page.leads_to).again(again);
    sheet.show(&SecondFactorPage {
        flow: flow.to_string(),
        app: page.app,
        email: page.email,
        keys: page.keys,
        totp: page.totp,
        recovery_codes: page.recovery_codes,
        with_recovery: kept.with_recovery && page.recovery_codes,
        trust_days: (page.may_trust && days > 0).then_some(days),
        trust: kept.trust,
        reasons: page.reasons,
        problem,
    })
}

/// Recovery codes that were made on the way in.
pub(crate) async fn new_codes(person: SignedIn) -> Reply {
    let Some(flow) = person.flow() else { return Err(gone(&person)) };
    let page = match person.here().new_codes_page(flow, &person.signed, person.visitor()).await {
        Ok(Some(page)) => page,
        Ok(None) => return Ok(reply::see_other(&routes::with_flow(routes::CONTINUE, flow))),
        Err(problem) => return Err(reply::flow(&person, flow, problem).await),
    };
    Sheet::new(&person).flow(flow).leads_to(page.leads_to).show(&NewCodes {
        set: page.set.to_string(),
        codes: page.codes.map(|codes| codes.iter().map(|code| code.to_string()).collect()),
        flow: Some(flow.to_string()),
        app: page.app,
        used_up: page.used_up,
    })
}

/// They were seen: the way leads on.
pub(crate) async fn new_codes_seen(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(gone(&guest)) };
    let work = guest.clone();
    match run(async move { work.here().new_codes_seen(flow, work.visitor()).await }).await {
        Ok(()) => go_on(&guest, flow).await,
        Err(problem) => Err(reply::flow(&guest, flow, problem).await),
    }
}

fn gone(guest: &Guest) -> reply::Stop {
    reply::trouble(guest, Trouble::FlowGone { restart: None })
}
