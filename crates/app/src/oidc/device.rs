//! Devices without a browser (RFC 8628): the request of one, and what becomes of it.

use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Fault, Id, SecretHash, SecretKind, Timestamp};
use identity::{Agent, Place, Purpose, SingleUse};
use oauth::OAuthError;
use oauth::authorize::{Asked, AskingDevice, AuthorizationParams, Via};
use oauth::client::{Client, GrantType};
use oauth::device::{DeviceResponse, LIFETIME};
use oauth::polling::{Decision, Polling};
use oauth::user_code::UserCode;
use store::Tx;
use store::model::Poll;
use zeroize::Zeroizing;

/// How many codes are tried before one is free. That the first is not, is a matter of millions that wait.
const TRIES: usize = 8;

/// A device that asks, for the page that lets it in.
#[derive(Debug, Clone)]
pub struct DeviceAsks {
    /// The code that it shows.
    pub user_code: String,
    /// What it says of itself.
    pub agent: Agent,
    /// Where it seems to be.
    pub place: Option<Place>,
    /// Since when it asks.
    pub since: Timestamp,
}

impl Here {
    /// Takes the request of a device in (RFC 8628 §3.1). `visitor` is the device.
    ///
    /// # Errors
    /// [`OAuthError`] with the RFC's code.
    pub async fn ask_by_device(&self, call: BackChannel, visitor: &Visitor) -> Answer<DeviceResponse, OAuthError> {
        let client = self.authenticate_client(&call).await?;
        let hint = |token: &str| self.hint(token);
        let now = self.now();
        // From the client itself, as a pushed request is.
        let asked = Asked { via: Via::Pushed, signed: false, hint: &hint, now };
        let request = match AuthorizationParams::new(call.form).validate_device(&client, &asked) {
            Ok(request) => request,
            Err(error) => return refuse(error),
        };
        let secret = self.secret(SecretKind::DeviceCode);
        let (id, app) = (self.new_id(), client.client());
        let client = app.id;
        let row = |hash: SecretHash, purpose: Purpose| SingleUse {
            hash,
            purpose,
            account: None,
            client: Some(client),
            flow: None,
            data: serde_json::json!({ "poll": id }),
            created_at: now,
            expires_at: now.plus(LIFETIME),
            consumed_at: None,
        };
        let mut tx = self.begin().await?;
        self.may_wait(&mut tx, app, visitor).await?;
        let mut user_code = None;
        for _ in 0..TRIES {
            let code = UserCode::generate(self.rng());
            if tx.take_single_use(&row(code.hash(&self.user_code_key()), Purpose::UserCode)).await? {
                user_code = Some(code);
                break;
            }
        }
        let Some(user_code) = user_code else { return Err(Fault::busy("every code that was tried is taken").into()) };
        let poll = Poll {
            id,
            client,
            request,
            polling: Polling::new(now.plus(LIFETIME)),
            agent: visitor.agent().clone(),
            place: visitor.place.clone(),
            user_code: Some(user_code.hash(&self.user_code_key())),
            created_at: now,
            ask: None,
        };
        tx.insert_poll(&poll).await?;
        tx.put_single_use(&row(secret.hash(), Purpose::DeviceCode)).await?;
        tx.commit().await?;
        Ok(DeviceResponse::new(&self.tenant().origin, &secret, &user_code))
    }

    /// Who asks, for the page.
    pub(super) async fn device_asks(&self, device: &AskingDevice) -> Result<DeviceAsks, Fault> {
        let poll = self.read().await?.find_poll(device.poll).await?;
        let poll = poll.ok_or(Fault::broken("show a device: what it waits for is gone"))?;
        Ok(DeviceAsks {
            user_code: device.user_code.to_string(),
            agent: poll.agent,
            place: poll.place,
            since: poll.created_at,
        })
    }

    /// Whether a device still waits for its answer: not when that was given before, or the time is over, or its app was
    /// switched off or has gone.
    pub(super) async fn device_waits(
        &self,
        tx: &mut Tx,
        device: &AskingDevice,
        client: &Client,
    ) -> Result<bool, Fault> {
        if !client.is_enabled() || !self.counts(client) || !client.may_use(GrantType::DeviceCode) {
            return Ok(false);
        }
        let poll = tx.lock_poll(device.poll).await?;
        Ok(poll.is_some_and(|poll| poll.polling.is_open(self.now())))
    }

    /// Decides what a device waits for; its code is used up. `false` when that was done before, or came too late.
    pub(super) async fn decide_device(
        &self,
        tx: &mut Tx,
        device: &AskingDevice,
        decision: Decision,
    ) -> Result<bool, Fault> {
        let now = self.now();
        let Some(mut poll) = tx.lock_poll(device.poll).await? else { return Ok(false) };
        if !poll.polling.decide(decision, now) {
            return Ok(false);
        }
        if let Some(code) = poll.user_code {
            tx.spend_single_use(code, Purpose::UserCode, now).await?;
        }
        tx.save_poll(&poll).await?;
        Ok(true)
    }

    /// What user codes are hashed with.
    pub(super) fn user_code_key(&self) -> Zeroizing<[u8; 32]> {
        self.parts().keyring.subkey("user codes of devices")
    }
}

/// What an app comes back for, by the secret that it holds.
pub(super) fn poll_of(row: &SingleUse) -> Option<Id> {
    row.data.get("poll").and_then(|id| id.as_str()).and_then(|id| id.parse().ok())
}
