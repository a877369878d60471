//! Rich authorization requests (RFC 9396): what exactly is asked for.

use crate::error::{ErrorCode, OAuthError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest parameter that is read, in bytes.
const MAX_BYTES: usize = 8192;
/// The most entries of one request.
const MAX_ENTRIES: usize = 10;
/// How deep an entry may be nested: it is shown to a person.
const MAX_DEPTH: usize = 4;

/// One entry: its type, and what its type says about it (RFC 9396 §2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationDetail {
    /// What kind of thing is asked for.
    #[serde(rename = "type")]
    pub kind: String,
    /// Everything else, as it was sent.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

/// Reads the parameter; `allowed` are the types that the client may ask for.
///
/// # Errors
/// `invalid_authorization_details` (RFC 9396 §5).
pub fn read(text: &str, allowed: &[String]) -> Result<Vec<AuthorizationDetail>, OAuthError> {
    let refuse = |text| Err(OAuthError::new(ErrorCode::InvalidAuthorizationDetails, text));
    let malformed = "authorization_details is malformed: send a JSON array of objects, each with a type";
    if text.len() > MAX_BYTES {
        return refuse("authorization_details is too long: send at most 8192 bytes");
    }
    let Ok(entries) = serde_json::from_str::<Vec<AuthorizationDetail>>(text) else { return refuse(malformed) };
    if entries.is_empty() || entries.len() > MAX_ENTRIES {
        return refuse("authorization_details has no entry, or too many: send 1 to 10");
    }
    if entries.iter().any(|entry| !allowed.contains(&entry.kind)) {
        return refuse("authorization_details has a type that this app may not ask for: register it for the type");
    }
    if entries.iter().flat_map(|entry| entry.members.values()).any(|value| depth(value) > MAX_DEPTH) {
        return refuse("authorization_details is nested too deep: send at most four levels");
    }
    Ok(entries)
}

/// What a token request asks of what was granted (RFC 9396 §6): nothing means all, and each entry must be one of those.
///
/// # Errors
/// `invalid_authorization_details`.
pub fn narrow(
    granted: &[AuthorizationDetail],
    asked: Option<Vec<AuthorizationDetail>>,
) -> Result<Vec<AuthorizationDetail>, OAuthError> {
    let Some(asked) = asked else { return Ok(granted.to_vec()) };
    if asked.iter().all(|entry| granted.contains(entry)) {
        return Ok(asked);
    }
    let text = "authorization_details is more than was granted: ask for entries of the authorization request";
    Err(OAuthError::new(ErrorCode::InvalidAuthorizationDetails, text))
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 9396 §2, figure 2.
    const PAYMENT: &str = r#"[{"type":"payment_initiation","actions":["initiate","status","cancel"],
        "locations":["https://example.com/payments"],
        "instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"Merchant A",
        "creditorAccount":{"iban":"DE02100100109307118603"},"remittanceInformationUnstructured":"Ref Number Merchant"}]"#;

    fn allowed() -> Vec<String> {
        vec!["payment_initiation".to_owned()]
    }

    #[test]
    fn the_example_of_the_specification_is_read_and_kept_whole() {
        let read = read(PAYMENT, &allowed()).unwrap();
        let [entry] = read.as_slice() else { panic!("one entry") };
        assert_eq!(entry.kind, "payment_initiation");
        let written: Value = serde_json::to_value(&read).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(PAYMENT).unwrap());
    }

    #[test]
    fn what_is_malformed_unknown_or_boundless_is_refused() {
        let deep = r#"[{"type":"payment_initiation","a":{"b":{"c":{"d":{"e":{"f":1}}}}}}]"#;
        let many = format!("[{}]", [r#"{"type":"payment_initiation"}"#; 11].join(","));
        let long = format!(r#"[{{"type":"payment_initiation","a":"{}"}}]"#, "x".repeat(9000));
        for bad in
            ["", "{}", "[]", "[1]", r#"[{"a":1}]"#, r#"[{"type":1}]"#, r#"[{"type":"other"}]"#, deep, &many, &long]
        {
            let error = read(bad, &allowed()).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidAuthorizationDetails, "{bad}");
        }
        assert!(read(PAYMENT, &[]).is_err());
    }

    #[test]
    fn a_token_request_can_only_narrow() {
        let granted = read(PAYMENT, &allowed()).unwrap();
        assert_eq!(narrow(&granted, None).unwrap(), granted);
        assert_eq!(narrow(&granted, Some(granted.clone())).unwrap(), granted);
        let mut more = granted.clone();
        more.iter_mut().for_each(|entry| drop(entry.members.insert("creditorName".into(), "Merchant B".into())));
        assert!(narrow(&granted, Some(more)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = read(&text, &allowed());
        }
    }
}
