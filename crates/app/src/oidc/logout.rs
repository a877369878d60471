//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use crate::here::Here;
use crate::problem::Answer;
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, routes};
use identity::EndReason;
use oauth::OAuthError;
use oauth::logout::{LogoutParams, LogoutRequest};

/// The page that asks "sign out?".
#[derive(Debug, Clone)]
pub struct LogoutPage {
    /// The app that asks.
    pub app: Option<String>,
    /// The request's parameters, carried by the form.
    pub carried: Vec<(String, String)>,
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
    pub async fn end_session(&self, pairs: Vec<(String, String)>, signed: Option<Signed>, visitor: &Visitor) -> Answer<LogoutStep, OAuthError> {
        let (request, app) = self.logout_request(&pairs).await?;
        let hinted = |signed: &Signed| request.is_about(&signed.account.id.to_string(), &signed.session.id.to_string());
        match signed {
            Some(signed) if hinted(&signed) => {
                let cookies = self.sign_out(&signed, EndReason::SignedOutByApp, visitor).await?;
                Ok(LogoutStep::Go(self.after_logout(&request).with(cookies)))
            }
            Some(_) => Ok(LogoutStep::Ask(LogoutPage { app, carried: pairs })),
            None => Ok(LogoutStep::Go(self.after_logout(&request))),
        }
    }

    /// The person said yes.
    ///
    /// # Errors
    /// [`OAuthError`], shown on our own page.
    pub async fn confirm_end_session(&self, pairs: Vec<(String, String)>, signed: Option<Signed>, visitor: &Visitor) -> Answer<Step, OAuthError> {
        let (request, _) = self.logout_request(&pairs).await?;
        let step = self.after_logout(&request);
        match signed {
            Some(signed) => Ok(step.with(self.sign_out(&signed, EndReason::SignedOutByApp, visitor).await?)),
            None => Ok(step),
        }
    }

    async fn logout_request(&self, pairs: &[(String, String)]) -> Answer<(LogoutRequest, Option<String>), OAuthError> {
        let params = match LogoutParams::parse(pairs) {
            Ok(params) => params,
            Err(error) => return Err(crate::Problem::Refusal(error)),
        };
        let keys = self.keys();
        let hint = |token: &str| oauth::id_token::verify_hint(token, keys.published(), self.issuer());
        let hint = params.hint(&hint);
        let client = match params.client_id(hint.as_ref()) {
            Some(client_id) => self.client_for_logout(&client_id).await?,
            None => None,
        };
        let app = client.as_ref().map(|client| client.name.clone());
        match params.decide(client.as_ref(), hint) {
            Ok(request) => Ok((request, app)),
            Err(error) => Err(crate::Problem::Refusal(error)),
        }
    }

    async fn client_for_logout(&self, client_id: &str) -> Result<Option<oauth::client::Client>, Fault> {
        if client_id.len() > 256 {
            return Ok(None);
        }
        self.read().await?.find_client(client_id).await
    }

    fn after_logout(&self, request: &LogoutRequest) -> Step {
        match request.return_url() {
            Some(url) => Step::app(url),
            None => Step::here(routes::SIGNED_OUT),
        }
    }
}
