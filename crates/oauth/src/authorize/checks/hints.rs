//! What only helps: `login_hint`, `ui_locales`, `acr_values` (OpenID Connect Core §3.1.2.1). What can't be used is left
//! out rather than refused.

use super::{AuthorizationRequest, OAuthError, Params, Sent, list};

/// The longest login hint that is used, in bytes.
const MAX_LOGIN_HINT: usize = 320;

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    draft.login_hint = sent.params.bounded("login_hint", MAX_LOGIN_HINT).ok().flatten().map(str::to_owned);
    draft.ui_locales = ui_locales(sent.params);
    draft.acr_values = list(sent.params, "acr_values", |v| v.bytes().all(|b| b.is_ascii_graphic()));
    Ok(())
}

/// Language tags (RFC 5646), best first; what is no tag is left out.
pub(in super::super) fn ui_locales(params: &Params) -> Vec<String> {
    let tag = |t: &str| t.len() <= 35 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    list(params, "ui_locales", tag)
}
