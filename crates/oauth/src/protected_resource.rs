//! What apps read of this server's own APIs, before they have a token for them (RFC 9728).

use crate::jose::JwsAlg;
use crate::scope;
use serde::Serialize;

/// The document (RFC 9728 §2). One resource, the issuer itself: it is the audience of the tokens for userinfo and for the
/// account API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResourceMetadata {
    resource: String,
    authorization_servers: [String; 1],
    jwks_uri: String,
    scopes_supported: [&'static str; 5],
    bearer_methods_supported: [&'static str; 1],
    resource_name: String,
    dpop_signing_alg_values_supported: [JwsAlg; 4],
    dpop_bound_access_tokens_required: bool,
}

impl ResourceMetadata {
    /// The document of an issuer, whose keys are at an address and whose name people read.
    pub fn new(issuer: &str, jwks_uri: String, name: &str) -> Self {
        Self {
            resource: issuer.to_owned(),
            authorization_servers: [issuer.to_owned()],
            jwks_uri,
            scopes_supported: [scope::OPENID, scope::PROFILE, scope::EMAIL, scope::PHONE, scope::NOTICES],
            bearer_methods_supported: ["header"],
            resource_name: name.to_owned(),
            dpop_signing_alg_values_supported: JwsAlg::ASYMMETRIC,
            dpop_bound_access_tokens_required: false,
        }
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// [`base::Fault`] when it can't be written.
    pub fn to_json(&self) -> Result<String, base::Fault> {
        serde_json::to_string(self).map_err(|e| base::Fault::new("write the metadata of the resource", e))
    }
}

/// A `WWW-Authenticate` header that also says where the document is (RFC 9728 §5.1), in the scheme that comes first.
pub fn with_metadata(challenge: &str, address: &str) -> String {
    let (first, rest) = challenge.split_once(", DPoP ").map_or((challenge, None), |(first, rest)| (first, Some(rest)));
    let comma = if first.contains(' ') { "," } else { "" };
    let told = format!("{first}{comma} resource_metadata=\"{address}\"");
    rest.map_or_else(|| told.clone(), |rest| format!("{told}, DPoP {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_resource_and_its_server_are_the_issuer() {
        let issuer = "https://id.example.com";
        let document = ResourceMetadata::new(issuer, format!("{issuer}/oauth/jwks"), "Acme").to_json().unwrap();
        let document: Value = serde_json::from_str(&document).unwrap();
        assert_eq!((&document["resource"], &document["authorization_servers"]), (&json!(issuer), &json!([issuer])));
        assert_eq!(document["bearer_methods_supported"], json!(["header"]));
        assert_eq!(document["dpop_bound_access_tokens_required"], json!(false));
    }

    #[test]
    fn the_address_stands_with_the_scheme_that_comes_first() {
        let told = |challenge| with_metadata(challenge, "https://x/");
        assert_eq!(told("Bearer"), "Bearer resource_metadata=\"https://x/\"");
        assert_eq!(told("DPoP error=\"e\""), "DPoP error=\"e\", resource_metadata=\"https://x/\"");
        let both = "Bearer error=\"e\", resource_metadata=\"https://x/\", DPoP algs=\"ES256\"";
        assert_eq!(told("Bearer error=\"e\", DPoP algs=\"ES256\""), both);
    }
}
