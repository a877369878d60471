//! The token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). Goes out with `Cache-Control: no-store`.

use crate::authorization_details::AuthorizationDetail;
use crate::scope::Scope;
use crate::seconds;
use serde::Serialize;
use std::time::Duration;

/// The tokens that a client gets. It holds secrets, so it has no `Debug`.
#[derive(Serialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// How it is used: `Bearer` (RFC 6750).
    pub token_type: &'static str,
    /// How long it works, in seconds.
    #[serde(with = "seconds")]
    pub expires_in: Duration,
    /// The refresh token, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token, if the scope has `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// What was granted: always told, as it may be less than was asked for.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: Scope,
    /// What exactly was allowed (RFC 9396 §7).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<AuthorizationDetail>,
    /// What kind of token it is: told where one was exchanged for another (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<&'static str>,
}

impl TokenResponse {
    /// An access token alone.
    pub const fn new(access_token: String, expires_in: Duration, scope: Scope) -> Self {
        Self {
            access_token,
            token_type: "Bearer",
            expires_in,
            refresh_token: None,
            id_token: None,
            scope,
            authorization_details: Vec::new(),
            issued_token_type: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_the_standard_says() {
        let response = TokenResponse::new("at".into(), Duration::from_secs(300), "openid".parse().unwrap());
        let json = serde_json::to_string(&response).unwrap();
        assert_eq!(json, r#"{"access_token":"at","token_type":"Bearer","expires_in":300,"scope":"openid"}"#);
    }
}
