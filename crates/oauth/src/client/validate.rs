//! What can be registered, and what to write instead.

use super::{Client, ClientAuthMethod, GrantType, MAX_CODE_LIFETIME};
use crate::jose::{JwsAlg, SigningAlg};
use crate::redirect_uri::RedirectUri;
use crate::resource::is_resource;
use std::collections::BTreeSet;
use std::time::Duration;
use url::Url;

const MAX_ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 3600);
const MAX_REFRESH_TOKEN_LIFETIME: Duration = Duration::from_secs(400 * 24 * 3600);
const MAX_REDIRECT_URIS: usize = 50;
const MAX_CLIENT_ID: usize = 256;
const MAX_NAME: usize = 100;

/// What is wrong with a client's registration: the field, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {advice}")]
pub struct InvalidClient {
    /// The field at fault.
    pub field: &'static str,
    /// What to write instead.
    pub advice: &'static str,
}

impl Client {
    /// Checks what is to be registered.
    ///
    /// # Errors
    /// [`InvalidClient`] naming the first field at fault.
    pub fn validate(&self) -> Result<(), InvalidClient> {
        self.check_identity()?;
        self.check_authentication()?;
        self.check_redirect_uris()?;
        self.check_lifetimes()?;
        self.check_profile()?;
        self.tokens.check(self.is_fapi(), &self.keys)?;
        self.check_subject()?;
        self.check_requests()?;
        self.check_exchange()?;
        self.logout.check(&self.redirect_uris)?;
        self.check_backchannel()?;
        self.check_links()
    }

    /// FAPI 2.0 Security Profile §5.3.2.1 and §5.4.1.
    fn check_profile(&self) -> Result<(), InvalidClient> {
        if !self.is_fapi() {
            return Ok(());
        }
        if !self.auth_method.has_keys() && !self.auth_method.is_by_certificate() {
            return refuse(
                "auth_method",
                "use private_key_jwt, tls_client_auth or self_signed_tls_client_auth: FAPI 2.0 takes no shared secret",
            );
        }
        if self.may_use(GrantType::DeviceCode) {
            return refuse(
                "grant_types",
                "leave the device grant out: FAPI 2.0 lets nobody in by a code that is typed",
            );
        }
        if self.id_token_alg == SigningAlg::RS256 {
            return refuse("id_token_alg", "use ES256 or EdDSA: FAPI 2.0 does not allow RS256");
        }
        Ok(())
    }

    fn check_subject(&self) -> Result<(), InvalidClient> {
        if self.subject.pairwise && self.sector().is_none() {
            return refuse(
                "sector_identifier_uri",
                "name the document that lists the redirect URIs: a pairwise subject is for one sector",
            );
        }
        Ok(())
    }

    fn check_requests(&self) -> Result<(), InvalidClient> {
        let rules = &self.requests;
        if rules.require_signed && !self.keys.can_verify() {
            return refuse("require_signed", "register the client's keys, which its requests are signed with");
        }
        if rules.object_alg.is_some_and(|alg| !JwsAlg::ASYMMETRIC.contains(&alg)) {
            return refuse("object_alg", "use PS256, ES256, EdDSA or RS256");
        }
        let for_itself = |types: &BTreeSet<GrantType>| types.contains(&GrantType::ClientCredentials);
        if !self.auth_method.is_confidential() && self.grant_types.as_ref().is_some_and(for_itself) {
            return refuse("grant_types", "client_credentials is for clients that prove themselves: leave it out");
        }
        if rules.resources.len() > MAX_REDIRECT_URIS || !rules.resources.iter().all(|uri| is_resource(uri)) {
            return refuse("resources", "use at most 50 absolute URIs without fragment");
        }
        let is_word =
            |text: &String| (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if rules.detail_types.len() > MAX_REDIRECT_URIS || !rules.detail_types.iter().all(is_word) {
            return refuse("authorization_details_types", "use at most 50 words of at most 100 characters");
        }
        rules.check()
    }

    fn check_identity(&self) -> Result<(), InvalidClient> {
        let id = &self.client_id;
        if id.is_empty() || id.len() > MAX_CLIENT_ID || !id.bytes().all(|b| b.is_ascii_graphic()) {
            return refuse("client_id", "use 1 to 256 characters of printable ASCII without spaces");
        }
        if self.name.trim().is_empty() || self.name.len() > MAX_NAME || self.name.chars().any(is_hidden) {
            return refuse("name", "use 1 to 100 bytes without control characters");
        }
        Ok(())
    }

    fn check_authentication(&self) -> Result<(), InvalidClient> {
        match (self.auth_method.has_secret(), self.secret_hash.is_some()) {
            (true, false) => return refuse("auth_method", "give the client a secret, or use the method none"),
            (false, true) => return refuse("auth_method", "this method has no secret: use client_secret_basic"),
            _ => {}
        }
        self.keys.validate()?;
        if self.auth_method.has_keys() && !self.keys.can_verify() {
            return refuse("jwks", "register the client's public keys for signatures: RSA, P-256 or Ed25519");
        }
        if self.auth_method == ClientAuthMethod::SelfSignedTlsClientAuth && !self.keys.can_identify() {
            return refuse("jwks", "register the client's certificate, as x5c of its key, or the key alone");
        }
        self.proof.validate(self.auth_method)?;
        if !self.auth_method.is_confidential() && !self.require_pkce {
            return refuse("require_pkce", "leave PKCE required: a public client has no other protection");
        }
        if !self.auth_method.is_confidential() && self.resource_server {
            return refuse(
                "resource_server",
                "give the client a secret or a key: only a confidential client may introspect",
            );
        }
        Ok(())
    }

    fn check_redirect_uris(&self) -> Result<(), InvalidClient> {
        if self.redirect_uris.len() > MAX_REDIRECT_URIS {
            return refuse("redirect_uris", "register at most 50");
        }
        if self.post_logout_redirect_uris.len() > MAX_REDIRECT_URIS {
            return refuse("post_logout_redirect_uris", "register at most 50");
        }
        let redirects = self.may_use(GrantType::AuthorizationCode);
        if self.redirect_uris.is_empty() && !self.auth_method.is_confidential() && redirects {
            return refuse("redirect_uris", "register at least one");
        }
        // A scheme of its own can be claimed by any app on the device, so a secret would prove nothing there.
        if self.auth_method.is_confidential() && self.redirect_uris.iter().any(RedirectUri::is_private_use) {
            return refuse("redirect_uris", "a scheme of the app's own is for public clients: use the method none");
        }
        Ok(())
    }

    fn check_lifetimes(&self) -> Result<(), InvalidClient> {
        let within = |span: Duration, max: Duration| span >= Duration::from_secs(1) && span <= max;
        if !within(self.code_lifetime, MAX_CODE_LIFETIME) {
            return refuse("code_lifetime", "use 1 to 60 seconds");
        }
        if !within(self.access_token_lifetime, MAX_ACCESS_TOKEN_LIFETIME) {
            return refuse("access_token_lifetime", "use 1 second to 1 day");
        }
        if !within(self.refresh_token_lifetime, MAX_REFRESH_TOKEN_LIFETIME) {
            return refuse("refresh_token_lifetime", "use 1 second to 400 days");
        }
        Ok(())
    }

    fn check_links(&self) -> Result<(), InvalidClient> {
        for (field, link) in [
            ("home_url", &self.home_url),
            ("logo_uri", &self.logo_uri),
            ("policy_uri", &self.policy_uri),
            ("tos_uri", &self.tos_uri),
        ] {
            if link.as_deref().is_some_and(|l| !is_web_link(l)) {
                return refuse(field, "use an https address of at most 2048 bytes, or http on localhost");
            }
        }
        Ok(())
    }
}

/// What is not seen, and what would have the name read in another order than it is written.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn refuse(field: &'static str, advice: &'static str) -> Result<(), InvalidClient> {
    Err(InvalidClient { field, advice })
}

/// These links are shown to people, so nothing but web pages may hide behind them.
pub(super) fn is_web_link(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    let plain = link.len() <= 2048 && link.bytes().all(|b| b.is_ascii_graphic());
    let bare = url.username().is_empty() && url.password().is_none();
    let secure = match url.scheme() {
        "https" => true,
        "http" => url.host().is_some_and(|h| base::origin::is_loopback(&h)),
        _ => false,
    };
    plain && bare && secure
}
