//! A public origin (RFC 6454): scheme, host and port, nothing else. A tenant is one origin.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// A validated origin in its serialized form, such as `https://id.example.com`. Never ends with a slash.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnOrigin {
    /// It can't be parsed at all.
    #[error("not an origin: write it like https://id.example.com")]
    Unreadable,
    /// It has more than scheme, host and port.
    #[error("not an origin: leave out user, path, query and fragment, as in https://id.example.com")]
    TooMuch,
    /// A scheme other than `https`, or plain `http` away from this machine.
    #[error("not a secure origin: use https, or http on localhost for development")]
    Insecure,
}

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Host and port as they stand in the `Host` header (RFC 9110 §7.2).
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The host without a port, an IPv6 address in its brackets.
    pub fn host(&self) -> String {
        let authority = self.authority();
        let host = match authority.rsplit_once(':') {
            // Without a port the last colon is an address's, and a bracket comes behind it.
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        host.to_owned()
    }

    /// The absolute URL of a path on this origin.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// Whether a parsed host means this machine (`localhost`, its sub-domains, 127.0.0.0/8, ::1).
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let url = Url::parse(text).map_err(|_| NotAnOrigin::Unreadable)?;
        let host = url.host().ok_or(NotAnOrigin::Unreadable)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return Err(NotAnOrigin::TooMuch);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            _ => return Err(NotAnOrigin::Insecure),
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
}

impl TryFrom<String> for Origin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, NotAnOrigin> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_one_way() {
        let origin: Origin = "HTTPS://ID.Example.com:443/".parse().unwrap();
        assert_eq!(origin.as_str(), "https://id.example.com");
        assert_eq!(origin.authority(), "id.example.com");
        assert_eq!(origin.join("/login"), "https://id.example.com/login");
    }

    #[test]
    fn a_host_is_told_without_its_port() {
        let host = |origin: &str| origin.parse::<Origin>().unwrap().host();
        assert_eq!(host("https://id.example.com"), "id.example.com");
        assert_eq!(host("https://id.example.com:8443"), "id.example.com");
        assert_eq!(host("https://[2001:db8::1]"), "[2001:db8::1]");
        assert_eq!(host("http://[::1]:9"), "[::1]");
        assert_eq!(host("https://192.0.2.1:9"), "192.0.2.1");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for ok in ["http://localhost:8080", "http://127.0.0.1:9", "http://[::1]:9", "http://app.localhost"] {
            assert!(ok.parse::<Origin>().is_ok(), "{ok}");
        }
        for bad in ["http://id.example.com", "http://localhost.example.com", "ftp://localhost"] {
            assert_eq!(bad.parse::<Origin>(), Err(NotAnOrigin::Insecure), "{bad}");
        }
    }

    #[test]
    fn more_than_an_origin_is_refused() {
        for bad in ["https://a@b.example", "https://b.example/x", "https://b.example?x", "https://b.example#x"] {
            assert_eq!(bad.parse::<Origin>(), Err(NotAnOrigin::TooMuch), "{bad}");
        }
        assert_eq!("b.example".parse::<Origin>(), Err(NotAnOrigin::Unreadable));
    }
}
