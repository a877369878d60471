//! What an operator may change. The default is the strict form.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use url::{Host, Url};

/// How the client behaves. [`Settings::default`] has no exceptions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origins exempt from the rules on scheme, port and address: for tests and closed networks.
    pub trusted_origins: Vec<TrustedOrigin>,
    /// Certificates (PEM, each text may hold several) that are trusted besides the usual ones.
    pub extra_ca_pem: Vec<String>,
    /// Connections that go elsewhere than their URL says, by the operator's order: for tests and closed networks.
    pub connect_to: Vec<ConnectTo>,
    /// The longest time for a whole exchange, body included.
    pub timeout: Duration,
    /// The longest body of an answer, in bytes.
    pub max_body: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            trusted_origins: Vec::new(),
            extra_ca_pem: Vec::new(),
            connect_to: Vec::new(),
            timeout: Duration::from_secs(10),
            max_body: 1024 * 1024,
        }
    }
}

/// An origin that the operator vouches for: scheme, host and port, like `http://127.0.0.1:8790`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedOrigin {
    scheme: String,
    host: String,
    port: u16,
}

/// The text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an origin: write scheme, host and port alone, like https://push.example:8443")]
pub struct NotATrustedOrigin;

impl TrustedOrigin {
    pub(crate) fn is(&self, scheme: &str, host: &str, port: u16) -> bool {
        self.scheme == scheme && self.host == host && self.port == port
    }
}

impl FromStr for TrustedOrigin {
    type Err = NotATrustedOrigin;

    fn from_str(text: &str) -> Result<Self, NotATrustedOrigin> {
        let url = Url::parse(text).map_err(|_| NotATrustedOrigin)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        match (url.scheme(), url.host(), url.port_or_known_default()) {
            (scheme @ ("https" | "http"), Some(host), Some(port)) if bare => {
                Ok(Self { scheme: scheme.to_owned(), host: host.to_string(), port })
            }
            _ => Err(NotATrustedOrigin),
        }
    }
}

/// A host and a port, like `push.example:443` or `[::1]:8790`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    host: Host<String>,
    port: u16,
}

/// The text is no host and port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a host and port: write it like push.example:443, and ports always")]
pub struct NotAnAuthority;

impl Authority {
    /// The host, parsed.
    pub fn host(&self) -> &Host<String> {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// From a parsed host and a port.
    pub(crate) fn new(host: Host<String>, port: u16) -> Self {
        Self { host, port }
    }
}

impl FromStr for Authority {
    type Err = NotAnAuthority;

    fn from_str(text: &str) -> Result<Self, NotAnAuthority> {
        let (host, port) = text.rsplit_once(':').ok_or(NotAnAuthority)?;
        let host = Host::parse(host).map_err(|_| NotAnAuthority)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(NotAnAuthority)?;
        Ok(Self { host, port })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// An order to connect elsewhere. The name in TLS and in `Host` stays the URL's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectTo {
    /// What the URL says.
    pub from: Authority,
    /// Where the connection goes. Any address is allowed.
    pub to: Authority,
}

impl FromStr for ConnectTo {
    type Err = NotAnAuthority;

    /// Reads `from=to`, as in `fcm.googleapis.com:443=127.0.0.1:8791`.
    fn from_str(text: &str) -> Result<Self, NotAnAuthority> {
        let (from, to) = text.split_once('=').ok_or(NotAnAuthority)?;
        Ok(Self { from: from.trim().parse()?, to: to.trim().parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        for ok in ["https://push.example", "https://push.example/", "http://[::1]:8790"] {
            assert!(ok.parse::<TrustedOrigin>().is_ok(), "{ok}");
        }
        for bad in ["push.example", "https://push.example/x", "https://a@push.example", "ws://push.example", ""] {
            assert!(bad.parse::<TrustedOrigin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_override_has_two_sides_with_ports() {
        let order: ConnectTo = "FCM.googleapis.com:443 = [::1]:8791".parse().unwrap();
        assert_eq!(order.from.to_string(), "fcm.googleapis.com:443");
        assert_eq!(order.to.to_string(), "[::1]:8791");
        for bad in ["a:1", "a=b", "a:1=b", "a:1=b:0", "a:1=b:99999", "a b:1=c:1"] {
            assert!(bad.parse::<ConnectTo>().is_err(), "{bad}");
        }
    }
}
