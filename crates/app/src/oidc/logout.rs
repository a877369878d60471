//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use crate::account::signed_out;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Step, Visitor};
use identity::EndReason;
use oauth::logout::{LogoutOutcome, LogoutParams, LogoutSession};
use oauth::{OAuthError, Params};

/// The page that asks "sign out?".
#[derive(Debug, Clone)]
pub struct LogoutPage {
    /// The app that asks.
    pub app: Option<String>,
    /// The request's parameters, carried by the form.
    pub carried: Vec<(&'static str, String)>,
}

/// What a logout request leads to.
pub enum LogoutStep {
    /// Ask first: nothing proves that the person's app asked.
    Ask(LogoutPage),
    /// Done (or nothing to do): go there.
    Go(Step),
}

impl Here {
    /// A logout request. With a valid hint for the session that is here it is done at once; otherwise the
    /// person is asked, so that no page on the web can sign people out (ASVS 10.6.2).
    ///
    /// # Errors
    /// [`OAuthError`], shown on our own page.
    pub async fn end_session(
        &self,
        params: &Params,
        signed: Option<Signed>,
        visitor: &Visitor,
    ) -> Answer<LogoutStep, OAuthError> {
        let (request, outcome, app) = self.logout_outcome(params, signed.as_ref()).await?;
        match (outcome, signed) {
            (LogoutOutcome::Refuse(error), _) => refuse(error),
            (LogoutOutcome::SignOut { return_to }, Some(signed)) => {
                let why = (EndReason::SignedOutByApp, return_to);
                Ok(LogoutStep::Go(self.sign_out(&signed, why, visitor).await?))
            }
            (LogoutOutcome::SignOut { return_to } | LogoutOutcome::ConfirmPage { return_to }, None) => {
                Ok(LogoutStep::Go(signed_out(return_to)))
            }
            (LogoutOutcome::ConfirmPage { .. }, Some(_)) => {
                Ok(LogoutStep::Ask(LogoutPage { app, carried: carried(request) }))
            }
        }
    }

    /// The person said yes.
    ///
    /// # Errors
    /// [`OAuthError`], shown on our own page.
    pub async fn confirm_end_session(
        &self,
        params: &Params,
        signed: Option<Signed>,
        visitor: &Visitor,
    ) -> Answer<Step, OAuthError> {
        let (_, outcome, _) = self.logout_outcome(params, signed.as_ref()).await?;
        let return_to = match outcome {
            LogoutOutcome::Refuse(error) => return refuse(error),
            LogoutOutcome::SignOut { return_to } | LogoutOutcome::ConfirmPage { return_to } => return_to,
        };
        match signed {
            Some(signed) => Ok(self.sign_out(&signed, (EndReason::SignedOutByApp, return_to), visitor).await?),
            None => Ok(signed_out(return_to)),
        }
    }

    async fn logout_outcome(
        &self,
        params: &Params,
        signed: Option<&Signed>,
    ) -> Answer<(LogoutParams, LogoutOutcome, Option<String>), OAuthError> {
        let request = match LogoutParams::parse(params) {
            Ok(request) => request,
            Err(error) => return refuse(error),
        };
        let hint = request.id_token_hint.as_deref().and_then(|token| self.hint(token));
        let client = match request.client_id(hint.as_ref()) {
            Some(client_id) => self.read().await?.find_client(client_id).await?,
            None => None,
        };
        let session = match (signed, &client) {
            (Some(signed), Some(client)) => Some(LogoutSession {
                id: signed.session.id.to_string(),
                subject: self.subject_of(client, signed.id())?,
            }),
            (Some(signed), None) => {
                Some(LogoutSession { id: signed.session.id.to_string(), subject: signed.id().to_string() })
            }
            (None, _) => None,
        };
        let outcome = request.decide(hint.as_ref(), client.as_ref(), session.as_ref());
        Ok((request, outcome, client.map(|client| client.name)))
    }
}

fn carried(request: LogoutParams) -> Vec<(&'static str, String)> {
    let fields = [
        ("id_token_hint", request.id_token_hint),
        ("client_id", request.client_id),
        ("post_logout_redirect_uri", request.post_logout_redirect_uri),
        ("state", request.state),
    ];
    fields.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}
