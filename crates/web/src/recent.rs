//! Whoever has proven who they are a moment ago: what a sensitive change asks for.

use crate::guest::Guest;
use crate::reply::{self, Stop};
use crate::run::run;
use crate::signed::{SignedIn, SignedInApi};
use app::Signed;
use app::login::{Recent, StepUp};

/// At a page. Whoever has not is led to prove it, and from there to `return_to`.
///
/// # Errors
/// [`Stop`] with the way.
pub(crate) async fn recent(person: &SignedIn, return_to: &str) -> Result<Recent, Stop> {
    match step_up(person, person.signed.clone(), return_to).await {
        Ok(StepUp::Recent(recent)) => Ok(*recent),
        Ok(StepUp::First(step)) => Err(reply::step(person, step).into()),
        Err(fault) => Err(reply::fault(person, &fault)),
    }
}

/// Before the form for a new password: an account with a second factor proves both first.
///
/// # Errors
/// [`Stop`] with the way.
pub(crate) async fn may_change_password(person: &SignedIn, return_to: &str) -> Result<(), Stop> {
    match person.here().may_change_password(&person.signed).await {
        Ok(true) => Ok(()),
        Ok(false) => recent(person, return_to).await.map(drop),
        Err(fault) => Err(reply::fault(person, &fault)),
    }
}

/// At the JSON API: the answer is 403 with the way, in the field `to`.
///
/// # Errors
/// [`Stop`] with the way.
pub(crate) async fn recent_script(person: &SignedInApi, return_to: &str) -> Result<Recent, Stop> {
    match step_up(person, person.signed.clone(), return_to).await {
        Ok(StepUp::Recent(recent)) => Ok(*recent),
        Ok(StepUp::First(step)) => Err(reply::json::prove_first(person, step)),
        Err(fault) => Err(reply::json::fault(person, &fault)),
    }
}

async fn step_up(guest: &Guest, signed: Signed, return_to: &str) -> Result<StepUp, base::Fault> {
    let (work, return_to) = (guest.clone(), return_to.to_owned());
    run(async move { work.here().recent(&signed, work.visitor(), &return_to).await }).await
}
