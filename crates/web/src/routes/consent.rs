//! What an app may see.

use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use app::oidc::{ConsentAnswer, ConsentPage};
use base::routes;
use url::Url;
use view::pages::error::Trouble;
use view::pages::login::Consent;

/// The page of a flow.
pub(crate) async fn page(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    match guest.here().consent_page(flow, guest.visitor()).await {
        Ok(page) => {
            let sheet = Sheet::new(&guest).flow(flow).leads_to(Some(page.redirect_uri.clone()));
            sheet.show(&shown(page))
        }
        Err(problem) => Err(reply::flow(&guest, flow, problem).await),
    }
}

/// "Allow" or "Deny". Anything else is neither.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let allow = match form.filled("decision") {
        Some("allow") => true,
        Some("deny") => false,
        Some(_) | None => return Err(reply::unreadable(&guest)),
    };
    let answer = ConsentAnswer { flow, allow, email: form.filled("email").unwrap_or_default().to_owned() };
    let work = guest.clone();
    match run(async move { work.here().answer_consent(answer, work.visitor()).await }).await {
        Ok(made) => Ok(reply::step(&guest, reply::made(&guest, made, routes::ACCOUNT)?)),
        Err(problem) => Err(reply::flow(&guest, flow, problem).await),
    }
}

fn shown(page: ConsentPage) -> Consent {
    let origin = |uri: &str| Url::parse(uri).ok().map(|url| url.origin().ascii_serialization());
    let host = Url::parse(&page.redirect_uri).ok().and_then(|url| url.host_str().map(str::to_owned));
    let ours = page.client.logo_uri.filter(|logo| logo.starts_with('/') && origin(logo).is_none());
    Consent {
        flow: page.flow.to_string(),
        app: page.client.name,
        // The policy loads pictures from nowhere else.
        logo: ours,
        home: page.client.home_url,
        policy: page.client.policy_uri,
        terms: page.client.tos_uri,
        host: host.unwrap_or(page.redirect_uri),
        email: page.email,
        scopes: page.scopes,
    }
}
