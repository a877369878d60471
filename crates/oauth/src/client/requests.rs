//! What a client's authorization requests may ask for, how they have to come, and what holds where they say nothing.

use super::InvalidClient;
use super::logout::readable;
use super::validate::is_web_link;
use crate::jose::JwsAlg;
use serde::{Deserialize, Serialize};

/// The longest address of a request, in bytes (RFC 9101 §5.2).
const MAX_REQUEST_URI: usize = 512;
/// The most addresses of requests.
const MAX_REQUEST_URIS: usize = 50;
/// The most values of `acr` that are asked for by default, and the longest of them.
const MAX_ACR_VALUES: usize = 10;
const MAX_ACR_VALUE: usize = 128;

/// Rules for one client's requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestRules {
    /// Whether they have to be pushed (RFC 9126 §6, `require_pushed_authorization_requests`).
    pub require_pushed: bool,
    /// Whether they have to be signed (RFC 9101 §10.5, `require_signed_request_object`).
    pub require_signed: bool,
    /// The one algorithm of its request objects (OpenID Connect Dynamic Client Registration 1.0 §2,
    /// `request_object_signing_alg`); any that fits its keys when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_alg: Option<JwsAlg>,
    /// Where signed requests may be fetched that are named by their address (`request_uris`).
    pub request_uris: Vec<String>,
    /// How old a sign-in may be, in seconds, where a request says nothing (`default_max_age`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    /// Whether its ID tokens must tell when the person signed in (`require_auth_time`). They always do.
    pub require_auth_time: bool,
    /// How strong a sign-in should be, best first, where a request says nothing (`default_acr_values`).
    pub default_acr_values: Vec<String>,
    /// Where it begins a sign-in that somebody else brings it (OpenID Connect Core §4, `initiate_login_uri`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// The APIs that it may have tokens for (RFC 8707).
    pub resources: Vec<String>,
    /// The types of authorization details that it may ask for (RFC 9396 §10, `authorization_details_types`).
    pub detail_types: Vec<String>,
}

impl RequestRules {
    /// Whether a request may be fetched from an address: one that was registered. What follows a `#` is never sent; it tells
    /// that the document is another one than before (OpenID Connect Core §6.2).
    pub fn may_be_at(&self, address: &str) -> bool {
        self.request_uris.iter().any(|known| without_fragment(known) == without_fragment(address))
    }

    /// Where a person is led who wants to sign in to it and is here now (OpenID Connect Core §4).
    pub fn login_link(&self, issuer: &str) -> Option<String> {
        let uri = self.initiate_login_uri.as_deref()?;
        Some(crate::response::append_query(uri, &[("iss", issuer.to_owned())]))
    }

    /// Checks what stands for itself.
    ///
    /// # Errors
    /// [`InvalidClient`] naming the field at fault.
    pub(super) fn check(&self) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        let is_address = |uri: &String| uri.len() <= MAX_REQUEST_URI && is_web_link(uri);
        if self.request_uris.len() > MAX_REQUEST_URIS || !self.request_uris.iter().all(is_address) {
            return refuse("request_uris", "use at most 50 https addresses of at most 512 bytes");
        }
        let is_acr =
            |text: &String| (1..=MAX_ACR_VALUE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if self.default_acr_values.len() > MAX_ACR_VALUES || !self.default_acr_values.iter().all(is_acr) {
            return refuse("default_acr_values", "use at most 10 values of at most 128 characters without spaces");
        }
        if self.initiate_login_uri.as_deref().is_some_and(|uri| readable(uri).is_none()) {
            return refuse(
                "initiate_login_uri",
                "use an https address without a fragment, of at most 2048 bytes, or http on localhost",
            );
        }
        Ok(())
    }
}

/// The part of an address that is sent.
pub fn without_fragment(address: &str) -> &str {
    address.split_once('#').map_or(address, |(sent, _)| sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(uri: &str) -> RequestRules {
        RequestRules { request_uris: vec![uri.to_owned()], ..RequestRules::default() }
    }

    fn fault(rules: &RequestRules) -> Option<&'static str> {
        rules.check().err().map(|invalid| invalid.field)
    }

    #[test]
    fn a_request_is_fetched_from_where_it_was_registered_and_from_nowhere_else() {
        let rules = at("https://app.example.com/r?x=1#hash");
        for fine in
            ["https://app.example.com/r?x=1#hash", "https://app.example.com/r?x=1", "https://app.example.com/r?x=1#2"]
        {
            assert!(rules.may_be_at(fine), "{fine}");
        }
        for other in [
            "https://app.example.com/r",
            "https://app.example.com/r?x=1&y=2",
            "https://app.example.com/R?x=1",
            "https://app.example.com./r?x=1",
            "https://APP.example.com/r?x=1",
            "http://app.example.com/r?x=1",
            "https://app.example.com/x/../r?x=1",
            "#hash",
            "",
        ] {
            assert!(!rules.may_be_at(other), "{other}");
        }
        assert!(!RequestRules::default().may_be_at(""));
    }

    #[test]
    fn addresses_of_requests_are_short_and_secure() {
        assert_eq!(fault(&at("https://app.example.com/r#v1")), None);
        let long = format!("https://app.example.com/{}", "r".repeat(500));
        for bad in
            ["http://app.example.com/r", "file:///etc/passwd", "https://a@app.example.com/r", "urn:x:y", "", &long]
        {
            assert_eq!(fault(&at(bad)), Some("request_uris"), "{bad}");
        }
        let many =
            RequestRules { request_uris: vec!["https://app.example.com/r".into(); 51], ..RequestRules::default() };
        assert_eq!(fault(&many), Some("request_uris"));
    }

    #[test]
    fn defaults_are_words() {
        let with = |values: Vec<String>| RequestRules { default_acr_values: values, ..RequestRules::default() };
        assert_eq!(fault(&with(vec!["urn:watchbell:acr:2".into()])), None);
        for bad in [vec![String::new()], vec!["a b".into()], vec!["x".repeat(129)], vec!["x".into(); 11]] {
            assert_eq!(fault(&with(bad.clone())), Some("default_acr_values"), "{bad:?}");
        }
    }

    #[test]
    fn a_sign_in_that_begins_here_tells_the_app_by_whom() {
        let with = |uri: &str| RequestRules { initiate_login_uri: Some(uri.to_owned()), ..RequestRules::default() };
        let link = with("https://app.example.com/login?x=1").login_link("https://id.example.com");
        assert_eq!(link.as_deref(), Some("https://app.example.com/login?x=1&iss=https%3A%2F%2Fid.example.com"));
        assert_eq!(RequestRules::default().login_link("https://id.example.com"), None);
        for bad in ["http://app.example.com/login", "https://app.example.com/#x", "javascript:alert(1)", "com.app:/x"] {
            assert_eq!(fault(&with(bad)), Some("initiate_login_uri"), "{bad}");
        }
    }
}
