//! The `claims` parameter (OpenID Connect Core §5.5), as far as it says how strong a sign-in must be.
//!
//! Other claims that it asks for are wishes (§5.5.1): what the scopes open is told, and nothing is refused for them.

use crate::error::OAuthError;
use crate::params::Params;
use serde_json::{Map, Value};

/// The longest parameter that is read, in bytes.
const MAX_CLAIMS: usize = 4096;

/// The authentication context class that a request asks for (§5.5.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct AcrWish {
    /// The values of which any will do, best first.
    pub(super) values: Vec<String>,
    /// Whether the answer is an error when none can be reached.
    pub(super) essential: bool,
}

type Members = Map<String, Value>;

/// Reads what `claims` asks of `acr` in the ID token; nothing when it asks nothing.
///
/// # Errors
/// `invalid_request` for what is not of that form: an essential wish must not be overlooked.
pub(super) fn acr(params: &Params) -> Result<Option<AcrWish>, OAuthError> {
    let Some(text) = params.one("claims")? else { return Ok(None) };
    let malformed = || {
        OAuthError::invalid_request("claims is malformed: send a JSON object with the members userinfo and id_token")
    };
    if text.len() > MAX_CLAIMS {
        return Err(malformed());
    }
    let asked: Members = serde_json::from_str(text).map_err(|_| malformed())?;
    let Some(of_token) = member(&asked, "id_token").map_err(|()| malformed())? else { return Ok(None) };
    let Some(wanted) = member(of_token, "acr").map_err(|()| malformed())? else { return Ok(None) };
    let several = wanted.get("values").and_then(Value::as_array).into_iter().flatten();
    let values = wanted.get("value").into_iter().chain(several).filter_map(Value::as_str).map(str::to_owned);
    let essential = wanted.get("essential").and_then(Value::as_bool).unwrap_or_default();
    Ok(Some(AcrWish { values: values.collect(), essential }))
}

/// A member that is an object, or left out, or null.
fn member<'a>(of: &'a Members, name: &str) -> Result<Option<&'a Members>, ()> {
    match of.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(claims: &str) -> Result<Option<AcrWish>, OAuthError> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        acr(&Params::decode(query.append_pair("claims", claims).finish().as_bytes()).unwrap())
    }

    fn wish(values: &[&str], essential: bool) -> Option<AcrWish> {
        Some(AcrWish { values: values.iter().map(|v| (*v).to_owned()).collect(), essential })
    }

    #[test]
    fn the_example_of_the_specification_is_read() {
        // OpenID Connect Core §5.5.
        let example = r#"{"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"essential":true},
            "picture":null},"id_token":{"auth_time":{"essential":true},
            "acr":{"values":["urn:mace:incommon:iap:silver"]}}}"#;
        assert_eq!(read(example), Ok(wish(&["urn:mace:incommon:iap:silver"], false)));
    }

    #[test]
    fn one_value_and_several_and_none_are_taken() {
        assert_eq!(read(r#"{"id_token":{"acr":{"essential":true,"value":"a"}}}"#), Ok(wish(&["a"], true)));
        assert_eq!(read(r#"{"id_token":{"acr":{"values":["a","b"]}}}"#), Ok(wish(&["a", "b"], false)));
        assert_eq!(read(r#"{"id_token":{"acr":{"essential":true}}}"#), Ok(wish(&[], true)));
        for nothing in [r#"{"id_token":{"acr":null}}"#, r#"{"id_token":{}}"#, r#"{"userinfo":{"acr":null}}"#, "{}"] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_refused_and_not_overlooked() {
        for broken in ["{", "[]", "1", r#"{"id_token":[]}"#, r#"{"id_token":{"acr":"x"}}"#] {
            assert!(read(broken).is_err(), "{broken}");
        }
        assert!(read(&format!(r#"{{"x":"{}"}}"#, "x".repeat(5_000))).is_err());
    }
}
