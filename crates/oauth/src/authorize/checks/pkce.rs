//! `code_challenge`: S256 and nothing else (RFC 7636 §4.3, RFC 9700 §2.1.1).

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::pkce;

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let method = sent.params.one("code_challenge_method")?;
    let Some(challenge) = sent.params.one("code_challenge")? else {
        return without(method.is_some(), sent);
    };
    if method != Some("S256") {
        return Err(OAuthError::invalid_request("code_challenge_method is not supported: use S256"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(OAuthError::invalid_request(
            "code_challenge is malformed: send the base64url SHA-256 of the verifier, 43 characters without padding",
        ));
    }
    draft.code_challenge = Some(challenge.to_owned());
    Ok(())
}

fn without(method: bool, sent: &Sent<'_>) -> Result<(), OAuthError> {
    if method {
        return Err(OAuthError::invalid_request("code_challenge is missing beside code_challenge_method: send both"));
    }
    if sent.client.must_use_pkce() {
        return Err(OAuthError::invalid_request("code_challenge is missing: use PKCE with code_challenge_method S256"));
    }
    Ok(())
}
