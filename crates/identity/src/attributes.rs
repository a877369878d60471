//! What an operator knows of a person by names of its own: the values of claims that it defines.

use crate::account::turns;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MAX_NAME: usize = 64;
const MAX_VALUE: usize = 1_000;
const MAX_ATTRIBUTES: usize = 50;

/// Attributes by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<String, String>);

/// A name or value can't be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}: name it in small letters, digits and _, beginning with a letter; give it at most 1000 bytes on one line; at most 50 in all"
)]
pub struct InvalidAttribute(pub String);

impl Attributes {
    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets one; nothing takes it away.
    ///
    /// # Errors
    /// [`InvalidAttribute`].
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), InvalidAttribute> {
        let value = value.trim();
        if value.is_empty() {
            self.0.remove(name);
            return Ok(());
        }
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let named = name.len() <= MAX_NAME
            && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
            && name.bytes().all(letters);
        let plain = value.len() <= MAX_VALUE && !value.chars().any(|c| c.is_control() || turns(c));
        let room = self.0.len() < MAX_ATTRIBUTES || self.0.contains_key(name);
        if !named || !plain || !room {
            return Err(InvalidAttribute(name.to_owned()));
        }
        self.0.insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_bounded() {
        let mut attributes = Attributes::default();
        attributes.set("department", " Sales ").unwrap();
        assert_eq!(attributes.get("department"), Some("Sales"));
        for (name, value) in
            [("", "x"), ("Department", "x"), ("1a", "x"), ("a b", "x"), ("a", "x\ny"), ("a", "\u{202e}x")]
        {
            assert!(attributes.set(name, value).is_err(), "{name}={value}");
        }
        assert!(attributes.set("a", &"x".repeat(1_001)).is_err());
        attributes.set("department", "").unwrap();
        assert_eq!(attributes, Attributes::default());
        for n in 0..50 {
            attributes.set(&format!("a{n}"), "x").unwrap();
        }
        assert!(attributes.set("one_more", "x").is_err());
        attributes.set("a1", "y").unwrap();
    }
}
