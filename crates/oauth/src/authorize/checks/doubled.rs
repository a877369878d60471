//! No parameter twice (RFC 6749 §3.1).

use super::{AuthorizationRequest, OAuthError, Sent};

/// Every parameter that means something here and may stand once; others are ignored, also when they stand twice.
const KNOWN: [&str; 22] = [
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
    "authorization_details",
    "dpop_jkt",
    "request",
    "request_uri",
    "registration",
];

pub(super) fn check(sent: &Sent<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    KNOWN.into_iter().try_for_each(|name| sent.params.one(name).map(drop).map_err(OAuthError::from))
}
