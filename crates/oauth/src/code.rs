//! The authorization code (RFC 6749 §4.1.2): what it stands for, how it travels, and who may redeem it.
//!
//! A code carries what it stands for, sealed: to hand one out, nothing is written. The grant that it becomes is what is kept, by the
//! id that stands in the code, and so it is used once (`docs/adr/0015`).

use crate::authorize::AuthorizationRequest;
use crate::client::Client;
use crate::client_auth::AuthenticatedClient;
use crate::confirmation::Confirmation;
use crate::error::OAuthError;
use crate::grant_terms::GrantTerms;
use crate::pkce;
use crate::scope::Scope;
use crate::token_request::AuthorizationCodeRequest;
use base::{Fault, Id, Keyring, Rng, Secret, SecretKind, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What a sealed code begins with.
const SEALED: &str = "wb_cd_";
/// The longest code that is handed out, in bytes: proxies take headers of 4 KiB, and the redirect URI and `state` stand beside it.
const MAX_TEXT: usize = 2_048;

/// What a code stands for. The names are short in its text, which travels in an address. Whether it was used is the store's to
/// know: its grant is there then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The client that it was issued to.
    #[serde(rename = "c")]
    pub client_id: String,
    /// Where it was sent.
    #[serde(rename = "u")]
    pub redirect_uri: String,
    /// Whether the token request has to name the redirect URI.
    #[serde(rename = "us")]
    pub redirect_uri_sent: bool,
    /// The S256 challenge.
    #[serde(rename = "cc", default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// The key that it is bound to (RFC 9449 §10).
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
    /// What was granted.
    #[serde(rename = "s")]
    pub scope: Scope,
    /// For the ID token.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// What was agreed beside the scope.
    #[serde(rename = "t", default, skip_serializing_if = "is_plain")]
    pub terms: GrantTerms,
    /// Who signed in, and how.
    #[serde(rename = "w")]
    pub who: Authentication,
    /// Since when.
    #[serde(rename = "i")]
    pub issued_at: Timestamp,
    /// Until when.
    #[serde(rename = "e")]
    pub expires_at: Timestamp,
}

fn is_plain(terms: &GrantTerms) -> bool {
    *terms == GrantTerms::default()
}

/// Who signed in, and how: what a code adds to the request that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The grant that it becomes.
    #[serde(rename = "g")]
    pub grant: Id,
    /// Who signed in.
    #[serde(rename = "a")]
    pub account: Id,
    /// In which session (`sid`).
    #[serde(rename = "s")]
    pub session: Id,
    /// Since when the app is among the person's connected ones: were it taken away and allowed anew, this code would be of before.
    #[serde(rename = "y")]
    pub connected_at: Timestamp,
    /// When the person proved who they are.
    #[serde(rename = "t")]
    pub auth_time: Timestamp,
    /// How much that proves.
    #[serde(rename = "r")]
    pub acr: String,
    /// How they did (RFC 8176).
    #[serde(rename = "m")]
    pub amr: Vec<String>,
}

/// A code as an app brings it back.
pub enum CodeText {
    /// With all that it stands for inside.
    Sealed(Zeroizing<String>),
    /// What would have been too long for an address is kept under this.
    Kept(Secret),
}

impl CodeText {
    /// Reads a code. `None` for what can't be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(sealed) = text.strip_prefix(SEALED) {
            return (text.len() <= MAX_TEXT).then(|| Self::Sealed(Zeroizing::new(sealed.to_owned())));
        }
        Secret::parse(SecretKind::Code, text).map(Self::Kept)
    }
}

/// What codes of an issuer are sealed for: no other value of ours can be taken for one.
fn place(issuer: &str) -> String {
    format!("authorization code of {issuer}")
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
            terms: request.terms.clone(),
            who,
            issued_at: now,
            expires_at: now.plus(client.code_lifetime),
        }
    }

    /// Its text, to be handed out; `None` when what was agreed is too much for an address, and has to be kept.
    ///
    /// # Errors
    /// [`Fault`] when it can't be written.
    pub fn seal(&self, issuer: &str, keyring: &Keyring, rng: &Rng) -> Result<Option<Zeroizing<String>>, Fault> {
        let mut text = Zeroizing::new(Vec::with_capacity(MAX_TEXT));
        serde_json::to_writer(&mut *text, self).map_err(|e| Fault::new("write a code", e))?;
        let sealed = keyring.seal_apart(&place(issuer), &text, rng)?;
        let text = Zeroizing::new(format!("{SEALED}{}", URL_SAFE_NO_PAD.encode(sealed)));
        Ok(Some(text).filter(|text| text.len() <= MAX_TEXT))
    }

    /// Reads what was sealed here. `None` for anything else.
    pub fn open(sealed: &str, issuer: &str, keyring: &Keyring) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let text = keyring.open_apart(&place(issuer), &sealed).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Checks whether a token request may have what the code stands for. To be asked before the code is used
    /// up, so that a stranger's attempt costs the owner nothing. How old it is comes after, as a used code has no age:
    /// [`Code::check_age`].
    ///
    /// # Errors
    /// `invalid_grant`, with one sentence for every cause.
    pub fn redeem(&self, request: &AuthorizationCodeRequest, client: &AuthenticatedClient) -> Result<(), OAuthError> {
        self.check_client(client)?;
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

    /// Checks whether it can still be used.
    ///
    /// # Errors
    /// `invalid_grant`.
    pub fn check_age(&self, now: Timestamp) -> Result<(), OAuthError> {
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
            terms: GrantTerms::default(),
            who: Authentication {
                grant: Id::from_bytes([1; 16]),
                account: Id::from_bytes([2; 16]),
                session: Id::from_bytes([3; 16]),
                connected_at: NOW,
                auth_time: NOW,
                acr: "pwd".into(),
                amr: vec!["pwd".into()],
            },
            issued_at: NOW,
            expires_at: NOW.plus(Duration::from_secs(60)),
        }
    }

    fn request(uri: Option<&str>, verifier: Option<&str>) -> AuthorizationCodeRequest {
        AuthorizationCodeRequest {
            wanted: Wanted::default(),
            code: CodeText::Kept(Secret::generate(SecretKind::Code, &Rng::seeded(1))),
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
        assert_eq!(code().redeem(&good(), &client), Ok(()));
        assert_eq!(code().check_age(NOW.plus(Duration::from_millis(59_999))), Ok(()));
        assert!(refused(code().check_age(NOW.plus(Duration::from_secs(60)))).contains("expired"));
    }

    /// CVE-2026-55672, CVE-2026-28513, CVE-2026-16089.
    #[test]
    fn another_client_can_not_redeem_it() {
        let other = authenticated(Client { client_id: "other".into(), ..confidential() });
        assert!(refused(code().redeem(&good(), &other)).contains("another client"));
    }

    #[test]
    fn the_redirect_uri_has_to_be_the_same() {
        let client = authenticated(public());
        for uri in [None, Some("https://app.example.com/cb/"), Some("https://evil.example/")] {
            assert!(refused(code().redeem(&request(uri, Some(VERIFIER)), &client)).contains("redirect_uri"));
        }
        let implied = Code { redirect_uri_sent: false, ..code() };
        assert_eq!(implied.redeem(&request(None, Some(VERIFIER)), &client), Ok(()));
        assert_eq!(implied.redeem(&good(), &client), Ok(()));
        assert!(implied.redeem(&request(Some("https://evil.example/"), Some(VERIFIER)), &client).is_err());
    }

    #[test]
    fn the_verifier_has_to_fit_and_to_be_asked_for() {
        let client = authenticated(public());
        let uri = Some("https://app.example.com/cb");
        assert!(refused(code().redeem(&request(uri, None), &client)).contains("missing"));
        let wrong = VERIFIER.to_lowercase();
        assert!(refused(code().redeem(&request(uri, Some(&wrong)), &client)).contains("match"));
        let bare = Code { code_challenge: None, ..code() };
        assert!(refused(bare.redeem(&good(), &client)).contains("without"));
        assert_eq!(bare.redeem(&request(uri, None), &client), Ok(()));
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

    fn ring() -> (Keyring, Rng) {
        let rng = Rng::seeded(1);
        (Keyring::generate(&rng), rng)
    }

    #[test]
    fn it_comes_back_as_it_was_handed_out() {
        let (ring, rng) = ring();
        let text = code().seal("https://id.example.com", &ring, &rng).unwrap().unwrap();
        assert!(text.len() < 700, "{}", text.len());
        assert!(
            text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)),
            "nothing to escape in an address"
        );
        let Some(CodeText::Sealed(sealed)) = CodeText::parse(&text) else { panic!("not read") };
        assert_eq!(Code::open(&sealed, "https://id.example.com", &ring), Some(code()));
        assert_eq!(Code::open(&sealed, "https://id.example.org", &ring), None, "another issuer's");
        let (other, _) = (Keyring::generate(&rng), ());
        assert_eq!(Code::open(&sealed, "https://id.example.com", &other), None);
        assert_ne!(text, code().seal("https://id.example.com", &ring, &rng).unwrap().unwrap());
    }

    #[test]
    fn a_code_that_was_changed_anywhere_is_none() {
        let (ring, rng) = ring();
        let text = code().seal("https://id.example.com", &ring, &rng).unwrap().unwrap();
        let sealed = text.strip_prefix(SEALED).unwrap();
        for i in 0..sealed.len() {
            let mut changed = sealed.as_bytes().to_vec();
            changed[i] = if changed[i] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                Code::open(std::str::from_utf8(&changed).unwrap(), "https://id.example.com", &ring),
                None,
                "{i}"
            );
        }
        assert_eq!(Code::open(&sealed[..sealed.len() - 1], "https://id.example.com", &ring), None);
    }

    #[test]
    fn an_access_token_that_is_sealed_is_no_code() {
        let (ring, rng) = ring();
        let text = serde_json::to_vec(&code()).unwrap();
        let other =
            URL_SAFE_NO_PAD.encode(ring.seal_apart("access token of https://id.example.com", &text, &rng).unwrap());
        assert_eq!(Code::open(&other, "https://id.example.com", &ring), None);
    }

    #[test]
    fn what_is_too_much_for_an_address_is_kept() {
        let (ring, rng) = ring();
        let long = Code { nonce: Some("n".repeat(2_000)), ..code() };
        assert!(long.seal("https://id.example.com", &ring, &rng).unwrap().is_none());
        assert!(CodeText::parse(&format!("{SEALED}{}", "A".repeat(MAX_TEXT))).is_none());
        let kept = Secret::generate(SecretKind::Code, &rng);
        assert!(matches!(CodeText::parse(&kept.reveal()), Some(CodeText::Kept(_))));
        assert!(CodeText::parse(&Secret::generate(SecretKind::Link, &rng).reveal()).is_none());
    }

    #[test]
    fn it_comes_back_from_storage_as_it_was() {
        let json = serde_json::to_string(&code()).unwrap();
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code());
    }
}
