//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0 §2: GET and POST).

use super::authorize::same_query;
use super::{fields, posted};
use crate::edge::cross_site::From;
use crate::form::Body;
use crate::landing::{self, LANDED};
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::Maybe;
use app::Problem;
use app::oidc::{LogoutPage, LogoutStep};
use base::routes;
use oauth::{OAuthError, Params};
use view::pages::login::Logout;

/// By GET.
pub(crate) async fn get(guest: Maybe) -> Reply {
    let params = guest.query().clone();
    ask(guest, params).await
}

/// By POST: an app's request, which from another site comes without our cookies and is sent once more from here;
/// or the "yes" of our own page, which nobody else may say.
pub(crate) async fn post(guest: Maybe, body: Body) -> Reply {
    let params = posted(&guest, &body).map_err(|error| reply::request(&guest, &error))?;
    if guest.comes_from() == From::Here {
        let confirmed = params.one("decision").ok().flatten() == Some("confirm");
        return if confirmed { confirm(guest, params).await } else { ask(guest, params).await };
    }
    if params.one(LANDED).is_ok_and(|landed| landed.is_none()) {
        let mut again: Vec<_> = fields(&body).into_iter().filter(|(name, _)| name != "decision").collect();
        again.push((LANDED.to_owned(), "1".to_owned()));
        return Ok(landing::page(&guest, &same_query(&guest, routes::END_SESSION), &again));
    }
    ask(guest, params).await
}

async fn ask(guest: Maybe, params: Params) -> Reply {
    let work = guest.clone();
    let answer = run(async move { work.here().end_session(&params, work.signed.clone(), work.visitor()).await }).await;
    match answer {
        Ok(LogoutStep::Go(step)) => Ok(reply::step(&guest, step)),
        Ok(LogoutStep::Ask(page)) => question(&guest, page),
        Err(problem) => Err(refused(&guest, &problem)),
    }
}

async fn confirm(guest: Maybe, params: Params) -> Reply {
    let work = guest.clone();
    let answer =
        run(async move { work.here().confirm_end_session(&params, work.signed.clone(), work.visitor()).await }).await;
    match answer {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => Err(refused(&guest, &problem)),
    }
}

fn question(guest: &Maybe, page: LogoutPage) -> Reply {
    let return_to =
        page.carried.iter().find(|(name, _)| *name == "post_logout_redirect_uri").map(|(_, uri)| uri.clone());
    let email = guest.signed.as_ref().map(|signed| signed.account.email.as_str().to_owned()).unwrap_or_default();
    let fields: Vec<_> = page.carried.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let sheet = Sheet::new(guest).leads_to(return_to).keeping(&fields);
    sheet.show(&Logout { action: routes::END_SESSION.to_owned(), fields, app: page.app, email })
}

fn refused(guest: &Maybe, problem: &Problem<OAuthError>) -> reply::Stop {
    match problem {
        Problem::Refusal(error) => reply::request(guest, error),
        Problem::Fault(fault) => reply::fault(guest, fault),
    }
}
