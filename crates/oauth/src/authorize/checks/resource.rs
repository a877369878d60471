//! `resource` (RFC 8707 §2.1): the APIs that the tokens are for. It may stand several times.

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::resource;

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    draft.terms.resources = resource::read(sent.params, &sent.client.requests.resources)?;
    Ok(())
}
