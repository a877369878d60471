//! The listener that asks apps for certificates (RFC 8705).
//!
//! It lets every certificate in, and none: that its owner holds the private key is what TLS proves, and whether anybody
//! vouches for it or registered it is looked at where a client proves itself.

use crate::config::mtls::Mtls;
use crate::say::Trouble;
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use oauth::certificate::ClientCertificate;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CipherSuite, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use std::any::Any;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use web::PeerCertificate;

/// How the listener speaks TLS.
///
/// # Errors
/// [`Trouble`] when certificate or key can't be read, or do not fit together.
pub(crate) fn config(mtls: &Mtls) -> Result<ServerConfig, Trouble> {
    let chain = pem("mtls.certificate_file", mtls.certificate_file.as_deref(), |bytes| {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
        chain.map_err(|e| e.to_string())
    })?;
    let key = pem("mtls.key_file", mtls.key_file.as_deref(), |bytes| {
        PrivateKeyDer::from_pem_slice(bytes).map_err(|e| e.to_string())
    })?;
    let provider = Arc::new(provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| Trouble::new(format!("TLS can't be set up: {e}")))?;
    let config = builder.with_client_cert_verifier(Arc::new(AnyCertificate(provider))).with_single_cert(chain, key);
    config.map_err(|e| Trouble::new(format!("mtls.certificate_file, mtls.key_file: {e}")))
}

/// What the listener speaks with TLS 1.2 (FAPI 1.0 Advanced §8.5; FAPI 2.0 and RFC 9325 recommend the same).
const WITH_TLS_1_2: [CipherSuite; 4] = [
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
];

/// Named, so that no other crate's choice of a process-wide one matters here.
fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.cipher_suites.retain(|known| known.tls13().is_some() || WITH_TLS_1_2.contains(&known.suite()));
    provider
}

/// Takes the certificate of a connection along, for the requests that come by it.
pub(crate) fn on_connect(connection: &dyn Any, data: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>() else { return };
    let Some((own, chain)) = stream.get_ref().1.peer_certificates().and_then(<[_]>::split_first) else { return };
    let chain = chain.iter().map(|certificate| certificate.to_vec()).collect();
    if let Some(certificate) = ClientCertificate::from_der(own.to_vec()) {
        data.insert(PeerCertificate(certificate.with_chain(chain)));
    }
}

fn pem<T>(key: &str, file: Option<&Path>, read: impl Fn(&[u8]) -> Result<T, String>) -> Result<T, Trouble> {
    let file = file.ok_or_else(|| Trouble::new(format!("{key} is not set")))?;
    let told = |e: &dyn Display| Trouble::new(format!("{key}: {}: {e}", file.display()));
    read(&std::fs::read(file).map_err(|e| told(&e))?).map_err(|e| told(&e))
}

/// Asks for a certificate, and takes any whose key its owner proves to hold.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listener_speaks_what_fapi_allows_with_tls_1_2() {
        let (newer, older): (Vec<_>, Vec<_>) =
            provider().cipher_suites.into_iter().partition(|known| known.tls13().is_some());
        assert!(!newer.is_empty());
        let older: Vec<_> = older.iter().map(|known| known.suite()).collect();
        assert_eq!(older.len(), WITH_TLS_1_2.len(), "{older:?}");
        assert!(older.iter().all(|known| WITH_TLS_1_2.contains(known)), "{older:?}");
    }
}
