//! The authenticator app. Every page that begins a change asks for a recent proof first, so that nothing typed is lost.

use crate::form::Form;
use crate::page::Sheet;
use crate::recent::recent;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::Cookies;
use app::account::ConfirmApp;
use app::login::Recent;
use base::{Id, routes};
use view::Banner;
use view::pages::second_factor::{CodeProblem, RemoveApp, SetUpApp};

/// QR code, key, and a field for the first code.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let attempt = person.asked("attempt").and_then(|id| id.parse().ok());
    let proven = recent(&person, &path(attempt)).await?;
    show(&person, &proven, attempt, None).await
}

/// The first code. When the proof is too old by now, the same key is shown again after a new one.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let Some(attempt) = form.id("attempt") else { return Err(reply::unreadable(&person)) };
    let proven = recent(&person, &path(Some(attempt))).await?;
    let command = ConfirmApp { attempt, code: form.secret("code"), end_others: form.is_on("end_others") };
    let (work, who) = (person.clone(), proven.clone());
    match run(async move { work.here().confirm_app(&who, command, work.visitor()).await }).await {
        Ok(made) => match reply::made(&person, made, routes::SIGN_IN)? {
            Some(set) => Ok(reply::see_other(&routes::recovery_codes(set))),
            None => Ok(reply::done(&person, routes::SIGN_IN, Banner::TotpAdded, &Cookies::default())),
        },
        Err(problem) => {
            let again = reply::set_up_app(&person, problem)?;
            show(&person, &proven, Some(attempt), Some(again)).await
        }
    }
}

async fn show(person: &SignedIn, proven: &Recent, attempt: Option<Id>, again: Option<Again<CodeProblem>>) -> Reply {
    let page = match person.here().set_up_app(proven, attempt, person.visitor()).await {
        Ok(page) => page,
        Err(problem) => {
            return Err(reply::set_up_app(person, problem).err().unwrap_or_else(|| reply::unreadable(person)));
        }
    };
    let (sheet, problem) = Sheet::new(person).of(&person.signed).again(again);
    let shown = sheet.show(&SetUpApp {
        attempt: page.attempt.to_string(),
        uri: page.uri.to_string(),
        key: page.key.to_string(),
        replaces: page.replaces,
        problem,
    })?;
    Ok(reply::with_cookies(person, shown, &page.cookies))
}

/// Asks before it is removed.
pub(crate) async fn ask_to_remove(person: SignedIn) -> Reply {
    recent(&person, routes::TOTP_REMOVE).await?;
    let factors = person.here().factors(person.signed.id()).await.map_err(|fault| reply::fault(&person, &fault))?;
    let alone = factors.security_keys + factors.passkeys == 0;
    Sheet::new(&person).of(&person.signed).show(&RemoveApp { alone })
}

/// Removes it.
pub(crate) async fn remove(person: SignedIn, form: Form) -> Reply {
    let proven = recent(&person, routes::TOTP_REMOVE).await?;
    let (work, end_others) = (person.clone(), form.is_on("end_others"));
    let removed =
        run(async move { work.here().remove_authenticator_app(&proven, end_others, work.visitor()).await }).await;
    let removed = removed.map_err(|fault| reply::fault(&person, &fault))?;
    let said = match removed {
        Some(made) => {
            reply::made(&person, made, routes::SIGN_IN)?;
            Banner::TotpRemoved
        }
        None => Banner::Gone,
    };
    Ok(reply::done(&person, routes::SIGN_IN, said, &Cookies::default()))
}

fn path(attempt: Option<Id>) -> String {
    match attempt {
        Some(attempt) => format!("{}?attempt={attempt}", routes::TOTP),
        None => routes::TOTP.to_owned(),
    }
}
