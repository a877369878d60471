//! Which passwords are good enough: length, common ones, guessable ones, words of one's own, breaches.
//!
//! There is no rule about kinds of characters and none about age (NIST SP 800-63B-4 §3.1.1.2: "SHALL NOT").
//! Every refusal says what would help. Checks run from the cheap to the dear, and stop at the first refusal.

mod common;
mod context;
pub mod pwned;

use crate::password::{MAX_CODE_POINTS, normalised};
use serde::{Deserialize, Serialize};
use zxcvbn::feedback::Warning;
use zxcvbn::matching::patterns::MatchPattern;

/// A tenant's rule for new passwords. Passwords that exist are never measured by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The fewest code points.
    pub min_length: usize,
    /// The lowest estimate of strength, 0 to 4, as `zxcvbn` gives it.
    pub min_score: u8,
    /// The fewest code points of a password that does not stand alone: its account has a second factor.
    pub min_length_beside: usize,
}

impl Default for Policy {
    /// The preset `default`: eight characters, "safely unguessable" (10^8 guesses and more).
    fn default() -> Self {
        Self { min_length: 8, min_score: 3, min_length_beside: 8 }
    }
}

impl Policy {
    /// The names of the presets.
    pub const PRESETS: [&'static str; 2] = ["default", "nist"];

    /// The preset `nist`: fifteen characters for a password that stands alone, eight beside a second factor (NIST SP
    /// 800-63B-4 §3.1.1.2).
    /// Strength is left to length and to the lists; only what falls to the first thousand guesses, such as
    /// one letter fifteen times, is refused beside them.
    pub const fn nist() -> Self {
        Self { min_length: 15, min_score: 1, min_length_beside: 8 }
    }

    /// The same for an account that has a second factor.
    #[must_use]
    pub fn beside_second_factor(self) -> Self {
        Self { min_length: self.min_length.min(self.min_length_beside), ..self }
    }

    /// The preset of that name.
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            "nist" => Some(Self::nist()),
            _ => None,
        }
    }
}

/// Why a password is not good enough. The text names the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// It has too few characters.
    #[error("too short: use at least {min} characters")]
    TooShort {
        /// The fewest code points.
        min: usize,
    },
    /// It has too many characters.
    #[error("too long: use at most {max} characters")]
    TooLong {
        /// The most code points.
        max: usize,
    },
    /// It is one of those that are tried first.
    #[error("one of the passwords that are tried first: choose another")]
    TooCommon,
    /// It follows a pattern that is easy to guess.
    #[error("easy to guess ({hint}): {advice}", advice = hint.advice())]
    Guessable {
        /// What makes it so.
        hint: Hint,
    },
    /// It is made of the person's name or address, or of the name of this place.
    #[error("made of your name, your address or the name of this site: choose other words")]
    ContainsContext,
    /// It stands in a list of stolen passwords.
    #[error("found in a list of stolen passwords: choose another, and change it wherever else you use it")]
    Breached,
}

/// What makes a password easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hint {
    /// Neighbouring keys, such as `qwertz`.
    Keyboard,
    /// Something repeated, such as `aaa` or `abcabc`.
    Repeats,
    /// A sequence, such as `abc` or `6543`.
    Sequence,
    /// A year or a date.
    Date,
    /// A name.
    Name,
    /// A word, or a common password, with little around it.
    Word,
    /// Nothing in particular: there is too little of it.
    TooLittle,
}

impl Hint {
    /// All hints.
    pub const ALL: [Self; 7] =
        [Self::Keyboard, Self::Repeats, Self::Sequence, Self::Date, Self::Name, Self::Word, Self::TooLittle];

    /// A short name, as the key of a text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keyboard => "keyboard",
            Self::Repeats => "repeats",
            Self::Sequence => "sequence",
            Self::Date => "date",
            Self::Name => "name",
            Self::Word => "word",
            Self::TooLittle => "too-little",
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::Keyboard | Self::Repeats | Self::Sequence => "avoid patterns, or add another word or two",
            Self::Date => "leave out years and dates, or add another word or two",
            Self::Name | Self::Word | Self::TooLittle => "add another word or two; uncommon ones are better",
        }
    }
}

impl std::fmt::Display for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keyboard => "neighbouring keys",
            Self::Repeats => "something repeated",
            Self::Sequence => "a sequence",
            Self::Date => "a year or a date",
            Self::Name => "a name",
            Self::Word => "a common word",
            Self::TooLittle => "too little of it",
        })
    }
}

/// Whether a new password is good enough.
///
/// `context` holds what a guesser would try for this very account: the mail address, the name, the tenant's
/// brand. `breached` is the answer of [`pwned`], where it was asked.
///
/// # Errors
/// [`WeakPassword`] with the first reason against it.
pub fn check(policy: &Policy, password: &str, context: &[&str], breached: bool) -> Result<(), WeakPassword> {
    let Some(password) = normalised(password) else { return Err(WeakPassword::TooLong { max: MAX_CODE_POINTS }) };
    if password.chars().count() < policy.min_length {
        return Err(WeakPassword::TooShort { min: policy.min_length });
    }
    if common::is_common(&password) {
        return Err(WeakPassword::TooCommon);
    }
    let words = context::words(context);
    if context::is_made_of(&password, &words) {
        return Err(WeakPassword::ContainsContext);
    }
    if breached {
        return Err(WeakPassword::Breached);
    }
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(measured(&password), &inputs);
    if u8::from(estimate.score()) < policy.min_score {
        let hint = estimate.feedback().and_then(|f| f.warning()).map_or_else(|| shape(estimate.sequence()), hint);
        return Err(WeakPassword::Guessable { hint });
    }
    Ok(())
}

/// Signs that `zxcvbn` reads as letters. It tries every way to read them, which takes the longer the more kinds
/// there are.
const SIGNS: &str = "4@8({[<3691!|70$5+%2";
const MANY_SIGNS: usize = 10;
/// The beginning that is measured, in code points: of any password, and of one with many kinds of signs.
const MEASURED: usize = 64;
const MEASURED_OF_SIGNS: usize = 24;

/// The part of a password that is measured. Measuring takes more than half a second for the worst of 128
/// characters and some 30 ms for the worst of these; a beginning that is strong makes all of it strong.
fn measured(password: &str) -> &str {
    let beginning = first(password, MEASURED);
    let kinds = SIGNS.chars().filter(|sign| beginning.contains(*sign)).count();
    if kinds > MANY_SIGNS { first(beginning, MEASURED_OF_SIGNS) } else { beginning }
}

fn first(text: &str, code_points: usize) -> &str {
    text.char_indices().nth(code_points).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

const fn hint(warning: Warning) -> Hint {
    use Warning as W;
    match warning {
        W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess => Hint::Keyboard,
        W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Hint::Repeats,
        W::SequencesLikeAbcAreEasyToGuess => Hint::Sequence,
        W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess => Hint::Date,
        W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess => Hint::Name,
        W::ThisIsATop10Password
        | W::ThisIsATop100Password
        | W::ThisIsACommonPassword
        | W::ThisIsSimilarToACommonlyUsedPassword
        | W::AWordByItselfIsEasyToGuess => Hint::Word,
    }
}

/// What the longest part of a password is, where the estimate gives no warning of its own.
fn shape(parts: &[zxcvbn::Match]) -> Hint {
    let longest = parts.iter().max_by_key(|part| part.token.chars().count());
    match longest.map(|part| &part.pattern) {
        Some(MatchPattern::Dictionary(_)) => Hint::Word,
        Some(MatchPattern::Spatial(_)) => Hint::Keyboard,
        Some(MatchPattern::Repeat(_)) => Hint::Repeats,
        Some(MatchPattern::Sequence(_)) => Hint::Sequence,
        Some(MatchPattern::Date(_) | MatchPattern::Regex(_)) => Hint::Date,
        Some(MatchPattern::BruteForce) | None => Hint::TooLittle,
    }
}

#[cfg(test)]
mod tests;
