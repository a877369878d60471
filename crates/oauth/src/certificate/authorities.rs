//! The authorities whose word counts for `tls_client_auth` (RFC 8705 §2.1).

use super::ClientCertificate;
use base::Timestamp;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::fmt;
use std::time::Duration;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// Authorities for the certificates of clients.
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authorities({})", self.0.len())
    }
}

/// The text holds no certificates of authorities.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it has to hold certificates of authorities as PEM, each from -----BEGIN CERTIFICATE----- on: {0}")]
pub struct InvalidAuthorities(String);

impl Authorities {
    /// Reads PEM.
    ///
    /// # Errors
    /// [`InvalidAuthorities`] when it holds none, or something else.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidAuthorities> {
        let told = |error: &dyn fmt::Display| InvalidAuthorities(error.to_string());
        let mut anchors = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| told(&error))?;
            anchors.push(anchor_from_trusted_cert(&certificate).map_err(|error| told(&error))?.to_owned());
        }
        if anchors.is_empty() {
            return Err(InvalidAuthorities("there is none".to_owned()));
        }
        Ok(Self(anchors))
    }

    /// Whether one of them stands behind a certificate now, for clients of TLS (RFC 5280 §6.1, §4.2.1.12).
    ///
    /// # Errors
    /// Why not, for the log.
    pub fn check(&self, certificate: &ClientCertificate, now: Timestamp) -> Result<(), String> {
        let (der, chain) = (CertificateDer::from(certificate.der.as_slice()), &certificate.chain);
        let chain: Vec<_> = chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(now.seconds().try_into().unwrap_or_default()));
        let checked = EndEntityCert::try_from(&der).and_then(|certificate| {
            let usage = KeyUsage::client_auth();
            certificate.verify_for_usage(ALL_VERIFICATION_ALGS, &self.0, &chain, now, usage, None, None).map(|_| ())
        });
        checked.map_err(|error| error.to_string())
    }
}
