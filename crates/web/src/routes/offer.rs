//! The card that offers notices, after a complete sign-in.

use super::login::go_on;
use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::push::OfferAnswer;
use view::pages::error::Trouble;
use view::pages::login::Offer;

/// The page.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let Some(flow) = person.flow() else { return Err(reply::trouble(&person, Trouble::FlowGone { restart: None })) };
    let work = person.clone();
    let offer = match run(async move { work.here().offer_page(flow, work.visitor()).await }).await {
        Ok(offer) => offer,
        Err(problem) => return Err(reply::flow(&person, flow, problem).await),
    };
    let page = Offer { flow: flow.to_string(), name: person.signed.account.name.clone(), app: offer.app };
    Sheet::new(&person).flow(flow).leads_to(offer.leads_to).push(offer.push).show(&page)
}

/// "Not now" or "Don't ask again"; then the way leads on.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&person, Trouble::FlowGone { restart: None })) };
    let Some(answer) = form.filled("answer").and_then(answer) else { return Err(reply::unreadable(&person)) };
    let work = person.clone();
    let kept = run(async move { work.here().answer_offer(&work.signed, answer).await }).await;
    kept.map_err(|fault| reply::fault(&person, &fault))?;
    go_on(&person, flow).await
}

/// An answer by its name.
pub(super) fn answer(name: &str) -> Option<OfferAnswer> {
    match name {
        "not_now" => Some(OfferAnswer::NotNow),
        "never" => Some(OfferAnswer::Never),
        _ => None,
    }
}
