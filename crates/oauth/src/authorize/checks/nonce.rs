//! `nonce` (OpenID Connect Core §3.1.2.1): comes back in the ID token.

use super::{AuthorizationRequest, OAuthError, Sent};

/// The longest nonce, in bytes.
const MAX_NONCE: usize = 1024;

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    draft.nonce = sent.params.bounded("nonce", MAX_NONCE)?.map(str::to_owned);
    Ok(())
}
