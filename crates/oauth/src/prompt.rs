//! `prompt`: which pages the client wants shown (OpenID Connect Core §3.1.2.1).

use crate::error::OAuthError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One word of `prompt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Show nothing.
    None,
    /// Ask the person to prove who they are, session or not.
    Login,
    /// Ask for consent, even if it was given before.
    Consent,
    /// Let the person choose the account.
    SelectAccount,
    /// Lead to the page that makes an account (Initiating User Registration via OpenID Connect 1.0 §3).
    Create,
}

impl Prompt {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 5] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount, Self::Create];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::Create => "create",
        }
    }
}

/// Reads the space-separated words.
///
/// # Errors
/// `invalid_request` for an unknown word, or for `none` beside another.
pub fn parse(text: &str) -> Result<BTreeSet<Prompt>, OAuthError> {
    let mut set = BTreeSet::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let prompt = Prompt::ALL.into_iter().find(|p| p.as_str() == word);
        set.insert(prompt.ok_or_else(|| {
            OAuthError::invalid_request(
                "prompt has an unknown word: use none, login, consent, select_account or create",
            )
        })?);
    }
    if set.contains(&Prompt::None) && set.len() > 1 {
        return Err(OAuthError::invalid_request("prompt has none beside another word: send none alone"));
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_a_set() {
        assert_eq!(parse("login consent login").unwrap(), BTreeSet::from([Prompt::Login, Prompt::Consent]));
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn none_stands_alone_and_unknown_words_are_named_as_such() {
        assert!(parse("none").is_ok() && parse("none none").is_ok());
        for bad in ["none login", "login none", "register", "Login", "login\tconsent"] {
            assert!(parse(bad).unwrap_err().description().starts_with("prompt "), "{bad}");
        }
    }
}
