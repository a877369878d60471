//! Mail addresses.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// A mail address as its owner wrote it, with a key under which it is compared.
///
/// The domain is lower-cased and brought to ASCII (IDNA); the local part keeps its case for sending, but is
/// compared case-insensitively, as every large provider does. At most 254 bytes (RFC 5321 §4.5.3.1.3).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// The text is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address: write it like name@example.com")]
pub struct NotAnEmail;

impl Email {
    /// The address to send to and to show.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which two addresses are the same.
    pub fn key(&self) -> String {
        self.0.nfkc().collect::<String>().to_lowercase()
    }

    /// The address with most of its local part hidden, as in `j…@example.com`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}…@{domain}")
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        let local: String = local.nfc().collect();
        let plain = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        if local.is_empty() || local.len() > 64 || dots || !local.chars().all(plain) {
            return Err(NotAnEmail);
        }
        if domain.is_empty() || domain.chars().any(|c| !(c.is_alphanumeric() || c == '.' || c == '-')) {
            return Err(NotAnEmail);
        }
        let domain = match url::Host::parse(domain) {
            Ok(url::Host::Domain(name)) => name,
            _ => return Err(NotAnEmail),
        };
        let labels =
            domain.split('.').all(|l| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-'));
        let whole = format!("{local}@{domain}");
        if !labels || whole.len() > 254 { Err(NotAnEmail) } else { Ok(Self(whole)) }
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_compared_without_regard_to_case() {
        let a: Email = " Jane.Doe@EXAMPLE.com ".parse().unwrap();
        assert_eq!(a.as_str(), "Jane.Doe@example.com");
        assert_eq!(a.key(), "jane.doe@example.com");
        assert_eq!(a.masked(), "J…@example.com");
    }

    #[test]
    fn what_could_break_a_mail_header_is_no_address() {
        for bad in [
            "",
            "jane",
            "@example.com",
            "jane@",
            "a b@example.com",
            "a\r\nBcc: x@example.com",
            "a@exa mple.com",
            "a@example.com\n",
            "<a@example.com>",
            "a,b@example.com",
            "a@-example.com",
            "a@127.0.0.1",
            "a@[::1]",
            ".a@example.com",
            "a..b@example.com",
        ] {
            let parsed = bad.parse::<Email>();
            assert!(parsed.is_err() || !parsed.clone().unwrap().as_str().contains(['\r', '\n']), "{bad:?}: {parsed:?}");
        }
        assert!("a b@example.com".parse::<Email>().is_err());
    }

    #[test]
    fn an_international_domain_is_kept_in_ascii() {
        assert_eq!("jörg@bücher.example".parse::<Email>().unwrap().as_str(), "jörg@xn--bcher-kva.example");
    }
}
