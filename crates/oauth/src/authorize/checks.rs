//! One check for each parameter of an authorization request.

use super::HintVerifier;
use crate::client::Client;
use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use crate::pkce;
use crate::prompt::{self, Prompt};
use crate::redirect_uri::MAX_REDIRECT_URI;
use crate::response::ResponseMode;
use crate::scope::{self, Scope};
use std::collections::BTreeSet;

/// The longest client id that is looked at, in bytes.
pub(super) const MAX_CLIENT_ID: usize = 256;
/// The longest state, in bytes. What is longer is refused, never cut.
const MAX_STATE: usize = 4096;
/// The longest nonce, in bytes.
const MAX_NONCE: usize = 1024;
/// The longest login hint that is used, in bytes.
const MAX_LOGIN_HINT: usize = 320;
/// The most values of a list that are used.
const MAX_LIST: usize = 10;
/// The longest value of a list that is used, in bytes.
const MAX_LIST_VALUE: usize = 128;

/// Every parameter that means something here; others are ignored, also when they stand twice.
const KNOWN: [&str; 20] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "ui_locales",
    "acr_values",
    "display",
    "claims",
    "request",
    "request_uri",
    "registration",
];

/// The redirect URI to answer to, and whether the request named it.
pub(super) fn redirect_uri(params: &Params, client: &Client) -> Result<(String, bool), OAuthError> {
    match params.bounded("redirect_uri", MAX_REDIRECT_URI)? {
        Some(sent) if client.redirect_uris.iter().any(|uri| uri.matches(sent)) => Ok((sent.to_owned(), true)),
        Some(_) => Err(OAuthError::invalid_request(
            "redirect_uri is not registered for this app: register it exactly as it is sent",
        )),
        None => implied_redirect_uri(params, client).map(|uri| (uri, false)),
    }
}

/// Plain OAuth may leave it out when only one is registered (RFC 6749 §3.1.2.3); OpenID Connect may not.
fn implied_redirect_uri(params: &Params, client: &Client) -> Result<String, OAuthError> {
    let openid = params.one("scope").ok().flatten().is_some_and(|s| s.split(' ').any(|t| t == scope::OPENID));
    match client.redirect_uris.as_slice() {
        [only] if !openid => Ok(only.as_str().to_owned()),
        _ => Err(OAuthError::invalid_request("redirect_uri is missing: the app has to send it")),
    }
}

pub(super) fn state(params: &Params) -> Result<Option<String>, OAuthError> {
    Ok(params.bounded("state", MAX_STATE)?.map(str::to_owned))
}

/// RFC 6749 §3.1.
pub(super) fn no_parameter_twice(params: &Params) -> Result<(), OAuthError> {
    for name in KNOWN {
        params.one(name)?;
    }
    Ok(())
}

/// OpenID Connect Core §6 and §7.2.1: what is not processed must be refused, not ignored.
pub(super) fn no_request_object(params: &Params) -> Result<(), OAuthError> {
    for (name, code) in [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ] {
        if params.one(name)?.is_some() {
            return Err(OAuthError::new(code, &format!("{name} is not supported: send plain parameters")));
        }
    }
    Ok(())
}

pub(super) fn response_type(params: &Params) -> Result<(), OAuthError> {
    match params.required("response_type")? {
        "code" => Ok(()),
        _ => Err(OAuthError::new(
            ErrorCode::UnsupportedResponseType,
            "response_type is not supported: use code, with PKCE",
        )),
    }
}

pub(super) fn response_mode(params: &Params) -> Result<ResponseMode, OAuthError> {
    match params.one("response_mode")? {
        None | Some("query") => Ok(ResponseMode::Query),
        Some("form_post") => Ok(ResponseMode::FormPost),
        Some(_) => Err(OAuthError::invalid_request("response_mode is not supported: use query or form_post")),
    }
}

/// Narrowed to what the client may have; unknown words fall away (OpenID Connect Core §3.1.2.1).
pub(super) fn scope(params: &Params, client: &Client) -> Result<Scope, OAuthError> {
    let Some(text) = params.one("scope")? else {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "scope is missing: send openid at least"));
    };
    let granted = text.parse::<Scope>()?.intersection(&client.scope);
    if granted.is_empty() {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "scope has nothing that this app may have: ask for what it is registered for",
        ));
    }
    Ok(granted)
}

pub(super) fn nonce(params: &Params) -> Result<Option<String>, OAuthError> {
    Ok(params.bounded("nonce", MAX_NONCE)?.map(str::to_owned))
}

/// S256 and nothing else (RFC 7636 §4.3, RFC 9700 §2.1.1).
pub(super) fn code_challenge(params: &Params, client: &Client) -> Result<Option<String>, OAuthError> {
    let method = params.one("code_challenge_method")?;
    let Some(challenge) = params.one("code_challenge")? else {
        if method.is_some() {
            return Err(OAuthError::invalid_request(
                "code_challenge is missing beside code_challenge_method: send both",
            ));
        }
        if client.require_pkce || !client.auth_method.is_confidential() {
            return Err(OAuthError::invalid_request(
                "code_challenge is missing: use PKCE with code_challenge_method S256",
            ));
        }
        return Ok(None);
    };
    if method != Some("S256") {
        return Err(OAuthError::invalid_request("code_challenge_method is not supported: use S256"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(OAuthError::invalid_request(
            "code_challenge is malformed: send the base64url SHA-256 of the verifier, 43 characters without padding",
        ));
    }
    Ok(Some(challenge.to_owned()))
}

pub(super) fn prompt(params: &Params) -> Result<BTreeSet<Prompt>, OAuthError> {
    params.bounded("prompt", MAX_LIST_VALUE)?.map_or_else(|| Ok(BTreeSet::new()), prompt::parse)
}

pub(super) fn max_age(params: &Params) -> Result<Option<u32>, OAuthError> {
    let Some(text) = params.one("max_age")? else { return Ok(None) };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(seconds)),
        _ => Err(OAuthError::invalid_request("max_age is malformed: send whole seconds, 0 or more")),
    }
}

/// Only fills in a form, so what can't be used is left out rather than refused.
pub(super) fn login_hint(params: &Params) -> Option<String> {
    params.bounded("login_hint", MAX_LOGIN_HINT).ok().flatten().map(str::to_owned)
}

/// Language tags (RFC 5646), best first; what is no tag is left out.
pub(super) fn ui_locales(params: &Params) -> Vec<String> {
    let tag = |t: &str| t.len() <= 35 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    list(params, "ui_locales", tag)
}

pub(super) fn acr_values(params: &Params) -> Vec<String> {
    list(params, "acr_values", |v| v.bytes().all(|b| b.is_ascii_graphic()))
}

fn list(params: &Params, name: &'static str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let text = params.one(name).ok().flatten().unwrap_or_default();
    let values = text.split(' ').filter(|v| !v.is_empty() && v.len() <= MAX_LIST_VALUE && fits(v));
    values.take(MAX_LIST).map(str::to_owned).collect()
}

/// The subject of an `id_token_hint` that we issued to this client; an expired one will do.
pub(super) fn hint_subject(
    params: &Params,
    client: &Client,
    verify: HintVerifier<'_>,
) -> Result<Option<String>, OAuthError> {
    let Some(token) = params.one("id_token_hint")? else { return Ok(None) };
    let refuse = |detail| {
        OAuthError::invalid_request(
            "id_token_hint is not an ID token that this server issued to this app: leave it out",
        )
        .because(detail)
    };
    let claims = verify(token).ok_or_else(|| refuse("it does not verify"))?;
    if claims.audience.contains(&client.client_id) {
        Ok(Some(claims.subject))
    } else {
        Err(refuse("it is another client's"))
    }
}
