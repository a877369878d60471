//! Connecting, in the clear or over TLS, as the URL says.

use super::Conn;
use crate::store::Pooler;
use diesel::connection::CacheSize;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_postgres::config::{Config, SslMode};
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{Client, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long one server may take to let us in, unless the URL says: short enough that the next of several is tried within
/// the time that a request waits.
const REACHING: Duration = Duration::from_millis(800);
/// How long what was sent may stay without any sign of its arrival, unless the URL says: a server that is cut off closes nothing.
const SILENCE: Duration = Duration::from_secs(10);
/// How long a connection is idle before the server's machine is asked whether it is there.
const IDLE: Duration = Duration::from_secs(30);

/// Connects: where the URL names several servers, to the first of them that is as its `target_session_attrs` wants it.
///
/// `sslmode=require` means TLS with a certificate for the server's name that this machine trusts
/// (`SSL_CERT_FILE` names others): stricter than libpq, which would take any. Without it nothing is
/// encrypted, as on a local socket.
pub(crate) async fn connect(url: &str, pooler: Pooler) -> ConnectionResult<Conn> {
    let mut config: Config = url.parse().map_err(|error| bad(&error))?;
    if config.get_application_name().is_none() {
        config.application_name("watchbell");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(REACHING);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    if !url.contains("keepalives_idle") {
        config.keepalives_idle(IDLE);
    }
    if config.get_ssl_mode() == SslMode::Require {
        let (client, connection) = config.connect(MakeRustlsConnect::new(tls()?)).await.map_err(|error| bad(&error))?;
        return adopt(client, connection, pooler).await;
    }
    let (client, connection) = config.connect(NoTls).await.map_err(|error| bad(&error))?;
    adopt(client, connection, pooler).await
}

/// Hands a connection over to diesel. It prepares and runs some settings of its own first: behind a pooler these two have to meet the
/// same connection of the database, so they stand in a transaction.
async fn adopt<S>(client: Client, mut connection: Connection<Socket, S>, pooler: Pooler) -> ConnectionResult<Conn>
where
    S: TlsStream + Unpin + Send + 'static,
{
    if pooler == Pooler::None {
        return Conn::try_from_client_and_connection(client, connection).await;
    }
    tokio::select! {
        begun = client.batch_execute("BEGIN") => begun.map_err(|error| bad(&error))?,
        gone = &mut connection => {
            gone.map_err(|error| bad(&error))?;
            return Err(ConnectionError::BadConnection("the server closed the connection".to_owned()));
        }
    }
    let mut conn = Conn::try_from_client_and_connection(client, connection).await?;
    if pooler == Pooler::Transaction {
        // What is kept would be on another connection of the database the next time.
        conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    }
    conn.batch_execute("COMMIT").await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
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
