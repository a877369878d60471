//! Values that check themselves when they are read, each with a sentence that says how to write it.

use base::Email;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// Gives a type that is written as text its conversions.
macro_rules! as_text {
    ($type:ty) => {
        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    };
}

pub(crate) use as_text;

/// Text that may hold a password, such as a database's address. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Private(String);

impl Private {
    /// Wraps the text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The text without user and password, to be shown.
    pub(crate) fn shown(&self) -> String {
        match Url::parse(&self.0) {
            Ok(mut url) if url.has_host() => {
                let cleared = url.set_username("").and_then(|()| url.set_password(None));
                url.set_query(None);
                if cleared.is_ok() { url.to_string() } else { "(hidden)".to_owned() }
            }
            Ok(url) if url.scheme() == "sqlite" => self.0.clone(),
            _ => "(hidden)".to_owned(),
        }
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}

/// The address of a mail server: `smtps://USER:PASSWORD@HOST` (TLS from the start),
/// `smtp://USER:PASSWORD@HOST:587?tls=required` (STARTTLS), or `smtp://127.0.0.1:25` (no TLS, same machine).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct SmtpUrl(String);

as_text!(SmtpUrl);

impl SmtpUrl {
    /// The address with user and password, as the mailer takes it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The address without user and password, to be shown.
    pub fn shown(&self) -> String {
        Private::new(&self.0).shown()
    }

    /// Host and port to connect to: 465 is the port of `smtps`, 25 that of `smtp` (RFC 8314 §7.3, RFC 5321 §4.5.4.2).
    pub fn authority(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        let port = url.port().unwrap_or(if url.scheme() == "smtps" { 465 } else { 25 });
        url.host_str().map(|host| format!("{host}:{port}"))
    }

    /// Whether a mail can't leave without TLS.
    pub fn requires_tls(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| {
            url.scheme() == "smtps" || url.query_pairs().any(|(key, value)| key == "tls" && value == "required")
        })
    }

    /// Whether the mail server runs on this machine.
    pub fn is_loopback(&self) -> bool {
        let host = Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned));
        // A scheme that `url` does not know keeps its host as text, so an IP address is parsed here.
        let host = host.and_then(|text| Host::parse(&text).ok());
        match host {
            Some(Host::Domain(name)) => base::origin::is_loopback(&Host::Domain(name.as_str())),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }
}

impl FromStr for SmtpUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "write it like smtps://user:password@mail.example.com or smtp://mail.example.com:587?tls=required";
        let url = Url::parse(text).map_err(|e| format!("not a mail server's address ({e}): {form}"))?;
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
            return Err(format!("not a mail server's address: {form}"));
        }
        match url.query_pairs().find(|(key, _)| key == "tls") {
            Some((_, value)) if value != "required" && value != "opportunistic" => {
                Err(format!("tls={value} is not known: write tls=required for STARTTLS"))
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// A sender: an address with or without a name, `no-reply@example.com` or `Acme <no-reply@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox(String);

as_text!(Mailbox);

impl Mailbox {
    /// The text as it stands in a mail's header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Mailbox {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "not a mail address: write it like Acme <no-reply@example.com>".to_owned();
        if text.chars().any(char::is_control) {
            return Err(form());
        }
        let address = match text.trim().strip_suffix('>') {
            Some(rest) => rest.rsplit_once('<').map(|(_, address)| address).ok_or_else(form)?,
            None => text,
        };
        address.parse::<Email>().map_err(|_| form())?;
        Ok(Self(text.trim().to_owned()))
    }
}

/// Whom a push service can ask about our messages: `mailto:` or `https:` (RFC 8292 §2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Contact(String);

as_text!(Contact);

impl Contact {
    /// The URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Contact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<push::Contact>().map(|contact| Self(contact.to_string())).map_err(|e| e.to_string())
    }
}

/// An origin that is exempt from the rules on scheme, port and address: `http://127.0.0.1:8790`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Trusted(String);

as_text!(Trusted);

impl Trusted {
    /// The origin.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what is said there is encrypted on its way.
    pub fn is_https(&self) -> bool {
        self.0.parse::<Url>().is_ok_and(|url| url.scheme() == "https")
    }
}

impl FromStr for Trusted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<outbound::TrustedOrigin>().map(|_| Self(text.to_owned())).map_err(|e| e.to_string())
    }
}

/// A page that people are led to: https, or http on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Link(String);

as_text!(Link);

impl Link {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Link {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "not a web page: write it like https://example.com/help".to_owned();
        let url = Url::parse(text).map_err(|_| form())?;
        let local = url.host().is_some_and(|host| base::origin::is_loopback(&host));
        let fine = url.scheme() == "https" || (url.scheme() == "http" && local);
        if fine { Ok(Self(url.into())) } else { Err(form()) }
    }
}

/// Connects elsewhere than a name says, for tests and closed networks: `host:port=host:port`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectTo(String);

as_text!(ConnectTo);

impl ConnectTo {
    /// The override as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConnectTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = |_| "not an override: write it like push.example.com:443=127.0.0.1:9443".to_owned();
        text.parse::<outbound::ConnectTo>().map(|_| Self(text.to_owned())).map_err(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_named_by_how_it_is_reached() {
        let tls: SmtpUrl = "smtps://u:p@mail.example.com".parse().unwrap();
        assert!(tls.requires_tls() && !tls.is_loopback());
        assert!("smtp://mail.example.com:587?tls=required".parse::<SmtpUrl>().unwrap().requires_tls());
        let local: SmtpUrl = "smtp://127.0.0.1:2525".parse().unwrap();
        assert!(!local.requires_tls() && local.is_loopback());
        assert!("smtp://[::1]:25".parse::<SmtpUrl>().unwrap().is_loopback());
        for bad in ["mail.example.com", "https://mail.example.com", "smtp://", "smtp://h?tls=maybe"] {
            assert!(bad.parse::<SmtpUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        let url: SmtpUrl = "smtps://user:hunter2@mail.example.com".parse().unwrap();
        assert!(!format!("{url:?} {}", url.shown()).contains("hunter2"));
        let database = Private::new("postgres://user:hunter2@db.example.com/watchbell?password=hunter2");
        assert_eq!(database.shown(), "postgres://db.example.com/watchbell");
        assert!(!format!("{database:?}").contains("hunter2"));
        assert_eq!(Private::new("sqlite:/data/watchbell.db").shown(), "sqlite:/data/watchbell.db");
    }

    #[test]
    fn a_sender_has_a_real_address() {
        assert!("Acme & Co <no-reply@example.com>".parse::<Mailbox>().is_ok());
        assert!("no-reply@example.com".parse::<Mailbox>().is_ok());
        for bad in ["Acme", "Acme <acme>", "a@b.example\r\nBcc: c@d.example", "Acme a@b.example>"] {
            assert!(bad.parse::<Mailbox>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_contact_is_one_that_push_services_accept() {
        assert!("mailto:security@example.com".parse::<Contact>().is_ok());
        for bad in ["security@example.com", "mailto:<a@b.example>", "mailto:me@localhost", "http://example.com"] {
            assert!(bad.parse::<Contact>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_override_names_both_sides() {
        assert!("push.example.com:443=127.0.0.1:9443".parse::<ConnectTo>().is_ok());
        for bad in ["push.example.com", "a:443=b", "a=b:1", "a:1=b:99999"] {
            assert!(bad.parse::<ConnectTo>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_leads_to_a_web_page() {
        assert!("https://example.com/help".parse::<Link>().is_ok());
        for bad in ["example.com", "javascript:alert(1)", "http://example.com", "ftp://localhost"] {
            assert!(bad.parse::<Link>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_trusted_origin_has_no_path() {
        assert!("http://10.0.0.7:8790".parse::<Trusted>().is_ok());
        assert!("http://10.0.0.7:8790/x".parse::<Trusted>().is_err());
    }
}
