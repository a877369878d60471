//! What an app proves itself with, from the command line.

use crate::cli::{Auth, Proof};
use crate::say::Trouble;
use oauth::client::{Client, ClientAuthMethod, ClientKeys};

/// The method's name in the standards.
pub(super) const fn method(auth: Auth) -> ClientAuthMethod {
    match auth {
        Auth::Basic => ClientAuthMethod::SecretBasic,
        Auth::Post => ClientAuthMethod::SecretPost,
        Auth::ClientSecretJwt => ClientAuthMethod::SecretJwt,
        Auth::PrivateKeyJwt => ClientAuthMethod::PrivateKeyJwt,
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
    Ok(client)
}
