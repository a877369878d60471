//! `dpop_jkt` (RFC 9449 §10): the key that the code is bound to.

use super::{AuthorizationRequest, OAuthError, Sent};

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let jkt = sent.params.one("dpop_jkt")?;
    if jkt.is_some_and(|jkt| !crate::dpop::is_thumbprint(jkt)) {
        return Err(OAuthError::invalid_request(
            "dpop_jkt is malformed: send the base64url SHA-256 thumbprint of the key, 43 characters without padding",
        ));
    }
    draft.dpop_jkt = jkt.map(str::to_owned);
    Ok(())
}
