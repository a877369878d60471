//! The authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), checked in two stages.
//!
//! Stage one asks who is calling and where to answer; whatever fails there is told on a page of ours, never by a
//! redirect. Stage two checks the rest and answers to the client.

mod checks;
#[cfg(test)]
mod tests;

use crate::claims;
use crate::client::{Client, GrantType};
use crate::client_auth::AuthenticatedClient;
use crate::error::{ErrorCode, OAuthError};
use crate::grant_terms::GrantTerms;
use crate::params::Params;
use crate::prompt::Prompt;
use crate::pushed;
use crate::response::{ResponseMode, ReturnTo};
use crate::scope::Scope;
use crate::user_code::UserCode;
use base::{Id, SecretHash, Timestamp};
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

/// By which way a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// In the browser's own address.
    Browser,
    /// From the client itself, to the pushed authorization request endpoint (RFC 9126).
    Pushed,
}

/// What is known of a request beside its parameters.
pub struct Asked<'a> {
    /// By which way it came.
    pub via: Via,
    /// Whether its parameters come from a request object that verified (RFC 9101).
    pub signed: bool,
    /// Verifies an `id_token_hint`.
    pub hint: HintVerifier<'a>,
    /// When it came.
    pub now: Timestamp,
}

/// A request that can't be granted.
#[derive(Debug, Clone, PartialEq)]
pub enum AuthorizeError {
    /// To be shown on a page of ours: it is not known where else to answer.
    Page(OAuthError),
    /// To be sent back to the client.
    Redirect {
        /// Where to.
        to: Box<ReturnTo>,
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
    /// The thumbprint of the key that the code is bound to (RFC 9449 §10).
    #[serde(default)]
    pub dpop_jkt: Option<String>,
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
    /// What its tokens shall be good for.
    #[serde(default)]
    pub terms: GrantTerms,
    /// Who has answered the consent page for this very request (`sub`): to anybody else it is shown.
    #[serde(default)]
    pub allowed_by: Option<String>,
    /// Whether they have allowed its authorization details, too, which no earlier consent covers.
    #[serde(default)]
    pub details_allowed: bool,
    /// The pushed request that it was, which is used up when it is granted (RFC 9126 §2.2).
    #[serde(default)]
    pub pushed: Option<SecretHash>,
    /// The device that asks, and waits for the answer where it asks for tokens (RFC 8628). Nothing is redirected then.
    #[serde(default)]
    pub device: Option<AskingDevice>,
}

/// A request of a device without a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskingDevice {
    /// What it waits for.
    pub poll: Id,
    /// The code that it shows, as the person typed it.
    pub user_code: UserCode,
    /// Who has allowed it on its page (`sub`): it is kept with what it is let in by, and with nothing before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_by: Option<String>,
}

impl AuthorizationRequest {
    /// A request of which nothing is known but whose it is and where it is answered.
    pub(crate) fn draft(
        client: &Client,
        (redirect_uri, redirect_uri_sent): (String, bool),
        started_at: Timestamp,
    ) -> Self {
        Self {
            client_id: client.client_id.clone(),
            redirect_uri,
            redirect_uri_sent,
            response_mode: ResponseMode::default(),
            scope: Scope::default(),
            state: None,
            nonce: None,
            code_challenge: None,
            dpop_jkt: None,
            prompt: BTreeSet::new(),
            max_age: None,
            login_hint: None,
            ui_locales: Vec::new(),
            acr_values: Vec::new(),
            acr_essential: false,
            hint_subject: None,
            started_at,
            terms: GrantTerms::default(),
            allowed_by: None,
            details_allowed: false,
            pushed: None,
            device: None,
        }
    }

    /// The same request, of a device: the person always sees who asks, for whoever sent them the code may be a stranger
    /// (RFC 8628 §5.4).
    #[must_use]
    pub fn of_device(mut self, device: AskingDevice) -> Self {
        self.prompt.insert(Prompt::Consent);
        Self { device: Some(device), ..self }
    }

    /// Where the person is sent in the end; nowhere for a device.
    pub fn leads_to(&self) -> Option<&str> {
        self.device.is_none().then_some(self.redirect_uri.as_str())
    }

    /// Where the answer goes; `client` is whose request it is.
    pub fn return_to(&self, client: &Client) -> ReturnTo {
        ReturnTo::new(client, self.redirect_uri.clone(), self.response_mode, self.state.clone())
    }

    /// What the person has to allow: the scope, and the scopes that open the single claims.
    pub fn consent_scope(&self) -> Scope {
        let single = self.terms.claims.id_token.iter().chain(&self.terms.claims.userinfo);
        let words: Vec<&str> = single.filter_map(|name| claims::scope_of(name)).collect();
        self.scope.union(&words.join(" ").parse().unwrap_or_default())
    }

    /// Whether it is OpenID Connect, with an ID token, rather than plain OAuth.
    pub fn is_openid(&self) -> bool {
        self.scope.contains(crate::scope::OPENID)
    }

    /// The same request once the person (`sub`) has answered the consent page, which `prompt=consent` had asked for.
    #[must_use]
    pub fn after_consent(mut self, subject: &str) -> Self {
        self.allowed_by = Some(subject.to_owned());
        self.details_allowed = true;
        if let Some(device) = &mut self.device {
            device.allowed_by = Some(subject.to_owned());
        }
        self
    }

    /// The same request begun anew: what was allowed the last time is asked again, where it counts once.
    #[must_use]
    pub fn begun_again(self, now: Timestamp) -> Self {
        let device = self.device.map(|device| AskingDevice { allowed_by: None, ..device });
        Self { started_at: now, details_allowed: false, device, ..self }
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

    /// The parameters themselves.
    pub fn into_params(self) -> Params {
        self.0
    }

    /// The name of a pushed request, without its prefix; everything beside it and the client id is ignored then
    /// (RFC 9126 §4, RFC 9101 §6.3).
    pub fn pushed_name(&self) -> Option<&str> {
        self.0.one("request_uri").ok().flatten()?.strip_prefix(pushed::PREFIX)
    }

    /// The languages asked for, for an error page too. Never an error.
    pub fn ui_locales(&self) -> Vec<String> {
        checks::ui_locales(&self.0)
    }

    /// Checks the request of a client; `None` when no client has the id.
    ///
    /// # Errors
    /// [`AuthorizeError`]: a page while client and redirect URI are in doubt, a redirect after that.
    pub fn validate(&self, client: Option<&Client>, asked: &Asked<'_>) -> Result<AuthorizationRequest, AuthorizeError> {
        let client = self.known_client(client)?;
        let (redirect_uri, redirect_uri_sent) =
            checks::redirect_uri::read(&self.0, client).map_err(AuthorizeError::Page)?;
        let mut draft = AuthorizationRequest::draft(client, (redirect_uri, redirect_uri_sent), asked.now);
        match checks::run(&checks::Sent { params: &self.0, client, asked }, &mut draft) {
            Ok(()) => Ok(draft),
            Err(error) => {
                // A mode or state that is itself at fault can't be used to say so.
                draft.response_mode = checks::response_mode::read(&self.0).unwrap_or_default();
                draft.state = checks::state::read(&self.0).unwrap_or_default();
                Err(AuthorizeError::Redirect { to: Box::new(draft.return_to(client)), error })
            }
        }
    }

    /// Checks the request of a device (RFC 8628 §3.1), whose client has proved itself.
    ///
    /// # Errors
    /// `unauthorized_client`, and what the checks find.
    pub fn validate_device(
        &self,
        client: &AuthenticatedClient,
        asked: &Asked<'_>,
    ) -> Result<AuthorizationRequest, OAuthError> {
        let client = client.client();
        if !client.may_use(GrantType::DeviceCode) {
            let text = "the client may not let devices in: register it for the grant type of RFC 8628";
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, text));
        }
        let mut draft = AuthorizationRequest::draft(client, (String::new(), false), asked.now);
        checks::run_device(&checks::Sent { params: &self.0, client, asked }, &mut draft)?;
        Ok(draft)
    }

    /// Checks the request of a client that asks a person who is elsewhere (CIBA Core §7.1), and has proved itself.
    ///
    /// # Errors
    /// `unauthorized_client`, and what the checks find.
    pub fn validate_backchannel(
        &self,
        client: &AuthenticatedClient,
        asked: &Asked<'_>,
    ) -> Result<AuthorizationRequest, OAuthError> {
        let client = client.client();
        if !client.may_use(GrantType::Ciba) {
            let text = "the client may not ask people elsewhere: register it for the grant type of CIBA";
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, text));
        }
        if client.must_sign_backchannel() && !asked.signed {
            return Err(OAuthError::invalid_request("request is missing: this client has to sign its requests"));
        }
        let mut draft = AuthorizationRequest::draft(client, (String::new(), false), asked.now);
        checks::run_backchannel(&checks::Sent { params: &self.0, client, asked }, &mut draft)?;
        if !draft.is_openid() {
            return Err(OAuthError::new(ErrorCode::InvalidScope, "scope lacks openid: send it with the others"));
        }
        Ok(draft)
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
}
