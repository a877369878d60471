//! What is not processed must be refused, not ignored (OpenID Connect Core §6 and §7.2.1). Request objects are opened
//! before these checks run; one that is still here can't be.

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::error::ErrorCode;

pub(super) fn check(sent: &Sent<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    for (name, code, advice) in [
        (
            "request",
            ErrorCode::RequestNotSupported,
            "request can't be read: register this app's keys, or send plain parameters",
        ),
        (
            "request_uri",
            ErrorCode::RequestUriNotSupported,
            "request_uri is not supported: push the request, or send plain parameters",
        ),
        ("registration", ErrorCode::RegistrationNotSupported, "registration is not supported: register the app first"),
    ] {
        if sent.params.one(name)?.is_some() {
            return Err(OAuthError::new(code, advice));
        }
    }
    Ok(())
}
