//! `prompt`: which pages the app wants shown (OpenID Connect Core §3.1.2.1).

use super::{AuthorizationRequest, MAX_LIST_VALUE, OAuthError, Sent};
use crate::prompt;

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if let Some(text) = sent.params.bounded("prompt", MAX_LIST_VALUE)? {
        draft.prompt = prompt::parse(text)?;
    }
    Ok(())
}
