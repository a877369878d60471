//! Scopes and claims that an operator defines, beside those of the standards.

use crate::claims;
use crate::scope::{RESERVED, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Claims with a meaning of their own in some token or answer (RFC 7519 §4.1, RFC 7662 §2.2, RFC 7800, RFC 8693 §4, RFC 9068,
/// RFC 9396, OpenID Connect Core §2 and §5.6): nobody may give them another.
const PROTOCOL: [&str; 34] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "sid",
    "at_hash",
    "c_hash",
    "s_hash",
    "cnf",
    "act",
    "may_act",
    "scope",
    "client_id",
    "authorization_details",
    "active",
    "token_type",
    "username",
    "events",
    "toe",
    "txn",
    "htm",
    "htu",
    "ath",
    "token_introspection",
    "_claim_names",
    "_claim_sources",
];
const MAX_CLAIMS: usize = 50;
const MAX_WORDS: usize = 200;

/// A scope of the operator's, and what it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnScope {
    /// The scope, one word.
    pub name: String,
    /// What the consent page says of it, by language; in the first language that there is for any other.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// The claims that it opens, each with the attribute of the account that is its value.
    #[serde(default)]
    pub claims: BTreeMap<String, String>,
}

/// What is wrong with a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {advice}")]
pub struct InvalidOwnScope {
    what: String,
    advice: &'static str,
}

impl OwnScope {
    /// Checks what is to be defined.
    ///
    /// # Errors
    /// [`InvalidOwnScope`] naming what is at fault.
    pub fn validate(&self) -> Result<(), InvalidOwnScope> {
        let refuse = |what: &str, advice| Err(InvalidOwnScope { what: what.to_owned(), advice });
        let one_word = self.name.parse::<Scope>().is_ok_and(|scope| scope.iter().eq([self.name.as_str()]));
        if !one_word || self.name.len() > 100 {
            return refuse(&self.name, "use one word of printable ASCII, without quote and backslash");
        }
        if RESERVED.contains(&self.name.as_str()) {
            return refuse(&self.name, "this scope has a meaning already: choose another word");
        }
        if self.claims.len() > MAX_CLAIMS {
            return refuse(&self.name, "at most 50 claims");
        }
        for claim in self.claims.keys() {
            if claim.is_empty() || claim.len() > 100 || !claim.bytes().all(|b| b.is_ascii_graphic() && b != b'"') {
                return refuse(claim, "use a claim of printable ASCII without spaces, as in department");
            }
            if PROTOCOL.contains(&claim.as_str()) || claims::scope_of(claim).is_some() {
                return refuse(claim, "this claim has a meaning already: choose another name");
            }
        }
        let plain =
            |text: &String| !text.trim().is_empty() && text.len() <= MAX_WORDS && !text.chars().any(char::is_control);
        match self.words.values().find(|text| !plain(text)) {
            Some(text) => refuse(text, "say it in at most 200 bytes on one line"),
            None => Ok(()),
        }
    }

    /// What it lets an app see, in a language; or as it is given.
    pub fn words_in(&self, language: &str) -> Option<&str> {
        self.words.get(language).or_else(|| self.words.values().next()).map(String::as_str)
    }
}

/// The claims that a scope opens, with their values; what has none is left out.
pub fn opened(scopes: &[OwnScope], scope: &Scope, value_of: impl Fn(&str) -> Option<Value>) -> Map<String, Value> {
    let asked = scopes.iter().filter(|own| scope.contains(&own.name));
    let claims = asked.flat_map(|own| &own.claims);
    claims.filter_map(|(claim, attribute)| Some((claim.clone(), value_of(attribute)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn own(name: &str, claim: &str) -> OwnScope {
        let claims = BTreeMap::from([(claim.to_owned(), "department".to_owned())]);
        let words = BTreeMap::from([("de".to_owned(), "Deine Abteilung sehen".to_owned())]);
        OwnScope { name: name.to_owned(), words, claims }
    }

    /// CVE-2024-29892.
    #[test]
    fn what_has_a_meaning_already_can_not_be_taken() {
        assert_eq!(own("work", "department").validate(), Ok(()));
        assert_eq!(own("https://acme.test/work", "https://acme.test/department").validate(), Ok(()));
        for claim in
            PROTOCOL.into_iter().chain(claims::PROFILE).chain(claims::EMAIL).chain(claims::PHONE).chain(["address"])
        {
            assert!(own("work", claim).validate().is_err(), "{claim}");
        }
        for name in RESERVED {
            assert!(own(name, "department").validate().is_err(), "{name}");
        }
        for (name, claim) in [("", "d"), ("two words", "d"), ("a\"", "d"), ("work", ""), ("work", "a b"), ("work", "é")]
        {
            assert!(own(name, claim).validate().is_err(), "{name} {claim}");
        }
        let mut silent = own("work", "department");
        silent.words.insert("en".into(), "\n".into());
        assert!(silent.validate().is_err());
    }

    #[test]
    fn a_scope_opens_its_claims_where_there_is_a_value() {
        let scopes = [own("work", "department"), own("desk", "room")];
        let value = |attribute: &str| (attribute == "department").then(|| json!("Sales"));
        let opened_by = |scope: &str| Value::Object(opened(&scopes, &scope.parse().unwrap(), value));
        assert_eq!(opened_by("openid work"), json!({"department": "Sales"}));
        assert_eq!(opened_by("openid"), json!({}));
        assert_eq!(Value::Object(opened(&scopes, &"work desk".parse().unwrap(), |_| None)), json!({}));
    }

    #[test]
    fn words_are_those_of_the_language_or_as_given() {
        let mut scope = own("work", "department");
        assert_eq!(scope.words_in("ar"), Some("Deine Abteilung sehen"));
        scope.words.insert("ar".into(), "x".into());
        assert_eq!(scope.words_in("ar"), Some("x"));
        scope.words.clear();
        assert_eq!(scope.words_in("en"), None);
    }
}
