//! Token exchange (RFC 8693): a token of ours becomes another, for the same person, that reaches less far. Who acts for them
//! then stands in it, unless the operator lets the client go without.

use crate::access_token::VerifiedAccessToken;
use crate::authorization_details::{self, AuthorizationDetail};
use crate::client_auth::AuthenticatedClient;
use crate::confirmation::Confirmation;
use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use crate::resource;
use crate::scope::{OFFLINE_ACCESS, Scope};
use crate::token_request::{Target, Wanted};
use crate::token_text::TokenText;
use base::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// `issued_token_type` of every answer (RFC 8693 §3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
/// How many may act for one another.
const MAX_ACTORS: usize = 4;

/// What kind of token is exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// An access token.
    AccessToken,
    /// An ID token.
    IdToken,
}

/// `grant_type=urn:ietf:params:oauth:grant-type:token-exchange` (RFC 8693 §2.1).
#[derive(Debug)]
pub struct TokenExchangeRequest {
    /// Of which kind the token is.
    pub kind: SubjectKind,
    /// The token that says for whom.
    pub subject: TokenText,
    /// The token that says who acts; the client itself when left out.
    pub actor: Option<TokenText>,
    scope: Option<Scope>,
    wanted: Wanted,
}

/// Who acts for the person, and for whom in turn (`act`, RFC 8693 §4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The client, or a person as their client knows them.
    pub sub: String,
    /// Who acted before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub act: Option<Box<Self>>,
}

/// Who alone may act by a token (`may_act`, RFC 8693 §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MayAct {
    /// The client.
    pub sub: String,
}

/// What is exchanged: a token that was verified, and what its grant allows.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The client that it was issued to.
    pub client_id: String,
    /// How far it reaches.
    pub scope: Scope,
    /// What it is for.
    pub audience: Vec<String>,
    /// What exactly it allows.
    pub authorization_details: Vec<AuthorizationDetail>,
    /// The APIs that the person's grant was limited to.
    pub resources: Vec<String>,
    /// Who acts by it.
    pub act: Option<Actor>,
    /// Who alone may.
    pub may_act: Option<MayAct>,
    /// The key that it is bound to.
    pub confirmation: Confirmation,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// The token to be minted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// How far it reaches.
    pub scope: Scope,
    /// What it is for.
    pub target: Target,
    /// Who acts.
    pub act: Option<Actor>,
    /// How long it works.
    pub lifetime: Duration,
}

impl TokenExchangeRequest {
    pub(crate) fn read(form: &Params) -> Result<Self, OAuthError> {
        let kind = match form.required("subject_token_type")? {
            ACCESS_TOKEN => SubjectKind::AccessToken,
            ID_TOKEN => SubjectKind::IdToken,
            _ => {
                return Err(OAuthError::invalid_request(
                    "subject_token_type is not supported: exchange an access token or an ID token of ours",
                ));
            }
        };
        if form.one("requested_token_type")?.is_some_and(|wanted| wanted != ACCESS_TOKEN) {
            return Err(OAuthError::invalid_request("requested_token_type is not supported: ask for an access token"));
        }
        let subject = TokenText::new(form.required("subject_token")?);
        let subject =
            subject.ok_or_else(|| OAuthError::invalid_request("subject_token is too long: send one of ours"))?;
        let actor = match (form.one("actor_token")?, form.one("actor_token_type")?) {
            (None, None) => None,
            (Some(token), Some(ACCESS_TOKEN)) => TokenText::new(token),
            _ => {
                return Err(OAuthError::invalid_request(
                    "actor_token and actor_token_type belong together: send an access token of ours with its type",
                ));
            }
        };
        let scope = form.one("scope")?.map(str::parse::<Scope>).transpose()?;
        Ok(Self { kind, subject, actor, scope, wanted: Wanted::of_exchange(form)? })
    }
}

impl Subject {
    /// What an access token says, and what its grant was limited to.
    pub fn of(token: VerifiedAccessToken, resources: Vec<String>) -> Self {
        Self {
            client_id: token.client_id,
            scope: token.scope,
            audience: token.audience,
            authorization_details: token.authorization_details,
            resources,
            act: token.act,
            may_act: token.may_act,
            confirmation: token.confirmation,
            expires_at: token.expires_at,
        }
    }
}

/// The refusal of a token that can't be exchanged (RFC 8693 §2.2.2), with one sentence for every cause.
pub fn unacceptable(detail: &'static str) -> OAuthError {
    let text = "subject_token or actor_token is not one that this app may exchange: it is wrong, expired, revoked, or \
                another app's that its settings do not name";
    OAuthError::invalid_request(text).because(detail)
}

/// Decides what a client gets for a token: never more than the token, its grant and the client's own registration allow.
/// `actor` is whom an actor token names; `shown` the keys that the request proves.
///
/// # Errors
/// `invalid_request`, `invalid_scope`, `invalid_target`, `invalid_authorization_details`, `invalid_dpop_proof`.
pub fn decide(
    request: &TokenExchangeRequest,
    subject: &Subject,
    actor: Option<String>,
    (client, shown): (&AuthenticatedClient, &Confirmation),
    (issuer, now): (&str, Timestamp),
) -> Result<Exchanged, OAuthError> {
    // A token that is bound to a key does not become one that whoever bears it may use.
    subject.confirmation.check_refresh(shown, client.is_confidential())?;
    let act = acting(subject, actor, client)?;
    let lifetime = client.client().access_token_lifetime.min(subject.expires_at.since(now));
    Ok(Exchanged {
        scope: scope(request, subject, client)?,
        target: target(request, subject, client, issuer)?,
        act,
        lifetime,
    })
}

fn acting(subject: &Subject, actor: Option<String>, client: &AuthenticatedClient) -> Result<Option<Actor>, OAuthError> {
    let row = client.client();
    let own = subject.client_id == row.client_id;
    if !own && !row.exchange.from.contains(&subject.client_id) {
        return Err(unacceptable("issued to a client that this one's settings do not name"));
    }
    let acts = actor.unwrap_or_else(|| row.client_id.clone());
    let named = subject.may_act.as_ref().is_none_or(|only| only.sub == acts || only.sub == row.client_id);
    if !own && !named {
        return Err(unacceptable("may_act names somebody else"));
    }
    // Its own token, for itself: nobody else acts. Or the operator lets it appear as the person.
    if acts == row.client_id && (own || row.exchange.impersonate) {
        return Ok(subject.act.clone());
    }
    let act = Actor { sub: acts, act: subject.act.clone().map(Box::new) };
    match depth(&act) {
        1..=MAX_ACTORS => Ok(Some(act)),
        _ => Err(unacceptable("too many act for one another")),
    }
}

fn depth(actor: &Actor) -> usize {
    std::iter::successors(Some(actor), |actor| actor.act.as_deref()).take(MAX_ACTORS + 1).count()
}

/// Nothing outlives the exchange: a refresh token is not given, so its scope is not either.
fn scope(request: &TokenExchangeRequest, subject: &Subject, client: &AuthenticatedClient) -> Result<Scope, OAuthError> {
    let allowed = subject.scope.intersection(&client.client().scope).without(OFFLINE_ACCESS);
    let scope = match &request.scope {
        None => allowed,
        Some(wanted) if wanted.is_subset(&allowed) => wanted.clone(),
        Some(_) => {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "scope is more than the subject_token has, or this app may have: ask for less",
            ));
        }
    };
    if scope.is_empty() {
        let text = "scope would be empty: the subject_token has nothing that this app may have";
        return Err(OAuthError::new(ErrorCode::InvalidScope, text));
    }
    Ok(scope)
}

/// The APIs: of those that the client may call, those that the grant names; where it names none, those of the token, which
/// opens all of them when it is for this server itself.
fn target(
    request: &TokenExchangeRequest,
    subject: &Subject,
    client: &AuthenticatedClient,
    issuer: &str,
) -> Result<Target, OAuthError> {
    let own = &client.client().requests.resources;
    let ours = subject.audience.iter().any(|audience| audience == issuer);
    let allowed: Vec<String> = match (subject.resources.is_empty(), ours) {
        (true, true) => own.clone(),
        (true, false) => own.iter().filter(|api| subject.audience.contains(api)).cloned().collect(),
        (false, _) => own.iter().filter(|api| subject.resources.contains(api)).cloned().collect(),
    };
    let asked = resource::read(&request.wanted.resources, &allowed)?;
    let audience = match asked.is_empty() {
        false => asked,
        true => subject.audience.clone(),
    };
    if !audience.iter().all(|api| api == issuer || allowed.contains(api)) {
        let text =
            "resource is missing: the subject_token is for an API that this app may not call, so name one that it may";
        return Err(OAuthError::new(ErrorCode::InvalidTarget, text));
    }
    let details = match &request.wanted.details {
        Some(text) => Some(authorization_details::read(text, &client.client().requests.detail_types)?),
        None => None,
    };
    Ok(Target {
        audience,
        authorization_details: authorization_details::narrow(&subject.authorization_details, details)?,
    })
}

#[cfg(test)]
mod tests;
