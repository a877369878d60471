//! What the client registered for where its requests say nothing: `default_max_age`, `default_acr_values` (OpenID Connect
//! Dynamic Client Registration 1.0 §2).

use super::{AuthorizationRequest, OAuthError, Sent};

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let rules = &sent.client.requests;
    draft.max_age = draft.max_age.or(rules.default_max_age);
    // An essential wish for some acr, without values, is a wish of its own.
    if draft.acr_values.is_empty() && !draft.acr_essential {
        draft.acr_values.clone_from(&rules.default_acr_values);
    }
    Ok(())
}
