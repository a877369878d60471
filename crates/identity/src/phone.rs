//! Telephone numbers.

use crate::digits::to_ascii;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A telephone number as ITU-T E.164 has it: `+`, the country code, the number; fifteen digits at most. That it is
/// somebody's, nothing here proves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// The text is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a telephone number: write it with + and the country code, like +41 44 668 18 00")]
pub struct NotAPhone;

impl Phone {
    /// The number, without anything between its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with most of it hidden, as in `+41…00`.
    pub fn masked(&self) -> String {
        let end = self.0.len().saturating_sub(2);
        format!("{}…{}", self.0.get(..3).unwrap_or_default(), self.0.get(end..).unwrap_or_default())
    }

    /// What it was and what it is to be: both where there are both, and nothing where it goes.
    pub fn step(from: Option<&Self>, to: Option<&Self>, show: impl Fn(&Self) -> String) -> Option<String> {
        let to = show(to?);
        Some(from.map_or_else(|| to.clone(), |from| format!("{} → {to}", show(from))))
    }
}

impl FromStr for Phone {
    type Err = NotAPhone;

    /// Reads it as people write it: spaces, dots, dashes, slashes and brackets are passed over, and the digits of an
    /// Arabic or Persian keyboard count. A `(0)` is refused: whether it belongs to the number differs by country.
    fn from_str(text: &str) -> Result<Self, NotAPhone> {
        if text.chars().count() > 64 || text.contains("(0)") || text.contains("(٠)") || text.contains("(۰)") {
            return Err(NotAPhone);
        }
        let mut typed = text.chars().filter(|c| !is_passed_over(*c));
        if !matches!(typed.next(), Some('+' | '\u{ff0b}')) {
            return Err(NotAPhone);
        }
        let digits: String = typed.map(to_ascii).collect::<Option<_>>().ok_or(NotAPhone)?;
        let fits = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
        if fits { Ok(Self(format!("+{digits}"))) } else { Err(NotAPhone) }
    }
}

fn is_passed_over(c: char) -> bool {
    crate::digits::is_passed_over(c) || matches!(c, '.' | '/' | '(' | ')')
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;

    fn try_from(text: String) -> Result<Self, NotAPhone> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> Phone {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_is_read_however_it_is_written() {
        for typed in [
            "+41446681800",
            " +41 44 668 18 00 ",
            "+41-44-668-18-00",
            "(+41) 44/668.18.00",
            "+٤١٤٤٦٦٨١٨٠٠",
            "\u{2066}+41 44 668 18 00\u{2069}",
        ] {
            assert_eq!(phone(typed).as_str(), "+41446681800", "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_e164_number_is_refused() {
        for bad in [
            "",
            "+",
            "044 668 18 00",
            "0041446681800",
            "+0446681800",
            "+41 (0)44 668 18 00",
            "+123456",
            "+1234567890123456",
            "+41 44 668 18 00 ext. 5",
            "+41 44\r\nBcc: x",
            "++41446681800",
            "41446681800",
        ] {
            assert_eq!(bad.parse::<Phone>(), Err(NotAPhone), "{bad:?}");
        }
    }

    #[test]
    fn a_lock_screen_shows_little_of_it() {
        assert_eq!(phone("+41446681800").masked(), "+41…00");
        assert_eq!(format!("{:?}", phone("+41446681800")), "+41…00");
        let (a, b) = (phone("+41446681800"), phone("+4930901820"));
        assert_eq!(Phone::step(Some(&a), Some(&b), Phone::masked).unwrap(), "+41…00 → +49…20");
        assert_eq!(Phone::step(None, Some(&b), Phone::masked).unwrap(), "+49…20");
        assert_eq!(Phone::step(Some(&a), None, Phone::masked), None);
    }
}
