//! How what a client gets is signed, encrypted and bound, as it says and as it is told.

use super::invalid;
use super::metadata::Metadata;
use super::response::Told;
use crate::certificate::CertificateName;
use crate::client::{Client, ClientAuthMethod, ProofRules, TokenRules};
use crate::error::OAuthError;
use crate::jose::JwsAlg;

/// What would have something be encrypted in a way that is not offered: who asks for it must not believe that it happens.
const NOT_OFFERED: [&str; 3] =
    ["request_object_encryption_alg", "authorization_encrypted_response_alg", "introspection_encrypted_response_alg"];

/// The names of a certificate that can be registered (RFC 8705 §2.1.2).
const CERTIFICATE_NAMES: [&str; 5] = [
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
];

/// Of what would be encrypted, `none` is what happens anyway.
pub(super) fn check_not_offered(said: &Metadata) -> Result<(), OAuthError> {
    let asks = |name: &&str| said.value(name).is_some_and(|value| value != "none");
    match NOT_OFFERED.iter().find(|name| asks(name)) {
        Some(name) => Err(invalid(&format!("{name}: this is not offered here: leave it out"))),
        None => Ok(()),
    }
}

/// OpenID Connect Dynamic Client Registration 1.0 §2, RFC 9701 §6. How long tokens live, and their form, is the operator's.
pub(super) fn rules(said: &Metadata, before: TokenRules) -> Result<TokenRules, OAuthError> {
    Ok(TokenRules {
        userinfo_signed_response_alg: said.parsed_or_none("userinfo_signed_response_alg")?,
        id_token_encrypted_response_alg: said.parsed_or_none("id_token_encrypted_response_alg")?,
        id_token_encrypted_response_enc: said.parsed("id_token_encrypted_response_enc")?,
        userinfo_encrypted_response_alg: said.parsed_or_none("userinfo_encrypted_response_alg")?,
        userinfo_encrypted_response_enc: said.parsed("userinfo_encrypted_response_enc")?,
        introspection_signed_response_alg: said.parsed("introspection_signed_response_alg")?,
        ..before
    })
}

/// How it proves itself, and what its tokens are bound to (RFC 8705, RFC 9449 §5.2).
pub(super) fn proof(said: &Metadata, method: ClientAuthMethod, before: ProofRules) -> Result<ProofRules, OAuthError> {
    Ok(ProofRules {
        assertion_alg: assertion_alg(said, method)?,
        dpop_bound: said.flag("dpop_bound_access_tokens")?,
        certificate_name: certificate_name(said)?,
        certificate_bound: said.flag("tls_client_certificate_bound_access_tokens")?,
        ..before
    })
}

/// The algorithm means something only to methods that sign. Libraries send it with the others too: there it is ignored.
fn assertion_alg(said: &Metadata, method: ClientAuthMethod) -> Result<Option<JwsAlg>, OAuthError> {
    let signs = matches!(method, ClientAuthMethod::SecretJwt | ClientAuthMethod::PrivateKeyJwt);
    if signs { said.parsed("token_endpoint_auth_signing_alg") } else { Ok(None) }
}

/// RFC 8705 §2.1.2: exactly one; that there is one for the method that needs it is looked at with the client's other rules.
fn certificate_name(said: &Metadata) -> Result<Option<CertificateName>, OAuthError> {
    let mut named = CERTIFICATE_NAMES.into_iter().filter(|name| said.has(name));
    let Some(member) = named.next() else { return Ok(None) };
    if let Some(second) = named.next() {
        return Err(invalid(&format!("{second}: name the certificate by one member, not by {member} as well")));
    }
    let Some(text) = said.text(member)? else { return Ok(None) };
    let name = match member {
        "tls_client_auth_subject_dn" => CertificateName::SubjectDn(text),
        "tls_client_auth_san_dns" => CertificateName::SanDns(text),
        "tls_client_auth_san_uri" => CertificateName::SanUri(text),
        "tls_client_auth_san_email" => CertificateName::SanEmail(text),
        _ => match text.parse() {
            Ok(address) => CertificateName::SanIp(address),
            Err(_) => return Err(invalid(&format!("{member}: write an IP address"))),
        },
    };
    Ok(Some(name))
}

/// What holds of it, for the answer.
pub(super) fn told(client: &Client, out: &mut Told) {
    let rules = &client.tokens;
    out.put("id_token_signed_response_alg", client.id_token_alg);
    out.put("userinfo_signed_response_alg", rules.userinfo_signed_response_alg);
    if let Some((alg, enc)) = rules.id_token_encryption() {
        out.put("id_token_encrypted_response_alg", alg);
        out.put("id_token_encrypted_response_enc", enc);
    }
    if let Some((alg, enc)) = rules.userinfo_encryption() {
        out.put("userinfo_encrypted_response_alg", alg);
        out.put("userinfo_encrypted_response_enc", enc);
    }
    out.put("introspection_signed_response_alg", rules.introspection_signed_response_alg);
    out.put("dpop_bound_access_tokens", client.proof.dpop_bound);
    out.put("tls_client_certificate_bound_access_tokens", client.proof.certificate_bound);
    out.put_members(&client.proof.certificate_name);
}
