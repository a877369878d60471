//! Connecting, in the clear or over TLS, as the URL says.

use super::Conn;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncConnection;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::sync::{Arc, OnceLock};
use tokio_postgres::config::{Config, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connects. `sslmode=require` means TLS with a certificate for the server's name that this machine trusts
/// (`SSL_CERT_FILE` names others): stricter than libpq, which would take any. Without it nothing is
/// encrypted, as on a local socket.
pub(crate) async fn connect(url: &str) -> ConnectionResult<Conn> {
    let config: Config = url.parse().map_err(|error| bad(&error))?;
    if config.get_ssl_mode() != SslMode::Require {
        return Conn::establish(url).await;
    }
    let (client, connection) = config.connect(MakeRustlsConnect::new(tls()?)).await.map_err(|error| bad(&error))?;
    Conn::try_from_client_and_connection(client, connection).await
}

/// The trusted certificates are read once.
fn tls() -> ConnectionResult<ClientConfig> {
    static TLS: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(config) = TLS.get() {
        return Ok(config.clone());
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TLS.get_or_init(|| config).clone())
}

/// The whole chain of causes: "error performing TLS handshake" alone helps nobody.
fn bad(error: &dyn Error) -> ConnectionError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    ConnectionError::BadConnection(text)
}
