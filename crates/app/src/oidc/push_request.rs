//! Pushed authorization requests (RFC 9126): the client hands its request in itself, and gets a name for it.

use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Fault, Secret, SecretHash, SecretKind, Timestamp};
use identity::{Purpose, SingleUse};
use oauth::authorize::{Asked, AuthorizationParams, AuthorizeError, Via};
use oauth::client::Client;
use oauth::client_auth::Presented;
use oauth::error::ErrorCode;
use oauth::pushed::{self, CREDENTIALS, PushedResponse};
use oauth::{OAuthError, Params, dpop};
use serde::{Deserialize, Serialize};

/// What is kept of a pushed request: everything, as it came, to be checked again when it is used.
#[derive(Serialize, Deserialize)]
struct Kept {
    params: Vec<(String, String)>,
    /// Whether they come from a request object.
    #[serde(default)]
    signed: bool,
    /// Until when a browser may come with it. The row itself lives as long as a sign-in may take.
    begin_by: Timestamp,
}

/// The way that a request came.
#[derive(Default)]
pub(super) struct Came {
    /// The pushed request that it was.
    pub(super) pushed: Option<SecretHash>,
    /// Whether its parameters were signed.
    pub(super) signed: bool,
}

impl Here {
    /// Takes a request in (RFC 9126 §2.1).
    ///
    /// # Errors
    /// [`OAuthError`] with the RFC's code: whatever the authorization endpoint would refuse is refused here.
    pub async fn push_request(&self, call: BackChannel, visitor: &Visitor) -> Answer<PushedResponse, OAuthError> {
        // An app may come here first: what its document says is read before it proves who it is.
        if let Ok(presented) = Presented::parse(call.authorization.as_deref(), &call.form) {
            self.client_met(presented.client_id(), visitor).await?;
        }
        let client = self.authenticate_client(&call).await?;
        let client = client.client();
        let now = self.now();
        let hint = |token: &str| self.hint(token);
        let key = self.pushed_key(&call, client).await?;
        let params = match pushed::params(call.form, client) {
            Ok(params) => params,
            Err(error) => return refuse(error),
        };
        let (params, signed) = self.opened(params, client).await?;
        // Last: what was signed takes the place of everything beside it, but the proof stands in no parameter.
        let bound = match key {
            Some(jkt) => dpop::bind_request(params, jkt),
            None => Ok(params),
        };
        let params = match bound {
            Ok(params) => params,
            Err(error) => return refuse(error),
        };
        let asked = Asked { via: Via::Pushed, signed, hint: &hint, now };
        let checked = AuthorizationParams::new(params.clone()).validate(Some(client), &asked);
        if let Err(AuthorizeError::Page(error) | AuthorizeError::Redirect { error, .. }) = checked {
            return refuse(error);
        }
        let secret = self.secret(SecretKind::PushedRequest);
        let kept =
            Kept { params: params.without(&CREDENTIALS).into_pairs(), signed, begin_by: now.plus(pushed::LIFETIME) };
        let row = SingleUse {
            hash: secret.hash(),
            purpose: Purpose::PushedRequest,
            account: None,
            client: Some(client.id),
            flow: None,
            data: serde_json::to_value(&kept).map_err(|e| Fault::new("write a pushed request", e))?,
            created_at: now,
            expires_at: kept.begin_by.plus(self.settings().flow_lifetime),
            consumed_at: None,
        };
        let mut tx = self.begin().await?;
        self.may_wait(&mut tx, client, visitor).await?;
        tx.put_single_use(&row).await?;
        tx.commit().await?;
        Ok(PushedResponse::new(&secret))
    }

    /// Puts a pushed request in the place of its name. Until it is granted it can be named again: a page that is loaded
    /// anew must not end the way (RFC 9126 §4).
    pub(super) async fn pushed_request(
        &self,
        params: &AuthorizationParams,
        client: &Client,
    ) -> Answer<Option<(AuthorizationParams, Came)>, OAuthError> {
        let Some(name) = params.pushed_name() else { return Ok(None) };
        let unknown = |detail| {
            let text = "request_uri is used, too old, or another app's: begin again from the app";
            refuse(OAuthError::new(ErrorCode::InvalidRequestUri, text).because(detail))
        };
        let Some(secret) = Secret::parse(SecretKind::PushedRequest, name) else { return unknown("not of our form") };
        let row = self.read().await?.find_single_use(secret.hash(), Purpose::PushedRequest).await?;
        let Some(row) = row.filter(|row| row.client == Some(client.id)) else { return unknown("not this client's") };
        let kept: Kept = serde_json::from_value(row.data).map_err(|e| Fault::new("read a pushed request", e))?;
        if row.consumed_at.is_some() || kept.begin_by <= self.now() {
            return unknown("used, or too old");
        }
        match Params::from_pairs(kept.params) {
            Ok(params) => {
                let came = Came { pushed: Some(row.hash), signed: kept.signed };
                Ok(Some((AuthorizationParams::new(params), came)))
            }
            Err(error) => refuse(error),
        }
    }
}
