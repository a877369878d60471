//! What service workers say of the notices that they got.

use crate::form::Body;
use crate::guest::Guest;
use crate::reply::{self, Reply};
use crate::run::run;
use actix_web::HttpResponse;
use identity::receipt::Got;
use serde::Deserialize;

/// A receipt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    receipt: String,
    got: Got,
}

/// Notes it. The session may be over: what the notice brought speaks for the browser.
pub(crate) async fn submit(guest: Guest, body: Body) -> Reply {
    let Given { receipt, got } = body.json()?;
    let work = guest.clone();
    match run(async move { work.here().note_receipt(&receipt, got).await }).await {
        Ok(true) => Ok(HttpResponse::NoContent().finish()),
        Ok(false) => Err(reply::json::not_yours().into()),
        Err(fault) => Err(reply::json::fault(&guest, &fault)),
    }
}
