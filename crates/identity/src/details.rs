//! What else a person tells of themselves: the claims of OpenID Connect Core §5.1 that an account does without.

use crate::account::turns;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The longest value, in bytes.
const MAX: usize = 200;

/// One of them. Each is optional, and named as its claim is; the last five are the parts of a postal address (§5.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The given name.
    GivenName,
    /// The middle name.
    MiddleName,
    /// The family name.
    FamilyName,
    /// What friends say.
    Nickname,
    /// What the person likes to be called in an app; nothing is unique about it.
    PreferredUsername,
    /// A page about the person.
    Profile,
    /// A picture of the person.
    Picture,
    /// Their own page.
    Website,
    /// Gender, in the person's words.
    Gender,
    /// Birthday, `YYYY-MM-DD`; `0000` for a year that is not told.
    Birthdate,
    /// Street and house.
    StreetAddress,
    /// Postal code.
    PostalCode,
    /// Town.
    Locality,
    /// State or canton.
    Region,
    /// Country.
    Country,
}

/// The text is the name of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing that is kept of a person")]
pub struct UnknownDetail;

impl Detail {
    /// All of them, in the order in which they are asked for.
    pub const ALL: [Self; 15] = [
        Self::GivenName,
        Self::MiddleName,
        Self::FamilyName,
        Self::Nickname,
        Self::PreferredUsername,
        Self::Birthdate,
        Self::Gender,
        Self::Website,
        Self::Profile,
        Self::Picture,
        Self::StreetAddress,
        Self::PostalCode,
        Self::Locality,
        Self::Region,
        Self::Country,
    ];

    /// The name of its claim, or of its member of the claim `address`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::MiddleName => "middle_name",
            Self::FamilyName => "family_name",
            Self::Nickname => "nickname",
            Self::PreferredUsername => "preferred_username",
            Self::Profile => "profile",
            Self::Picture => "picture",
            Self::Website => "website",
            Self::Gender => "gender",
            Self::Birthdate => "birthdate",
            Self::StreetAddress => "street_address",
            Self::PostalCode => "postal_code",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::Country => "country",
        }
    }

    /// Whether it is the address of a page or picture.
    pub const fn is_link(self) -> bool {
        matches!(self, Self::Profile | Self::Picture | Self::Website)
    }

    /// Whether it is part of the postal address.
    pub const fn is_of_address(self) -> bool {
        matches!(self, Self::StreetAddress | Self::PostalCode | Self::Locality | Self::Region | Self::Country)
    }

    /// The value as it is kept, if what was typed can be one: of at most 200 bytes, on one line, and with nothing that turns the
    /// text around it. A link leads to the web, and a day is one of the calendar, of a time in which people live.
    fn value(self, typed: &str) -> Option<String> {
        let typed = typed.trim();
        let plain = typed.len() <= MAX && !typed.chars().any(|c| c.is_control() || turns(c));
        let fits = match self {
            _ if self.is_link() => is_web_link(typed),
            Self::Birthdate => is_birthdate(typed),
            _ => typed.chars().any(char::is_alphanumeric),
        };
        (plain && fits).then(|| typed.to_owned())
    }
}

impl FromStr for Detail {
    type Err = UnknownDetail;

    fn from_str(text: &str) -> Result<Self, UnknownDetail> {
        Self::ALL.into_iter().find(|detail| detail.as_str() == text).ok_or(UnknownDetail)
    }
}

/// What was typed for one can't be its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", self.0.as_str(), match self.0 {
    Detail::Birthdate => "use YYYY-MM-DD, with the year 0000 when it is not told",
    Detail::Profile | Detail::Picture | Detail::Website => "use a web address, beginning with https://",
    _ => "use at most 200 bytes on one line, with a letter or digit",
})]
pub struct InvalidDetail(pub Detail);

/// What a person has told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Details(BTreeMap<Detail, String>);

impl Details {
    /// One of them.
    pub fn get(&self, detail: Detail) -> Option<&str> {
        self.0.get(&detail).map(String::as_str)
    }

    /// Keeps what was typed for one; nothing takes it away.
    ///
    /// # Errors
    /// [`InvalidDetail`] when it can't be a value.
    pub fn set(&mut self, detail: Detail, typed: &str) -> Result<(), InvalidDetail> {
        if typed.trim().is_empty() {
            self.0.remove(&detail);
            return Ok(());
        }
        let value = detail.value(typed).ok_or(InvalidDetail(detail))?;
        self.0.insert(detail, value);
        Ok(())
    }
}

fn is_web_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let named = host.chars().any(char::is_alphanumeric) && !host.contains('@');
    named && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\'))
}

fn is_birthdate(text: &str) -> bool {
    let (year, rest) = text.split_once('-').unwrap_or_default();
    let digits = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) && rest.len() == 5;
    // A leap year, for a day whose year is not told.
    let told = if year == "0000" { format!("2000-{rest}") } else { text.to_owned() };
    digits && (year == "0000" || year >= "1850") && base::clock::is_day(&told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(detail: Detail, typed: &str) -> Option<String> {
        let mut details = Details::default();
        details.set(detail, typed).ok()?;
        details.get(detail).map(str::to_owned)
    }

    #[test]
    fn what_was_typed_is_kept_as_it_can_be_told() {
        for (detail, typed, value) in [
            (Detail::GivenName, " Jane ", "Jane"),
            (Detail::FamilyName, "Müller-O’Neil", "Müller-O’Neil"),
            (Detail::Birthdate, "1990-02-28", "1990-02-28"),
            (Detail::Birthdate, "0000-02-29", "0000-02-29"),
            (Detail::Website, "https://jane.example/me?x=1", "https://jane.example/me?x=1"),
            (Detail::Country, "Schweiz", "Schweiz"),
        ] {
            assert_eq!(kept(detail, typed).as_deref(), Some(value), "{typed}");
        }
    }

    #[test]
    fn what_can_not_be_told_is_refused() {
        for (detail, typed) in [
            (Detail::GivenName, "Jane\nDoe"),
            (Detail::GivenName, "Jane\u{202e}"),
            (Detail::GivenName, "\u{200b}"),
            (Detail::Nickname, &"x".repeat(201)),
            (Detail::Birthdate, "1849-12-31"),
            (Detail::Birthdate, "1990-02-30"),
            (Detail::Birthdate, "1990-2-3"),
            (Detail::Birthdate, "28.02.1990"),
            (Detail::Website, "javascript:alert(1)"),
            (Detail::Picture, "data:image/png;base64,AAAA"),
            (Detail::Profile, "https://"),
            (Detail::Profile, "https://a@b.example"),
            (Detail::Website, "https://a.example/\"><script>"),
        ] {
            assert_eq!(Details::default().set(detail, typed), Err(InvalidDetail(detail)), "{typed}");
        }
    }

    #[test]
    fn nothing_takes_away_and_names_are_those_of_the_claims() {
        let mut details = Details::default();
        details.set(Detail::GivenName, "Jane").unwrap();
        assert_eq!(serde_json::to_string(&details).unwrap(), r#"{"given_name":"Jane"}"#);
        details.set(Detail::GivenName, "  ").unwrap();
        assert_eq!(details, Details::default());
        for detail in Detail::ALL {
            assert_eq!(detail.as_str().parse(), Ok(detail));
            assert_eq!(serde_json::to_value(detail).unwrap(), detail.as_str());
        }
    }
}
