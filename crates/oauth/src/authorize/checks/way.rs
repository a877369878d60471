//! The way that a request has to come: pushed (RFC 9126 §5), signed (RFC 9101 §10.5).

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::authorize::Via;

pub(super) fn check(sent: &Sent<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if sent.client.must_push() && sent.asked.via == Via::Browser {
        return Err(OAuthError::invalid_request(
            "request_uri is missing: this app has to push its requests to the pushed authorization request endpoint first",
        ));
    }
    if sent.client.requests.require_signed && !sent.asked.signed {
        return Err(OAuthError::invalid_request("request is missing: this app has to sign its requests"));
    }
    Ok(())
}
