//! The certificate of an app's connection (RFC 8705): of our own TLS listener, or as a trusted proxy tells it.

use super::Site;
use actix_web::http::header::HeaderMap;
use oauth::certificate::ClientCertificate;
use std::net::IpAddr;

/// The certificate that a TLS connection to this server was made with. Put into the connection's data by whoever listens.
#[derive(Debug, Clone)]
pub struct PeerCertificate(pub ClientCertificate);

/// A trusted proxy speaks for its callers, and its own certificate is not theirs; from anyone else the header is nothing but
/// text.
pub(crate) fn certificate(
    site: &Site,
    headers: &HeaderMap,
    (peer, own): (IpAddr, Option<&PeerCertificate>),
) -> Option<ClientCertificate> {
    let settings = site.state.settings();
    let peer = peer.to_canonical();
    let header = settings.certificate_header.as_ref();
    let Some(header) = header.filter(|_| settings.trusted_proxies.iter().any(|net| net.contains(&peer))) else {
        return own.map(|own| own.0.clone());
    };
    let mut values = headers.get_all(header);
    let value = values.next().filter(|value| !value.is_empty())?;
    let read = ClientCertificate::from_header(value.as_bytes()).filter(|_| values.next().is_none());
    if read.is_none() {
        tracing::warn!(request_id = site.request_id, "a trusted proxy's header with a certificate can't be read");
    }
    read
}
