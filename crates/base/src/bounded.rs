//! Text with a limit: what comes from outside is bounded at the edge.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Text of at most `N` bytes without control characters.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(try_from = "String", into = "String")]
pub struct Bounded<const N: usize>(String);

/// The text is too long, or has control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("longer than {0} bytes, or with control characters")]
pub struct OutOfBounds(pub usize);

impl<const N: usize> Bounded<N> {
    /// Takes text that fits.
    ///
    /// # Errors
    /// [`OutOfBounds`] when it is longer than `N` bytes or has control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, OutOfBounds> {
        let text = text.into();
        if text.len() > N || text.chars().any(char::is_control) { Err(OutOfBounds(N)) } else { Ok(Self(text)) }
    }

    /// Takes what fits of a text that is only shown (a User-Agent, say) and drops control characters.
    pub fn cut(text: &str) -> Self {
        let mut out = String::new();
        for c in text.chars().filter(|c| !c.is_control()) {
            if out.len() + c.len_utf8() > N {
                break;
            }
            out.push(c);
        }
        Self(out)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> TryFrom<String> for Bounded<N> {
    type Error = OutOfBounds;

    fn try_from(text: String) -> Result<Self, OutOfBounds> {
        Self::new(text)
    }
}

impl<const N: usize> From<Bounded<N>> for String {
    fn from(text: Bounded<N>) -> Self {
        text.0
    }
}

impl<const N: usize> fmt::Display for Bounded<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const N: usize> fmt::Debug for Bounded<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_refused_or_cut_at_its_bound() {
        assert!(Bounded::<4>::new("abcd").is_ok());
        assert_eq!(Bounded::<4>::new("abcde"), Err(OutOfBounds(4)));
        assert_eq!(Bounded::<4>::new("a\nb"), Err(OutOfBounds(4)));
        assert_eq!(Bounded::<4>::cut("aé\u{1b}é€").as_str(), "aé");
    }
}
