//! The userinfo response (OpenID Connect Core §5.3): `sub` always, and the claims that the scope opens.

use crate::claims;
use crate::jose::SigningKey;
use crate::scope::Scope;
use base::{Fault, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

/// What is known of a person, in the standard's terms (OpenID Connect Core §5.1).
#[derive(Debug, Clone, Default, Serialize)]
pub struct Person {
    /// Full name.
    pub name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// What friends say.
    pub nickname: Option<String>,
    /// What the person likes to be called here; not unique.
    pub preferred_username: Option<String>,
    /// Profile page.
    pub profile: Option<String>,
    /// Picture.
    pub picture: Option<String>,
    /// Web page.
    pub website: Option<String>,
    /// Gender.
    pub gender: Option<String>,
    /// Birthday, `YYYY-MM-DD`; `0000` for a year that is not told.
    pub birthdate: Option<String>,
    /// Time zone, as in `Europe/Zurich`.
    pub zoneinfo: Option<String>,
    /// Language, as in `de-CH`.
    pub locale: Option<String>,
    /// When any of it last changed.
    #[serde(skip)]
    pub updated_at: Option<Timestamp>,
    /// Mail address.
    pub email: Option<String>,
    /// Whether the person proved to own it.
    pub email_verified: bool,
    /// Postal address.
    pub address: Option<Address>,
    /// Telephone number (E.164).
    pub phone_number: Option<String>,
    /// Whether the person proved to own it.
    pub phone_number_verified: bool,
}

/// A postal address (OpenID Connect Core §5.1.1).
#[derive(Debug, Clone, Default, Serialize)]
pub struct Address {
    /// The whole of it, with line breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street and house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State or canton.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// The response: a flat object without nulls and without empty texts. It holds what the scope opens and what was asked
/// for by name (§5.5).
pub fn claims(subject: &str, person: &Person, (scope, single): (&Scope, &[String])) -> Map<String, Value> {
    let known = match serde_json::to_value(person) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let mut out = Map::new();
    out.insert("sub".to_owned(), Value::from(subject));
    for name in claims::of_scope(scope).into_iter().chain(single.iter().map(String::as_str)) {
        let value = match name {
            "updated_at" => person.updated_at.map(|at| Value::from(at.seconds())),
            _ => known.get(name).filter(|value| is_told(name, value, person)).cloned(),
        };
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    }
    out
}

/// The response as a JWT for one client (OpenID Connect Core §5.3.2). It has no `exp`, so that it can't be taken for an ID
/// token.
///
/// # Errors
/// [`Fault`] when the key can't sign.
pub fn signed(
    claims: &Map<String, Value>,
    key: &SigningKey,
    (issuer, client_id): (&str, &str),
) -> Result<String, Fault> {
    let mut claims = claims.clone();
    claims.insert("iss".to_owned(), Value::from(issuer));
    claims.insert("aud".to_owned(), Value::from(client_id));
    key.sign("JWT", &claims)
}

fn is_told(name: &str, value: &Value, person: &Person) -> bool {
    match (name, value) {
        ("email_verified", _) => person.email.as_deref().is_some_and(|e| !e.is_empty()),
        ("phone_number_verified", _) => person.phone_number.as_deref().is_some_and(|p| !p.is_empty()),
        ("birthdate", Value::String(text)) => is_birthdate(text),
        (_, Value::String(text)) => !text.is_empty(),
        (_, Value::Object(fields)) => !fields.is_empty(),
        (_, Value::Null) => false,
        _ => true,
    }
}

/// `YYYY-MM-DD` with a year that people are alive from, or `0000`.
fn is_birthdate(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, digits| {
        let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    };
    match (number(year, 4), number(month, 2), number(day, 2)) {
        (Some(year), Some(month), Some(day)) => {
            (year == 0 || year >= 1850) && (1..=12).contains(&month) && (1..=31).contains(&day)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn jane() -> Person {
        Person {
            name: Some("Jane Doe".into()),
            nickname: Some(String::new()),
            zoneinfo: Some("Europe/Zurich".into()),
            birthdate: Some("0000-02-29".into()),
            updated_at: Some(Timestamp::from_micros(1_790_000_000_500_000)),
            email: Some("jane@example.com".into()),
            email_verified: true,
            address: Some(Address { country: Some("CH".into()), ..Address::default() }),
            ..Person::default()
        }
    }

    fn told(scope: &str) -> Value {
        Value::Object(claims("jane-id", &jane(), (&scope.parse().unwrap(), &[])))
    }

    #[test]
    fn the_scope_decides_what_is_told() {
        assert_eq!(told("openid"), json!({"sub": "jane-id"}));
        assert_eq!(
            told("openid email"),
            json!({"sub": "jane-id", "email": "jane@example.com", "email_verified": true})
        );
        assert_eq!(
            told("openid profile"),
            json!({"sub": "jane-id", "name": "Jane Doe", "zoneinfo": "Europe/Zurich", "birthdate": "0000-02-29",
                "updated_at": 1_790_000_000})
        );
        assert_eq!(told("openid address phone"), json!({"sub": "jane-id", "address": {"country": "CH"}}));
    }

    #[test]
    fn nothing_empty_is_told() {
        let person = Person {
            email: Some(String::new()),
            address: Some(Address::default()),
            birthdate: Some("1849-01-01".into()),
            ..Person::default()
        };
        let all = "openid profile email address phone".parse().unwrap();
        assert_eq!(Value::Object(claims("x", &person, (&all, &[]))), json!({"sub": "x"}));
    }

    #[test]
    fn what_was_asked_for_by_name_is_told_beside_the_scope() {
        let single = ["email".to_owned(), "nothing_known".to_owned()];
        let told = claims("jane-id", &jane(), (&"openid".parse().unwrap(), &single));
        assert_eq!(told.keys().collect::<Vec<_>>(), ["email", "sub"]);
    }
}
