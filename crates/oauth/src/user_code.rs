//! The code that a device shows and a person types (RFC 8628 §6.1): eight consonants, so that no word comes of them and none
//! looks like a digit.

use base::{Rng, SecretHash};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Twenty letters: no vowels, and no Y.
const ALPHABET: [char; 20] =
    ['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Z'];
/// How many of them: 2.56 · 10¹⁰ codes.
const LENGTH: usize = 8;
/// The longest text that is looked at, in characters.
const MAX_TYPED: usize = 64;

/// A code, in its one form: eight letters of the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserCode(String);

/// The text can't be a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code: it has eight letters")]
pub struct NotACode;

impl UserCode {
    /// A new code. A byte that would favour some letters over others is thrown away.
    pub fn generate(rng: &Rng) -> Self {
        let mut code = String::with_capacity(LENGTH);
        while code.len() < LENGTH {
            let fair = rng.bytes::<16>().into_iter().filter(|byte| *byte < 240);
            let letters = fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 20)));
            code.extend(letters.take(LENGTH.saturating_sub(code.len())));
        }
        Self(code)
    }

    /// Reads what a person typed: capitals or not, grouped or not, with whatever stands between the letters.
    ///
    /// # Errors
    /// [`NotACode`].
    pub fn read(typed: &str) -> Result<Self, NotACode> {
        if typed.chars().count() > MAX_TYPED {
            return Err(NotACode);
        }
        let letters: String = typed.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
        letters.try_into()
    }

    /// What it is found by: under a server key, for its few bits could be tried out on a plain hash.
    pub fn hash(&self, key: &[u8; 32]) -> SecretHash {
        SecretHash::of(&[key.as_slice(), self.0.as_bytes()].concat())
    }
}

impl TryFrom<String> for UserCode {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        let is_code = text.chars().count() == LENGTH && text.chars().all(|c| ALPHABET.contains(&c));
        if is_code { Ok(Self(text)) } else { Err(NotACode) }
    }
}

impl From<UserCode> for String {
    fn from(code: UserCode) -> Self {
        code.0
    }
}

/// In two groups, as it is shown.
impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, two) = self.0.split_at(LENGTH / 2);
        write!(f, "{one}-{two}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Rng;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_shown_in_groups_and_read_back_however_it_is_typed() {
        let code = UserCode::generate(&Rng::seeded(4));
        let shown = code.to_string();
        assert_eq!((shown.len(), shown.find('-')), (9, Some(4)));
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " – "),
            format!("\u{2066}{shown}\u{2069}\n"),
        ] {
            assert_eq!(UserCode::read(&typed), Ok(code.clone()), "{typed:?}");
        }
    }

    /// RFC 8628 §3.2 and §6.1: the example, and the letters that it recommends.
    #[test]
    fn the_example_of_the_specification_is_read() {
        let code = UserCode::read("WDJB-MJHT").unwrap();
        assert_eq!((code.to_string().as_str(), UserCode::read("wdjbmjht")), ("WDJB-MJHT", Ok(code.clone())));
        assert_eq!(ALPHABET.iter().collect::<String>(), "BCDFGHJKLMNPQRSTVWXZ");
    }

    #[test]
    fn codes_differ_and_use_every_letter() {
        let rng = Rng::seeded(5);
        let codes: std::collections::BTreeSet<String> = (0..500).map(|_| UserCode::generate(&rng).into()).collect();
        assert_eq!(codes.len(), 500);
        let all: String = codes.into_iter().collect();
        assert!(ALPHABET.iter().all(|letter| all.contains(*letter)));
    }

    #[test]
    fn what_is_no_code_is_none() {
        let long = "B".repeat(100);
        for typed in ["", "BCDF", "BCDFGHJKL", "BCDFGHJA", "BCDF-GHJ1", "ÄBCDFGHJ", long.as_str()] {
            assert_eq!(UserCode::read(typed), Err(NotACode), "{typed:?}");
        }
        assert!(serde_json::from_str::<UserCode>("\"bcdfghjk\"").is_err(), "kept in one form alone");
    }

    #[test]
    fn its_hash_takes_the_server_s_key() {
        let code = UserCode::read("BCDFGHJK").unwrap();
        assert_eq!(code.hash(&[1; 32]), code.hash(&[1; 32]));
        assert_ne!(code.hash(&[1; 32]), code.hash(&[2; 32]));
        assert_ne!(code.hash(&[1; 32]), UserCode::read("BCDFGHJL").unwrap().hash(&[1; 32]));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(typed in any::<String>()) {
            let _ = UserCode::read(&typed);
        }
    }
}
