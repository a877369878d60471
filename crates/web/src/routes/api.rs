//! The account API: preferences, and notices in the person's browsers; for our own pages, and for apps that they allowed.

use super::offer::answer;
use crate::api_caller::ApiCaller;
use crate::api_json;
use crate::form::Body;
use crate::reply::{self, Reply};
use crate::run::run;
use actix_web::HttpResponse;
use app::account::{SetPreference, SetQuiet};
use base::{Fault, Id};
use identity::quiet::PauseFor;
use identity::{Channel, QuietHours, Topic};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// How the choices stand.
pub(crate) async fn preferences(person: ApiCaller) -> Reply {
    match person.here().preferences(person.steerer()).await {
        Ok(now) => Ok(HttpResponse::Ok().json(api_json::preferences(&now, person.here().now()))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}

/// A change: one switch (`topic`, `channel`, `on`), or `quiet`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    topic: Option<Topic>,
    channel: Option<Channel>,
    on: Option<bool>,
    quiet: Option<Quiet>,
    /// The revision that the page shows.
    rev: i64,
}

/// When nothing rings, and how much a notice says. What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quiet {
    /// A pause that begins now; `null` ends one.
    #[serde(default, deserialize_with = "present")]
    pause: Option<Option<PauseFor>>,
    /// Times of day, as in `{"from": "22:00", "until": "07:00"}`; `null` for none.
    #[serde(default, deserialize_with = "present")]
    hours: Option<Option<QuietHours>>,
    security_rings: Option<bool>,
    hide_details: Option<bool>,
}

/// Tells `null` from nothing at all.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

enum Command {
    Switch(SetPreference),
    Quiet(SetQuiet),
}

impl Change {
    fn command(self) -> Option<Command> {
        let seen_revision = self.rev;
        match (self.topic, self.channel, self.on, self.quiet) {
            (Some(topic), Some(channel), Some(on), None) => {
                Some(Command::Switch(SetPreference { topic, channel, on, seen_revision }))
            }
            (None, None, None, Some(Quiet { pause, hours, security_rings, hide_details })) => {
                Some(Command::Quiet(SetQuiet { pause, hours, security_rings, hide_details, seen_revision }))
            }
            _ => None,
        }
    }
}

/// Changes something; answers how the choices stand then. A change that did not see the last one answers with both.
pub(crate) async fn set_preference(person: ApiCaller, body: Body) -> Reply {
    let (change, yours): (Change, Value) = (body.json()?, body.json()?);
    let Some(command) = change.command() else {
        let message = "a change is either topic, channel and on, or quiet; and rev, the revision that it saw";
        return Err(reply::json::unreadable(message).into());
    };
    let work = person.clone();
    let changed = run(async move {
        let (here, visitor) = (work.here(), work.visitor());
        match command {
            Command::Switch(set) => here.set_preference(work.steerer(), set, visitor).await,
            Command::Quiet(set) => here.set_quiet(work.steerer(), set, visitor).await,
        }
    });
    match changed.await {
        Ok(now) => Ok(HttpResponse::Ok().json(api_json::preferences(&now, person.here().now()))),
        Err(problem) => Err(reply::json::preference(&person, &problem, yours)),
    }
}

/// What a browser's `PushSubscription.toJSON()` gives, which the push library judges.
#[derive(Deserialize)]
pub(crate) struct New {
    subscription: Value,
}

/// Switches notices on in this browser.
pub(crate) async fn subscribe(person: ApiCaller, body: Body) -> Reply {
    let person = person.person()?;
    let given = body.json::<New>()?.subscription.to_string();
    let work = person.clone();
    match run(async move { work.here().subscribe(&work.signed, &given, work.visitor()).await }).await {
        Ok(id) => Ok(HttpResponse::Created().json(json!({ "id": id }))),
        Err(problem) => Err(reply::json::push(&person, &problem)),
    }
}

/// How notices stand: in this browser and in the others.
pub(crate) async fn subscriptions(person: ApiCaller) -> Reply {
    let (here, who) = (person.here(), person.steerer());
    let read = async { Ok::<_, Fault>((here.push_state(who).await?, here.rung_browsers(who).await?)) };
    match read.await {
        Ok((state, browsers)) => Ok(HttpResponse::Ok().json(api_json::browsers(&state, &browsers))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}

/// Which browser is meant.
#[derive(Deserialize, Default)]
pub(crate) struct Which {
    /// Another one of the person; without it, the one that asks.
    #[serde(default)]
    id: Option<Id>,
}

/// Switches notices off in this browser, or in the one that is named.
pub(crate) async fn unsubscribe(person: ApiCaller, body: Body) -> Reply {
    let person = person.person()?;
    let Which { id } = if body.bytes.is_empty() { Which::default() } else { body.json()? };
    let work = person.clone();
    if let Some(id) = id {
        let removed = run(async move { work.here().remove_subscription(&work.signed, id, work.visitor()).await }).await;
        return match removed {
            Ok(was_on) => Ok(HttpResponse::Ok().json(json!({ "was_on": was_on }))),
            Err(fault) => Err(reply::json::fault(&person, &fault)),
        };
    }
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
pub(crate) async fn rotate(person: ApiCaller, body: Body) -> Reply {
    let person = person.person()?;
    let given = body.json::<Renewed>()?.new.to_string();
    let work = person.clone();
    match run(async move { work.here().renew(&work.signed, &given).await }).await {
        Ok(id) => Ok(HttpResponse::Ok().json(json!({ "id": id }))),
        Err(problem) => Err(reply::json::push(&person, &problem)),
    }
}

/// What is kept for notices.
pub(crate) async fn kept(person: ApiCaller) -> Reply {
    match person.here().kept_for_notices(person.steerer()).await {
        Ok(kept) => Ok(HttpResponse::Ok().json(api_json::kept(&kept, person.is_app()))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}

/// Deletes it.
pub(crate) async fn forget(person: ApiCaller) -> Reply {
    let person = person.person()?;
    let work = person.clone();
    match run(async move { work.here().forget_notices(&work.signed, work.visitor()).await }).await {
        Ok(()) => Ok(HttpResponse::Ok().json(json!({}))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}

/// Sends a test notice to this browser, or to the one that is named.
pub(crate) async fn test(person: ApiCaller, body: Body) -> Reply {
    let Which { id } = if body.bytes.is_empty() { Which::default() } else { body.json()? };
    let work = person.clone();
    match run(async move { work.here().test_notice(work.steerer(), id, work.visitor()).await }).await {
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
pub(crate) async fn offer(person: ApiCaller, body: Body) -> Reply {
    let person = person.person()?;
    let Some(answer) = answer(&body.json::<Given>()?.answer) else {
        return Err(reply::json::unreadable("answer is \"not_now\" or \"never\"").into());
    };
    let work = person.clone();
    match run(async move { work.here().answer_offer(&work.signed, answer).await }).await {
        Ok(()) => Ok(HttpResponse::Ok().json(json!({}))),
        Err(fault) => Err(reply::json::fault(&person, &fault)),
    }
}
