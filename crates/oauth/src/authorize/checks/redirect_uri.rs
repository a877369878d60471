//! `redirect_uri` (RFC 6749 §3.1.2): registered, byte for byte.

use super::{Client, OAuthError, Params};
use crate::redirect_uri::MAX_REDIRECT_URI;
use crate::scope;

/// The redirect URI to answer to, and whether the request named it.
pub(in super::super) fn read(params: &Params, client: &Client) -> Result<(String, bool), OAuthError> {
    match params.bounded("redirect_uri", MAX_REDIRECT_URI)? {
        Some(sent) if client.redirect_uris.iter().any(|uri| uri.matches(sent)) => Ok((sent.to_owned(), true)),
        Some(_) => Err(OAuthError::invalid_request(
            "redirect_uri is not registered for this app: register it exactly as it is sent",
        )),
        None => implied(params, client).map(|uri| (uri, false)),
    }
}

/// Plain OAuth may leave it out when only one is registered (RFC 6749 §3.1.2.3); OpenID Connect may not, nor may a
/// pushed request of FAPI 2.0 (§5.3.2.2).
fn implied(params: &Params, client: &Client) -> Result<String, OAuthError> {
    let openid = params.one("scope").ok().flatten().is_some_and(|s| s.split(' ').any(|t| t == scope::OPENID));
    match client.redirect_uris.as_slice() {
        [only] if !openid && !client.is_fapi() => Ok(only.as_str().to_owned()),
        _ => Err(OAuthError::invalid_request("redirect_uri is missing: the app has to send it")),
    }
}
