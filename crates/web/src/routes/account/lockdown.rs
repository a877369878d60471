//! "It wasn't me", in one step; and how the account is opened again.

use super::{encoded, sign_in_way};
use crate::form::Form;
use crate::page::Sheet;
use crate::recent::recent;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::{Maybe, SignedIn};
use app::Cookies;
use app::account::Asked;
use base::routes;
use view::Banner;
use view::pages::change::Lockdown;

/// The page.
pub(crate) async fn page(guest: Maybe) -> Reply {
    let token = guest.asked("token").map(str::to_owned);
    let mut shown = Lockdown {
        since: None,
        // Whoever is signed in sees how it stands.
        done: guest.asked("done").is_some() && guest.signed.is_none(),
        event: guest.asked("event").map(str::to_owned),
        can_lift: false,
        signed_in: guest.signed.is_some(),
        sign_in: sign_in_way(&guest, &guest.target()).unwrap_or_default(),
        link_gone: false,
        token,
    };
    let mut sheet = Sheet::new(&guest);
    let found = guest.here().lockdown(guest.signed.as_ref(), shown.token.as_deref(), guest.visitor()).await;
    let found = found.map_err(|fault| reply::fault(&guest, &fault))?;
    (shown.since, shown.can_lift, shown.link_gone) = (found.since, found.can_lift, found.link_gone);
    if let Some(signed) = &guest.signed {
        sheet = sheet.of(signed);
    }
    sheet.show(&shown)
}

/// Locks it down.
pub(crate) async fn submit(guest: Maybe, form: Form) -> Reply {
    let token = form.filled("token").map(|token| Asked::Mail(token.to_owned()));
    let asked = token.or_else(|| form.id("event").map(Asked::Notice));
    let work = guest.clone();
    match run(async move { work.here().lock_down(asked.as_ref(), work.signed.as_ref(), work.visitor()).await }).await {
        Ok(()) => Ok(reply::see_other(&format!("{}?done=1", routes::LOCKDOWN))),
        Err(problem) => {
            let way = sign_in_way(&guest, routes::LOCKDOWN);
            Err(reply::lockdown(&guest, problem, way.as_deref()))
        }
    }
}

/// Lifts it. Who they are has to be proven first, and the way leads back here with the link.
pub(crate) async fn lift(person: SignedIn, form: Form) -> Reply {
    let token = form.text("token");
    let proven = recent(&person, &format!("{}?token={}", routes::LOCKDOWN, encoded(&token))).await?;
    let work = person.clone();
    match run(async move { work.here().lift_lockdown(&proven, &token, work.visitor()).await }).await {
        Ok(()) => Ok(reply::done(&person, routes::ACCOUNT, Banner::LockdownLifted, &Cookies::default())),
        Err(problem) => Err(reply::lockdown(&person, problem, None)),
    }
}
