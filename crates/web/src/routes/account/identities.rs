//! Accounts at other providers: connected and disconnected.

use super::sign_in::{self, Remarks};
use crate::form::Form;
use crate::recent::recent;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::Cookies;
use base::routes;
use view::Banner;
use view::pages::upstream::UpstreamNote;

/// Leads to a provider, whose account is connected when it leads back.
pub(crate) async fn link(person: SignedIn, form: Form) -> Reply {
    let recent = recent(&person, routes::SIGN_IN).await?;
    let (work, key) = (person.clone(), form.text("provider"));
    let provider = key.clone();
    match run(async move { work.here().begin_link(&recent, &provider, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&person, step)),
        Err(problem) => sign_in::show_with(&person, noting(reply::begin_link(&person, &key, problem)?)).await,
    }
}

/// Disconnects one.
pub(crate) async fn unlink(person: SignedIn, form: Form) -> Reply {
    let Some(identity) = form.id("identity") else { return Err(reply::unreadable(&person)) };
    let recent = recent(&person, routes::SIGN_IN).await?;
    let present = person.here().other_accounts(&person.signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    let called = present.linked.into_iter().find(|one| one.id == identity).map(|one| one.provider);
    let work = person.clone();
    let done = run(async move { work.here().unlink(&recent, identity, work.visitor()).await }).await;
    let said = |banner| reply::done(&person, routes::SIGN_IN, banner, &Cookies::default());
    match done {
        Ok(made) => {
            reply::made(&person, made, routes::SIGN_IN)?;
            Ok(said(Banner::IdentityUnlinked))
        }
        Err(problem) => match reply::unlink(&person, &called.unwrap_or_default(), problem)? {
            Some(note) => sign_in::show_with(&person, noting(note)).await,
            None => Ok(said(Banner::Gone)),
        },
    }
}

fn noting(note: UpstreamNote) -> Remarks {
    Remarks { note: Some(note), ..Remarks::default() }
}
