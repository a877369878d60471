//! `state` (RFC 6749 §4.1.1): given back unchanged.

use super::{AuthorizationRequest, OAuthError, Params, Sent};

/// The longest state, in bytes. What is longer is refused, never cut.
const MAX_STATE: usize = 4096;

pub(in super::super) fn read(params: &Params) -> Result<Option<String>, OAuthError> {
    Ok(params.bounded("state", MAX_STATE)?.map(str::to_owned))
}

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    draft.state = read(sent.params)?;
    Ok(())
}
