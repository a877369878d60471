//! What an app asks a person who is elsewhere: its page, and the answers.
//!
//! Looking changes nothing. An answer is a POST, from the page's form or, as JSON, from the service worker.

use super::sign_in_way;
use crate::form::{Body, Form, is_json};
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::routes::consent::{detail, said_by, scope_line};
use crate::run::run;
use crate::signed::{Maybe, SignedIn};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use app::Problem;
use app::oidc::{AskOver, AskPhase as Phase, AskProblem, MayAllow, ShownAsk};
use base::{Id, routes};
use serde_json::json;
use view::pages::ask::{AskPage, AskPhase};
use view::pages::error::Trouble;

/// Behind a notice, a mail, or the overview.
pub(crate) async fn page(guest: Maybe, id: Path<String>) -> Reply {
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&guest, Trouble::NotFound)) };
    if let (Some(_), Some(signed)) = (guest.asked("prove"), guest.signed.clone()) {
        let work = guest.clone();
        match run(async move { work.here().prove_for_ask(id, &signed, work.visitor()).await }).await {
            Ok(Some(step)) => return Ok(reply::step(&guest, step)),
            Ok(None) => {}
            Err(problem) => return Err(reply::ask(&guest, problem, None)),
        }
    }
    show(&guest, id, None).await
}

async fn show(guest: &Maybe, id: Id, left: Option<u32>) -> Reply {
    let shown = match guest.here().shown_ask(id, guest.signed.as_ref(), guest.visitor()).await {
        Ok(shown) => shown,
        // Another browser of the person: the session will tell.
        Err(problem) => return Err(reply::ask(guest, problem, sign_in_way(guest, &routes::ask(id)).as_deref())),
    };
    let mut sheet = Sheet::new(guest);
    if let Some(signed) = &guest.signed {
        sheet = sheet.of(signed);
    }
    let mut response = sheet.show(&shown_page(guest, shown, left))?;
    if left.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// "Yes", with the number where the app shows one.
pub(crate) async fn allow(person: SignedIn, id: Path<String>, form: Form) -> Reply {
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&person, Trouble::NotFound)) };
    let (work, number) = (person.clone(), form.text("number"));
    match run(async move { work.here().allow_ask(&work.signed, (id, &number), work.visitor()).await }).await {
        Ok(()) | Err(Problem::Refusal(AskProblem::NotTaken | AskProblem::WrongNumber { left: 0 })) => {
            Ok(reply::see_other(&routes::ask(id)))
        }
        Err(Problem::Refusal(AskProblem::WrongNumber { left })) => show(&Maybe::of(&person), id, Some(left)).await,
        Err(problem) => Err(reply::ask(&person, problem, None)),
    }
}

/// "No"; and with `secure`, the account is locked down besides.
pub(crate) async fn deny(guest: Maybe, id: Path<String>, body: Body) -> Reply {
    let by_script = is_json(body.content_type.as_deref());
    let secure = body.field("secure").as_deref() == Some("on");
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&guest, Trouble::NotFound)) };
    let work = guest.clone();
    let done = run(async move { work.here().deny_ask((id, secure), work.signed.as_ref(), work.visitor()).await });
    match done.await {
        Ok(_) if by_script => Ok(HttpResponse::Ok().json(json!({ "denied": true }))),
        Ok(true) => Ok(reply::see_other(&format!("{}?done=1", routes::LOCKDOWN))),
        Ok(false) => Ok(reply::see_other(&routes::ask(id))),
        Err(Problem::Refusal(_)) if by_script => Err(reply::json::not_yours().into()),
        Err(problem) => Err(reply::ask(&guest, problem, sign_in_way(&guest, &routes::ask(id)).as_deref())),
    }
}

fn shown_page(guest: &Maybe, shown: ShownAsk, left: Option<u32>) -> AskPage {
    let at = routes::ask(shown.id);
    let phase = match shown.phase {
        Phase::Waits { until, may } => AskPhase::Waits {
            until,
            may: match may {
                MayAllow::Allow => "allow",
                MayAllow::ProveFirst => "prove-first",
                MayAllow::SignInFirst => "sign-in-first",
                MayAllow::Elsewhere => "elsewhere",
            },
            way: match may {
                MayAllow::ProveFirst => Some(format!("{at}?prove=1")),
                MayAllow::SignInFirst => Some(super::to_sign_in(&at)),
                MayAllow::Allow | MayAllow::Elsewhere => None,
            },
        },
        Phase::Over(how) => AskPhase::Over {
            how: match how {
                AskOver::Allowed => "allowed",
                AskOver::Denied => "denied",
                AskOver::Replaced => "replaced",
                AskOver::Expired => "expired",
            },
        },
    };
    let registered = shown.client.registration.as_ref().map(|registration| registration.by);
    AskPage {
        id: shown.id.to_string(),
        account: shown.account,
        said_by: registered.map(|came| said_by(came, &shown.client.client_id)),
        app: shown.client.name,
        message: shown.message,
        number: shown.number,
        scopes: shown.scopes.iter().map(|name| scope_line(guest, name)).collect(),
        details: shown.details.iter().map(detail).collect(),
        asked_at: shown.asked_at,
        phase,
        left: left.filter(|_| guest.signed.is_some()),
    }
}
