//! Resource indicators (RFC 8707): which APIs a token is for.

use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use url::Url;

/// The most that one request may name.
const MAX_RESOURCES: usize = 10;
/// The longest, in bytes.
const MAX_RESOURCE: usize = 512;

/// Whether a text can name an API: an absolute URI without fragment (RFC 8707 §2).
pub fn is_resource(text: &str) -> bool {
    let plain = text.len() <= MAX_RESOURCE && text.bytes().all(|b| b.is_ascii_graphic());
    plain && Url::parse(text).is_ok_and(|url| url.fragment().is_none()) && !text.contains('#')
}

/// Reads the parameter, which may stand several times; nothing when it is left out.
///
/// # Errors
/// `invalid_target` for one that is not among `allowed`.
pub fn read(params: &Params, allowed: &[String]) -> Result<Vec<String>, OAuthError> {
    let mut out: Vec<String> = Vec::new();
    for wanted in params.all("resource") {
        if !allowed.iter().any(|known| known == wanted) || out.len() == MAX_RESOURCES {
            return Err(OAuthError::new(
                ErrorCode::InvalidTarget,
                "resource is not one that this app may have tokens for: ask for what it is registered for",
            ));
        }
        if !out.iter().any(|known| known == wanted) {
            out.push(wanted.to_owned());
        }
    }
    Ok(out)
}

/// The audience of an access token: what its request names, else all that was granted, else the issuer itself, whose own
/// APIs it opens then.
pub fn audience(asked: Vec<String>, granted: &[String], issuer: &str) -> Vec<String> {
    match (asked.is_empty(), granted.is_empty()) {
        (false, _) => asked,
        (true, false) => granted.to_vec(),
        (true, true) => vec![issuer.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAL: &str = "https://cal.example.com/";
    const MAIL: &str = "https://mail.example.com/";

    fn ask(query: &str, allowed: &[&str]) -> Result<Vec<String>, ErrorCode> {
        let allowed: Vec<String> = allowed.iter().map(|a| (*a).to_owned()).collect();
        read(&Params::decode(query.as_bytes()).unwrap(), &allowed).map_err(|error| error.code)
    }

    #[test]
    fn several_can_be_asked_for_and_each_counts_once() {
        // RFC 8707 §2.1, figure 2.
        let both = "resource=https%3A%2F%2Fcal.example.com%2F&resource=https%3A%2F%2Fmail.example.com%2F&resource=https%3A%2F%2Fcal.example.com%2F";
        assert_eq!(ask(both, &[CAL, MAIL]), Ok(vec![CAL.to_owned(), MAIL.to_owned()]));
        assert_eq!(ask("", &[CAL]), Ok(vec![]));
    }

    #[test]
    fn what_is_not_registered_is_an_invalid_target() {
        for (query, allowed) in [
            ("resource=https%3A%2F%2Fcal.example.com%2F", &[][..]),
            ("resource=https%3A%2F%2Fcal.example.com", &[CAL]),
            ("resource=https%3A%2F%2Fcal.example.com%2F%23x", &[CAL]),
            ("resource=nothing", &[CAL]),
        ] {
            assert_eq!(ask(query, allowed), Err(ErrorCode::InvalidTarget), "{query}");
        }
    }

    #[test]
    fn an_absolute_uri_without_fragment_names_an_api() {
        for good in [CAL, "https://api.example.com/v1?x=1", "urn:example:api"] {
            assert!(is_resource(good), "{good}");
        }
        for bad in ["", "api", "/api", "https://api.example.com/#a", "https://api.example.com/#", "https://a b/"] {
            assert!(!is_resource(bad), "{bad}");
        }
    }

    #[test]
    fn a_token_is_for_what_was_asked_then_granted_then_us() {
        let list = |of: &[&str]| of.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
        assert_eq!(audience(list(&[CAL]), &list(&[CAL, MAIL]), "us"), list(&[CAL]));
        assert_eq!(audience(vec![], &list(&[CAL, MAIL]), "us"), list(&[CAL, MAIL]));
        assert_eq!(audience(vec![], &[], "us"), list(&["us"]));
    }
}
