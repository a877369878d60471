//! The authorization endpoint (RFC 6749 §3.1; OpenID Connect Core §3.1.2.1: GET and POST).

use super::{fields, posted};
use crate::cookies::Jar;
use crate::edge::cross_site::From;
use crate::form::Body;
use crate::guest::Guest;
use crate::landing::{self, LANDED};
use crate::reply::{self, Reply};
use crate::run::run;
use actix_web::HttpResponse;
use actix_web::http::header::COOKIE;
use app::Problem;
use app::oidc::AuthorizeProblem;
use base::routes;
use oauth::Params;
use url::form_urlencoded;
use view::Locale;

/// How long an address may be that a browser and what stands between take for sure, in bytes.
const MAX_ADDRESS: usize = 2_000;

/// By GET.
pub(crate) async fn get(guest: Guest) -> Reply {
    let params = guest.query().clone();
    go(&guest, params).await.map_err(|problem| reply::authorize(&guest, problem, guest.again()))
}

/// By POST. From another site it comes without our cookies: it lands, and is sent once more from here.
pub(crate) async fn post(guest: Guest, body: Body) -> Reply {
    let params = posted(&guest, &body).map_err(|error| reply::request(&guest, &error))?;
    if guest.comes_from() == From::Elsewhere && params.one(LANDED).is_ok_and(|landed| landed.is_none()) {
        let mut again = fields(&body);
        again.push((LANDED.to_owned(), "1".to_owned()));
        return Ok(landing::page(&guest, &same_query(&guest, routes::AUTHORIZE), &again));
    }
    go(&guest, params).await.map_err(|problem| reply::authorize(&guest, problem, by_get(&guest, &body)))
}

/// What was posted, as an address: for whoever is asked to try again. `None` when it is too long for one, or holds what has
/// no place in one.
fn by_get(guest: &Guest, body: &Body) -> Option<String> {
    let mut fields = fields(body);
    fields.retain(|(name, _)| name != LANDED);
    if fields.iter().any(|(name, _)| name == "id_token_hint") {
        return None;
    }
    let mut address = same_query(guest, routes::AUTHORIZE);
    address.push(if address.contains('?') { '&' } else { '?' });
    let begins = address.len();
    let address = form_urlencoded::Serializer::for_suffix(address, begins).extend_pairs(fields).finish();
    (address.len() <= MAX_ADDRESS).then_some(address)
}

/// The endpoint with the query that came.
pub(super) fn same_query(guest: &Guest, path: &str) -> String {
    let target = guest.target();
    target.split_once('?').map_or_else(|| path.to_owned(), |(_, query)| format!("{path}?{query}"))
}

async fn go(guest: &Guest, params: Params) -> Result<HttpResponse, Problem<AuthorizeProblem>> {
    let asked = params.one("ui_locales").ok().flatten().and_then(|tags| tags.split(' ').find_map(Locale::from_tag));
    let work = guest.clone();
    let step = run(async move { work.here().authorize(params, work.visitor()).await }).await?;
    let mut response = reply::step(guest, step);
    // The app's wish holds for the pages of this sign-in, unless the person has chosen a language.
    let chosen = Jar::Locale.read(guest.headers().get_all(COOKIE), guest.is_https()).is_some();
    if let (Some(locale), false) = (asked, chosen) {
        let lifetime = guest.here().settings().flow_lifetime;
        reply::add_cookie(&mut response, &Jar::Locale.set_for(locale.tag().to_owned(), guest.is_https(), lifetime));
    }
    Ok(response)
}
