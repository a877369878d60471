//! What apps read first: metadata and keys.

use crate::here::Here;
use base::{Fault, SecretHash, routes};
use bytes::Bytes;
use identity::login::acr;
use oauth::authorize::HintClaims;
use oauth::id_token::verify_hint;
use oauth::metadata::{Endpoints, Metadata};
use oauth::protected_resource::ResourceMetadata;
use std::sync::OnceLock;

/// A document that is the same for everybody: written once, and again when tenant and keys are read again.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its text.
    pub text: Bytes,
    /// Its entity tag (RFC 9110 §8.8.3), in quotes.
    pub tag: String,
}

/// The documents of a tenant that were asked for.
#[derive(Default)]
pub(crate) struct Documents {
    discovery: OnceLock<Document>,
    resource: OnceLock<Document>,
}

impl Document {
    pub(crate) fn new(text: String) -> Self {
        let tag = format!("\"{}\"", SecretHash::of(text.as_bytes()).to_base64url());
        Self { text: text.into(), tag }
    }
}

fn kept(place: &OnceLock<Document>, write: impl FnOnce() -> Result<String, Fault>) -> Result<Document, Fault> {
    match place.get() {
        Some(document) => Ok(document.clone()),
        None => {
            let document = Document::new(write()?);
            Ok(place.get_or_init(|| document).clone())
        }
    }
}

impl Here {
    /// The metadata document (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). `languages` are those of the pages,
    /// which are the same at each call.
    ///
    /// # Errors
    /// [`Fault`] when it can't be written.
    pub fn discovery(&self, languages: &[&str]) -> Result<Document, Fault> {
        kept(&self.written().discovery, || self.write_discovery(languages))
    }

    fn write_discovery(&self, languages: &[&str]) -> Result<String, Fault> {
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
            .with_requests_by_reference(self.settings().requests_by_reference)
            .with_ui_locales(languages.iter().map(|tag| (*tag).to_owned()).collect())
            .to_json()
    }

    /// The metadata of our own APIs as a protected resource (RFC 9728 §3).
    ///
    /// # Errors
    /// [`Fault`] when it can't be written.
    pub fn resource_metadata(&self) -> Result<Document, Fault> {
        let write = || ResourceMetadata::new(self.issuer(), self.url(routes::JWKS), &self.tenant().name).to_json();
        kept(&self.written().resource, write)
    }

    /// The public keys (RFC 7517 §5).
    pub fn jwks(&self) -> Document {
        self.keys().jwks().clone()
    }

    /// What an ID token of ours says, whatever its age; nothing if it is not ours.
    pub(super) fn hint(&self, token: &str) -> Option<HintClaims> {
        verify_hint(self.keys().published(), token, self.issuer(), self.now()).ok()
    }
}
