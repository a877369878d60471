//! Client certificates (RFC 8705): which one a connection has, whose it is, and how a token is bound to it.
//!
//! That the caller holds the private key was seen by whoever ended the TLS connection. Here names and keys are compared, and
//! [`Authorities`] tell whether a certificate comes from one that counts.

mod authorities;
mod name;
#[cfg(test)]
mod tests;

pub use authorities::{Authorities, InvalidAuthorities};
pub use name::CertificateName;

use crate::jose::{ClientKeySet, PublicJwk};
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::fmt;
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::{OID_EC_P256, OID_SIG_ED25519};
use x509_parser::parse_x509_certificate;
use x509_parser::public_key::PublicKey;

/// The longest certificate, in bytes of DER.
const MAX_DER: usize = 16 * 1024;
/// The most certificates between it and an authority.
const MAX_CHAIN: usize = 8;

/// A certificate that a connection has.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    der: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.thumbprint())
    }
}

impl ClientCertificate {
    /// Reads the header in which a proxy tells of the certificate: `:base64:` (RFC 9440 §2.1), or PEM with percent escapes, as
    /// nginx writes it (`$ssl_client_escaped_cert`). `None` when it is neither.
    pub fn from_header(value: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(value).ok()?.trim();
        let der = match text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) {
            Some(encoded) => STANDARD.decode(encoded).ok()?,
            None => pem(&percent_encoding::percent_decode_str(text).decode_utf8().ok()?)?,
        };
        Self::from_der(der)
    }

    /// From DER. `None` when it is no X.509 certificate, or too long.
    pub fn from_der(der: Vec<u8>) -> Option<Self> {
        let whole = der.len() <= MAX_DER && parse_x509_certificate(&der).is_ok_and(|(rest, _)| rest.is_empty());
        whole.then_some(Self { der, chain: Vec::new() })
    }

    /// With what came beside it in the handshake, on the way to an authority.
    #[must_use]
    pub fn with_chain(self, chain: Vec<Vec<u8>>) -> Self {
        Self { chain: chain.into_iter().take(MAX_CHAIN).collect(), ..self }
    }

    /// What tokens are bound to (`x5t#S256`, RFC 8705 §3.1).
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &self.der).as_ref())
    }

    /// Whether it has the name that a client registered (RFC 8705 §2.1).
    pub fn has_name(&self, name: &CertificateName) -> bool {
        self.parsed().is_some_and(|certificate| name.is_of(&certificate))
    }

    /// Whether a client registered it (RFC 8705 §2.2): as the certificate of a key (`x5c`), or by its key alone.
    pub fn is_among(&self, keys: &ClientKeySet) -> bool {
        if keys.certificates().contains(&self.der) {
            return true;
        }
        let own = self.public_jwk();
        keys.keys().iter().any(|key| !key.has_certificate && own.as_ref() == Some(&key.jwk))
    }

    /// Its key; `None` for a kind that is not known here.
    pub(crate) fn public_jwk(&self) -> Option<PublicJwk> {
        self.parsed().and_then(|certificate| jwk_of(&certificate))
    }

    fn parsed(&self) -> Option<X509Certificate<'_>> {
        parse_x509_certificate(&self.der).ok().map(|(_, certificate)| certificate)
    }
}

fn pem(text: &str) -> Option<Vec<u8>> {
    let body = text.trim().strip_prefix("-----BEGIN CERTIFICATE-----")?.strip_suffix("-----END CERTIFICATE-----")?;
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(body).ok()
}

fn jwk_of(certificate: &X509Certificate<'_>) -> Option<PublicJwk> {
    let key = certificate.public_key();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    match key.parsed().ok()? {
        PublicKey::RSA(rsa) => {
            let plain = |bytes: &[u8]| text(bytes.strip_prefix(&[0]).unwrap_or(bytes));
            Some(PublicJwk::Rsa { n: plain(rsa.modulus), e: plain(rsa.exponent) })
        }
        // SEC 1 §2.3.3: a byte 4, then both coordinates.
        PublicKey::EC(point) => {
            let curve = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
            let (x, y) = point.data().strip_prefix(&[4])?.split_at_checked(32)?;
            (curve == OID_EC_P256 && y.len() == 32).then(|| PublicJwk::Ec { x: text(x), y: text(y) })
        }
        PublicKey::Unknown(bytes) if key.algorithm.algorithm == OID_SIG_ED25519 => {
            Some(PublicJwk::Okp { x: text(bytes) })
        }
        _ => None,
    }
}
