//! "Was this you?": from a notice, from a mail, from the account.
//!
//! Looking changes nothing. An answer is a POST, from the page's form or, as JSON, from the service worker.

use super::account::{encoded, sign_in_way, to_sign_in};
use crate::form::{Body, is_json};
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::Maybe;
use actix_web::HttpResponse;
use actix_web::web::Path;
use app::Problem;
use app::account::{AnswerRefusal, Asked, Question, Standing as Stands, Yes};
use base::{Id, routes};
use serde_json::json;
use view::pages::error::Trouble;
use view::pages::question::{Standing, WasThisYou};

/// Behind the link of a mail.
pub(crate) async fn by_mail(guest: Maybe) -> Reply {
    match guest.asked("token") {
        Some(token) => {
            let token = token.to_owned();
            show(&guest, Asked::Mail(token.clone()), Some(token)).await
        }
        None => Err(reply::trouble(&guest, Trouble::NotFound)),
    }
}

/// Behind a notice, or a line of the log.
pub(crate) async fn by_notice(guest: Maybe, event: Path<String>) -> Reply {
    match event.parse::<Id>() {
        Ok(event) => show(&guest, Asked::Notice(event), None).await,
        Err(_) => Err(reply::trouble(&guest, Trouble::NotFound)),
    }
}

async fn show(guest: &Maybe, asked: Asked, token: Option<String>) -> Reply {
    match guest.here().question(&asked, guest.signed.as_ref(), guest.visitor()).await {
        Ok(question) => {
            let mut sheet = Sheet::new(guest);
            if let Some(signed) = &guest.signed {
                sheet = sheet.of(signed);
            }
            sheet.show(&shown(question, token))
        }
        Err(problem) => {
            // Another browser of the person: the session will tell.
            let sign_in = sign_in_way(guest, &guest.target());
            Err(reply::answer(guest, problem, sign_in.as_deref().filter(|_| token.is_none())))
        }
    }
}

/// "Yes, it was me."
pub(crate) async fn yes(guest: Maybe, event: Path<String>, body: Body) -> Reply {
    answer(guest, &event, body, true).await
}

/// "No."
pub(crate) async fn no(guest: Maybe, event: Path<String>, body: Body) -> Reply {
    answer(guest, &event, body, false).await
}

async fn answer(guest: Maybe, event: &str, body: Body, yes: bool) -> Reply {
    let by_script = is_json(body.content_type.as_deref());
    let token = if by_script { None } else { body.field("token") };
    let Ok(id) = event.parse::<Id>() else { return Err(refused(&guest, by_script, AnswerRefusal::NotYours, event)) };
    let by_mail = token.is_some();
    let asked = token.clone().map_or(Asked::Notice(id), Asked::Mail);
    let work = guest.clone();
    let done = run(async move {
        let signed = work.signed.as_ref();
        match yes {
            true => work.here().confirm_device(&asked, signed, work.visitor()).await,
            false => work.here().deny_device(&asked, signed, work.visitor()).await,
        }
    });
    match done.await {
        Ok(()) if by_script => Ok(HttpResponse::Ok().json(json!({ "answer": if yes { "yes" } else { "no" } }))),
        Ok(()) if !yes => Ok(reply::see_other(&match &token {
            Some(token) => format!("{}?token={}", routes::SECURE, encoded(token)),
            None => format!("{}?event={id}", routes::SECURE),
        })),
        Ok(()) if by_mail => Ok(reply::see_other(&format!(
            "{}?token={}",
            routes::WAS_THIS_YOU,
            encoded(token.as_deref().unwrap_or_default())
        ))),
        Ok(()) => Ok(reply::see_other(&routes::was_this_you(id))),
        Err(Problem::Refusal(refusal)) => Err(refused(&guest, by_script, refusal, event)),
        Err(Problem::Fault(fault)) if by_script => Err(reply::json::fault(&guest, &fault)),
        Err(Problem::Fault(fault)) => Err(reply::fault(&guest, &fault)),
    }
}

fn refused(guest: &Maybe, by_script: bool, refusal: AnswerRefusal, event: &str) -> reply::Stop {
    let problem = Problem::Refusal(refusal);
    if by_script {
        return reply::json::answer(guest, &problem);
    }
    let way = sign_in_way(guest, &format!("{}/{event}", routes::WAS_THIS_YOU));
    reply::answer(guest, problem, way.as_deref())
}

fn shown(question: Question, token: Option<String>) -> WasThisYou {
    let way = to_sign_in(&routes::was_this_you(question.event));
    WasThisYou {
        event: question.event.to_string(),
        token,
        account: question.account,
        agent: question.agent,
        place: question.place,
        app: question.app,
        at: question.at,
        standing: match question.standing {
            Stands::Open => Standing::Open,
            Stands::Confirmed => Standing::Confirmed,
            Stands::Denied => Standing::Denied,
        },
        sign_in: (question.yes == Yes::SignInFirst).then_some(way),
        elsewhere: question.yes == Yes::Elsewhere,
    }
}
