//! The sign-in after which nothing is left to be shown or asked: it answers the app in the transaction that makes the session.

use super::issue::{Known, spends};
use crate::here::{By, Here};
use crate::login::{Continuation, Way};
use crate::visitor::{Signed, Step, Visitor};
use base::Fault;
use identity::login::Flow;
use oauth::authorize::AuthorizationRequest;
use oauth::client::Client;
use oauth::interaction::{Interaction, decide_interaction};
use oauth::scope::Scope;
use store::Tx;
use store::model::Consent;

impl Here {
    /// The answer to the app, and with it the end of the flow, which the caller saves: where the app is connected already, its code
    /// stands for itself, and no page comes before. `None` where the way on takes more: then it is gone in requests of its own.
    ///
    /// It decides as [`Here::carry_on`] does, by the same rules, and reads nothing outside of the transaction.
    pub(crate) async fn straight_on(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        (signed, way): (&Signed, &Way),
        visitor: &Visitor,
    ) -> Result<Option<Step>, Fault> {
        let (Continuation::Authorize(request), Some(client)) = (&way.to, way.client.as_deref()) else {
            return Ok(None);
        };
        if flow.reopened || spends(request) || self.stops_at(flow).is_some() || self.offer(flow, signed).is_some() {
            return Ok(None);
        }
        let Some(request) = self.still_allowed(client, (**request).clone()) else { return Ok(None) };
        let Some(consent) = tx.find_consent(signed.id(), client.id).await? else { return Ok(None) };
        let given: Option<Scope> =
            if client.first_party { Some(client.scope.clone()) } else { consent.scope.parse().ok() };
        let enough = self.suffices(signed, &flow.requirements) == Some(true);
        let view = self.view_of(signed, client, enough)?;
        if decide_interaction(&request, Some(&view), given.as_ref(), client, self.now()) != Interaction::Done {
            return Ok(None);
        }
        let (consent, step) = match self.answer_by(consent, signed, (client, &request)) {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(None),
            // They are signed in all the same: the longer way tells what is wrong.
            Err(fault) => {
                tracing::info!(%fault, "a sign-in does not answer its app at once");
                return Ok(None);
            }
        };
        let scope = request.scope.to_string();
        self.remember_use(tx, Some(consent), &By::owner(signed, visitor), (client, &scope)).await?;
        flow.finished_at = Some(self.now());
        Ok(Some(step))
    }

    /// The answer with the code, if the code stands for itself.
    fn answer_by(
        &self,
        consent: Consent,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
    ) -> Result<Option<(Consent, Step)>, Fault> {
        let Some(Known { consent, code }) = self.code_by(consent, signed, (client, request))? else { return Ok(None) };
        let step = self.respond(request.return_to(client).with_code(&code))?;
        Ok(Some((consent, step)))
    }
}
