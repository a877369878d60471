//! Whom a push service writes to when our messages trouble it.

use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// The contact in a VAPID token, `sub` (RFC 8292 §2.1): `mailto:` or `https:`.
///
/// Stricter than the RFC: Apple refuses `localhost`, and `mailto: <ops@…>`, with 403 BadJwtToken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact(String);

/// The text is no contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a contact for push services: write mailto:ops@example.com or https://example.com/contact, with a public host"
)]
pub struct NotAContact;

impl Contact {
    /// The contact as it stands in the token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_public_name(name: &str) -> bool {
    let inside = |end: &str| name == end || name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
    name.contains('.') && !name.ends_with('.') && !["localhost", "local", "internal"].into_iter().any(inside)
}

impl FromStr for Contact {
    type Err = NotAContact;

    fn from_str(text: &str) -> Result<Self, NotAContact> {
        if let Some(address) = text.strip_prefix("mailto:") {
            let email: base::Email = address.parse().map_err(|_| NotAContact)?;
            let (_, domain) = email.as_str().rsplit_once('@').ok_or(NotAContact)?;
            // The parser forgives spaces around an address; a push service does not.
            let exact = address.trim() == address && is_public_name(domain);
            return if exact { Ok(Self(format!("mailto:{email}"))) } else { Err(NotAContact) };
        }
        let url = Url::parse(text).map_err(|_| NotAContact)?;
        let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        match url.host() {
            Some(Host::Domain(name)) if plain && is_public_name(name) => Ok(Self(url.into())),
            _ => Err(NotAContact),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_a_mail_address_or_a_secure_page() {
        for ok in ["mailto:ops@example.com", "https://example.com/contact", "https://id.example.com"] {
            assert!(ok.parse::<Contact>().is_ok(), "{ok}");
        }
    }

    #[test]
    fn what_apple_refuses_is_no_contact() {
        for bad in [
            "",
            "ops@example.com",
            "mailto:",
            "mailto: ops@example.com",
            "mailto:<ops@example.com>",
            "mailto: <ops@example.com>",
            "mailto:ops@localhost",
            "mailto:ops@mail.localhost",
            "mailto:ops@server.local",
            "mailto:a@example.com,b@example.com",
            "http://example.com",
            "https://localhost",
            "https://localhost:8443/contact",
            "https://127.0.0.1/",
            "https://a@example.com/",
            "tel:+1",
        ] {
            assert!(bad.parse::<Contact>().is_err(), "{bad}");
        }
    }
}
