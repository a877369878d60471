//! Scope: what a client asks for and what it may have (RFC 6749 §3.3).

use crate::error::{ErrorCode, OAuthError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// OpenID Connect, rather than plain OAuth.
pub const OPENID: &str = "openid";
/// Name, language, time zone and the like.
pub const PROFILE: &str = "profile";
/// The mail address.
pub const EMAIL: &str = "email";
/// The postal address.
pub const ADDRESS: &str = "address";
/// The telephone number.
pub const PHONE: &str = "phone";
/// What a person is told, and where: an app shows and changes it at the account API.
pub const NOTICES: &str = "notices";
/// A refresh token that outlives the session (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Scopes that speak of a person, and so mean nothing for a client that acts for itself.
const OF_A_PERSON: [&str; 7] = [OPENID, PROFILE, EMAIL, ADDRESS, PHONE, NOTICES, OFFLINE_ACCESS];

/// Those of the standards and of this server: nobody may give them another meaning.
pub(crate) const RESERVED: [&str; 7] = OF_A_PERSON;

/// The longest scope, in bytes.
pub const MAX_SCOPE: usize = 1024;
/// The most tokens in a scope.
const MAX_TOKENS: usize = 64;

/// A set of scope tokens that keeps the order in which they were asked for. Order does not count in `==`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(Vec<String>);

/// The text is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a scope: words of printable ASCII without quote and backslash, at most 1024 bytes in all")]
pub struct NotAScope;

impl From<NotAScope> for OAuthError {
    fn from(_: NotAScope) -> Self {
        Self::new(
            ErrorCode::InvalidScope,
            "scope is malformed: separate the words by single spaces, as in openid email",
        )
    }
}

impl Scope {
    /// Whether a token is in it.
    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|t| t == token)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether everything in it is also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|t| other.contains(t))
    }

    /// What is in both, in this one's order. Unknown tokens of a request fall away here.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|t| other.contains(t)).cloned().collect())
    }

    /// What is in either. Never more tokens than a scope may have.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let new = other.0.iter().filter(|t| !self.contains(t));
        Self(self.0.iter().chain(new).take(MAX_TOKENS).cloned().collect())
    }

    /// The same without one token.
    #[must_use]
    pub fn without(&self, token: &str) -> Self {
        Self(self.0.iter().filter(|t| *t != token).cloned().collect())
    }

    /// What is left for a client that acts for itself.
    #[must_use]
    pub fn without_person(&self) -> Self {
        Self(self.0.iter().filter(|t| !OF_A_PERSON.contains(&t.as_str())).cloned().collect())
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.is_subset(other)
    }
}

impl Eq for Scope {}

impl FromStr for Scope {
    type Err = NotAScope;

    /// Reads `scope-token *( SP scope-token )`; several spaces in a row, and doubled tokens, are forgiven.
    fn from_str(text: &str) -> Result<Self, NotAScope> {
        if text.len() > MAX_SCOPE {
            return Err(NotAScope);
        }
        let mut tokens: Vec<String> = Vec::new();
        for token in text.split(' ').filter(|t| !t.is_empty()) {
            if !token.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
                return Err(NotAScope);
            }
            if !tokens.iter().any(|t| t == token) {
                tokens.push(token.to_owned());
            }
        }
        if tokens.len() > MAX_TOKENS { Err(NotAScope) } else { Ok(Self(tokens)) }
    }
}

impl TryFrom<String> for Scope {
    type Error = NotAScope;

    fn try_from(text: String) -> Result<Self, NotAScope> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scope(text: &str) -> Scope {
        text.parse().unwrap()
    }

    #[test]
    fn order_is_kept_but_does_not_count() {
        assert_eq!(scope("openid email openid").to_string(), "openid email");
        assert_eq!(scope("openid email"), scope("email  openid"));
        assert_ne!(scope("openid"), scope("openid email"));
    }

    #[test]
    fn what_the_grammar_forbids_is_refused() {
        for bad in ["a\"b", "a\\b", "a\tb", "é", "a\nb", &"x".repeat(MAX_SCOPE + 1)] {
            assert_eq!(bad.parse::<Scope>(), Err(NotAScope), "{bad}");
        }
        let many: Vec<String> = (0..65).map(|i| i.to_string()).collect();
        assert_eq!(many.join(" ").parse::<Scope>(), Err(NotAScope));
    }

    #[test]
    fn unknown_words_fall_away_against_what_is_allowed() {
        assert_eq!(scope("openid weird email").intersection(&scope("email openid profile")), scope("openid email"));
        assert!(scope("email").is_subset(&scope("openid email")));
        assert!(!scope("email phone").is_subset(&scope("openid email")));
        assert_eq!(scope("a").union(&scope("b a")), scope("a b"));
        assert_eq!(scope("openid reports:read offline_access").without_person(), scope("reports:read"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            if let Ok(scope) = text.parse::<Scope>() {
                prop_assert_eq!(scope.to_string().parse::<Scope>().unwrap(), scope);
            }
        }
    }
}
