//! Recovery codes: made on request, shown once, taken home as a file.

use crate::page::Sheet;
use crate::recent::recent;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use base::{Id, routes};
use view::pages::second_factor::{MakeCodes, NewCodes};
use zeroize::Zeroizing;

/// A set that was just made; without one, asks before new ones are made.
pub(crate) async fn page(person: SignedIn) -> Reply {
    if let Some(set) = person.asked("set").and_then(|id| id.parse().ok()) {
        let codes = codes(&person, set).await?;
        let codes = codes.map(|codes| codes.iter().map(|code| code.to_string()).collect());
        let page = NewCodes { set: set.to_string(), codes, flow: None, app: None, used_up: false };
        return Sheet::new(&person).of(&person.signed).show(&page);
    }
    recent(&person, routes::RECOVERY_CODES).await?;
    let standing = person.here().recovery_codes(&person.signed).await;
    let standing = standing.map_err(|fault| reply::fault(&person, &fault))?;
    if !standing.useful {
        return Ok(reply::see_other(routes::SIGN_IN));
    }
    Sheet::new(&person).of(&person.signed).show(&MakeCodes { left: standing.left })
}

/// Makes a new set.
pub(crate) async fn submit(person: SignedIn) -> Reply {
    let proven = recent(&person, routes::RECOVERY_CODES).await?;
    let work = person.clone();
    let made = run(async move { work.here().make_recovery_codes(&proven, work.visitor()).await }).await;
    match made.map_err(|fault| reply::fault(&person, &fault))? {
        Some(new) => {
            // Also while it waits: this browser alone can show the set.
            let to = match reply::made(&person, new.made, routes::SIGN_IN) {
                Ok(set) => reply::see_other(&routes::recovery_codes(set)),
                Err(stop) => stop.into_response(),
            };
            Ok(reply::with_cookies(&person, to, &new.cookies))
        }
        None => Ok(reply::see_other(routes::SIGN_IN)),
    }
}

/// The same as a file.
pub(crate) async fn file(person: SignedIn) -> Reply {
    let set = person.asked("set").and_then(|id| id.parse().ok());
    let codes = match set {
        Some(set) => codes(&person, set).await?,
        None => None,
    };
    let Some(codes) = codes else { return Err(reply::not_found(&person, Some(&person.signed))) };
    let brand = &person.here().tenant().name;
    let text = person.state().view().codes_file(person.locale(), (brand, person.signed.account.email.as_str()), &codes);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""))
        .body(text))
}

async fn codes(person: &SignedIn, set: Id) -> Result<Option<Vec<Zeroizing<String>>>, reply::Stop> {
    let shown = person.here().shown_codes(&person.signed, set, person.visitor()).await;
    shown.map_err(|fault| reply::fault(person, &fault))
}
