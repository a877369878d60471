//! Resolve, check every address, connect to that address.
//!
//! It is one step of one connection: no name is resolved a second time between the check and the connect,
//! so a name that changes its mind (DNS rebinding) gains nothing.

use crate::error::Refusal;
use crate::guard::{Guard, is_public};
use crate::settings::{Authority, ConnectTo};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use http::Uri;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use url::Host;

/// How long the next address waits for the one before (RFC 8305 §5, "Connection Attempt Delay").
const HEAD_START: Duration = Duration::from_millis(250);
/// The most addresses of one name that are tried.
const MOST_ADDRESSES: usize = 8;

/// Gives the addresses of a name.
pub(crate) type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// The machine's resolver.
pub(crate) fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("{0}")]
    Refused(Refusal),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Makes the connections of the client. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) guard: Guard,
    pub(crate) overrides: Arc<[ConnectTo]>,
    pub(crate) lookup: Lookup,
}

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = BoxFuture<'static, Result<Self::Response, ConnectError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { this.connect(&uri).await.map(TokioIo::new) })
    }
}

impl Connector {
    async fn connect(&self, uri: &Uri) -> Result<TcpStream, ConnectError> {
        let (wanted, scheme) = target(uri).ok_or(ConnectError::Refused(Refusal::Unreadable))?;
        let ordered = self.overrides.iter().find(|order| order.from == wanted).map(|order| order.to.clone());
        let any_address = ordered.is_some() || self.guard.trusts(&scheme, &wanted.host().to_string(), wanted.port());
        let goal = ordered.unwrap_or(wanted);
        let addresses = match goal.host() {
            Host::Ipv4(v4) => vec![IpAddr::V4(*v4)],
            Host::Ipv6(v6) => vec![IpAddr::V6(*v6)],
            Host::Domain(name) => (self.lookup)(name.clone()).await?,
        };
        // One address out of line condemns the name: an honest public host has none.
        if let Some(inside) = addresses.iter().find(|address| !any_address && !is_public(**address)) {
            return Err(ConnectError::Refused(Refusal::Address(*inside)));
        }
        race(addresses, goal.port()).await
    }
}

fn target(uri: &Uri) -> Option<(Authority, String)> {
    let scheme = uri.scheme_str()?;
    let port = uri.port_u16().or(match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    })?;
    Some((Authority::new(Host::parse(uri.host()?).ok()?, port), scheme.to_owned()))
}

/// Tries the addresses one after the other: the next one starts when the one before has failed, or after its head
/// start. The first to answer wins.
async fn race(addresses: Vec<IpAddr>, port: u16) -> Result<TcpStream, ConnectError> {
    let mut waiting = addresses.into_iter().take(MOST_ADDRESSES);
    let mut attempts = FuturesUnordered::new();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    loop {
        let next = waiting.next().map(|address| attempts.push(dial(SocketAddr::new(address, port))));
        let outcome = match next {
            // More may follow: this one and those before have their head start.
            Some(()) => tokio::time::timeout(HEAD_START, attempts.next()).await.ok(),
            None => Some(attempts.next().await),
        };
        match outcome {
            Some(Some(Ok(stream))) => return Ok(stream),
            Some(Some(Err(error))) => last = error,
            Some(None) => return Err(last.into()),
            None => {}
        }
    }
}

async fn dial(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // Without it a small message waits for the acknowledgement of the one before: 90 times slower over HTTP/2.
    stream.set_nodelay(true)?;
    Ok(stream)
}
