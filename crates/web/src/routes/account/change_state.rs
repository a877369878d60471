//! The page that waits for a change hears of it as it happens (server-sent events, HTML Living Standard §9.2).

use crate::reply::{self, Reply};
use crate::signed::SignedInApi;
use crate::streams::Stream;
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::rt::time::sleep;
use actix_web::web::{Bytes, Path};
use app::change::{ChangeWatch, SoFar};
use base::Id;
use futures_util::{future, stream};
use std::pin::pin;
use std::time::Duration;

/// How often it is looked when nobody tells: one row by its key.
const LOOK: Duration = Duration::from_millis(700);
/// After so many looks the stream ends, and the page asks again: a server that stops waits for none of them.
const LOOKS: u32 = 30;

struct Watch {
    person: SignedInApi,
    change: Id,
    seen: String,
    looks: u32,
    told: ChangeWatch,
    stream: Stream,
}

/// Says `moved` once something has come of it. The page then loads itself anew.
pub(crate) async fn state(person: SignedInApi, id: Path<String>) -> Reply {
    let Ok(change) = id.parse::<Id>() else { return Err(reply::json::not_yours().into()) };
    let now = person.here().change_so_far(&person.signed, change).await;
    let now = now.map_err(|fault| reply::json::fault(&person, &fault))?;
    let Some(now) = now else { return Err(reply::json::not_yours().into()) };
    // What the page shows, and not what is there by now: nothing that happened in between is missed.
    let seen = person.asked("seen").unwrap_or_default().to_owned();
    let stream = Stream::open(person.state(), person.signed.session.id);
    let told = person.here().watch_change(change);
    let seen = if seen.is_empty() { mark(now) } else { seen };
    let watch = Watch { person, change, seen, looks: 0, told, stream };
    let stream = stream::unfold(watch, |watch| Box::pin(look(watch)));
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/event-stream")).streaming(stream))
}

async fn look(mut watch: Watch) -> Option<(Result<Bytes, actix_web::Error>, Watch)> {
    if watch.looks >= LOOKS {
        return None;
    }
    if watch.looks == 0 {
        watch.looks = 1;
        return Some((Ok(Bytes::from_static(b"retry: 1000\n\n")), watch));
    }
    while watch.looks < LOOKS {
        if watch.looks > 1 {
            future::select(pin!(sleep(LOOK)), pin!(watch.told.moved())).await;
        }
        watch.looks = watch.looks.saturating_add(1);
        if watch.stream.gave_way() {
            // A tab that is not looked at asks again later.
            watch.looks = LOOKS;
            return Some((Ok(Bytes::from_static(b"retry: 30000\n\n")), watch));
        }
        // A fault now may be over at the next look.
        let Ok(now) = watch.person.here().change_so_far(&watch.person.signed, watch.change).await else { continue };
        if now.map(mark).as_deref() != Some(watch.seen.as_str()) {
            watch.looks = LOOKS;
            return Some((Ok(Bytes::from_static(b"event: moved\ndata: {}\n\n")), watch));
        }
    }
    None
}

/// How far it has come, as the page and its stream call it.
pub(super) fn mark((approved, proven, ending): SoFar) -> String {
    format!("{}{}{}", u8::from(approved), u8::from(proven), u8::from(ending.is_some()))
}
