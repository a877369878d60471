//! Settings about what leaves the server: mail, notices, outgoing connections; and the file of places.

use super::value::{ConnectTo, Contact, Mailbox, SmtpUrl, Trusted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How mail is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mail {
    /// The mail server: `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required` for STARTTLS.
    pub smtp_url: Option<SmtpUrl>,
    /// The sender, as in `Acme <no-reply@example.com>`.
    pub from: Option<Mailbox>,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<Mailbox>,
}

/// Which push services may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PushHosts {
    /// Any public address, so that UnifiedPush and self-hosted services work.
    AnyPublicHost,
    /// Only the services of the browser vendors.
    VendorsOnly,
}

/// Notices in the browser (Web Push).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Push {
    /// Whom a push service can ask about our messages: `mailto:security@example.com` or an https page (RFC 8292).
    pub contact: Option<Contact>,
    /// Which push services may be used: `any_public_host` or `vendors_only`.
    pub hosts: PushHosts,
    /// For tests and closed networks: origins that are exempt from the rules on addresses, ports and https.
    pub trusted_origins: Vec<Trusted>,
    /// Whether people are offered notices after their first sign-in.
    pub offer: bool,
    /// How many browsers of one account can be rung.
    pub max_browsers: usize,
}

impl Default for Push {
    fn default() -> Self {
        Self {
            contact: None,
            hosts: PushHosts::AnyPublicHost,
            trusted_origins: Vec::new(),
            offer: true,
            max_browsers: 20,
        }
    }
}

/// Outgoing connections.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OutboundRules {
    /// A PEM file with certificates of further authorities, as a company's proxy may need.
    pub extra_ca_file: Option<PathBuf>,
    /// Origins of your own network, as in `https://intranet.example:8443`, that may be asked though their addresses are not
    /// public: apps in a company's network that are told of sign-outs, or whose keys are read. https alone.
    pub private_origins: Vec<Trusted>,
    /// Whether an app may name a signed request by its address, so that it is fetched (RFC 9101): one of the addresses that
    /// the app registered, and no other.
    pub request_uris: bool,
    /// For tests and closed networks: `host:port=host:port` connects to the second where the first is meant.
    pub connect_to: Vec<ConnectTo>,
    /// How many seconds one request may take in all.
    pub timeout_seconds: u16,
}

impl Default for OutboundRules {
    fn default() -> Self {
        Self {
            extra_ca_file: None,
            private_origins: Vec::new(),
            request_uris: false,
            connect_to: Vec::new(),
            timeout_seconds: 10,
        }
    }
}

/// Where a network address is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Geo {
    /// A database of cities in MaxMind's format (GeoLite2-City, DB-IP). Without it notices name no place.
    pub mmdb_file: Option<PathBuf>,
}
