//! A provider as the operator describes it.

use std::fmt;
use std::str::FromStr;
use url::Url;
use zeroize::Zeroizing;

/// The name of a provider in the configuration and in its redirect URI: lower-case letters, digits and dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key: write 1 to 32 lower-case letters, digits and dashes, beginning with a letter, like my-company")]
pub struct NotAKey;

impl Key {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = text.len() <= 32 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(plain);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAKey) }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secret that we authenticate with at a provider. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(Zeroizing<String>);

impl Hidden {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(..)")
    }
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its name in the configuration.
    pub key: Key,
    /// Its name for people.
    pub name: String,
    /// What we are called there.
    pub client_id: String,
    /// The secret that we have there; none for a public client.
    pub client_secret: Option<Hidden>,
    /// What is asked for (RFC 6749 §3.3); `openid` is added where it belongs.
    pub scopes: Vec<String>,
    /// How it works.
    pub kind: Kind,
    /// How it answers.
    pub response_mode: ResponseMode,
    /// Whether a first sign-in may make an account.
    pub sign_up: bool,
    /// Whether its word on a verified mail address is believed.
    pub trust_email: bool,
}

impl Provider {
    /// The issuer: with the subject, it is the identity.
    pub fn issuer(&self) -> &str {
        match &self.kind {
            Kind::Oidc { issuer } => issuer,
            Kind::Plain(plain) => &plain.issuer,
        }
    }
}

/// How a provider works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// OpenID Connect, by discovery.
    Oidc {
        /// The issuer identifier, byte for byte as its documents and ID tokens name it.
        issuer: String,
    },
    /// OAuth 2 with an endpoint that says who someone is.
    Plain(Box<Plain>),
}

/// An OAuth 2 provider without OpenID Connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// What it is called as an issuer of identities.
    pub issuer: String,
    /// The authorization endpoint (RFC 6749 §3.1).
    pub authorization_endpoint: Url,
    /// The token endpoint (RFC 6749 §3.2).
    pub token_endpoint: Url,
    /// Answers a JSON object about the person.
    pub userinfo_endpoint: Url,
    /// Answers the person's addresses, each with `email`, `primary` and `verified`.
    pub emails_endpoint: Option<Url>,
    /// Where in the object what stands.
    pub fields: Fields,
    /// How we authenticate at the token endpoint.
    pub client_auth: ClientAuth,
}

/// The names of the fields in a plain provider's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Who it is: must never be given to another person.
    pub subject: String,
    /// The mail address.
    pub email: Option<String>,
    /// Whether the address is verified.
    pub email_verified: Option<String>,
    /// The name.
    pub name: Option<String>,
}

/// How a client authenticates at the token endpoint (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// By the header `Authorization`.
    Basic,
    /// In the form.
    Post,
}

/// How a provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResponseMode {
    /// By a redirect.
    #[default]
    Query,
    /// By a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_fits_into_a_path() {
        for ok in ["google", "my-company-2", "a"] {
            assert!(ok.parse::<Key>().is_ok(), "{ok}");
        }
        for bad in ["", "Google", "2nd", "-x", "a/b", "a.b", "a_b", "ü", "a%2fb", &"x".repeat(33)] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_never_shown() {
        assert_eq!(format!("{:?}", Hidden::new("hunter2")), "Hidden(..)");
    }
}
