//! What a client's proofs have to be.

use super::{ClientAuthMethod, InvalidClient};
use crate::certificate::CertificateName;
use crate::jose::JwsAlg;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a client proves itself, beyond the name of the method.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProofRules {
    /// The one algorithm of its assertions (`token_endpoint_auth_signing_alg`); any that fits its keys when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_alg: Option<JwsAlg>,
    /// Its secret, for a client that signs under it: there a hash would not do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_secret: Option<SealedSecret>,
    /// Whether all its tokens are bound to a key by proofs (`dpop_bound_access_tokens`, RFC 9449 §5.2).
    pub dpop_bound: bool,
    /// The one name of its certificates (RFC 8705 §2.1.2), for `tls_client_auth`.
    #[serde(flatten)]
    pub certificate_name: Option<CertificateName>,
    /// Whether all its tokens are bound to the certificate of its connection (RFC 8705 §3.4).
    #[serde(rename = "tls_client_certificate_bound_access_tokens")]
    pub certificate_bound: bool,
}

/// A client's secret, sealed for `clients.secret/<id>`, in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedSecret(pub String);

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedSecret(..)")
    }
}

impl ProofRules {
    /// The algorithms that an assertion of this client may have.
    pub fn assertion_algs(&self, method: ClientAuthMethod) -> Vec<JwsAlg> {
        let fitting: &[JwsAlg] = match method {
            ClientAuthMethod::SecretJwt => &JwsAlg::SYMMETRIC,
            ClientAuthMethod::PrivateKeyJwt => &JwsAlg::ASYMMETRIC,
            ClientAuthMethod::None
            | ClientAuthMethod::SecretBasic
            | ClientAuthMethod::SecretPost
            | ClientAuthMethod::TlsClientAuth
            | ClientAuthMethod::SelfSignedTlsClientAuth => &[],
        };
        fitting.iter().copied().filter(|alg| self.assertion_alg.is_none_or(|only| only == *alg)).collect()
    }

    pub(super) fn validate(&self, method: ClientAuthMethod) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        if self.sealed_secret.is_some() != (method == ClientAuthMethod::SecretJwt) {
            return refuse(
                "auth_method",
                "only client_secret_jwt needs the secret itself: give the client a new secret",
            );
        }
        let signs = matches!(method, ClientAuthMethod::SecretJwt | ClientAuthMethod::PrivateKeyJwt);
        if signs && self.assertion_algs(method).is_empty() {
            let advice = "use HS256 with client_secret_jwt, and PS256, ES256, EdDSA or RS256 with private_key_jwt";
            return refuse("assertion_alg", advice);
        }
        if self.certificate_name.is_some() != (method == ClientAuthMethod::TlsClientAuth) {
            let advice = "name the subject or one alternative name of its certificates with tls_client_auth, and with no other method";
            return refuse("tls_client_auth_subject_dn", advice);
        }
        match &self.certificate_name {
            Some(CertificateName::SubjectDn(_)) if !self.has_good_name() => {
                let advice =
                    "write the subject as in CN=shop,O=Acme,C=DE (RFC 4514): the last part of the certificate first";
                refuse("tls_client_auth_subject_dn", advice)
            }
            Some(_) if !self.has_good_name() => refuse(
                "tls_client_auth_san",
                "write one whole name, as it stands in the certificate, without wildcards",
            ),
            _ => Ok(()),
        }
    }

    fn has_good_name(&self) -> bool {
        self.certificate_name.as_ref().is_some_and(CertificateName::is_name)
    }
}
