//! `id_token_hint` (OpenID Connect Core §3.1.2.1): one that we issued to this client; an expired one will do.

use super::{AuthorizationRequest, OAuthError, Sent};

pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(token) = sent.params.one("id_token_hint")? else { return Ok(()) };
    let refuse = |detail| {
        OAuthError::invalid_request(
            "id_token_hint is not an ID token that this server issued to this app: leave it out",
        )
        .because(detail)
    };
    let claims = (sent.asked.hint)(token).ok_or_else(|| refuse("it does not verify"))?;
    if !claims.audience.contains(&sent.client.client_id) {
        return Err(refuse("it is another client's"));
    }
    if draft.hint_subject.as_ref().is_some_and(|wanted| *wanted != claims.subject) {
        return Err(OAuthError::invalid_request(
            "id_token_hint names another person than the claims parameter: send one of them",
        ));
    }
    draft.hint_subject = Some(claims.subject);
    Ok(())
}
