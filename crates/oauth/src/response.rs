//! The authorization response: back to the app with a code or an error (RFC 6749 §4.1.2), always with `iss`
//! (RFC 9207), as plain parameters or within a signed token (JARM).

use crate::client::Client;
use crate::error::OAuthError;
use crate::jose::{SigningAlg, SigningKey};
use base::{Fault, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;
use url::form_urlencoded::byte_serialize;

/// How long a signed response may be under way (JARM §2.1 wants ten minutes at most; a code lives one).
const SIGNED_LIFETIME: Duration = Duration::from_secs(120);

/// How the answer is sent (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode, JARM §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ResponseMode {
    /// In the redirect URI's query.
    #[default]
    #[serde(rename = "query")]
    Query,
    /// In its fragment, which no server sees.
    #[serde(rename = "fragment")]
    Fragment,
    /// By a form that posts itself.
    #[serde(rename = "form_post")]
    FormPost,
    /// A signed token in the query.
    #[serde(rename = "query.jwt")]
    QueryJwt,
    /// A signed token in the fragment.
    #[serde(rename = "fragment.jwt")]
    FragmentJwt,
    /// A signed token by a form that posts itself.
    #[serde(rename = "form_post.jwt")]
    FormPostJwt,
}

impl ResponseMode {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Query, Self::Fragment, Self::FormPost, Self::QueryJwt, Self::FragmentJwt, Self::FormPostJwt];

    /// The parameter's values as discovery lists them. `jwt` is what the response type has by default: the query.
    pub const SUPPORTED: [&str; 7] =
        ["query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"];

    /// The mode of a parameter's value.
    pub fn of(text: &str) -> Option<Self> {
        match text {
            "jwt" => Some(Self::QueryJwt),
            _ => Self::ALL.into_iter().find(|mode| mode.as_str() == text),
        }
    }

    /// The parameter's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
            Self::QueryJwt => "query.jwt",
            Self::FragmentJwt => "fragment.jwt",
            Self::FormPostJwt => "form_post.jwt",
        }
    }

    /// Whether the answer is a signed token.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::QueryJwt | Self::FragmentJwt | Self::FormPostJwt)
    }
}

/// Where a client wants its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo {
    /// A redirect URI that was checked against the registered ones.
    pub redirect_uri: String,
    /// How.
    pub response_mode: ResponseMode,
    /// The request's `state`, to be given back unchanged.
    pub state: Option<String>,
    /// Who asked; the audience of a signed answer.
    pub client_id: String,
    /// How a signed answer is signed.
    pub alg: SigningAlg,
}

/// An answer that is not yet on its way: signed or not, [`Reply::plain`] and [`Reply::signed`] make it ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    to: ReturnTo,
    fields: Vec<(&'static str, String)>,
}

/// An answer, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// Redirect the browser.
    Redirect(String),
    /// Have the browser post a form.
    FormPost {
        /// The redirect URI.
        action: String,
        /// The form's fields, each once.
        fields: Vec<(&'static str, String)>,
    },
}

impl ReturnTo {
    /// Where a checked request of a client is answered.
    pub fn new(client: &Client, redirect_uri: String, response_mode: ResponseMode, state: Option<String>) -> Self {
        Self { redirect_uri, response_mode, state, client_id: client.client_id.clone(), alg: client.id_token_alg }
    }

    /// The answer that grants: a code.
    pub fn with_code(self, code: &str) -> Reply {
        self.with(vec![("code", code.to_owned())])
    }

    /// The answer that refuses.
    pub fn with_error(self, error: &OAuthError) -> Reply {
        let code = ("error", error.code.as_str().to_owned());
        self.with(vec![code, ("error_description", error.description().to_owned())])
    }

    fn with(self, mut fields: Vec<(&'static str, String)>) -> Reply {
        fields.extend(self.state.iter().map(|state| ("state", state.clone())));
        Reply { to: self, fields }
    }
}

impl Reply {
    /// The algorithm that it has to be signed with; `None` when it goes as it is.
    pub fn signed_with(&self) -> Option<SigningAlg> {
        self.to.response_mode.is_signed().then_some(self.to.alg)
    }

    /// With plain parameters.
    pub fn plain(mut self, issuer: &str) -> AuthorizationResponse {
        self.fields.push(("iss", issuer.to_owned()));
        self.send()
    }

    /// Within a signed token (JARM §2.1), the only parameter then.
    ///
    /// # Errors
    /// [`Fault`] when the key can't sign.
    pub fn signed(mut self, issuer: &str, key: &SigningKey, now: Timestamp) -> Result<AuthorizationResponse, Fault> {
        let expires = Timestamp::from_seconds(now.seconds()).plus(SIGNED_LIFETIME).seconds();
        let mut claims: Map<String, Value> =
            self.fields.drain(..).map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        claims.insert("iss".to_owned(), Value::from(issuer));
        claims.insert("aud".to_owned(), Value::from(self.to.client_id.as_str()));
        claims.insert("exp".to_owned(), Value::from(expires));
        self.fields.push(("response", key.sign("JWT", &claims)?));
        Ok(self.send())
    }

    fn send(self) -> AuthorizationResponse {
        let Self { to, fields } = self;
        match to.response_mode {
            ResponseMode::Query | ResponseMode::QueryJwt => {
                AuthorizationResponse::Redirect(append_query(&to.redirect_uri, &fields))
            }
            ResponseMode::Fragment | ResponseMode::FragmentJwt => {
                AuthorizationResponse::Redirect(encode(format!("{}#", to.redirect_uri), "", &fields))
            }
            ResponseMode::FormPost | ResponseMode::FormPostJwt => {
                AuthorizationResponse::FormPost { action: to.redirect_uri, fields }
            }
        }
    }
}

/// Adds fields to a URI's query. What stands there already is kept byte for byte (RFC 6749 §3.1.2).
pub(crate) fn append_query(uri: &str, fields: &[(&'static str, String)]) -> String {
    let joint = match uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    encode(uri.to_owned(), joint, fields)
}

fn encode(mut out: String, mut joint: &'static str, fields: &[(&'static str, String)]) -> String {
    out.reserve(fields.iter().map(|(name, value)| name.len().saturating_add(value.len()).saturating_add(8)).sum());
    for (name, value) in fields {
        out.push_str(joint);
        out.push_str(name);
        out.push('=');
        // A code is long and has nothing to escape: that is seen at once.
        match is_plain(value) {
            true => out.push_str(value),
            false => out.extend(byte_serialize(value.as_bytes())),
        }
        joint = "&";
    }
    out
}

/// Whether nothing of a value is written otherwise. Looks at every byte, which goes many at a time.
fn is_plain(value: &str) -> bool {
    let unchanged = |b: u8| b.is_ascii_alphanumeric() | matches!(b, b'-' | b'_' | b'.' | b'*');
    value.bytes().fold(true, |plain, b| plain & unchanged(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::public;
    use crate::error::ErrorCode;
    use crate::jose::{Expected, KeySet, verify};
    use url::Url;

    const ISSUER: &str = "https://id.example.com";

    fn to(uri: &str, state: Option<&str>) -> ReturnTo {
        ReturnTo::new(&public(), uri.into(), ResponseMode::Query, state.map(str::to_owned))
    }

    fn pairs(response: AuthorizationResponse) -> Vec<(String, String)> {
        let AuthorizationResponse::Redirect(url) = response else { panic!("a redirect") };
        Url::parse(&url).unwrap().query_pairs().into_owned().collect()
    }

    #[test]
    fn a_code_comes_with_state_and_issuer_each_once() {
        let state = "a&code=evil#\"<é >\u{1F514}";
        let got = pairs(to("https://app.example.com/cb", Some(state)).with_code("c1").plain(ISSUER));
        let want = [("code", "c1"), ("state", state), ("iss", ISSUER)].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(got, want);
    }

    #[test]
    fn state_is_left_out_when_it_was_not_sent() {
        let got = pairs(to("https://app.example.com/cb", None).with_code("c1").plain(ISSUER));
        assert_eq!(got.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["code", "iss"]);
    }

    #[test]
    fn an_error_says_what_and_who() {
        let error = OAuthError::new(ErrorCode::LoginRequired, "sign in first").because("hidden");
        let response = to("https://app.example.com/cb?tenant=a", Some("s")).with_error(&error).plain(ISSUER);
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
            let AuthorizationResponse::Redirect(url) = to(uri, None).with_code("c").plain(ISSUER) else { panic!() };
            assert!(url.starts_with(start), "{url}");
        }
    }

    #[test]
    fn form_post_has_the_same_fields() {
        let to = ReturnTo { response_mode: ResponseMode::FormPost, ..to("https://a.example/cb", Some("s")) };
        let AuthorizationResponse::FormPost { action, fields } = to.with_code("c").plain(ISSUER) else { panic!() };
        assert_eq!(action, "https://a.example/cb");
        assert_eq!(fields.iter().map(|(n, _)| *n).collect::<Vec<_>>(), ["code", "state", "iss"]);
    }

    #[test]
    fn the_fragment_carries_it_past_every_server() {
        let to = ReturnTo { response_mode: ResponseMode::Fragment, ..to("https://a.example/cb?x=1", Some("s")) };
        let AuthorizationResponse::Redirect(url) = to.with_code("c").plain(ISSUER) else { panic!("a redirect") };
        assert_eq!(url, "https://a.example/cb?x=1#code=c&state=s&iss=https%3A%2F%2Fid.example.com");
    }

    #[test]
    fn a_signed_answer_is_one_token_for_the_client_alone() {
        let (key, now) = (SigningKey::generate(SigningAlg::ES256).unwrap(), Timestamp::from_seconds(1_790_000_000));
        for (mode, start) in [
            (ResponseMode::QueryJwt, "https://a.example/cb?response="),
            (ResponseMode::FragmentJwt, "https://a.example/cb#response="),
        ] {
            let reply = ReturnTo { response_mode: mode, ..to("https://a.example/cb", Some("s")) }.with_code("c");
            assert_eq!(reply.signed_with(), Some(SigningAlg::ES256));
            let AuthorizationResponse::Redirect(url) = reply.signed(ISSUER, &key, now).unwrap() else { panic!() };
            let token = url.strip_prefix(start).unwrap();
            let mut keys = KeySet::new();
            keys.publish(key.public().clone());
            let expected = Expected { issuer: ISSUER, audience: Some("app"), even_expired: false };
            let claims = verify("JWT", &keys, token, &expected, now).unwrap();
            assert_eq!((claims.text("code"), claims.text("state")), (Some("c"), Some("s")));
            assert_eq!(claims.number("exp"), Some(1_790_000_120));
        }
        let to = ReturnTo { response_mode: ResponseMode::FormPostJwt, ..to("https://a.example/cb", None) };
        let error = OAuthError::new(ErrorCode::AccessDenied, "no");
        let AuthorizationResponse::FormPost { fields, .. } = to.with_error(&error).signed(ISSUER, &key, now).unwrap()
        else {
            panic!("a form")
        };
        assert_eq!(fields.iter().map(|(n, _)| *n).collect::<Vec<_>>(), ["response"]);
    }

    #[test]
    fn every_mode_that_is_told_is_known_and_the_default_of_jwt_is_the_query() {
        for mode in ResponseMode::SUPPORTED {
            assert!(ResponseMode::of(mode).is_some_and(|known| known.is_signed() == mode.contains("jwt")), "{mode}");
        }
        assert_eq!(ResponseMode::of("jwt"), Some(ResponseMode::QueryJwt));
        assert_eq!(ResponseMode::of("web_message"), None);
    }
}
