//! One change: the number where it was asked for, the yes and the no elsewhere, and what became of it.
//!
//! Looking changes nothing. An answer is a POST, from the page's form or, as JSON, from the service worker.

use super::change_state::mark;
use super::sign_in_way;
use crate::form::{Body, Form, is_json};
use crate::page::Sheet;
use crate::recent::recent;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::{Maybe, SignedIn};
use actix_web::HttpResponse;
use actix_web::web::Path;
use app::account::Asked;
use app::change::{AnswerProblem, May, Moved, Phase, Reach, ShownChange};
use app::{Cookies, Problem};
use base::{Id, routes};
use identity::change::{Ending, Leg};
use serde_json::json;
use view::pages::change::{ChangePage, ChangePhase, ChangeTrouble};
use view::pages::error::Trouble;
use view::{Banner, ending_key};

/// Behind the link of a mail.
pub(crate) async fn by_mail(guest: Maybe) -> Reply {
    match guest.asked("token").map(str::to_owned) {
        Some(token) => show(&guest, &Asked::Mail(token), None).await,
        None => Err(reply::trouble(&guest, Trouble::NotFound)),
    }
}

/// Behind a notice, or a page of the account.
pub(crate) async fn by_notice(guest: Maybe, id: Path<String>) -> Reply {
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&guest, Trouble::NotFound)) };
    if let (Some(_), Some(signed)) = (guest.asked("prove"), guest.signed.clone()) {
        recent(&SignedIn::new(&guest, signed), &routes::change(id)).await?;
    }
    show(&guest, &Asked::Notice(id), None).await
}

async fn show(guest: &Maybe, asked: &Asked, again: Option<Again<ChangeTrouble>>) -> Reply {
    let shown = match guest.here().shown_change(asked, guest.signed.as_ref(), guest.visitor()).await {
        Ok(shown) => shown,
        Err(problem) => {
            // Another browser of the person: the session will tell. A link needs none.
            let way = match asked {
                Asked::Notice(_) => sign_in_way(guest, &guest.target()),
                Asked::Mail(_) => None,
            };
            return match reply::not_taken(guest, problem, Leg::Yes, way.as_deref()) {
                Err(stop) => Err(stop),
                Ok(_) => Err(reply::trouble(guest, Trouble::NotFound)),
            };
        }
    };
    if let (Phase::Over { how: Ending::Applied, next: Some(next), .. }, Asked::Notice(_)) = (&shown.phase, asked) {
        return Ok(reply::done(guest, next, Banner::ChangeDone, &Cookies::default()));
    }
    let mut sheet = Sheet::new(guest);
    if let Some(signed) = &guest.signed {
        sheet = sheet.of(signed);
    }
    let (sheet, problem) = sheet.again(again);
    sheet.show(&page(guest, shown, (asked, problem)))
}

/// "Yes", with the number.
pub(crate) async fn approve(person: SignedIn, id: Path<String>, form: Form) -> Reply {
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&person, Trouble::NotFound)) };
    let (work, number) = (person.clone(), form.text("number"));
    let answered = run(async move { work.here().approve_change(&work.signed, (id, &number), work.visitor()).await });
    answered_at(&person, id, Leg::Yes, answered.await).await
}

/// The code of a mail, in the browser that asked.
pub(crate) async fn code(person: SignedIn, id: Path<String>, form: Form) -> Reply {
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&person, Trouble::NotFound)) };
    let (leg, code) = match form.filled("new_code") {
        Some(code) => (Leg::NewAddress, code.to_owned()),
        None => (Leg::Yes, form.text("code")),
    };
    let work = person.clone();
    let answered =
        run(async move { work.here().give_change_code(&work.signed, (id, leg, &code), work.visitor()).await });
    answered_at(&person, id, leg, answered.await).await
}

async fn answered_at(person: &SignedIn, id: Id, leg: Leg, answered: Result<Moved, Problem<AnswerProblem>>) -> Reply {
    let again = match answered {
        Ok(_) => None,
        Err(problem) => reply::not_taken(person, problem, leg, None)?,
    };
    match again {
        None => Ok(reply::see_other(&routes::change(id))),
        again => show(&Maybe::of(person), &Asked::Notice(id), again).await,
    }
}

/// "I thought better of it."
pub(crate) async fn cancel(person: SignedIn, id: Path<String>) -> Reply {
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&person, Trouble::NotFound)) };
    let work = person.clone();
    let done = run(async move { work.here().cancel_change(&work.signed, id, work.visitor()).await }).await;
    answered_at(&person, id, Leg::Yes, done.map(|()| Moved::Ended(Ending::Cancelled))).await
}

/// "No"; and with `secure`, the account is locked down besides.
pub(crate) async fn deny(guest: Maybe, id: Path<String>, body: Body) -> Reply {
    let by_script = is_json(body.content_type.as_deref());
    let (token, secure) = (body.field("token"), body.field("secure").as_deref() == Some("on"));
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&guest, Trouble::NotFound)) };
    let asked = token.clone().map_or(Asked::Notice(id), Asked::Mail);
    let work = guest.clone();
    let done =
        run(async move { work.here().deny_change((&asked, secure), work.signed.as_ref(), work.visitor()).await });
    match done.await {
        Ok(_) if by_script => Ok(HttpResponse::Ok().json(json!({ "denied": true }))),
        Ok(true) => Ok(reply::see_other(&format!("{}?done=1", routes::LOCKDOWN))),
        Ok(false) => Ok(reply::see_other(&way_back(id, token.as_deref()))),
        Err(Problem::Refusal(_)) if by_script => Err(reply::json::not_yours().into()),
        Err(problem) => refused(&guest, (id, token), problem).await,
    }
}

/// Takes back what was done.
pub(crate) async fn undo(guest: Maybe, id: Path<String>, form: Form) -> Reply {
    let token = form.filled("token").map(str::to_owned);
    let Ok(id) = id.parse::<Id>() else { return Err(reply::trouble(&guest, Trouble::NotFound)) };
    let asked = token.clone().map_or(Asked::Notice(id), Asked::Mail);
    let work = guest.clone();
    match run(async move { work.here().undo_change(&asked, work.signed.as_ref(), work.visitor()).await }).await {
        Ok(()) => Ok(reply::see_other(&way_back(id, token.as_deref()))),
        Err(problem) => refused(&guest, (id, token), problem).await,
    }
}

async fn refused(guest: &Maybe, (id, token): (Id, Option<String>), problem: Problem<AnswerProblem>) -> Reply {
    let way = sign_in_way(guest, &routes::change(id)).filter(|_| token.is_none());
    let again = reply::not_taken(guest, problem, Leg::Yes, way.as_deref())?;
    show(guest, &token.map_or(Asked::Notice(id), Asked::Mail), again).await
}

/// The change's page, for whoever came by a notice or by a mail.
fn way_back(id: Id, token: Option<&str>) -> String {
    match token {
        Some(token) => format!("{}?token={}", routes::CHANGE, super::encoded(token)),
        None => routes::change(id),
    }
}

fn page(guest: &Maybe, shown: ShownChange, (asked, problem): (&Asked, Option<ChangeTrouble>)) -> ChangePage {
    let at = routes::change(shown.id);
    let phase = match shown.phase {
        Phase::Asker(asker) => ChangePhase::Asker {
            number: asker.number,
            until: asker.until,
            approved: asker.approved,
            needs_new_address: asker.needs_new_address,
            reach: match asker.reach {
                Reach::Rung => "rung",
                Reach::Unrung => "unrung",
                Reach::MailOnly => "mail-only",
            },
            seen: mark(asker.so_far),
        },
        Phase::Waits { until, may, may_deny } => ChangePhase::Waits {
            until,
            may_deny,
            may: match may {
                May::Approve => "approve",
                May::ProveFirst => "prove-first",
                May::SignInFirst => "sign-in-first",
                May::Elsewhere => "elsewhere",
                May::ByMail => "by-mail",
            },
            way: match may {
                May::ProveFirst => Some(format!("{at}?prove=1")),
                May::SignInFirst => sign_in_way(guest, &at),
                May::Approve | May::Elsewhere | May::ByMail => None,
            },
        },
        Phase::Over { how, agent, undo_until, next } => {
            ChangePhase::Over { how: ending_key(how), by: agent, undo_until, next }
        }
    };
    ChangePage {
        id: shown.id.to_string(),
        token: match asked {
            Asked::Mail(token) => Some(token.clone()),
            Asked::Notice(_) => None,
        },
        account: shown.account,
        kind: shown.kind.as_str().replace('_', "-"),
        before: shown.values.before,
        after: shown.values.after,
        agent: shown.agent,
        place: shown.place,
        asked_at: shown.asked_at,
        phase,
        problem,
    }
}
