//! What a client says of itself, member by member (RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2).

use super::{invalid, invalid_redirect};
use crate::error::OAuthError;
use crate::redirect_uri::RedirectUri;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::str::FromStr;

/// The longest document that is looked at, in bytes.
pub const MAX_DOCUMENT: usize = 64 * 1024;
/// The most items of a list.
const MAX_ITEMS: usize = 50;
/// The longest text, in bytes.
const MAX_TEXT: usize = 2048;
/// What a JWT says about itself, and what never comes out of a statement.
const NOT_OF_THE_CLIENT: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "software_statement"];

/// The members of a request. One that means nothing here is ignored, as RFC 7591 §2 asks: a client may say more of itself
/// than a server knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// Reads a document.
    ///
    /// # Errors
    /// `invalid_client_metadata` for what is no JSON object of at most [`MAX_DOCUMENT`].
    pub fn parse(body: &[u8]) -> Result<Self, OAuthError> {
        if body.len() > MAX_DOCUMENT {
            return Err(invalid("the document is longer than 64 KiB: say less"));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            _ => Err(invalid("send a JSON object, as application/json")),
        }
    }

    /// The same with what a software statement says in the place of what the client says itself (RFC 7591 §2.3).
    #[must_use]
    pub fn under(mut self, statement: impl IntoIterator<Item = (String, Value)>) -> Self {
        let of_client = statement.into_iter().filter(|(name, _)| !NOT_OF_THE_CLIENT.contains(&name.as_str()));
        self.0.extend(of_client);
        self
    }

    /// `software_statement` (RFC 7591 §2.3), not verified.
    ///
    /// # Errors
    /// `invalid_client_metadata` when it is no text.
    pub fn software_statement(&self) -> Result<Option<String>, OAuthError> {
        match self.get("software_statement") {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(invalid("software_statement: write a signed JWT")),
        }
    }

    /// Whether a member is there. A null is the same as a member that was left out (RFC 7592 §2.2).
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text. An empty one is the same as none.
    ///
    /// # Errors
    /// `invalid_client_metadata`.
    pub fn text(&self, name: &str) -> Result<Option<String>, OAuthError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= MAX_TEXT => Ok(Some(text.clone()).filter(|t| !t.is_empty())),
            Some(_) => Err(invalid(&format!("{name}: write a text of at most {MAX_TEXT} bytes"))),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, OAuthError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(_) => Err(invalid(&format!("{name}: write true or false"))),
        }
    }

    pub(super) fn seconds(&self, name: &str) -> Result<Option<u32>, OAuthError> {
        let whole = |value: &Value| value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
        match self.get(name) {
            None => Ok(None),
            Some(value) => match whole(value) {
                Some(seconds) => Ok(Some(seconds)),
                None => Err(invalid(&format!("{name}: write whole seconds, 0 or more"))),
            },
        }
    }

    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, OAuthError> {
        let bad = || invalid(&format!("{name}: write an array of at most {MAX_ITEMS} texts"));
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) if items.len() <= MAX_ITEMS => {
                let text = |item: &Value| item.as_str().filter(|text| text.len() <= MAX_TEXT).map(str::to_owned);
                items.iter().map(text).collect::<Option<Vec<_>>>().map(Some).ok_or_else(bad)
            }
            Some(_) => Err(bad()),
        }
    }

    pub(super) fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, OAuthError> {
        let parse = |text: String| text.parse().map_err(|e: T::Err| invalid(&format!("{name}: {e}")));
        self.text(name)?.map(parse).transpose()
    }

    /// An algorithm of something that is left alone when it is `none`, or left out.
    pub(super) fn parsed_or_none<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, OAuthError> {
        if self.text(name)?.as_deref() == Some("none") { Ok(None) } else { self.parsed(name) }
    }

    pub(super) fn uris(&self, name: &str) -> Result<Vec<RedirectUri>, OAuthError> {
        let told = |text: String| if name == "redirect_uris" { invalid_redirect(&text) } else { invalid(&text) };
        // A list that is none is about the URIs too.
        let texts = self.list(name).map_err(|error| told(error.description().to_owned()))?.unwrap_or_default();
        texts.iter().map(|text| text.parse().map_err(|e| told(format!("{name}: {text}: {e}")))).collect()
    }

    pub(super) fn value(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

impl From<Map<String, Value>> for Metadata {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}
