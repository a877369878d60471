//! Securing the account after a "no": a new password, then a look at the devices.

use super::devices::cards;
use crate::convert::rules;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::recent::may_change_password;
use crate::reply::{self, Again, Reply};
use crate::signed::{Maybe, SignedIn};
use app::account::{Asked, Standing};
use base::routes;
use view::pages::account::ChangeProblem;
use view::pages::question::Secure;

/// The page, once the password is done.
pub(crate) const AFTER_PASSWORD: &str = "/account/secure?step=devices";

/// The page. Without a session, the way leads over a mail; what was ended is told to a browser that may know it.
pub(crate) async fn page(guest: Maybe) -> Reply {
    match guest.signed.clone() {
        Some(signed) => {
            let person = SignedIn::new(&guest, signed);
            if person.asked("step") != Some("devices") {
                may_change_password(&person, routes::SECURE).await?;
            }
            show(&person, None).await
        }
        None if was_denied(&guest).await => by_mail(&guest),
        None => Ok(reply::see_other(routes::RECOVER)),
    }
}

/// Whether the "no" that the address names was said, and this browser may know of it.
async fn was_denied(guest: &Maybe) -> bool {
    let asked = match (guest.asked("token"), guest.asked("event").and_then(|event| event.parse().ok())) {
        (Some(token), _) => Asked::Mail(token.to_owned()),
        (None, Some(event)) => Asked::Notice(event),
        (None, None) => return false,
    };
    let question = guest.here().question(&asked, None, guest.visitor()).await;
    question.is_ok_and(|question| question.standing == Standing::Denied)
}

fn by_mail(guest: &Guest) -> Reply {
    let rules = rules(guest.here());
    Sheet::new(guest).show(&Secure {
        ended: true,
        email: None,
        password_done: false,
        rules,
        problem: None,
        devices: Vec::new(),
    })
}

/// The page of a signed-in person.
pub(super) async fn show(person: &SignedIn, again: Option<Again<ChangeProblem>>) -> Reply {
    let password_done = again.is_none() && person.asked("step") == Some("devices");
    let devices = if password_done { cards(person).await } else { Ok(Vec::new()) };
    let devices = devices.map_err(|fault| reply::fault(person, &fault))?;
    let ended = person.here().must_secure(person.signed.id()).await.map_err(|fault| reply::fault(person, &fault))?;
    // Whoever has no password sets one by mail.
    let has_password = person.here().password_changed_at(&person.signed).await;
    let has_password = has_password.map_err(|fault| reply::fault(person, &fault))?.is_some();
    let (sheet, problem) = Sheet::new(person).of(&person.signed).again(again);
    sheet.show(&Secure {
        ended: ended || password_done,
        email: has_password.then(|| person.signed.account.email.as_str().to_owned()),
        password_done,
        rules: rules(person.here()),
        problem,
        devices,
    })
}
