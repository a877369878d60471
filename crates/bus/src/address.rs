//! Where Redis is, as an operator writes it down.

use percent_encoding::percent_decode_str;
use redis::sentinel::{SentinelClientBuilder, SentinelServerType};
use redis::{
    ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, RedisError, TlsCertificates, TlsMode,
};
use std::fmt;
use std::time::Duration;
use url::Url;

/// What stands behind the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// One Redis, or a proxy that looks like one.
    #[default]
    Single,
    /// Sentinels, which know where the primary is.
    Sentinel,
    /// Nodes of a Redis Cluster.
    Cluster,
}

/// What an operator sets.
#[derive(Clone, Default)]
pub struct Place {
    /// `redis://user:password@host:port/0`, or `rediss://` for TLS; several hosts with commas between them.
    pub url: String,
    /// What stands there.
    pub mode: Mode,
    /// Sentinel: how the Sentinels call the primary.
    pub sentinel_master: String,
    /// Sentinel: whether user and password are asked for by the Sentinels, too.
    pub sentinel_auth: bool,
    /// TLS: the only authorities that vouch for the servers, in PEM; without it those of the system do.
    pub ca_pem: Option<String>,
    /// How long one question may take.
    pub timeout: Duration,
}

/// A place that can be understood. Its `Debug` shows no password.
#[derive(Clone)]
pub struct Address {
    pub(crate) mode: Mode,
    hosts: Vec<(String, u16)>,
    tls: bool,
    user: Option<String>,
    password: Option<String>,
    database: i64,
    master: String,
    sentinel_auth: bool,
    ca_pem: Option<String>,
    pub(crate) timeout: Duration,
}

const FORM: &str = "write it like rediss://user:password@redis.example.com:6379/0, with commas between several hosts";

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Address {
    /// Reads it.
    ///
    /// # Errors
    /// A sentence that says how to write it.
    pub fn read(place: &Place) -> Result<Self, String> {
        let form = || format!("not the address of a Redis: {FORM}");
        let (scheme, rest) = place.url.split_once("://").ok_or_else(form)?;
        let tls = match scheme {
            "redis" => false,
            "rediss" => true,
            _ => return Err(form()),
        };
        let (authority, database) = match rest.split_once('/') {
            Some((authority, "")) => (authority, 0),
            Some((authority, number)) => (authority, number.parse::<u16>().map_err(|_| form())?.into()),
            None => (rest, 0),
        };
        let (who, hosts) = authority.rsplit_once('@').map_or((None, authority), |(who, hosts)| (Some(who), hosts));
        let (user, password) = match who.map(|who| who.split_once(':').unwrap_or((who, ""))) {
            Some((user, password)) => (decoded(user).ok_or_else(form)?, decoded(password).ok_or_else(form)?),
            None => (None, None),
        };
        let usual = if place.mode == Mode::Sentinel { 26_379 } else { 6_379 };
        let hosts: Option<Vec<_>> = hosts.split(',').map(|host| host_and_port(host, usual)).collect();
        let hosts = hosts.ok_or_else(form)?;
        if place.mode == Mode::Single && hosts.len() > 1 {
            return Err("names several hosts: set redis.mode to \"sentinel\" or \"cluster\"".to_owned());
        }
        if place.mode == Mode::Cluster && database != 0 {
            return Err("names a database, and a cluster has one: leave it out".to_owned());
        }
        Ok(Self {
            mode: place.mode,
            hosts,
            tls,
            user,
            password,
            database,
            master: place.sentinel_master.clone(),
            sentinel_auth: place.sentinel_auth,
            ca_pem: place.ca_pem.clone(),
            timeout: place.timeout,
        })
    }

    /// The address without user and password.
    pub fn shown(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(|(host, port)| format!("{host}:{port}")).collect();
        let scheme = if self.tls { "rediss" } else { "redis" };
        match self.mode {
            Mode::Single => format!("{scheme}://{}", hosts.join(",")),
            Mode::Sentinel => format!("{scheme}://{} (sentinel, {})", hosts.join(","), self.master),
            Mode::Cluster => format!("{scheme}://{} (cluster)", hosts.join(",")),
        }
    }

    /// Each host, as the client takes it.
    pub(crate) fn nodes(&self) -> Result<Vec<ConnectionInfo>, RedisError> {
        let who = self.who();
        self.addresses().map(|address| Ok(address.into_connection_info()?.set_redis_settings(who.clone()))).collect()
    }

    fn addresses(&self) -> impl Iterator<Item = ConnectionAddr> {
        self.hosts.iter().cloned().map(|(host, port)| match self.tls {
            false => ConnectionAddr::Tcp(host, port),
            true => ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None },
        })
    }

    fn who(&self) -> RedisConnectionInfo {
        let mut who = RedisConnectionInfo::default().set_db(self.database);
        if let Some(user) = &self.user {
            who = who.set_username(user);
        }
        if let Some(password) = &self.password {
            who = who.set_password(password);
        }
        who
    }

    /// The authorities, where they are not the system's.
    pub(crate) fn certificates(&self) -> Option<TlsCertificates> {
        let root = self.ca_pem.as_ref().filter(|_| self.tls)?;
        Some(TlsCertificates { client_tls: None, root_cert: Some(root.clone().into_bytes()) })
    }

    /// Whether connections are encrypted.
    pub(crate) fn tls(&self) -> Option<TlsMode> {
        self.tls.then_some(TlsMode::Secure)
    }

    /// Who asks the Sentinels, and the primary that they name.
    pub(crate) fn sentinels(&self) -> Result<SentinelClientBuilder, RedisError> {
        let mut builder = SentinelClientBuilder::new(self.addresses(), &self.master, SentinelServerType::Master)?;
        builder = builder.set_client_to_redis_db(self.database);
        if let Some(tls) = self.tls() {
            builder = builder.set_client_to_redis_tls_mode(tls).set_client_to_sentinel_tls_mode(tls);
        }
        if let Some(certificates) = self.certificates() {
            builder = builder.set_client_to_redis_certificates(certificates.clone());
            builder = builder.set_client_to_sentinel_certificates(certificates);
        }
        if let Some(user) = &self.user {
            builder = builder.set_client_to_redis_username(user);
            builder = if self.sentinel_auth { builder.set_client_to_sentinel_username(user) } else { builder };
        }
        if let Some(password) = &self.password {
            builder = builder.set_client_to_redis_password(password);
            builder = if self.sentinel_auth { builder.set_client_to_sentinel_password(password) } else { builder };
        }
        Ok(builder)
    }
}

/// What stands for a user or a password; nothing for nothing. `None` when it is no text.
fn decoded(text: &str) -> Option<Option<String>> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(Some(text.into_owned()).filter(|text| !text.is_empty()))
}

fn host_and_port(text: &str, usual: u16) -> Option<(String, u16)> {
    // A scheme whose usual port nobody means, so that every port that is written is seen.
    let url = Url::parse(&format!("ws://{text}")).ok()?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let host = url.host_str().filter(|host| plain && !host.is_empty())?;
    let host = host.trim_matches(['[', ']']).to_owned();
    let port = if text.ends_with(":80") { 80 } else { url.port().unwrap_or(usual) };
    Some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str, mode: Mode) -> Result<Address, String> {
        Address::read(&Place { url: url.to_owned(), mode, sentinel_master: "main".to_owned(), ..Place::default() })
    }

    #[test]
    fn an_address_names_who_where_and_how() {
        let one = read("rediss://app:p%40ss@redis.example.com/3", Mode::Single).unwrap();
        assert_eq!(one.hosts, [("redis.example.com".to_owned(), 6379)]);
        assert_eq!((one.user.as_deref(), one.password.as_deref()), (Some("app"), Some("p@ss")));
        assert_eq!((one.tls, one.database), (true, 3));
        let alone = read("redis://:secret@[::1]:6380", Mode::Single).unwrap();
        assert_eq!(alone.hosts, [("::1".to_owned(), 6380)]);
        assert_eq!((alone.user.as_deref(), alone.password.as_deref(), alone.tls), (None, Some("secret"), false));
        let three = read("redis://a,b:7000,c:80", Mode::Sentinel).unwrap();
        assert_eq!(three.hosts, [("a".to_owned(), 26379), ("b".to_owned(), 7000), ("c".to_owned(), 80)]);
    }

    #[test]
    fn what_is_no_address_is_told_how_to_write_it() {
        for bad in ["", "redis.example.com", "http://redis", "redis://", "redis://a/b", "redis://a:b", "redis://a?x=y"]
        {
            assert!(read(bad, Mode::Single).unwrap_err().contains("write it like"), "{bad}");
        }
        assert!(read("redis://a,b", Mode::Single).unwrap_err().contains("redis.mode"));
        assert!(read("redis://a,b/1", Mode::Cluster).unwrap_err().contains("leave it out"));
    }

    #[test]
    fn no_password_is_ever_shown() {
        let address = read("redis://app:hunter2@a,b", Mode::Cluster).unwrap();
        assert_eq!(format!("{address:?}"), "redis://a:6379,b:6379 (cluster)");
    }
}
