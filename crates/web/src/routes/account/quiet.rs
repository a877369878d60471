//! When nothing rings, and how much a notice says: for browsers without scripts, and the pause for all.

use super::notifications::{show, stale};
use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use actix_web::http::StatusCode;
use app::account::{PreferenceRefusal, SetQuiet};
use app::{Cookies, Problem};
use base::routes;
use identity::QuietHours;
use identity::quiet::PauseFor;
use view::Banner;
use view::pages::notifications::QuietSection;

/// Pauses notices, or says when and how they ring: two forms, and the first has nothing but `pause`.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let Some(seen_revision) = form.filled("rev").and_then(|rev| rev.parse::<i64>().ok()) else {
        return Err(reply::unreadable(&person));
    };
    let Some(pause) = form.filled("pause") else { return times(person, &form, seen_revision).await };
    let pause = match (pause, PauseFor::from_name(pause)) {
        ("end", _) => None,
        (_, Some(pause)) => Some(pause),
        _ => return Err(reply::unreadable(&person)),
    };
    let set = SetQuiet { pause: Some(pause), seen_revision, ..SetQuiet::default() };
    save(&person, set, None).await
}

async fn times(person: SignedIn, form: &Form, seen_revision: i64) -> Reply {
    let typed = typed(form);
    let Ok(hours) = hours(&typed) else {
        let sheet = Sheet::new(&person).status(StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = QuietSection { problem: true, ..typed };
        return show(&person, sheet, |page| page.keep_quiet(wrong, false)).await;
    };
    let set = SetQuiet {
        pause: None,
        hours: Some(hours),
        security_rings: Some(typed.security_rings),
        hide_details: Some(typed.hide_details),
        seen_revision,
    };
    save(&person, set, Some(typed)).await
}

async fn save(person: &SignedIn, set: SetQuiet, typed: Option<QuietSection>) -> Reply {
    let work = person.clone();
    match run(async move { work.here().set_quiet(&work.signed, set, work.visitor()).await }).await {
        Ok(_) => Ok(reply::done(person, routes::NOTIFICATIONS, Banner::PreferencesSaved, &Cookies::default())),
        Err(Problem::Refusal(PreferenceRefusal::Stale(_))) => {
            let keep = |page: &mut view::pages::notifications::Notifications| {
                if let Some(typed) = typed {
                    page.keep_quiet(typed, true);
                }
            };
            stale(person, keep).await
        }
        Err(Problem::Refusal(PreferenceRefusal::Locked | PreferenceRefusal::NotByApp)) => {
            Err(reply::unreadable(person))
        }
        Err(Problem::Fault(fault)) => Err(reply::fault(person, &fault)),
    }
}

fn typed(form: &Form) -> QuietSection {
    let ticked = ["hours", "security_rings", "hide_details"].map(|name| form.is_on(name));
    QuietSection::typed((form.text("from"), form.text("until")), ticked)
}

fn hours(typed: &QuietSection) -> Result<Option<QuietHours>, ()> {
    if !typed.hours {
        return Ok(None);
    }
    match (typed.from.parse(), typed.until.parse()) {
        (Ok(from), Ok(until)) => QuietHours::new(from, until).map(Some).map_err(drop),
        _ => Err(()),
    }
}
