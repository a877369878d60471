//! Tells the server of one app what a person said to it, or that there is something to come for (CIBA Core §10.2, §10.3).

use crate::backoff;
use crate::relay::Parts;
use base::{Fault, Id};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use identity::{AnswerDue, Event};
use oauth::Client;
use oauth::backchannel::Callback;
use outbound::{OutboundError, Purpose, Request, Response};
use store::model::{Delivery, Outcome, Poll};
use url::Url;

/// What a delivery is about, read together.
struct Call {
    poll: Id,
    to: Url,
    callback: Callback,
}

/// Attempts one.
pub(crate) async fn attempt(parts: &Parts, delivery: &Delivery) -> Result<Outcome, Fault> {
    let call = match read(parts, delivery).await? {
        Ok(call) => call,
        Err(why) => return Ok(Outcome::Dropped(why)),
    };
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", call.callback.token))
        .map_err(|e| Fault::new("write a notification token", e))?;
    bearer.set_sensitive(true);
    let request = Request::post(call.to, Purpose::BackchannelAnswer, call.callback.body().to_string())
        .header(AUTHORIZATION, bearer)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let outcome = judge(parts, delivery, parts.outbound.send(request).await);
    if !matches!(outcome, Outcome::Retry(..)) {
        forget(parts, delivery, call.poll).await?;
    }
    Ok(outcome)
}

/// 2xx is a yes. That the token is wrong or the address moved does not mend itself (§10.2): nothing is followed, and nobody is
/// asked again. What is down comes back.
fn judge(parts: &Parts, delivery: &Delivery, answer: Result<Response, OutboundError>) -> Outcome {
    let now = (parts.clock.now(), &parts.rng);
    match answer {
        Ok(response) if response.status.is_success() => Outcome::Sent,
        Ok(response) if response.status.is_server_error() || response.status == StatusCode::TOO_MANY_REQUESTS => {
            backoff::retry(delivery, now, None, format!("the app answered {}", response.status))
        }
        Ok(response) => Outcome::Dead(format!("the app did not take the answer: it said {}", response.status)),
        Err(error @ OutboundError::Refused(_)) => {
            Outcome::Dead(format!("backchannel_client_notification_endpoint: {error}"))
        }
        Err(error) => backoff::retry(delivery, now, None, error.to_string()),
    }
}

async fn read(parts: &Parts, delivery: &Delivery) -> Result<Result<Call, &'static str>, Fault> {
    let mut read = parts.store.read(delivery.tenant).await?;
    let Some(record) = read.find_event(delivery.event).await? else { return Ok(Err("its event is gone")) };
    let Event::AnswerDue(AnswerDue { client, ask }) = record.event else { return Ok(Err("it is no answer")) };
    let Some(client) = read.find_client_by_id(client).await?.filter(Client::is_enabled) else {
        return Ok(Err("the app is gone, or switched off"));
    };
    let Some(poll) = read.find_poll(ask).await? else { return Ok(Err("the request is gone")) };
    if let Some(oauth::polling::Decision::Granted(grant)) = poll.polling.decision {
        let live = read.find_grant(grant).await?.is_some_and(|grant| grant.revoked_at.is_none());
        if !live {
            return Ok(Err("what was allowed has been taken away"));
        }
    }
    let to = client.backchannel.notification_endpoint.as_deref().and_then(|uri| Url::parse(uri).ok());
    let Some(to) = to else { return Ok(Err("the app is not told of answers any more")) };
    Ok(match open(parts, &poll)? {
        Some(callback) => Ok(Call { poll: poll.id, to, callback }),
        None => Err("the app was told"),
    })
}

fn open(parts: &Parts, poll: &Poll) -> Result<Option<Callback>, Fault> {
    let Some(sealed) = poll.ask.as_ref().and_then(|ask| ask.callback.as_deref()) else { return Ok(None) };
    let sealed = STANDARD.decode(sealed).map_err(|e| Fault::new("read what an app is told", e))?;
    let plain = parts.keyring.open(&Callback::place(poll.id), &sealed);
    let plain = plain.map_err(|e| Fault::new("open what an app is told", e))?;
    serde_json::from_slice(&plain).map(Some).map_err(|e| Fault::new("read what an app is told", e))
}

/// Tokens that were sent, or that nobody took, are kept no longer.
async fn forget(parts: &Parts, delivery: &Delivery, poll: Id) -> Result<(), Fault> {
    let mut tx = parts.store.begin(delivery.tenant).await?;
    if let Some(mut poll) = tx.lock_poll(poll).await? {
        if let Some(ask) = &mut poll.ask {
            ask.callback = None;
        }
        tx.save_poll(&poll).await?;
    }
    tx.commit().await
}
