//! Pushed authorization requests (RFC 9126).

use crate::client::Client;
use crate::error::OAuthError;
use crate::params::Params;
use crate::seconds;
use base::Secret;
use serde::Serialize;
use std::time::Duration;

/// How long a browser has to come with the name of a request. FAPI 2.0 wants less than ten minutes; a redirect takes
/// seconds.
pub const LIFETIME: Duration = Duration::from_secs(90);

/// What a `request_uri` of ours begins with (RFC 9126 §2.2).
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Parameters by which a client proves itself. They are no part of the request, and are not kept.
pub const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// The answer (RFC 9126 §2.2), by 201.
#[derive(Serialize)]
pub struct PushedResponse {
    request_uri: String,
    #[serde(with = "seconds")]
    expires_in: Duration,
}

impl PushedResponse {
    /// For a request that was kept under a secret.
    pub fn new(secret: &Secret) -> Self {
        Self { request_uri: format!("{PREFIX}{}", secret.reveal()), expires_in: LIFETIME }
    }
}

/// The parameters of a pushed request: those of the form, with the id of the client that proved itself.
///
/// # Errors
/// `invalid_request` for a `request_uri` within a pushed request (§2.1), or another client's id.
pub fn params(form: Params, client: &Client) -> Result<Params, OAuthError> {
    if form.one("request_uri")?.is_some() {
        return Err(OAuthError::invalid_request("request_uri has no place in a pushed request: send the parameters"));
    }
    match form.one("client_id")? {
        Some(id) if id == client.client_id => Ok(form),
        Some(_) => Err(OAuthError::invalid_request("client_id is not that of the client that proved itself")),
        None => Params::from_pairs([("client_id".to_owned(), client.client_id.clone())])?.and(form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::confidential;
    use base::{Rng, SecretKind};

    fn form(text: &str) -> Params {
        Params::decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_answer_is_a_name_that_nobody_guesses() {
        // RFC 9126 §2.2; 128 bits at least (§7.1).
        let secret = Secret::generate(SecretKind::PushedRequest, &Rng::seeded(1));
        let json = serde_json::to_value(PushedResponse::new(&secret)).unwrap();
        let name = json["request_uri"].as_str().unwrap().strip_prefix(PREFIX).unwrap();
        assert!(name.len() >= 22);
        assert_eq!(json["expires_in"], 90);
    }

    #[test]
    fn a_request_is_its_own_client_s() {
        let client = confidential();
        assert!(params(form("client_id=app&scope=openid"), &client).is_ok());
        assert_eq!(params(form("scope=openid"), &client).unwrap().one("client_id"), Ok(Some("app")));
        for bad in ["client_id=other", "request_uri=urn:x", "client_id=app&client_id=app"] {
            assert!(params(form(bad), &client).is_err(), "{bad}");
        }
    }
}
