//! Tells the server of one app that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8).

use crate::backoff;
use crate::relay::Parts;
use base::{Fault, Id};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use identity::{Event, LogoutDue};
use oauth::Client;
use oauth::jose::{SigningKey, signs_at};
use oauth::logout_token::LogoutToken;
use outbound::{OutboundError, Purpose, Request, Response};
use std::time::Duration;
use store::model::{Delivery, KeyUse, Outcome, StoredKey, Tenant};
use url::Url;

/// What a delivery is about, read together.
struct Call {
    tenant: Tenant,
    client: Client,
    to: Url,
    session: Id,
    subject: String,
    key: StoredKey,
}

/// Attempts one. Each attempt carries a token of its own: one that was seen before may be refused for that.
pub(crate) async fn attempt(parts: &Parts, delivery: &Delivery) -> Result<Outcome, Fault> {
    let call = match read(parts, delivery).await? {
        Ok(call) => call,
        Err(why) => return Ok(Outcome::Dropped(why)),
    };
    let now = parts.clock.now();
    let token = LogoutToken {
        issuer: call.tenant.origin.as_str(),
        client_id: &call.client.client_id,
        subject: &call.subject,
        session: call.session,
        id: Id::at(now, &parts.rng),
    };
    let token = token.mint(&open(parts, &call.key)?, now)?;
    // A compact JWS has no character that a form would escape.
    let request = Request::post(call.to, Purpose::BackChannelLogout, format!("logout_token={token}"))
        .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let answer = parts.outbound.send(request).await;
    if let Ok(Response { status, .. }) = &answer {
        tracing::debug!(client = call.client.client_id, %status, "an app was told of a logout");
    }
    Ok(judge(parts, delivery, answer))
}

/// 200 and its like are a yes; 400 is the app's last word (§2.8). Everything else may pass: an app that is being deployed
/// answers 404 or 503, and one that redirects may be mended. Nothing is followed.
fn judge(parts: &Parts, delivery: &Delivery, answer: Result<Response, OutboundError>) -> Outcome {
    let now = (parts.clock.now(), &parts.rng);
    match answer {
        Ok(response) if response.status.is_success() => Outcome::Sent,
        Ok(response) if response.status == StatusCode::BAD_REQUEST => {
            Outcome::Dead("the app refused the logout token (400): its own log says why".to_owned())
        }
        Ok(response) => {
            backoff::retry(delivery, now, asked(&response.headers), format!("the app answered {}", response.status))
        }
        Err(error @ OutboundError::Refused(_)) => Outcome::Dead(format!("backchannel_logout_uri: {error}")),
        Err(error) => backoff::retry(delivery, now, None, error.to_string()),
    }
}

/// How long the app asks to wait (RFC 9110 §10.2.3), in seconds; a date is not read, nor more than an hour.
fn asked(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    (1..=3_600).contains(&seconds).then(|| Duration::from_secs(seconds))
}

async fn read(parts: &Parts, delivery: &Delivery) -> Result<Result<Call, &'static str>, Fault> {
    let mut read = parts.store.read(delivery.tenant).await?;
    let Some(record) = read.find_event(delivery.event).await? else { return Ok(Err("its event is gone")) };
    let Event::LogoutDue(LogoutDue { client, session, subject }) = record.event else {
        return Ok(Err("it is no logout"));
    };
    let Some(client) = read.find_client_by_id(client).await?.filter(Client::is_enabled) else {
        return Ok(Err("the app is gone, or switched off"));
    };
    let to = client.logout.backchannel_uri.as_deref().and_then(|uri| Url::parse(uri).ok());
    let Some(to) = to else { return Ok(Err("the app is not told of logouts any more")) };
    let now = parts.clock.now();
    let of_alg = read.list_keys(KeyUse::Sign).await?.into_iter();
    let of_alg = of_alg.filter(|row| row.alg == client.id_token_alg.as_str());
    let key = signs_at(now, of_alg.map(|row| (row.signs_from, row.retired_at, row)))
        .ok_or(Fault::broken("sign a logout token: no key of that algorithm is ready"))?;
    drop(read);
    let Some(tenant) = parts.store.tenants().await?.into_iter().find(|t| t.id == delivery.tenant) else {
        return Ok(Err("its tenant is gone"));
    };
    Ok(Ok(Call { tenant, client, to, session, subject, key }))
}

fn open(parts: &Parts, row: &StoredKey) -> Result<SigningKey, Fault> {
    let alg = row.alg.parse().map_err(|e| Fault::new("open a key", e))?;
    let place = format!("keys.private/{}", row.id);
    let private = parts.keyring.open(&place, &row.private).map_err(|e| Fault::new("open a key", e))?;
    SigningKey::from_pkcs8(alg, &private)
}
