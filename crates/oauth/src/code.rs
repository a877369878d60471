//! The authorization code (RFC 6749 §4.1.2): what it stands for, and who may redeem it.

use crate::authorize::AuthorizationRequest;
use crate::client::Client;
use crate::client_auth::AuthenticatedClient;
use crate::confirmation::Confirmation;
use crate::error::OAuthError;
use crate::pkce;
use crate::scope::Scope;
use crate::token_request::AuthorizationCodeRequest;
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};

/// What is stored beside a code's hash. Whether it was used is the store's to know: one guarded update decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The client that it was issued to.
    pub client_id: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// Whether the token request has to name the redirect URI.
    pub redirect_uri_sent: bool,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// The key that it is bound to (RFC 9449 §10).
    #[serde(default)]
    pub dpop_jkt: Option<String>,
    /// What was granted.
    pub scope: Scope,
    /// For the ID token.
    pub nonce: Option<String>,
    /// What its tokens hang on.
    pub grant: Id,
    /// Who signed in.
    pub account: Id,
    /// In which session (`sid`).
    pub session: Id,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// How much that proves.
    pub acr: String,
    /// How they did (RFC 8176).
    pub amr: Vec<String>,
    /// Since when.
    pub issued_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Who signed in, and how: what a code adds to the request that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// The new grant.
    pub grant: Id,
    /// Who signed in.
    pub account: Id,
    /// In which session.
    pub session: Id,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// How much that proves.
    pub acr: String,
    /// How they did (RFC 8176).
    pub amr: Vec<String>,
}

impl Code {
    /// The code for a request that is granted now.
    pub fn issue(request: &AuthorizationRequest, who: Authentication, client: &Client, now: Timestamp) -> Self {
        Self {
            client_id: client.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            redirect_uri_sent: request.redirect_uri_sent,
            code_challenge: request.code_challenge.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
            scope: request.scope.clone(),
            nonce: request.nonce.clone(),
            grant: who.grant,
            account: who.account,
            session: who.session,
            auth_time: who.auth_time,
            acr: who.acr,
            amr: who.amr,
            issued_at: now,
            expires_at: now.plus(client.code_lifetime),
        }
    }

    /// Checks whether a token request may have what the code stands for. To be asked before the code is used
    /// up, so that a stranger's attempt costs the owner nothing.
    ///
    /// # Errors
    /// `invalid_grant`, with one sentence for every cause.
    pub fn redeem(
        &self,
        request: &AuthorizationCodeRequest,
        client: &AuthenticatedClient,
        now: Timestamp,
    ) -> Result<(), OAuthError> {
        self.check_client(client)?;
        self.check_age(now)?;
        self.check_redirect_uri(request)?;
        pkce::verify(self.code_challenge.as_deref(), request.code_verifier.as_deref().map(String::as_str))
    }

    /// Checks whether who redeems it has shown the key that it is bound to, if it is.
    ///
    /// # Errors
    /// `invalid_dpop_proof` without a proof, `invalid_grant` with another key's (RFC 9449 §10).
    pub fn check_key(&self, shown: &Confirmation) -> Result<(), OAuthError> {
        match (&self.dpop_jkt, &shown.jkt) {
            (Some(_), None) => Err(crate::dpop::missing()),
            (Some(own), Some(shown)) if own != shown => {
                Err(OAuthError::invalid_grant("the code is bound to another key"))
            }
            _ => Ok(()),
        }
    }

    fn check_client(&self, client: &AuthenticatedClient) -> Result<(), OAuthError> {
        if self.client_id == client.client().client_id {
            Ok(())
        } else {
            Err(OAuthError::invalid_grant("the code is another client's"))
        }
    }

    fn check_age(&self, now: Timestamp) -> Result<(), OAuthError> {
        if now < self.expires_at { Ok(()) } else { Err(OAuthError::invalid_grant("the code is expired")) }
    }

    /// RFC 6749 §4.1.3: the same bytes, and there if they were there before.
    fn check_redirect_uri(&self, request: &AuthorizationCodeRequest) -> Result<(), OAuthError> {
        match &request.redirect_uri {
            Some(sent) if *sent == self.redirect_uri => Ok(()),
            Some(_) => Err(OAuthError::invalid_grant("redirect_uri differs from the authorization request's")),
            None if self.redirect_uri_sent => Err(OAuthError::invalid_grant("redirect_uri is missing")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{confidential, public};
    use crate::client_auth::tests::authenticated;
    use crate::error::ErrorCode;
    use crate::token_request::Wanted;
    use base::{Rng, Secret, SecretKind};
    use std::time::Duration;
    use zeroize::Zeroizing;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn code() -> Code {
        Code {
            client_id: "app".into(),
            redirect_uri: "https://app.example.com/cb".into(),
            redirect_uri_sent: true,
            code_challenge: Some(pkce::challenge_of(VERIFIER)),
            dpop_jkt: None,
            scope: "openid".parse().unwrap(),
            nonce: None,
            grant: Id::from_bytes([1; 16]),
            account: Id::from_bytes([2; 16]),
            session: Id::from_bytes([3; 16]),
            auth_time: NOW,
            acr: "pwd".into(),
            amr: vec!["pwd".into()],
            issued_at: NOW,
            expires_at: NOW.plus(Duration::from_secs(60)),
        }
    }

    fn request(uri: Option<&str>, verifier: Option<&str>) -> AuthorizationCodeRequest {
        AuthorizationCodeRequest {
            wanted: Wanted::default(),
            code: Secret::generate(SecretKind::Code, &Rng::seeded(1)),
            redirect_uri: uri.map(str::to_owned),
            code_verifier: verifier.map(|v| Zeroizing::new(v.to_owned())),
        }
    }

    fn good() -> AuthorizationCodeRequest {
        request(Some("https://app.example.com/cb"), Some(VERIFIER))
    }

    #[track_caller]
    fn refused(result: Result<(), OAuthError>) -> String {
        let error = result.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidGrant);
        error.detail().unwrap().to_owned()
    }

    #[test]
    fn its_own_client_redeems_it_within_a_minute() {
        let client = authenticated(public());
        assert_eq!(code().redeem(&good(), &client, NOW), Ok(()));
        assert_eq!(code().redeem(&good(), &client, NOW.plus(Duration::from_millis(59_999))), Ok(()));
        assert!(refused(code().redeem(&good(), &client, NOW.plus(Duration::from_secs(60)))).contains("expired"));
    }

    /// CVE-2026-55672, CVE-2026-28513, CVE-2026-16089.
    #[test]
    fn another_client_can_not_redeem_it() {
        let other = authenticated(Client { client_id: "other".into(), ..confidential() });
        assert!(refused(code().redeem(&good(), &other, NOW)).contains("another client"));
    }

    #[test]
    fn the_redirect_uri_has_to_be_the_same() {
        let client = authenticated(public());
        for uri in [None, Some("https://app.example.com/cb/"), Some("https://evil.example/")] {
            assert!(refused(code().redeem(&request(uri, Some(VERIFIER)), &client, NOW)).contains("redirect_uri"));
        }
        let implied = Code { redirect_uri_sent: false, ..code() };
        assert_eq!(implied.redeem(&request(None, Some(VERIFIER)), &client, NOW), Ok(()));
        assert_eq!(implied.redeem(&good(), &client, NOW), Ok(()));
        assert!(implied.redeem(&request(Some("https://evil.example/"), Some(VERIFIER)), &client, NOW).is_err());
    }

    #[test]
    fn the_verifier_has_to_fit_and_to_be_asked_for() {
        let client = authenticated(public());
        let uri = Some("https://app.example.com/cb");
        assert!(refused(code().redeem(&request(uri, None), &client, NOW)).contains("missing"));
        let wrong = VERIFIER.to_lowercase();
        assert!(refused(code().redeem(&request(uri, Some(&wrong)), &client, NOW)).contains("match"));
        let bare = Code { code_challenge: None, ..code() };
        assert!(refused(bare.redeem(&good(), &client, NOW)).contains("without"));
        assert_eq!(bare.redeem(&request(uri, None), &client, NOW), Ok(()));
    }

    #[test]
    fn the_key_that_it_is_bound_to_has_to_be_shown() {
        let shown = |jkt: Option<&str>| Confirmation { jkt: jkt.map(str::to_owned), certificate: None };
        let bound = Code { dpop_jkt: Some("a".into()), ..code() };
        assert_eq!(bound.check_key(&shown(Some("a"))), Ok(()));
        assert_eq!(bound.check_key(&shown(None)).unwrap_err().code, ErrorCode::InvalidDpopProof);
        assert!(refused(bound.check_key(&shown(Some("b")))).contains("another key"));
        assert_eq!(code().check_key(&shown(Some("b"))), Ok(()));
    }

    #[test]
    fn it_comes_back_from_storage_as_it_was() {
        let json = serde_json::to_string(&code()).unwrap();
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code());
    }
}
