//! Settings about apps that prove themselves by the certificate of their connection (RFC 8705).

use super::Loaded;
use base::Origin;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Apps that prove themselves by the certificate of their connection, and tokens that are bound to one (mutual TLS). On when
/// `header` or `listen` is set.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mtls {
    /// The header in which a proxy of `server.trusted_proxies` tells of the certificate: `Client-Cert` (RFC 9440), or PEM with
    /// percent escapes, as nginx's `$ssl_client_escaped_cert`. The proxy has to take away what came from outside.
    pub header: Option<String>,
    /// The address and port to listen on by TLS, beside `server.listen`; apps are asked for a certificate there.
    pub listen: Option<SocketAddr>,
    /// The PEM file with this server's own certificate there, and the way to its authority.
    pub certificate_file: Option<PathBuf>,
    /// The PEM file with its private key.
    pub key_file: Option<PathBuf>,
    /// The PEM file with the authorities that vouch for apps: for `tls_client_auth`. Without it apps register their own
    /// certificates (`self_signed_tls_client_auth`).
    pub ca_file: Option<PathBuf>,
    /// The address of the endpoints that ask for certificates, as in `https://mtls.example.com`, where it is not
    /// `server.public_origin`: browsers should not be asked.
    #[schemars(with = "Option<String>")]
    pub origin: Option<Origin>,
}

impl Mtls {
    /// Whether certificates are read at all.
    pub(crate) const fn is_on(&self) -> bool {
        self.header.is_some() || self.listen.is_some()
    }
}

/// What does not fit together, by key.
pub(super) fn broken(loaded: &Loaded) -> Vec<(&'static str, String)> {
    let mtls = &loaded.config.mtls;
    let mut found = Vec::new();
    if mtls.header.as_ref().is_some_and(|name| actix_web::http::header::HeaderName::try_from(name.as_str()).is_err()) {
        found.push(("mtls.header", "expected the name of a header, as in Client-Cert".to_owned()));
    }
    if mtls.header.is_some() && loaded.config.server.trusted_proxies.is_empty() {
        let what = "it is read from proxies of server.trusted_proxies alone: name their networks there";
        found.push(("mtls.header", what.to_owned()));
    }
    if mtls.listen.is_some() && (mtls.certificate_file.is_none() || mtls.key_file.is_none()) {
        found.push(("mtls.listen", "expected mtls.certificate_file and mtls.key_file beside it".to_owned()));
    }
    if !mtls.is_on() && (mtls.ca_file.is_some() || mtls.origin.is_some()) {
        let what = "expected mtls.header or mtls.listen too: without either no certificate is ever seen";
        found.push((if mtls.ca_file.is_some() { "mtls.ca_file" } else { "mtls.origin" }, what.to_owned()));
    }
    if mtls.origin.as_ref().is_some_and(|origin| !origin.is_https()) {
        found.push(("mtls.origin", "expected https: a certificate is shown by TLS alone".to_owned()));
    }
    found
}
