//! `authorization_details` (RFC 9396 §2): what exactly is asked for, beyond what a scope can say.

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::authorization_details;

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(text) = sent.params.one("authorization_details")? else { return Ok(()) };
    draft.terms.authorization_details = authorization_details::read(text, &sent.client.requests.detail_types)?;
    Ok(())
}
