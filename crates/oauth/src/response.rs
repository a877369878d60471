//! The authorization response: back to the app with a code or an error (RFC 6749 §4.1.2), always with `iss`
//! (RFC 9207).

use crate::error::OAuthError;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

/// How the response travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl ResponseMode {
    /// The mode's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
}

/// Where an answer goes: a redirect URI that was found to be the client's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnTo {
    /// The redirect URI.
    pub redirect_uri: String,
    /// How.
    pub response_mode: ResponseMode,
    /// The client's `state`, given back unchanged.
    pub state: Option<String>,
}

/// An answer on its way through the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// Redirect (303) to this URL.
    Redirect(String),
    /// Let the browser post these fields to this address.
    FormPost {
        /// The redirect URI.
        action: String,
        /// The fields, each once.
        fields: Vec<(&'static str, String)>,
    },
}

impl ReturnTo {
    /// The answer with a code.
    pub fn with_code(&self, issuer: &str, code: &str) -> AuthorizationResponse {
        self.with(issuer, vec![("code", code.to_owned())])
    }

    /// The answer with an error.
    pub fn with_error(&self, issuer: &str, error: &OAuthError) -> AuthorizationResponse {
        let code = ("error", error.code.as_str().to_owned());
        self.with(issuer, vec![code, ("error_description", error.description().to_owned())])
    }

    fn with(&self, issuer: &str, mut fields: Vec<(&'static str, String)>) -> AuthorizationResponse {
        fields.extend(self.state.iter().map(|state| ("state", state.clone())));
        fields.push(("iss", issuer.to_owned()));
        match self.response_mode {
            ResponseMode::Query => AuthorizationResponse::Redirect(append_query(&self.redirect_uri, &fields)),
            ResponseMode::FormPost => AuthorizationResponse::FormPost { action: self.redirect_uri.clone(), fields },
        }
    }
}

/// Adds fields to a URI that has no fragment, keeping the query it has (RFC 6749 §3.1.2).
pub(crate) fn append_query(uri: &str, fields: &[(&'static str, String)]) -> String {
    let mut out = uri.to_owned();
    let mut joint = match uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    for (name, value) in fields {
        out.push_str(joint);
        out.push_str(name);
        out.push('=');
        out.extend(byte_serialize(value.as_bytes()));
        joint = "&";
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use url::Url;

    const ISSUER: &str = "https://id.example.com";

    fn to(uri: &str, state: Option<&str>) -> ReturnTo {
        ReturnTo { redirect_uri: uri.into(), response_mode: ResponseMode::Query, state: state.map(str::to_owned) }
    }

    fn pairs(response: AuthorizationResponse) -> Vec<(String, String)> {
        let AuthorizationResponse::Redirect(url) = response else { panic!("a redirect") };
        Url::parse(&url).unwrap().query_pairs().into_owned().collect()
    }

    #[test]
    fn a_code_comes_with_state_and_issuer_each_once() {
        let state = "a&code=evil#\"<é >\u{1F514}";
        let got = pairs(to("https://app.example.com/cb", Some(state)).with_code(ISSUER, "c1"));
        let want = [("code", "c1"), ("state", state), ("iss", ISSUER)].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(got, want);
    }

    #[test]
    fn state_is_left_out_when_it_was_not_sent() {
        let got = pairs(to("https://app.example.com/cb", None).with_code(ISSUER, "c1"));
        assert_eq!(got.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["code", "iss"]);
    }

    #[test]
    fn an_error_says_what_and_who() {
        let error = OAuthError::new(ErrorCode::LoginRequired, "sign in first").because("hidden");
        let response = to("https://app.example.com/cb?tenant=a", Some("s")).with_error(ISSUER, &error);
        let AuthorizationResponse::Redirect(url) = &response else { panic!() };
        assert!(
            url.starts_with("https://app.example.com/cb?tenant=a&error=login_required&") && !url.contains("hidden")
        );
        assert_eq!(pairs(response).last().unwrap().1, ISSUER);
    }

    #[test]
    fn the_registered_query_is_kept_as_it_was() {
        for (uri, start) in [
            ("https://a.example/cb?", "https://a.example/cb?code="),
            ("https://a.example/cb?x=%7e&", "https://a.example/cb?x=%7e&code="),
            ("https://a.example", "https://a.example?code="),
            ("com.example.app:/cb", "com.example.app:/cb?code="),
        ] {
            let AuthorizationResponse::Redirect(url) = to(uri, None).with_code(ISSUER, "c") else { panic!() };
            assert!(url.starts_with(start), "{url}");
        }
    }

    #[test]
    fn form_post_has_the_same_fields() {
        let to = ReturnTo { response_mode: ResponseMode::FormPost, ..to("https://a.example/cb", Some("s")) };
        let AuthorizationResponse::FormPost { action, fields } = to.with_code(ISSUER, "c") else { panic!() };
        assert_eq!(action, "https://a.example/cb");
        assert_eq!(fields.iter().map(|(n, _)| *n).collect::<Vec<_>>(), ["code", "state", "iss"]);
    }
}
