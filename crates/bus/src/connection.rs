//! A connection, whatever stands at its other end.

use crate::address::{Address, Mode};
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ErrorKind, Pipeline, RedisError, RedisFuture, Value};
use std::time::Duration;

/// How long reaching a server may take.
pub(crate) const REACHING: Duration = Duration::from_secs(1);

/// An open one. Cheap to clone: what several ask at once goes over it side by side.
#[derive(Clone)]
pub(crate) enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    /// Connects. An answer may take that long.
    pub(crate) async fn open(address: &Address, patience: Duration) -> Result<Self, RedisError> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(REACHING)).set_response_timeout(Some(patience));
        match address.mode {
            Mode::Single => {
                let nowhere = || RedisError::from((ErrorKind::InvalidClientConfig, "the address names no host"));
                let node = address.nodes()?.into_iter().next().ok_or_else(nowhere)?;
                let client = match address.certificates() {
                    Some(certificates) => Client::build_with_tls(node, certificates)?,
                    None => Client::open(node)?,
                };
                Ok(Self::One(client.get_multiplexed_async_connection_with_config(&config).await?))
            }
            Mode::Sentinel => {
                let mut sentinels = address.sentinels()?.build()?;
                Ok(Self::One(sentinels.get_async_connection_with_config(&config).await?))
            }
            Mode::Cluster => {
                let mut builder = ClusterClient::builder(address.nodes()?);
                builder = builder.connection_timeout(REACHING).response_timeout(patience).retries(2);
                if let Some(tls) = address.tls() {
                    builder = builder.tls(tls);
                }
                if let Some(certificates) = address.certificates() {
                    builder = builder.certs(certificates);
                }
                Ok(Self::Cluster(builder.build()?.get_async_connection().await?))
            }
        }
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::One(one) => one.req_packed_command(cmd),
            Self::Cluster(cluster) => cluster.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::One(one) => one.req_packed_commands(pipeline, offset, count),
            Self::Cluster(cluster) => cluster.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::One(one) => one.get_db(),
            Self::Cluster(cluster) => cluster.get_db(),
        }
    }
}
