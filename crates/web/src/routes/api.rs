//! The pages' own JSON API: preferences, and notices in this browser.

use super::offer::answer;
use crate::api_json;
use crate::form::Body;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedInApi;
use actix_web::HttpResponse;
use app::account::SetPreference;
use identity::{Channel, Topic};
use serde::Deserialize;
use serde_json::{Value, json};

/// How the choices stand.
pub(crate) async fn preferences(person: SignedInApi) -> Reply {
    match person.here().preferences(&person.signed).await {
        Ok(now) => Ok(HttpResponse::Ok().json(api_json::preferences(&now))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}

/// One switch, thrown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Throw {
    topic: Topic,
    channel: Channel,
    on: bool,
    /// The revision that the page shows.
    rev: i64,
}

/// Throws a switch; answers how the choices stand then.
pub(crate) async fn set_preference(person: SignedInApi, body: Body) -> Reply {
    let Throw { topic, channel, on, rev } = body.json()?;
    let set = SetPreference { topic, channel, on, seen_revision: rev };
    let work = person.clone();
    match run(async move { work.here().set_preference(&work.signed, set, work.visitor()).await }).await {
        Ok(now) => Ok(HttpResponse::Ok().json(api_json::preferences(&now))),
        Err(problem) => Err(reply::json::preference(&person, &problem)),
    }
}

/// What a browser's `PushSubscription.toJSON()` gives, which the push library judges.
#[derive(Deserialize)]
pub(crate) struct New {
    subscription: Value,
}

/// Switches notices on in this browser.
pub(crate) async fn subscribe(person: SignedInApi, body: Body) -> Reply {
    let given = body.json::<New>()?.subscription.to_string();
    let work = person.clone();
    match run(async move { work.here().subscribe(&work.signed, &given, work.visitor()).await }).await {
        Ok(id) => Ok(HttpResponse::Created().json(json!({ "id": id }))),
        Err(problem) => Err(reply::json::push(&person, &problem)),
    }
}

/// Switches notices off in this browser. The body may name the endpoint; there is one per browser.
pub(crate) async fn unsubscribe(person: SignedInApi) -> Reply {
    let work = person.clone();
    match run(async move { work.here().unsubscribe(&work.signed, work.visitor()).await }).await {
        Ok(was_on) => Ok(HttpResponse::Ok().json(json!({ "was_on": was_on }))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}

/// A subscription that takes the place of another.
#[derive(Deserialize)]
pub(crate) struct Renewed {
    new: Value,
}

/// The browser renewed its subscription by itself.
pub(crate) async fn rotate(person: SignedInApi, body: Body) -> Reply {
    let given = body.json::<Renewed>()?.new.to_string();
    let work = person.clone();
    match run(async move { work.here().renew(&work.signed, &given).await }).await {
        Ok(id) => Ok(HttpResponse::Ok().json(json!({ "id": id }))),
        Err(problem) => Err(reply::json::push(&person, &problem)),
    }
}

/// Sends a test notice to this browser.
pub(crate) async fn test(person: SignedInApi) -> Reply {
    let work = person.clone();
    match run(async move { work.here().test_notice(&work.signed, work.visitor()).await }).await {
        Ok(()) => Ok(HttpResponse::Accepted().json(json!({}))),
        Err(problem) => Err(reply::json::push(&person, &problem)),
    }
}

/// An answer to the card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    answer: String,
}

/// Keeps an answer to the card that offers notices: `{"answer": "not_now" | "never"}`.
pub(crate) async fn offer(person: SignedInApi, body: Body) -> Reply {
    let Some(answer) = answer(&body.json::<Given>()?.answer) else {
        return Err(reply::json::unreadable("answer is \"not_now\" or \"never\"").into());
    };
    let work = person.clone();
    match run(async move { work.here().answer_offer(&work.signed, answer).await }).await {
        Ok(()) => Ok(HttpResponse::Ok().json(json!({}))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}
