//! `response_type` (RFC 6749 §3.1.1): `code` and nothing else (RFC 9700 §2.1.2).

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::client::GrantType;
use crate::error::ErrorCode;

pub(super) fn check(sent: &Sent<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if sent.params.required("response_type")? != "code" {
        return Err(OAuthError::new(
            ErrorCode::UnsupportedResponseType,
            "response_type is not supported: use code, with PKCE",
        ));
    }
    if !sent.client.may_use(GrantType::AuthorizationCode) {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "response_type code is not for this app: register it for the grant type authorization_code",
        ));
    }
    Ok(())
}
