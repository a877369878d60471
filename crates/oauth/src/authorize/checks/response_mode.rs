//! `response_mode` (OAuth 2.0 Multiple Response Types §2.1, JARM §2.3).

use super::{AuthorizationRequest, OAuthError, Params, Sent};
use crate::response::ResponseMode;

pub(in super::super) fn read(params: &Params) -> Result<ResponseMode, OAuthError> {
    let Some(text) = params.one("response_mode")? else { return Ok(ResponseMode::default()) };
    ResponseMode::of(text).ok_or_else(|| {
        OAuthError::invalid_request("response_mode is not supported: use query, fragment, form_post, or one with .jwt")
    })
}

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    draft.response_mode = read(sent.params)?;
    Ok(())
}
