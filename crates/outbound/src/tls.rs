//! Whom TLS trusts.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// The roots are the machine's own store, so that an operator adds and removes authorities where everything
/// else on the machine looks; on a machine without one (an image made from scratch) they are Mozilla's,
/// compiled in. Both are checked by webpki: on Linux a platform verifier does the same with the same store,
/// but refuses to start without one. Extra authorities are added to either.
pub(crate) fn config(extra_ca_pem: &[String]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        tracing::info!("no certificate store on this machine: the built-in list of authorities is used");
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    }
    for pem in extra_ca_pem {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| format!("the extra CA is not PEM: {error}"))?;
            roots.add(certificate).map_err(|error| format!("the extra CA can't be used: {error}"))?;
            count += 1;
        }
        if count == 0 {
            return Err("the extra CA has no certificate: it must hold -----BEGIN CERTIFICATE-----".to_owned());
        }
    }
    // The provider is named, so that no other crate's choice of a process-wide one matters here.
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS can't be set up: {error}"))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_ca_that_is_none_is_told_apart() {
        assert!(config(&[]).is_ok());
        assert!(config(&["nonsense".to_owned()]).unwrap_err().contains("no certificate"));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
        assert!(config(&[broken]).is_err());
    }
}
