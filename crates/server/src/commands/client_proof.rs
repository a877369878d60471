//! What an app proves itself with, from the command line.

use crate::cli::{self, Auth, Proof};
use crate::say::Trouble;
use oauth::certificate::CertificateName;
use oauth::client::{Client, ClientAuthMethod, ClientKeys};

/// The method's name in the standards.
pub(super) const fn method(auth: Auth) -> ClientAuthMethod {
    match auth {
        Auth::Basic => ClientAuthMethod::SecretBasic,
        Auth::Post => ClientAuthMethod::SecretPost,
        Auth::ClientSecretJwt => ClientAuthMethod::SecretJwt,
        Auth::PrivateKeyJwt => ClientAuthMethod::PrivateKeyJwt,
        Auth::TlsClient => ClientAuthMethod::TlsClientAuth,
        Auth::SelfSignedTlsClient => ClientAuthMethod::SelfSignedTlsClientAuth,
        Auth::None => ClientAuthMethod::None,
    }
}

/// The client with what is named; the rest stays as it was.
pub(super) fn apply(options: &Proof, client: Client) -> Result<Client, Trouble> {
    let mut client = client;
    if let Some(file) = &options.jwks {
        let told = |why: String| Trouble::new(format!("--jwks {}: {why}", file.display()));
        let text = std::fs::read(file).map_err(|e| told(e.to_string()))?;
        let set = serde_json::from_slice(&text).map_err(|e| told(format!("it is no JSON: {e}")))?;
        client.keys = ClientKeys { jwks: Some(set), jwks_uri: None };
    }
    if let Some(address) = &options.jwks_uri {
        client.keys = ClientKeys { jwks: None, jwks_uri: Some(address.clone()) };
    }
    if let Some(alg) = &options.assertion_alg {
        let parsed = alg.parse().map_err(|e| Trouble::new(format!("--assertion-alg {alg}: {e}")))?;
        client.proof.assertion_alg = Some(parsed);
    }
    if let Some(bound) = options.dpop {
        client.proof.dpop_bound = bound;
    }
    if let Some(bound) = options.certificate_bound {
        client.proof.certificate_bound = bound;
    }
    client.proof.certificate_name = match certificate_name(&options.certificate) {
        // What is named for another method is told as a mistake.
        Some(name) => Some(name),
        None => client.proof.certificate_name.filter(|_| client.auth_method == ClientAuthMethod::TlsClientAuth),
    };
    Ok(client)
}

fn certificate_name(options: &cli::CertificateName) -> Option<CertificateName> {
    let named = options.tls_client_auth_subject_dn.clone().map(CertificateName::SubjectDn);
    let named = named.or_else(|| options.tls_client_auth_san_dns.clone().map(CertificateName::SanDns));
    let named = named.or_else(|| options.tls_client_auth_san_uri.clone().map(CertificateName::SanUri));
    let named = named.or_else(|| options.tls_client_auth_san_ip.map(CertificateName::SanIp));
    named.or_else(|| options.tls_client_auth_san_email.clone().map(CertificateName::SanEmail))
}
