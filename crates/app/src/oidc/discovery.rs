//! What apps read first: metadata and keys.

use crate::here::Here;
use base::{Fault, routes};
use identity::login::acr;
use oauth::authorize::HintClaims;
use oauth::id_token::verify_hint;
use oauth::metadata::{Endpoints, Metadata};
use oauth::protected_resource::ResourceMetadata;

impl Here {
    /// The metadata document (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). `languages` are those of the pages.
    ///
    /// # Errors
    /// [`Fault`] when it can't be written.
    pub fn discovery(&self, languages: &[&str]) -> Result<String, Fault> {
        let keys = self.keys();
        let mut metadata = Metadata::new(self.issuer(), Endpoints::of(&self.tenant().origin), &keys.algs());
        if let Some(certificates) = &self.settings().certificates {
            let elsewhere = certificates.origin.as_ref().map(Endpoints::of);
            metadata = metadata.with_certificates(certificates.authorities.is_some(), elsewhere);
        }
        metadata
            .with_own_scopes(self.own_scopes())
            .with_acr_values(acr::SUPPORTED.iter().map(|value| (*value).to_owned()).collect())
            .with_registration(self.takes_registrations().then(|| self.url(routes::REGISTER_CLIENT)))
            .with_client_documents(self.reads_documents())
            .with_ui_locales(languages.iter().map(|tag| (*tag).to_owned()).collect())
            .to_json()
    }

    /// The metadata of our own APIs as a protected resource (RFC 9728 §3).
    ///
    /// # Errors
    /// [`Fault`] when it can't be written.
    pub fn resource_metadata(&self) -> Result<String, Fault> {
        ResourceMetadata::new(self.issuer(), self.url(routes::JWKS), &self.tenant().name).to_json()
    }

    /// The public keys (RFC 7517 §5).
    pub fn jwks(&self) -> String {
        self.keys().jwks().to_owned()
    }

    /// What an ID token of ours says, whatever its age; nothing if it is not ours.
    pub(super) fn hint(&self, token: &str) -> Option<HintClaims> {
        verify_hint(self.keys().published(), token, self.issuer(), self.now()).ok()
    }
}
