//! The authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), checked in two stages.
//!
//! Stage one asks who is calling and where to answer; whatever fails there is told on a page of ours, never by a
//! redirect. Stage two checks the rest and answers to the client.

mod checks;
mod claims;
#[cfg(test)]
mod tests;

use crate::client::Client;
use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use crate::prompt::Prompt;
use crate::response::{ResponseMode, ReturnTo};
use crate::scope::Scope;
use base::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an `id_token_hint` proved to say, its age aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HintClaims {
    /// Whom it was issued about.
    pub subject: String,
    /// For which clients.
    pub audience: Vec<String>,
    /// In which session (`sid`).
    pub session: Option<String>,
}

/// Verifies an `id_token_hint`; `None` when it is not one of ours.
pub type HintVerifier<'a> = &'a dyn Fn(&str) -> Option<HintClaims>;

/// A request that can't be granted.
#[derive(Debug, Clone, PartialEq)]
pub enum AuthorizeError {
    /// To be shown on a page of ours: it is not known where else to answer.
    Page(OAuthError),
    /// To be sent back to the client.
    Redirect {
        /// Where to.
        to: ReturnTo,
        /// What is wrong.
        error: OAuthError,
    },
}

impl AuthorizeError {
    /// What is wrong, wherever it is told.
    pub const fn error(&self) -> &OAuthError {
        match self {
            Self::Page(error) | Self::Redirect { error, .. } => error,
        }
    }
}

/// The parameters of an authorization request, read but not yet believed.
#[derive(Debug, Clone)]
pub struct AuthorizationParams(Params);

/// A request that passed every check. It is stored with the login flow and never changed by what comes later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: String,
    /// Where to answer.
    pub redirect_uri: String,
    /// Whether the request named it, so that the token request has to as well (RFC 6749 §4.1.3).
    pub redirect_uri_sent: bool,
    /// How to answer.
    pub response_mode: ResponseMode,
    /// What is asked for, as far as the client may have it.
    pub scope: Scope,
    /// To be given back unchanged.
    pub state: Option<String>,
    /// To be put into the ID token.
    pub nonce: Option<String>,
    /// The S256 challenge (RFC 7636 §4.2).
    pub code_challenge: Option<String>,
    /// Which pages have to be shown.
    pub prompt: BTreeSet<Prompt>,
    /// How old the sign-in may be, in seconds.
    pub max_age: Option<u32>,
    /// Whom the client expects, to fill in the form.
    pub login_hint: Option<String>,
    /// Languages for our pages, best first.
    pub ui_locales: Vec<String>,
    /// How strong the sign-in should be, best first: from the `claims` parameter, else from `acr_values`.
    pub acr_values: Vec<String>,
    /// Whether the answer is an error when none of them can be reached (OpenID Connect Core §5.5.1.1).
    #[serde(default)]
    pub acr_essential: bool,
    /// The subject that a verified `id_token_hint` names.
    pub hint_subject: Option<String>,
    /// When the request came.
    pub started_at: Timestamp,
}

impl AuthorizationRequest {
    /// Where the answer goes.
    pub fn return_to(&self) -> ReturnTo {
        ReturnTo {
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode,
            state: self.state.clone(),
        }
    }

    /// Whether it is OpenID Connect, with an ID token, rather than plain OAuth.
    pub fn is_openid(&self) -> bool {
        self.scope.contains(crate::scope::OPENID)
    }

    /// The same request once the person has answered the consent page, which `prompt=consent` had asked for.
    #[must_use]
    pub fn after_consent(mut self) -> Self {
        self.prompt.remove(&Prompt::Consent);
        self
    }
}

impl AuthorizationParams {
    /// Takes the parameters of a query, a form, or both ([`Params::and`]).
    pub const fn new(params: Params) -> Self {
        Self(params)
    }

    /// The client id, by which the caller finds the client.
    ///
    /// # Errors
    /// [`AuthorizeError::Page`] when it is missing, doubled or too long.
    pub fn client_id(&self) -> Result<&str, AuthorizeError> {
        let id = self.0.bounded("client_id", checks::MAX_CLIENT_ID).map_err(AuthorizeError::Page)?;
        id.ok_or_else(|| {
            AuthorizeError::Page(OAuthError::invalid_request("client_id is missing: the app has to send its own"))
        })
    }

    /// The languages asked for, for an error page too. Never an error.
    pub fn ui_locales(&self) -> Vec<String> {
        checks::ui_locales(&self.0)
    }

    /// Checks the request of a client; `None` when no client has the id.
    ///
    /// # Errors
    /// [`AuthorizeError`]: a page while client and redirect URI are in doubt, a redirect after that.
    pub fn validate(
        &self,
        client: Option<&Client>,
        hint: HintVerifier<'_>,
        now: Timestamp,
    ) -> Result<AuthorizationRequest, AuthorizeError> {
        let client = self.known_client(client)?;
        let (redirect_uri, redirect_uri_sent) = checks::redirect_uri(&self.0, client).map_err(AuthorizeError::Page)?;
        let to = ReturnTo {
            redirect_uri,
            // A mode or state that is itself at fault can't be used to say so.
            response_mode: checks::response_mode(&self.0).unwrap_or_default(),
            state: checks::state(&self.0).unwrap_or_default(),
        };
        self.details(client, hint)
            .map(|details| AuthorizationRequest {
                client_id: client.client_id.clone(),
                redirect_uri: to.redirect_uri.clone(),
                redirect_uri_sent,
                started_at: now,
                ..details
            })
            .map_err(|error| AuthorizeError::Redirect { to, error })
    }

    fn known_client<'a>(&self, client: Option<&'a Client>) -> Result<&'a Client, AuthorizeError> {
        let id = self.client_id()?;
        let page = |code, text, detail: &'static str| AuthorizeError::Page(OAuthError::new(code, text).because(detail));
        let unknown = "client_id is not known here: check it in the app's settings";
        match client {
            Some(client) if client.client_id != id => {
                Err(page(ErrorCode::InvalidRequest, unknown, "another client was looked up"))
            }
            Some(client) if !client.is_enabled() => Err(page(
                ErrorCode::UnauthorizedClient,
                "client_id is switched off: ask the app's operator",
                "disabled",
            )),
            Some(client) => Ok(client),
            None => Err(AuthorizeError::Page(OAuthError::new(ErrorCode::InvalidRequest, unknown))),
        }
    }

    /// Stage two. The order is that of the standards: first what can't be processed at all.
    fn details(&self, client: &Client, hint: HintVerifier<'_>) -> Result<AuthorizationRequest, OAuthError> {
        let params = &self.0;
        let state = checks::state(params)?;
        checks::no_parameter_twice(params)?;
        checks::no_request_object(params)?;
        checks::response_type(params)?;
        let response_mode = checks::response_mode(params)?;
        let scope = checks::scope(params, client)?;
        let code_challenge = checks::code_challenge(params, client)?;
        let (acr_values, acr_essential) = match claims::acr(params)? {
            Some(wish) => (wish.values, wish.essential),
            None => (checks::acr_values(params), false),
        };
        Ok(AuthorizationRequest {
            client_id: String::new(),
            redirect_uri: String::new(),
            redirect_uri_sent: false,
            response_mode,
            scope,
            state,
            nonce: checks::nonce(params)?,
            code_challenge,
            prompt: checks::prompt(params)?,
            max_age: checks::max_age(params)?,
            login_hint: checks::login_hint(params),
            ui_locales: checks::ui_locales(params),
            acr_values,
            acr_essential,
            hint_subject: checks::hint_subject(params, client, hint)?,
            started_at: Timestamp::from_micros(0),
        })
    }
}
