//! What is kept of a person: a copy of it, and the end of it.

use crate::form::Form;
use crate::page::Sheet;
use crate::recent::recent;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use app::account::DataRefusal;
use app::{Cookies, Problem};
use base::{Id, routes};
use identity::change::Mode;
use identity::{ChangeKind, Role};
use view::Banner;
use view::pages::change::Data;

/// The page.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let asked = person.asked("change").and_then(|id| id.parse::<Id>().ok());
    let waits = |kind| person.here().settings().changes.mode(kind) == Mode::Confirm;
    Sheet::new(&person).of(&person.signed).show(&Data {
        copy: asked.map(|id| format!("{}?change={id}", routes::DATA_FILE)),
        copy_confirms: waits(ChangeKind::Export),
        delete_confirms: waits(ChangeKind::Delete),
        operator: person.signed.account.role == Role::Admin,
    })
}

/// Asks for a copy.
pub(crate) async fn ask(person: SignedIn) -> Reply {
    let proven = recent(&person, routes::DATA).await?;
    let work = person.clone();
    let made = run(async move { work.here().ask_for_export(&proven, work.visitor()).await }).await;
    let made = made.map_err(|fault| reply::fault(&person, &fault))?;
    let id = reply::made(&person, made, routes::DATA)?;
    Ok(reply::see_other(&routes::data_of(id)))
}

/// The copy.
pub(crate) async fn file(person: SignedIn) -> Reply {
    let gone = || Ok(reply::done(&person, routes::DATA, Banner::CopyGone, &Cookies::default()));
    let Some(id) = person.asked("change").and_then(|id| id.parse::<Id>().ok()) else { return gone() };
    match person.here().export(&person.signed, id).await {
        Ok(export) => Ok(HttpResponse::Ok()
            .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""))
            .json(export.0)),
        Err(Problem::Refusal(DataRefusal::Gone | DataRefusal::Operator)) => gone(),
        Err(Problem::Fault(fault)) => Err(reply::fault(&person, &fault)),
    }
}

/// Asks for the end of the account.
pub(crate) async fn delete(person: SignedIn, form: Form) -> Reply {
    let proven = recent(&person, routes::DATA).await?;
    if !form.is_on("sure") {
        return Ok(reply::see_other(routes::DATA));
    }
    let work = person.clone();
    match run(async move { work.here().delete_account(&proven, work.visitor()).await }).await {
        Ok(made) => {
            reply::made(&person, made, routes::DATA)?;
            Ok(reply::see_other(routes::SIGNED_OUT))
        }
        Err(Problem::Refusal(DataRefusal::Operator | DataRefusal::Gone)) => Ok(reply::see_other(routes::DATA)),
        Err(Problem::Fault(fault)) => Err(reply::fault(&person, &fault)),
    }
}
