//! The consent page: what an app asks for, in words, and the answer.

use super::device::DeviceAsks;
use crate::change::Made;
use crate::here::{By, Here};
use crate::login::{Continuation, FlowRefusal};
use crate::problem::{Answer, refuse};
use crate::visitor::{Step, Visitor};
use base::{Fault, Id, routes};
use identity::change::Change;
use oauth::authorization_details::AuthorizationDetail;
use oauth::authorize::AuthorizationRequest;
use oauth::client::Client;
use oauth::polling::Decision;
use oauth::{ErrorCode, OAuthError};

/// What the consent page shows.
#[derive(Debug, Clone)]
pub struct ConsentPage {
    /// The flow.
    pub flow: Id,
    /// The app.
    pub client: Client,
    /// What it asks for, one scope each.
    pub scopes: Vec<String>,
    /// What exactly it asks for, beside them (RFC 9396).
    pub details: Vec<AuthorizationDetail>,
    /// Who is signed in.
    pub email: String,
    /// Where the answer leads to, for the page's `form-action`: nowhere for a device.
    pub redirect_uri: Option<String>,
    /// The device that asks, where it is one.
    pub device: Option<DeviceAsks>,
}

/// The answer of the page.
pub struct ConsentAnswer {
    /// The flow.
    pub flow: Id,
    /// Allowed, or not.
    pub allow: bool,
    /// The address of the account that the page was shown to.
    pub email: String,
}

impl Here {
    /// The consent page of a flow.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn consent_page(&self, flow: Id, visitor: &Visitor) -> Answer<ConsentPage, FlowRefusal> {
        let (request, client) = self.consent_of(flow, visitor).await?;
        let Some(signed) = self.signed_in(visitor).await? else { return refuse(FlowRefusal::Gone) };
        let device = match &request.device {
            Some(device) => Some(self.device_asks(device).await?),
            None => None,
        };
        Ok(ConsentPage {
            flow,
            redirect_uri: request.leads_to().map(str::to_owned),
            device,
            scopes: request.consent_scope().iter().map(str::to_owned).collect(),
            details: request.terms.authorization_details,
            email: signed.account.email.as_str().to_owned(),
            client,
        })
    }

    /// The answer: "allow" is kept and leads on, "deny" leads back to the app (`access_denied`).
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn answer_consent(&self, answer: ConsentAnswer, visitor: &Visitor) -> Answer<Made<Step>, FlowRefusal> {
        let ConsentAnswer { flow, allow, email } = answer;
        let (request, client) = self.consent_of(flow, visitor).await?;
        let Some(signed) = self.signed_in(visitor).await? else {
            return Ok(Made::Done(Step::here(routes::with_flow(routes::LOGIN, flow))));
        };
        if signed.account.email.as_str() != email {
            // Another account signed in meanwhile, in another tab: it has to see the page itself.
            return Ok(Made::Done(Step::here(routes::with_flow(routes::CONTINUE, flow))));
        }
        let now = self.now();
        let (mut tx, _) = self.begin_as(&signed).await?;
        let mut flow = self.lock_flow(&mut tx, flow, visitor).await?;
        if flow.finished_at.is_some() {
            return refuse(FlowRefusal::Gone);
        }
        if !allow {
            flow.finished_at = Some(now);
            tx.save_flow(&flow).await?;
            if let Some(device) = &request.device {
                self.decide_device(&mut tx, device, Decision::Denied).await?;
                tx.commit().await?;
                return Ok(Made::Done(Step::here(routes::with_flow(routes::DEVICE_DONE, flow.id))));
            }
            tx.commit().await?;
            let error = OAuthError::new(ErrorCode::AccessDenied, "the person did not allow it");
            return Ok(Made::Done(self.respond(request.return_to(&client).with_error(&error))?));
        }
        if let Some(device) = &request.device
            && !self.device_waits(&mut tx, device, &client).await?
        {
            // Too late: nothing of this answer is kept, and the page says what to do.
            flow.finished_at = Some(now);
            tx.save_flow(&flow).await?;
            tx.commit().await?;
            return Ok(Made::Done(Step::here(routes::with_flow(routes::DEVICE_DONE, flow.id))));
        }
        let before = tx.find_consent(signed.id(), client.id).await?;
        let known: oauth::scope::Scope = before.as_ref().and_then(|c| c.scope.parse().ok()).unwrap_or_default();
        let scope = known.union(&request.consent_scope()).to_string();
        let more =
            before.is_none_or(|consent| consent.scope != scope) || !request.terms.authorization_details.is_empty();
        let made = if client.high_risk && more {
            let app = client.name.clone();
            let change = Change::Grant { client: client.id, app, scope, flow: flow.id };
            self.change(&mut tx, &signed, change, visitor).await?.map(drop)
        } else if request.device.is_some() {
            // Kept with what the device is let in by, when it is: it may be too late by then.
            Made::Done(())
        } else {
            let by = By::owner(&signed, visitor);
            self.put_consent(&mut tx, (signed.id(), client.id), (&client.name, scope), &by).await?;
            Made::Done(())
        };
        if matches!(made, Made::NotNow(_)) {
            return Ok(made.map(|()| Step::here(routes::ACCOUNT)));
        }
        // `prompt=consent` is answered now; asking again would never end.
        let subject = self.subject_of(&client, signed.id())?;
        let continuation = Continuation::Authorize(Box::new(request.after_consent(&subject)));
        flow.reopened = false;
        flow.continuation =
            serde_json::to_value(continuation).map_err(|e| Fault::new("write what a login flow leads to", e))?;
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        Ok(made.map(|()| Step::here(routes::with_flow(routes::CONTINUE, flow.id))))
    }

    async fn consent_of(&self, flow: Id, visitor: &Visitor) -> Answer<(AuthorizationRequest, Client), FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        let Continuation::Authorize(request) = Continuation::of(&flow)? else { return refuse(FlowRefusal::Gone) };
        match self.read().await?.find_client(&request.client_id).await? {
            Some(client) if flow.finished_at.is_none() => Ok((*request, client)),
            _ => refuse(FlowRefusal::Gone),
        }
    }
}
