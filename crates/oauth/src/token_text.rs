//! A token as a client sent it, to be looked at once and never logged.

use crate::refresh::RefreshText;
use std::fmt;
use zeroize::Zeroizing;

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN: usize = 16 * 1024;

/// The text of a presented token. Neither `Debug` nor `Display` shows it.
#[derive(Clone)]
pub struct TokenText(Zeroizing<String>);

impl TokenText {
    /// Takes a token's text. `None` when it is empty or too long to be one.
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= MAX_TOKEN;
        fits.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, to be verified.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The token as a refresh token, if it has the form of one.
    pub fn as_refresh(&self) -> Option<RefreshText> {
        RefreshText::parse(&self.0)
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText(..)")
    }
}
