//! Signing out of this server.

use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::Maybe;
use base::routes;
use identity::EndReason;
use view::pages::login::{Logout, SignedOut};

/// "Sign out?" Whoever is not signed in sees that it is done.
pub(crate) async fn page(guest: Maybe) -> Reply {
    let Some(signed) = &guest.signed else { return Ok(reply::see_other(routes::SIGNED_OUT)) };
    Sheet::new(&guest).show(&Logout {
        action: routes::LOGOUT.to_owned(),
        fields: Vec::new(),
        app: None,
        email: signed.account.email.as_str().to_owned(),
    })
}

/// Yes.
pub(crate) async fn submit(guest: Maybe) -> Reply {
    let Some(signed) = guest.signed.clone() else { return Ok(reply::see_other(routes::SIGNED_OUT)) };
    let work = guest.clone();
    let why = (EndReason::SignedOut, None);
    let done = run(async move { work.here().sign_out(&signed, why, work.visitor()).await }).await;
    let step = done.map_err(|fault| reply::fault(&guest, &fault))?;
    Ok(reply::step(&guest, step))
}

/// Done. Apps that want to hear of it in the browser are told here.
pub(crate) async fn signed_out(guest: Guest) -> Reply {
    let farewell = guest.here().farewell(guest.asked("token")).await.map_err(|fault| reply::fault(&guest, &fault))?;
    let page = SignedOut { app: None, return_to: farewell.return_to, frames: farewell.frames };
    Sheet::new(&guest).frames(page.frames.clone()).show(&page)
}
