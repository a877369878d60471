//! A client that proves itself by the certificate of its connection (RFC 8705 §2).

use super::{AuthenticatedClient, Presented};
use crate::certificate::{Authorities, ClientCertificate};
use crate::client::{Client, ClientAuthMethod};
use crate::error::OAuthError;
use crate::jose::ClientKeySet;
use base::Timestamp;
use std::sync::Arc;

/// What a certificate is held against.
#[derive(Debug, Clone, Copy)]
pub enum Known<'a> {
    /// Who may vouch for it, and when it is now (§2.1).
    Authorities(Option<&'a Authorities>, Timestamp),
    /// What the client registered (§2.2).
    Keys(&'a ClientKeySet),
}

/// Checks the certificate of a connection against a client's registration. `None` when no key of the client fits: with
/// fresher ones it may.
///
/// # Errors
/// `invalid_client`; the sentence is the same for every cause.
pub fn authenticate_by_certificate(
    client: &Arc<Client>,
    presented: &Presented,
    certificate: Option<&ClientCertificate>,
    known: Known<'_>,
) -> Result<Option<AuthenticatedClient>, OAuthError> {
    let refuse = |detail| Err(OAuthError::invalid_client(detail));
    let Presented::None { client_id } = presented else {
        return refuse("the client is registered for another method");
    };
    if client.client_id != *client_id {
        return Err(super::unknown_client());
    }
    let Some(certificate) = certificate else { return refuse("the connection has no certificate") };
    match (client.auth_method, known) {
        (ClientAuthMethod::TlsClientAuth, Known::Authorities(Some(authorities), now)) => {
            if !client.proof.certificate_name.as_ref().is_some_and(|name| certificate.has_name(name)) {
                return refuse("the certificate has another name");
            }
            if let Err(why) = authorities.check(certificate, now) {
                return Err(OAuthError::invalid_client("the certificate").because(why));
            }
        }
        (ClientAuthMethod::SelfSignedTlsClientAuth, Known::Keys(keys)) if certificate.is_among(keys) => {}
        (ClientAuthMethod::SelfSignedTlsClientAuth, Known::Keys(_)) => return Ok(None),
        _ => return refuse("the client is registered for another method, or no authority is trusted"),
    }
    // Last, so that whoever lacks the key can't learn whether a client is switched off.
    if !client.is_enabled() {
        return refuse("the client is disabled");
    }
    Ok(Some(AuthenticatedClient(Arc::clone(client))))
}
