//! What the connection of a call tells about its client (RFC 8705).

use crate::here::{App, Here};
use crate::problem::{Answer, refuse};
use oauth::certificate::ClientCertificate;
use oauth::client::{Client, ClientAuthMethod};
use oauth::client_auth::{AuthenticatedClient, Known, Presented, authenticate_by_certificate};
use oauth::{ErrorCode, OAuthError};
use std::sync::Arc;

/// The connection that a call came by.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The certificate whose key its other end has proved to hold.
    pub certificate: Option<ClientCertificate>,
    /// Whether it came to the address that is for certificates.
    pub elsewhere: bool,
}

impl App {
    /// The tenant whose endpoints answer for calls with certificates at a host of their own.
    pub fn at_for_certificates(&self, host: &str) -> Option<Here> {
        let mut tenants = self.everywhere().into_iter();
        let here = tenants.next().filter(|_| tenants.next().is_none())?;
        let origin = here.settings().certificates.as_ref()?.origin.as_ref()?;
        origin.authority().eq_ignore_ascii_case(host).then_some(here)
    }
}

impl Here {
    /// The URL of a path, as whoever called by this connection knows it.
    pub(super) fn url_by(&self, connection: &Connection, path: &str) -> String {
        let certificates = self.settings().certificates.as_ref().filter(|_| connection.elsewhere);
        let origin = certificates.and_then(|certificates| certificates.origin.as_ref());
        origin.map_or_else(|| self.url(path), |origin| origin.join(path))
    }

    /// RFC 8705 §2. What a client publishes is fetched once more when no key fits.
    pub(super) async fn authenticate_by_certificate(
        &self,
        client: &Arc<Client>,
        presented: &Presented,
        connection: &Connection,
    ) -> Answer<AuthenticatedClient, OAuthError> {
        let certificate = connection.certificate.as_ref();
        let check = |known: Known<'_>| authenticate_by_certificate(client, presented, certificate, known);
        let mut checked = match client.auth_method {
            ClientAuthMethod::SelfSignedTlsClientAuth => {
                let keys = self.client_keys(client, false).await?;
                check(Known::Keys(&keys))
            }
            _ => {
                let settings = self.settings().certificates.as_ref();
                let authorities = settings.and_then(|settings| settings.authorities.as_deref());
                check(Known::Authorities(authorities, self.now()))
            }
        };
        if client.keys.jwks_uri.is_some() && matches!(checked, Ok(None)) {
            let fresher = self.client_keys(client, true).await?;
            checked = check(Known::Keys(&fresher));
        }
        match checked {
            Ok(Some(client)) => Ok(client),
            Ok(None) => refuse(OAuthError::invalid_client("the certificate is none of the client's")),
            Err(error) => refuse(error),
        }
    }

    /// What the tokens of a client whose tokens are bound to a certificate are bound to (RFC 8705 §3).
    ///
    /// # Errors
    /// `invalid_request` when the connection has none.
    pub(super) fn bound_certificate(&self, connection: &Connection) -> Answer<String, OAuthError> {
        let thumbprint = connection.certificate.as_ref().map(ClientCertificate::thumbprint);
        let text = "the client's tokens are bound to the certificate of its connection: connect with one";
        thumbprint.map_or_else(|| refuse(OAuthError::new(ErrorCode::InvalidRequest, text)), Ok)
    }
}
