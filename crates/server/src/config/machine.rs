//! Settings about the machine that the server runs on: addresses, database, keys, limits, log.

use super::value::{Link, Private};
use base::Origin;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where the server listens and under which address people know it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// The address and port to listen on. TLS is the business of the proxy in front.
    pub listen: SocketAddr,
    /// The address that people and apps see, as in `https://id.example.com`: the issuer, and the start of every link.
    #[schemars(with = "Option<String>")]
    pub public_origin: Option<Origin>,
    /// The networks of the proxies whose `X-Forwarded-For` is believed, as in `10.0.0.0/8`. Empty: nobody's.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that answer requests; 0 means one per core.
    pub workers: usize,
    /// The address and port for you alone, as in `127.0.0.1:9090`: there `/livez`, `/readyz` and `/metrics` answer. Not for
    /// the public. Left out, only `/livez` and `/readyz` answer, among the pages.
    pub operations_listen: Option<SocketAddr>,
    /// How many seconds it says that it is not ready before it stops taking requests, so that a load balancer sees it.
    pub drain_seconds: u16,
    /// How many seconds running requests get to finish when the server is told to stop.
    pub shutdown_seconds: u16,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_origin: None,
            trusted_proxies: Vec::new(),
            workers: 0,
            operations_listen: None,
            drain_seconds: 0,
            shutdown_seconds: 20,
        }
    }
}

/// Whose server it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tenant {
    /// The name that stands on the sign-in page until set-up gives it another.
    pub name: String,
    /// Your page of help, linked at the foot of each page.
    pub help_url: Option<Link>,
    /// Your privacy policy, likewise.
    pub privacy_url: Option<Link>,
    /// Your terms of service, likewise.
    pub terms_url: Option<Link>,
}

impl Default for Tenant {
    fn default() -> Self {
        Self { name: "Watchbell".to_owned(), help_url: None, privacy_url: None, terms_url: None }
    }
}

/// The database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Database {
    /// `sqlite:/path/to/watchbell.db` or `postgres://user:password@host/name`.
    pub url: Private,
    /// PostgreSQL: what stands in between.
    pub pooler: Pooler,
    /// PostgreSQL: how many connections may be open at once.
    pub max_connections: usize,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: Private::new("sqlite:/var/lib/watchbell/watchbell.db"), pooler: Pooler::None, max_connections: 16 }
    }
}

/// What stands between a node and PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pooler {
    /// Nothing, or a pooler in session mode.
    None,
    /// A pooler in transaction mode.
    Transaction,
    /// A pooler in transaction mode that keeps prepared statements: PgBouncer from 1.21 on, with `max_prepared_statements`.
    TransactionPrepared,
}

impl From<Pooler> for store::Pooler {
    fn from(pooler: Pooler) -> Self {
        match pooler {
            Pooler::None => Self::None,
            Pooler::Transaction => Self::Transaction,
            Pooler::TransactionPrepared => Self::TransactionPrepared,
        }
    }
}

/// Redis, for nodes that work together: they hear of each other's changes at once, and count requests together. Without it they look
/// by themselves a little later, and each counts alone. Nothing is kept in it alone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Redis {
    /// `redis://user:password@host:6379/0`, or `rediss://` for TLS; of Sentinels or cluster nodes several, with commas between.
    pub url: Option<Private>,
    /// What answers there: one Redis, Sentinels that know where the primary is, or nodes of a Redis Cluster.
    pub mode: RedisMode,
    /// Sentinel: how the Sentinels call the primary.
    pub sentinel_master: String,
    /// Sentinel: whether the Sentinels ask for user and password, too.
    pub sentinel_auth: bool,
    /// TLS: the PEM file with the authorities that vouch for the servers, in the place of the system's.
    pub ca_file: Option<PathBuf>,
    /// How many milliseconds one answer may take. A request goes on without a later one.
    pub timeout_ms: u16,
}

impl Default for Redis {
    fn default() -> Self {
        Self {
            url: None,
            mode: RedisMode::Single,
            sentinel_master: "mymaster".to_owned(),
            sentinel_auth: false,
            ca_file: None,
            timeout_ms: 80,
        }
    }
}

/// What answers at the address of a Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RedisMode {
    /// One Redis.
    Single,
    /// Sentinels.
    Sentinel,
    /// Nodes of a cluster.
    Cluster,
}

/// The master key, and the life of the keys that sign tokens.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Keys {
    /// The file with the master key, readable by its owner alone; made at the first start. The environment
    /// variable `WATCHBELL_MASTER_KEY` takes its place where secrets come from the environment.
    pub master_key_file: PathBuf,
    /// How many minutes a new signing key is published before it signs, so that apps have fetched it.
    pub announce_minutes: u32,
    /// How many hours a retired signing key stays published, so that what it signed can be verified.
    pub keep_hours: u32,
}

impl Default for Keys {
    fn default() -> Self {
        Self { master_key_file: PathBuf::from("/var/lib/watchbell/master.key"), announce_minutes: 60, keep_hours: 48 }
    }
}

/// How much one client may take up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// The largest request body, in KiB.
    pub body_kib: u32,
    /// How many seconds a client may take to send the head of its request.
    pub head_seconds: u16,
    /// How many seconds an idle connection is kept open.
    pub keep_alive_seconds: u16,
    /// How many connections each worker keeps at once.
    pub connections_per_worker: usize,
    /// How many pushed requests and codes for devices an app without a secret may ask for from one network address within
    /// 15 minutes; all such apps together, four times as many.
    pub app_requests_per_address: u32,
    /// How many forms one network address may send in a minute, on all nodes together where there is Redis; 0 for any number. This
    /// machine's own addresses are not counted.
    pub forms_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_kib: 64,
            head_seconds: 10,
            keep_alive_seconds: 30,
            connections_per_worker: 4096,
            app_requests_per_address: 300,
            forms_per_minute: 1200,
        }
    }
}

/// The log, which goes to standard error.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`; or a filter per part, as in `info,store=debug`.
    pub level: String,
    /// Lines for people, or one JSON object per line for a collector.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For a collector.
    Json,
}
