//! The discovery document (OpenID Connect Discovery 1.0 §3, RFC 8414 §2): exactly what is on, no more.

use crate::claims;
use crate::client::{ClientAuthMethod, DeliveryMode, GrantType};
use crate::jose::{JweAlg, JweEnc, JwsAlg, SigningAlg};
use crate::own_scope::OwnScope;
use crate::prompt::Prompt;
use crate::response::ResponseMode;
use crate::scope;
use base::{Origin, routes};
use serde::Serialize;
use std::collections::BTreeSet;

/// Where the endpoints are: absolute URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// `authorization_endpoint`.
    pub authorization: String,
    /// `token_endpoint`.
    pub token: String,
    /// `userinfo_endpoint`.
    pub userinfo: String,
    /// `jwks_uri`.
    pub jwks: String,
    /// `introspection_endpoint`.
    pub introspection: String,
    /// `revocation_endpoint`.
    pub revocation: String,
    /// Pushed authorization requests (RFC 9126 §5).
    pub pushed: String,
    /// Device authorization (RFC 8628 §4).
    pub device: String,
    /// `backchannel_authentication_endpoint` (CIBA Core §4).
    pub backchannel: String,
    /// `end_session_endpoint`.
    pub end_session: String,
}

impl Endpoints {
    /// The endpoints of a tenant.
    pub fn of(origin: &Origin) -> Self {
        Self {
            authorization: origin.join(routes::AUTHORIZE),
            token: origin.join(routes::TOKEN),
            userinfo: origin.join(routes::USERINFO),
            jwks: origin.join(routes::JWKS),
            introspection: origin.join(routes::INTROSPECT),
            revocation: origin.join(routes::REVOKE),
            pushed: origin.join(routes::PAR),
            device: origin.join(routes::DEVICE_AUTHORIZATION),
            backchannel: origin.join(routes::BACKCHANNEL_AUTHENTICATION),
            end_session: origin.join(routes::END_SESSION),
        }
    }
}

/// The document. The same for `openid-configuration` and `oauth-authorization-server`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    pushed_authorization_request_endpoint: String,
    device_authorization_endpoint: String,
    backchannel_authentication_endpoint: String,
    end_session_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_endpoint: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    client_id_metadata_document_supported: bool,
    scopes_supported: Vec<String>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 7],
    grant_types_supported: Vec<&'static str>,
    subject_types_supported: [&'static str; 2],
    id_token_signing_alg_values_supported: Vec<SigningAlg>,
    authorization_signing_alg_values_supported: Vec<SigningAlg>,
    userinfo_signing_alg_values_supported: Vec<SigningAlg>,
    introspection_signing_alg_values_supported: Vec<SigningAlg>,
    id_token_encryption_alg_values_supported: [JweAlg; 2],
    id_token_encryption_enc_values_supported: [JweEnc; 2],
    userinfo_encryption_alg_values_supported: [JweAlg; 2],
    userinfo_encryption_enc_values_supported: [JweEnc; 2],
    token_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    token_endpoint_auth_signing_alg_values_supported: Vec<JwsAlg>,
    revocation_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    revocation_endpoint_auth_signing_alg_values_supported: Vec<JwsAlg>,
    introspection_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    introspection_endpoint_auth_signing_alg_values_supported: Vec<JwsAlg>,
    code_challenge_methods_supported: [&'static str; 1],
    dpop_signing_alg_values_supported: [JwsAlg; 4],
    claim_types_supported: [&'static str; 1],
    claims_supported: Vec<String>,
    prompt_values_supported: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acr_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ui_locales_supported: Vec<String>,
    // Left out, the next two would mean `true` and `false` to different readers: they are always written.
    request_uri_parameter_supported: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    require_request_uri_registration: bool,
    request_parameter_supported: bool,
    request_object_signing_alg_values_supported: Vec<JwsAlg>,
    claims_parameter_supported: bool,
    backchannel_token_delivery_modes_supported: [&'static str; 3],
    backchannel_authentication_request_signing_alg_values_supported: Vec<JwsAlg>,
    backchannel_user_code_parameter_supported: bool,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    frontchannel_logout_supported: bool,
    frontchannel_logout_session_supported: bool,
    tls_client_certificate_bound_access_tokens: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mtls_endpoint_aliases: Option<Aliases>,
}

/// Where apps with certificates call, when it is elsewhere (RFC 8705 §5).
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Aliases {
    token_endpoint: String,
    userinfo_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    pushed_authorization_request_endpoint: String,
    device_authorization_endpoint: String,
    backchannel_authentication_endpoint: String,
}

impl From<Endpoints> for Aliases {
    fn from(endpoints: Endpoints) -> Self {
        Self {
            token_endpoint: endpoints.token,
            userinfo_endpoint: endpoints.userinfo,
            introspection_endpoint: endpoints.introspection,
            revocation_endpoint: endpoints.revocation,
            pushed_authorization_request_endpoint: endpoints.pushed,
            device_authorization_endpoint: endpoints.device,
            backchannel_authentication_endpoint: endpoints.backchannel,
        }
    }
}

impl Metadata {
    /// The document of an issuer. `algs` are the algorithms that something signs with; RS256 is always among them
    /// (OpenID Connect Core §15.1).
    pub fn new(issuer: &str, endpoints: Endpoints, algs: &[SigningAlg]) -> Self {
        let told = SigningAlg::ALL.into_iter().filter(|alg| *alg == SigningAlg::RS256 || algs.contains(alg));
        let methods = ClientAuthMethod::ALL.to_vec();
        let confidential = ClientAuthMethod::ALL.into_iter().filter(|method| method.is_confidential());
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoints.authorization,
            token_endpoint: endpoints.token,
            userinfo_endpoint: endpoints.userinfo,
            jwks_uri: endpoints.jwks,
            introspection_endpoint: endpoints.introspection,
            revocation_endpoint: endpoints.revocation,
            pushed_authorization_request_endpoint: endpoints.pushed,
            device_authorization_endpoint: endpoints.device,
            backchannel_authentication_endpoint: endpoints.backchannel,
            end_session_endpoint: endpoints.end_session,
            registration_endpoint: None,
            client_id_metadata_document_supported: false,
            scopes_supported: [
                scope::OPENID,
                scope::PROFILE,
                scope::EMAIL,
                scope::ADDRESS,
                scope::PHONE,
                scope::NOTICES,
                scope::OFFLINE_ACCESS,
            ]
            .map(str::to_owned)
            .to_vec(),
            response_types_supported: ["code"],
            response_modes_supported: ResponseMode::SUPPORTED,
            grant_types_supported: GrantType::ALL.map(GrantType::as_str).to_vec(),
            subject_types_supported: ["public", "pairwise"],
            id_token_signing_alg_values_supported: told.clone().collect(),
            authorization_signing_alg_values_supported: told.clone().collect(),
            userinfo_signing_alg_values_supported: told.clone().collect(),
            introspection_signing_alg_values_supported: told.collect(),
            id_token_encryption_alg_values_supported: JweAlg::ALL,
            id_token_encryption_enc_values_supported: JweEnc::ALL,
            userinfo_encryption_alg_values_supported: JweAlg::ALL,
            userinfo_encryption_enc_values_supported: JweEnc::ALL,
            token_endpoint_auth_methods_supported: methods.clone(),
            token_endpoint_auth_signing_alg_values_supported: assertion_algs(),
            introspection_endpoint_auth_methods_supported: confidential.collect(),
            introspection_endpoint_auth_signing_alg_values_supported: assertion_algs(),
            revocation_endpoint_auth_methods_supported: methods,
            revocation_endpoint_auth_signing_alg_values_supported: assertion_algs(),
            code_challenge_methods_supported: ["S256"],
            dpop_signing_alg_values_supported: JwsAlg::ASYMMETRIC,
            claim_types_supported: ["normal"],
            claims_supported: claims_supported(),
            prompt_values_supported: Prompt::ALL.map(Prompt::as_str).to_vec(),
            acr_values_supported: Vec::new(),
            ui_locales_supported: Vec::new(),
            request_uri_parameter_supported: false,
            require_request_uri_registration: false,
            request_parameter_supported: true,
            request_object_signing_alg_values_supported: JwsAlg::ASYMMETRIC.to_vec(),
            claims_parameter_supported: true,
            backchannel_token_delivery_modes_supported: DeliveryMode::ALL.map(DeliveryMode::as_str),
            backchannel_authentication_request_signing_alg_values_supported: JwsAlg::ASYMMETRIC.to_vec(),
            backchannel_user_code_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            frontchannel_logout_supported: true,
            frontchannel_logout_session_supported: true,
            tls_client_certificate_bound_access_tokens: false,
            mtls_endpoint_aliases: None,
        }
    }

    /// With what takes client certificates (RFC 8705 §2.1.1, §2.2.1, §3.3), and the endpoints that read them where those are
    /// others than the usual (§5).
    #[must_use]
    pub fn with_certificates(mut self, by_authority: bool, elsewhere: Option<Endpoints>) -> Self {
        let methods = ClientAuthMethod::BY_CERTIFICATE;
        let methods = methods.into_iter().filter(|method| by_authority || *method != ClientAuthMethod::TlsClientAuth);
        self.token_endpoint_auth_methods_supported.extend(methods.clone());
        self.introspection_endpoint_auth_methods_supported.extend(methods.clone());
        self.revocation_endpoint_auth_methods_supported.extend(methods);
        self.tls_client_certificate_bound_access_tokens = true;
        self.mtls_endpoint_aliases = elsewhere.map(Aliases::from);
        self
    }

    /// With the scopes and claims that the operator defines.
    #[must_use]
    pub fn with_own_scopes(mut self, scopes: &[OwnScope]) -> Self {
        self.scopes_supported.extend(scopes.iter().map(|scope| scope.name.clone()));
        let claims: BTreeSet<&String> = scopes.iter().flat_map(|scope| scope.claims.keys()).collect();
        self.claims_supported.extend(claims.into_iter().cloned());
        self
    }

    /// With the languages of the pages.
    #[must_use]
    pub fn with_ui_locales(mut self, locales: Vec<String>) -> Self {
        self.ui_locales_supported = locales;
        self
    }

    /// With the values that `acr` can have.
    #[must_use]
    pub fn with_acr_values(mut self, values: Vec<String>) -> Self {
        self.acr_values_supported = values;
        self
    }

    /// With the address where clients register themselves (RFC 7591 §3), where they can.
    #[must_use]
    pub fn with_registration(mut self, endpoint: Option<String>) -> Self {
        self.registration_endpoint = endpoint;
        self
    }

    /// With whether a client id may be the address of a document (OAuth Client ID Metadata Document).
    #[must_use]
    pub const fn with_client_documents(mut self, on: bool) -> Self {
        self.client_id_metadata_document_supported = on;
        self
    }

    /// With whether requests may be named by an address, which has to be a registered one then (RFC 9101 §10.5, OpenID
    /// Connect Discovery 1.0 §3).
    #[must_use]
    pub const fn with_requests_by_reference(mut self, on: bool) -> Self {
        self.request_uri_parameter_supported = on;
        self.require_request_uri_registration = on;
        self
    }

    /// The document as JSON, to be made once and served as it is.
    ///
    /// # Errors
    /// [`base::Fault`] when it can't be written.
    pub fn to_json(&self) -> Result<String, base::Fault> {
        serde_json::to_string(self).map_err(|e| base::Fault::new("write the discovery document", e))
    }
}

/// What a client may sign its assertions with.
fn assertion_algs() -> Vec<JwsAlg> {
    JwsAlg::ASYMMETRIC.into_iter().chain(JwsAlg::SYMMETRIC).collect()
}

/// What an account has, and what an ID token says.
fn claims_supported() -> Vec<String> {
    let of_a_sign_in = ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid"];
    let of_a_person = claims::PROFILE.into_iter().chain(claims::EMAIL).chain(claims::ADDRESS).chain(claims::PHONE);
    of_a_sign_in.into_iter().chain(of_a_person).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn document() -> Value {
        let origin: Origin = "https://id.example.com".parse().unwrap();
        let metadata = Metadata::new(origin.as_str(), Endpoints::of(&origin), &[SigningAlg::ES256])
            .with_ui_locales(vec!["en".into()]);
        serde_json::from_str(&metadata.to_json().unwrap()).unwrap()
    }

    #[test]
    fn the_issuer_has_no_slash_and_begins_every_endpoint() {
        let document = document();
        assert_eq!(document["issuer"], "https://id.example.com");
        for (name, value) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                assert!(value.as_str().unwrap().starts_with("https://id.example.com/"), "{name}");
            }
        }
    }

    /// RFC 8705 §5.
    #[test]
    fn certificates_come_with_their_methods_and_addresses() {
        let origin: Origin = "https://id.example.com".parse().unwrap();
        let elsewhere: Origin = "https://mtls.example.com".parse().unwrap();
        let plain = Metadata::new(origin.as_str(), Endpoints::of(&origin), &[SigningAlg::ES256]);
        let read = |metadata: Metadata| serde_json::from_str::<Value>(&metadata.to_json().unwrap()).unwrap();
        let document = read(plain.clone());
        assert_eq!(document["tls_client_certificate_bound_access_tokens"], false);
        assert!(document.get("mtls_endpoint_aliases").is_none());
        let document = read(plain.clone().with_certificates(false, None));
        let methods = document["introspection_endpoint_auth_methods_supported"].as_array().unwrap().clone();
        assert!(
            methods.contains(&json!("self_signed_tls_client_auth")) && !methods.contains(&json!("tls_client_auth"))
        );
        let document = read(plain.with_certificates(true, Some(Endpoints::of(&elsewhere))));
        assert_eq!(document["tls_client_certificate_bound_access_tokens"], true);
        assert_eq!(document["token_endpoint"], "https://id.example.com/oauth/token");
        let aliases = document["mtls_endpoint_aliases"].as_object().unwrap();
        assert_eq!(aliases["token_endpoint"], "https://mtls.example.com/oauth/token");
        for (name, address) in aliases {
            assert!(document.get(name).is_some(), "{name}");
            assert!(address.as_str().unwrap().starts_with("https://mtls.example.com/oauth/"), "{name}");
        }
        let methods = document["token_endpoint_auth_methods_supported"].as_array().unwrap();
        assert!(methods.contains(&json!("tls_client_auth")));
    }

    #[test]
    fn it_says_exactly_what_is_on() {
        let document = document();
        for (name, value) in [
            ("request_uri_parameter_supported", json!(false)),
            ("request_parameter_supported", json!(true)),
            ("request_object_signing_alg_values_supported", json!(["RS256", "PS256", "ES256", "EdDSA"])),
            ("claims_parameter_supported", json!(true)),
            ("backchannel_token_delivery_modes_supported", json!(["poll", "ping", "push"])),
            ("backchannel_user_code_parameter_supported", json!(false)),
            ("authorization_response_iss_parameter_supported", json!(true)),
            ("backchannel_logout_supported", json!(true)),
            ("backchannel_logout_session_supported", json!(true)),
            ("frontchannel_logout_supported", json!(true)),
            ("frontchannel_logout_session_supported", json!(true)),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("response_types_supported", json!(["code"])),
            ("subject_types_supported", json!(["public", "pairwise"])),
            ("id_token_signing_alg_values_supported", json!(["RS256", "ES256"])),
            ("userinfo_signing_alg_values_supported", json!(["RS256", "ES256"])),
            ("introspection_signing_alg_values_supported", json!(["RS256", "ES256"])),
            ("id_token_encryption_alg_values_supported", json!(["RSA-OAEP-256", "ECDH-ES"])),
            ("userinfo_encryption_enc_values_supported", json!(["A128CBC-HS256", "A256GCM"])),
            ("prompt_values_supported", json!(["none", "login", "consent", "select_account", "create"])),
            (
                "token_endpoint_auth_methods_supported",
                json!(["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"]),
            ),
            ("token_endpoint_auth_signing_alg_values_supported", json!(["RS256", "PS256", "ES256", "EdDSA", "HS256"])),
            (
                "introspection_endpoint_auth_methods_supported",
                json!(["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"]),
            ),
            ("dpop_signing_alg_values_supported", json!(["RS256", "PS256", "ES256", "EdDSA"])),
            ("ui_locales_supported", json!(["en"])),
        ] {
            assert_eq!(document[name], value, "{name}");
        }
        assert!(document.get("client_id_metadata_document_supported").is_none());
        assert!(document.get("require_request_uri_registration").is_none());
        assert!(document.get("registration_endpoint").is_none() && document.get("acr_values_supported").is_none());
    }
}
