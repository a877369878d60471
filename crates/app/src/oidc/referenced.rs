//! Requests that an app publishes, and names by their address (RFC 9101 §5.2, OpenID Connect Core §6.2).
//!
//! Whoever opens a link has us fetch something, so nothing is fetched unless the operator wants it and the app has registered
//! that very address. It goes through the guarded client, and how often an address is asked, strangers do not decide.

use super::published::fetch;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use oauth::client::{Client, without_fragment};
use oauth::error::ErrorCode;
use oauth::request_object::{MAX_FETCHED, is_media_type};
use oauth::{OAuthError, Params};
use outbound::Outbound;
use std::time::Duration;

/// How long what was fetched is used.
const FRESH: Duration = Duration::from_secs(60);

/// A request object, as it was fetched.
pub(crate) struct PublishedRequest {
    token: String,
    /// The whole address: what follows a `#` changes with the document.
    address: String,
}

impl Here {
    /// The parameters with the request object in the place of its address. An address that is not to be fetched stays where
    /// it is, and is refused by name later.
    ///
    /// # Errors
    /// `invalid_request_uri`; `invalid_request` for an address beside a request (RFC 9101 §5).
    pub(super) async fn dereferenced(&self, params: Params, client: &Client) -> Answer<Params, OAuthError> {
        // What has to be pushed comes no other way.
        if !self.settings().requests_by_reference || client.must_push() || !client.keys.can_verify() {
            return Ok(params);
        }
        let (address, beside) = match (params.one("request_uri"), params.one("request")) {
            (Ok(Some(address)), Ok(beside)) => (address.to_owned(), beside.is_some()),
            (Ok(None), _) => return Ok(params),
            (Err(doubled), _) | (_, Err(doubled)) => return refuse(doubled.into()),
        };
        if beside {
            return refuse(OAuthError::invalid_request("request_uri stands beside request: send one of them"));
        }
        let no = |text: &str| OAuthError::new(ErrorCode::InvalidRequestUri, text);
        if !client.requests.may_be_at(&address) {
            return refuse(no("request_uri is none that this app registered: add it to request_uris"));
        }
        let token = match self.published_request(&address).await {
            Ok(token) => token,
            Err(why) => return refuse(no(&format!("request_uri: the request there can't be used: {why}"))),
        };
        match params.without(&["request_uri"]).with("request", token) {
            Ok(params) => Ok(params),
            Err(error) => refuse(error),
        }
    }

    /// The request object at an address: the one at hand while it is fresh and the address is the same to the last letter.
    async fn published_request(&self, address: &str) -> Result<String, String> {
        let (outbound, known, now) = (&self.parts().outbound, self.published_requests(), self.now());
        let sent = without_fragment(address);
        let found = known.get(sent, (false, now), read(outbound, address)).await?;
        if found.address == address {
            return Ok(found.token.clone());
        }
        let found = known.get(sent, (true, now), read(outbound, address)).await?;
        Ok(found.token.clone())
    }
}

async fn read(outbound: &Outbound, address: &str) -> Result<(PublishedRequest, Duration), String> {
    let answer = fetch(outbound, without_fragment(address)).await?;
    let kind = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
    if !kind.is_some_and(is_media_type) {
        return Err("its media type is neither application/oauth-authz-req+jwt nor application/jwt".to_owned());
    }
    if answer.body.len() > MAX_FETCHED {
        return Err("it is longer than 16 KiB".to_owned());
    }
    let token = String::from_utf8(answer.body.to_vec()).map_err(|_| "it is no JWT".to_owned())?;
    Ok((PublishedRequest { token: token.trim().to_owned(), address: address.to_owned() }, FRESH))
}
