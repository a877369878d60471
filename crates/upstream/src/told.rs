//! What a provider tells of a person.

use base::Timestamp;
use serde_json::{Map, Value};

/// The longest subject (OpenID Connect Core §2: at most 255 ASCII characters).
const MOST_SUBJECT: usize = 255;
/// The longest text that is looked at.
const MOST_TEXT: usize = 1024;

/// What a provider told of the person who signed in there. It is verified that the provider said so; whether the
/// address is believed is for the operator to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who told it.
    pub issuer: String,
    /// Who it is there. Together with the issuer it is the identity; nothing else is.
    pub subject: String,
    /// The mail address.
    pub email: Option<String>,
    /// Whether the provider says that it has verified the address. Only the JSON value `true` says so.
    pub email_verified: bool,
    /// The name.
    pub name: Option<String>,
    /// When the person signed in there, if it says so (claim `auth_time`).
    pub auth_time: Option<Timestamp>,
}

/// A subject that can be compared and stored.
pub(crate) fn subject(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= MOST_SUBJECT && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// A text of an answer; an empty one counts as none.
pub(crate) fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?.trim();
    (!text.is_empty() && text.len() <= MOST_TEXT).then(|| text.to_owned())
}

/// Whether a claim is the JSON value `true`. The text "true" is not (CVE-2026-9087): who writes it that way says what
/// a form said, not what was checked.
pub(crate) fn is_true(claims: &Map<String, Value>, name: &str) -> bool {
    claims.get(name) == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_true_is_true() {
        for (value, holds) in [(json!(true), true), (json!("true"), false), (json!(1), false), (json!(null), false)] {
            let claims = json!({ "email_verified": value });
            assert_eq!(is_true(claims.as_object().unwrap(), "email_verified"), holds, "{claims}");
        }
        assert!(!is_true(&Map::new(), "email_verified"), "absent");
    }

    #[test]
    fn a_subject_is_short_and_plain() {
        assert_eq!(subject("248289761001").as_deref(), Some("248289761001"));
        for bad in ["", "a\nb", "a\0", &"x".repeat(256)] {
            assert_eq!(subject(bad), None, "{bad:?}");
        }
    }
}
