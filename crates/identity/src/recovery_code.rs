//! Recovery codes: for the day when the authenticator app or the security key is not at hand.
//!
//! A code has 120 random bits, far more than could ever be guessed, so that a plain hash keeps it (NIST SP 800-63B-4
//! §4.2.1.1, ASVS 6.5.2).

use crate::base32::{self, CROCKFORD};
use base::{Id, SecretHash};
use zeroize::Zeroizing;

/// How many there are in a set.
pub const COUNT: u8 = 8;
const BYTES: usize = 15;
const LETTERS: usize = 24;

/// A code, as its owner has it. It has neither `Debug` nor `Serialize`.
pub struct PlainCode(Zeroizing<[u8; BYTES]>);

/// A set of codes. It follows from its seed, 256 secret bits, so that it can be shown again without having been kept.
pub fn set(seed: &[u8; 32]) -> Vec<PlainCode> {
    (0..COUNT).map(|n| PlainCode(cut(&SecretHash::of(&[seed.as_slice(), &[n]].concat())))).collect()
}

fn cut(hash: &SecretHash) -> Zeroizing<[u8; BYTES]> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    for (to, from) in bytes.iter_mut().zip(hash.0) {
        *to = from;
    }
    bytes
}

impl PlainCode {
    /// Reads a code as it was typed, in whatever case and groups; letters that look like digits count as those. `None`
    /// for a text that can't be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let plain = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}');
        let letter = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let text: Zeroizing<String> =
            Zeroizing::new(typed.chars().filter(plain).take(LETTERS + 1).map(letter).collect());
        if text.len() != LETTERS {
            return None;
        }
        let bytes = Zeroizing::new(base32::decode(&text, CROCKFORD)?);
        bytes.as_slice().try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The text to show: six groups of four.
    pub fn text(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(base32::encode(self.0.as_slice(), CROCKFORD));
        Zeroizing::new(base32::in_fours(&text, '-'))
    }

    /// What is stored, bound to the account.
    pub fn hash(&self, account: Id) -> SecretHash {
        SecretHash::of(&[b"recovery code".as_slice(), account.as_bytes(), self.0.as_slice()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn account(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    #[test]
    fn a_set_is_eight_codes_all_different_and_the_same_again_from_the_same_seed() {
        let texts = |seed| set(seed).iter().map(|code| code.text().to_string()).collect::<BTreeSet<_>>();
        assert_eq!(texts(&[7; 32]).len(), 8);
        assert_eq!(texts(&[7; 32]), texts(&[7; 32]));
        assert!(texts(&[7; 32]).is_disjoint(&texts(&[8; 32])));
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = &set(&[7; 32])[0];
        let text = code.text();
        assert_eq!(text.len(), 29, "six groups of four");
        assert!(!text.contains(['I', 'L', 'O', 'U']), "{}", text.as_str());
        let sloppy = [
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            format!(" {}\n", text.as_str()),
            text.replace('0', "o").replace('1', "l"),
        ];
        for typed in sloppy {
            let read = PlainCode::parse(&typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!(read.hash(account(1)), code.hash(account(1)), "{typed}");
        }
    }

    #[test]
    fn what_is_cut_lengthened_or_no_letter_of_it_is_no_code() {
        let text = set(&[7; 32])[0].text().to_string();
        for bad in
            ["", "123456", &text[1..], &format!("{text}0"), &text.replacen(|c: char| c.is_alphanumeric(), "U", 1)]
        {
            assert!(PlainCode::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn one_code_has_another_hash_for_every_account() {
        let code = &set(&[7; 32])[0];
        assert_ne!(code.hash(account(1)), code.hash(account(2)));
    }
}
