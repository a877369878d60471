//! A person's account.

use crate::attributes::Attributes;
use crate::details::Details;
use crate::phone::Phone;
use base::{Email, Id, Timestamp};
use serde::{Deserialize, Serialize};

/// An account of one tenant. It exists once its owner has proven the mail address, never before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Row id, and the subject (`sub`) that relying parties see.
    pub id: Id,
    /// The proven mail address, by which one signs in.
    pub email: Email,
    /// When the address was proven.
    pub email_verified_at: Timestamp,
    /// What the person wants to be called (claim `name`).
    pub name: String,
    /// The telephone number (claim `phone_number`), as its owner wrote it: nothing proves it.
    pub phone: Option<Phone>,
    /// What else the person tells of themselves.
    pub details: Details,
    /// What the operator knows of the person by names of its own.
    pub attributes: Attributes,
    /// Whether sign-in is allowed.
    pub status: AccountStatus,
    /// What the person may do here.
    pub role: Role,
    /// The language for pages, mails and notices (BCP 47); `None` follows the browser.
    pub locale: Option<String>,
    /// The IANA time zone in which times are shown (claim `zoneinfo`); `None` means UTC.
    pub time_zone: Option<String>,
    /// Whether the card that offers notices must never be shown again, in any browser.
    pub push_offer_declined: bool,
    /// Until when it may do without the second factor that the operator has come to require; set at the first sign-in
    /// that was let through without.
    pub enrol_by: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
    /// When anything a relying party sees was last changed (claim `updated_at`).
    pub updated_at: Timestamp,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Its owner can sign in.
    Active,
    /// An operator has switched it off: nothing is granted, sessions and tokens end.
    Disabled,
}

/// What a person may do in the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Uses apps.
    User,
    /// Runs the installation.
    Admin,
}

/// A name as a person typed it, if it can be one: at most 100 bytes, something visible in it, and nothing that turns
/// the text around it (bidirectional controls) or breaks a line.
pub fn name(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let fits = typed.len() <= 100 && !typed.chars().any(|c| c.is_control() || turns(c));
    (fits && typed.chars().any(char::is_alphanumeric)).then(|| typed.to_owned())
}

/// A name that another provider told, cut and cleaned until it is one as a person could have typed it.
pub fn told_name(told: &str) -> Option<String> {
    let clean: String = told.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !turns(*c)).collect();
    let words: Vec<&str> = clean.split(' ').filter(|word| !word.is_empty()).collect();
    name(base::Bounded::<100>::cut(&words.join(" ")).as_str())
}

/// Characters that turn the text around them.
pub(crate) const fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A password as it is stored: an Argon2id PHC string, or until the next sign-in one of the formats that
/// [`crate::password`] understands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_told_name_is_cut_and_cleaned_like_a_typed_one() {
        for (told, kept) in [
            ("Jane Doe", Some("Jane Doe")),
            ("  Jane \t\n Doe\r\n", Some("Jane Doe")),
            ("Jane\u{202e}eoD\u{2066}", Some("JaneeoD")),
            ("Jane\0\u{7}", Some("Jane")),
            ("\u{200b}\u{200f}", None),
            ("", None),
        ] {
            assert_eq!(told_name(told).as_deref(), kept, "{told:?}");
        }
        let long = told_name(&"é".repeat(500)).unwrap();
        assert_eq!(long.len(), 100);
    }

    #[test]
    fn a_name_is_seen_and_turns_nothing_around() {
        for good in ["Jane", " Jörg Müller-O’Neil ", "李", "عائشة", "J. R. R. 3rd"] {
            assert_eq!(name(good).as_deref(), Some(good.trim()));
        }
        for bad in ["", "  ", "\u{200b}", "Jane\r\nBcc: x", "Jane\u{202e}enaJ", "\u{2066}x\u{2069}", &"x".repeat(101)] {
            assert_eq!(name(bad), None, "{bad:?}");
        }
    }
}
