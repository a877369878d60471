//! Signing out of this server.

use crate::here::{By, Here};
use crate::visitor::{Cookies, Signed, Step, Visitor};
use base::{Fault, Secret, SecretKind, routes};
use identity::{EndReason, Event, Purpose, SingleUse};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Tx;

/// How many apps are told in the browser. Each is a page that is loaded: more would be told too slowly.
const MOST_FRAMES: usize = 10;
/// How long the page that tells them can be shown.
const FAREWELL: Duration = Duration::from_secs(300);

/// What the page shows that says that it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Farewell {
    /// What apps want loaded (OpenID Connect Front-Channel Logout 1.0 §3): their addresses, `iss` and `sid` included.
    pub frames: Vec<String>,
    /// Where the person goes afterwards: a checked address of the app that asked.
    pub return_to: Option<String>,
}

impl Here {
    /// Signs this browser out. Its notices stop with it; they come back with the next sign-in here. Leads to the page that
    /// tells apps of it in the browser, if there are any, and else to where the app that asked wants its person back.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn sign_out(
        &self,
        signed: &Signed,
        (reason, return_to): (EndReason, Option<String>),
        visitor: &Visitor,
    ) -> Result<Step, Fault> {
        let mut tx = self.begin().await?;
        tx.lock_account(signed.id()).await?;
        let mut frames = Vec::new();
        if self.end(&mut tx, &signed.session, reason).await? {
            let event = Event::SessionEnded { session: signed.session.id, agent: signed.device.agent.clone(), reason };
            self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
            frames = self.frames(&mut tx, signed).await?;
        }
        tx.delete_subscriptions_of_device(signed.device.id).await?;
        let step = if frames.is_empty() {
            signed_out(return_to)
        } else {
            let token = self.keep_farewell(&mut tx, &Farewell { frames, return_to }).await?;
            Step::here(routes::with_token(routes::SIGNED_OUT, &token))
        };
        tx.commit().await?;
        Ok(step.with(Cookies { session: Some(None), ..Cookies::default() }))
    }

    /// What the page of a token shows; nothing to tell when it is too old, or none.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn farewell(&self, token: Option<&str>) -> Result<Farewell, Fault> {
        let Some(token) = token.and_then(|token| Secret::parse(SecretKind::Shown, token)) else {
            return Ok(Farewell::default());
        };
        let found = self.read().await?.find_single_use(token.hash(), Purpose::SignedOut).await?;
        let Some(row) = found.filter(|row| self.now() < row.expires_at) else { return Ok(Farewell::default()) };
        serde_json::from_value(row.data).map_err(|e| Fault::new("read what a sign-out leads to", e))
    }

    async fn frames(&self, tx: &mut Tx, signed: &Signed) -> Result<Vec<String>, Fault> {
        let clients = tx.clients_of_session(signed.session.id).await?;
        let session = signed.session.id.to_string();
        let on = clients.iter().filter(|client| client.is_enabled());
        Ok(on.filter_map(|client| client.logout.frontchannel(self.issuer(), &session)).take(MOST_FRAMES).collect())
    }

    async fn keep_farewell(&self, tx: &mut Tx, farewell: &Farewell) -> Result<Secret, Fault> {
        let (token, now) = (self.secret(SecretKind::Shown), self.now());
        let data = serde_json::to_value(farewell).map_err(|e| Fault::new("write what a sign-out leads to", e))?;
        let row = SingleUse {
            hash: token.hash(),
            purpose: Purpose::SignedOut,
            account: None,
            client: None,
            flow: None,
            data,
            created_at: now,
            expires_at: now.plus(FAREWELL),
            consumed_at: None,
        };
        tx.put_single_use(&row).await?;
        Ok(token)
    }
}

/// Where whoever is signed out goes.
pub(crate) fn signed_out(return_to: Option<String>) -> Step {
    match return_to {
        Some(url) => Step::app(url),
        None => Step::here(routes::SIGNED_OUT),
    }
}
