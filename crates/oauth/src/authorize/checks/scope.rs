//! `scope` (RFC 6749 §3.3).

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::error::ErrorCode;
use crate::scope::Scope;

/// Narrowed to what the client may have; unknown words fall away (OpenID Connect Core §3.1.2.1).
pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(text) = sent.params.one("scope")? else {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "scope is missing: send openid at least"));
    };
    draft.scope = text.parse::<Scope>()?.intersection(&sent.client.scope);
    if draft.scope.is_empty() {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "scope has nothing that this app may have: ask for what it is registered for",
        ));
    }
    Ok(())
}
