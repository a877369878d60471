//! `max_age`: how old the sign-in may be, in seconds (OpenID Connect Core §3.1.2.1).

use super::{AuthorizationRequest, OAuthError, Sent};

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(text) = sent.params.one("max_age")? else { return Ok(()) };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    draft.max_age = match text.parse() {
        Ok(seconds) if digits => Some(seconds),
        _ => return Err(OAuthError::invalid_request("max_age is malformed: send whole seconds, 0 or more")),
    };
    Ok(())
}
