//! Redirect URIs are byte strings: understood once, at registration, and then only compared.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use url::Url;

/// The longest redirect URI, in bytes.
pub const MAX_REDIRECT_URI: usize = 2048;

/// Response parameters that a registered query must not hold, or they would stand twice in a response.
const RESERVED: [&str; 8] =
    ["code", "state", "iss", "error", "error_description", "error_uri", "response", "access_token"];

/// A registered redirect URI (RFC 6749 §3.1.2, RFC 9700 §2.1).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// Why a text can't be registered. Each says what to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute URI in printable ASCII.
    #[error("write an absolute URI in ASCII, such as https://app.example.com/callback")]
    Unreadable,
    /// Longer than [`MAX_REDIRECT_URI`].
    #[error("write a URI of at most 2048 bytes")]
    TooLong,
    /// It has a fragment (RFC 6749 §3.1.2).
    #[error("leave out the fragment, the part after #")]
    Fragment,
    /// It has a `*`: matching is exact.
    #[error("write each redirect URI in full: wildcards are not supported")]
    Wildcard,
    /// It has a user name or password.
    #[error("leave out the user name, the part before @")]
    UserInfo,
    /// A scheme that runs code, is not secure, or is not the app's own.
    #[error(
        "use https, or http on localhost, 127.0.0.1 or [::1], or for a native app a scheme of its own such as com.example.app"
    )]
    Scheme,
    /// A host that is written in another way than it is understood: upper case, escaped, or a number.
    #[error("write the host in lower case, as a plain name or an address in its usual form")]
    Host,
    /// A path with `.` or `..`, which means another path than it seems to.
    #[error("write the path without . and .. segments")]
    DotSegment,
    /// Its query has a name that responses use.
    #[error("leave out code, state, iss, error and response from the query: the response adds them")]
    ReservedParameter,
}

impl RedirectUri {
    /// The URI, byte for byte as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has a scheme of the app's own (RFC 8252 §7.1).
    pub fn is_private_use(&self) -> bool {
        !self.0.starts_with("https:") && !self.0.starts_with("http:")
    }

    /// Whether a request's URI is this one: the same bytes, or the same but for the port where this one is
    /// `http` on a loopback address literal (RFC 8252 §7.3).
    pub fn matches(&self, sent: &str) -> bool {
        if self.0 == sent {
            return true;
        }
        match (without_loopback_port(&self.0), without_loopback_port(sent)) {
            (Some(registered), Some(sent)) => registered == sent,
            _ => false,
        }
    }
}

/// Address literal and the rest after the port, for `http` on a loopback literal; `None` for all else.
fn without_loopback_port(uri: &str) -> Option<(&'static str, &str)> {
    let (literal, rest) = ["http://127.0.0.1", "http://[::1]"]
        .into_iter()
        .find_map(|literal| uri.strip_prefix(literal).map(|rest| (literal, rest)))?;
    let rest = match rest.strip_prefix(':') {
        Some(port_on) => {
            let end = port_on.find(|c: char| !c.is_ascii_digit()).unwrap_or(port_on.len());
            let (port, rest) = port_on.split_at(end);
            let port: u16 = if port.starts_with('0') { return None } else { port.parse().ok()? };
            if port == 0 {
                return None;
            }
            rest
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((literal, rest))
}

impl FromStr for RedirectUri {
    type Err = InvalidRedirectUri;

    fn from_str(text: &str) -> Result<Self, InvalidRedirectUri> {
        if text.len() > MAX_REDIRECT_URI {
            return Err(InvalidRedirectUri::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) || text.contains(['\\', '"', '<', '>', '`', '{', '}', '^', '|'])
        {
            return Err(InvalidRedirectUri::Unreadable);
        }
        if text.contains('#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        if text.contains('*') {
            return Err(InvalidRedirectUri::Wildcard);
        }
        let url = Url::parse(text).map_err(|_| InvalidRedirectUri::Unreadable)?;
        check_scheme(text, &url)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidRedirectUri::UserInfo);
        }
        if !is_host_plain(text, &url) {
            return Err(InvalidRedirectUri::Host);
        }
        if has_dot_segment(text) {
            return Err(InvalidRedirectUri::DotSegment);
        }
        if url.query_pairs().any(|(name, _)| RESERVED.contains(&name.as_ref())) {
            return Err(InvalidRedirectUri::ReservedParameter);
        }
        Ok(Self(text.to_owned()))
    }
}

/// The scheme has to be written in lower case, so that nothing later needs to fold case.
fn check_scheme(text: &str, url: &Url) -> Result<(), InvalidRedirectUri> {
    let scheme = text.split_once(':').map_or("", |(s, _)| s);
    let fine = match scheme {
        // `https:/host` and `https:host` are read leniently by browsers; here two slashes are the rule.
        "https" => text.starts_with("https://") && url.host().is_some(),
        "http" => text.starts_with("http://") && url.host().is_some_and(|h| base::origin::is_loopback(&h)),
        // A scheme of one's own is a domain name in reverse (RFC 8252 §7.1): that leaves out javascript, data, file.
        own => own == url.scheme() && own.contains('.') && !own.starts_with('.') && !own.ends_with('.'),
    };
    if fine { Ok(()) } else { Err(InvalidRedirectUri::Scheme) }
}

/// Whether a web address names its host as every reader understands it, so that what was approved is where the
/// browser goes: `http://2130706433/` and `https:///app.example.com` are read differently by different readers.
fn is_host_plain(text: &str, url: &Url) -> bool {
    if !matches!(url.scheme(), "https" | "http") {
        return true;
    }
    let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
    let rest = url.host_str().and_then(|host| after_scheme.strip_prefix(host));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
}

fn has_dot_segment(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or_default();
    path.split('/').any(|segment| {
        // `..;` is parsed away by some servers too.
        let name = segment.split(';').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
        name == "." || name == ".."
    })
}

impl TryFrom<String> for RedirectUri {
    type Error = InvalidRedirectUri;

    fn try_from(text: String) -> Result<Self, InvalidRedirectUri> {
        text.parse()
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn uri(text: &str) -> RedirectUri {
        text.parse().unwrap()
    }

    #[test]
    fn secure_loopback_and_own_schemes_can_be_registered() {
        for ok in [
            "https://app.example.com/cb",
            "https://app.example.com",
            "https://app.example.com:8443/cb?tenant=a",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
            "com.example.app:/cb",
            "com.example.app://cb",
        ] {
            assert_eq!(uri(ok).as_str(), ok);
        }
    }

    #[test]
    fn what_is_dangerous_or_vague_can_not_be_registered() {
        use InvalidRedirectUri as Why;
        for (bad, why) in [
            ("", Why::Unreadable),
            ("/cb", Why::Unreadable),
            ("app.example.com/cb", Why::Unreadable),
            ("https://", Why::Unreadable),
            ("https://app.example.com/a b", Why::Unreadable),
            ("https://app.example.com/\n", Why::Unreadable),
            ("https://app.example.com\\@evil.example/", Why::Unreadable),
            ("https://bücher.example/cb", Why::Unreadable),
            ("https://app.example.com/cb#f", Why::Fragment),
            ("https://app.example.com/cb#", Why::Fragment),
            ("https://*.example.com/cb", Why::Wildcard),
            ("https://app.example.com/*", Why::Wildcard),
            ("https://a@app.example.com/cb", Why::UserInfo),
            ("https://a:b@app.example.com/cb", Why::UserInfo),
            ("http://app.example.com/cb", Why::Scheme),
            ("http://localhost.evil.example/cb", Why::Scheme),
            ("javascript:alert(1)", Why::Scheme),
            ("JaVaScRiPt:alert(1)", Why::Scheme),
            ("data:text/html,x", Why::Scheme),
            ("vbscript:x", Why::Scheme),
            ("file:///etc/passwd", Why::Scheme),
            ("HTTPS://app.example.com/cb", Why::Scheme),
            ("https:app.example.com", Why::Scheme),
            ("myapp:/cb", Why::Scheme),
            ("https://APP.example.com/cb", Why::Host),
            ("https://app%2eexample.com/cb", Why::Host),
            ("https:///app.example.com/cb", Why::Host),
            ("http://2130706433/cb", Why::Host),
            ("http://0x7f.1/cb", Why::Host),
            ("http://[0:0:0:0:0:0:0:1]/cb", Why::Host),
            ("https://@app.example.com/cb", Why::Host),
            ("https://app.example.com/a/../cb", Why::DotSegment),
            ("https://app.example.com/a/%2E%2e/cb", Why::DotSegment),
            ("https://app.example.com/..;/cb", Why::DotSegment),
            ("https://app.example.com/cb?code=1", Why::ReservedParameter),
            ("https://app.example.com/cb?a=1&st%61te=1", Why::ReservedParameter),
            ("https://app.example.com/cb?iss=x", Why::ReservedParameter),
        ] {
            assert_eq!(bad.parse::<RedirectUri>(), Err(why), "{bad}");
        }
        assert_eq!(format!("https://a.example/{}", "x".repeat(2048)).parse::<RedirectUri>(), Err(Why::TooLong));
    }

    /// CVE-2026-3872, CVE-2026-28512, CVE-2024-52289.
    #[test]
    fn no_mutation_of_a_registered_uri_matches() {
        let registered = uri("https://app.example.com/cb");
        assert!(registered.matches("https://app.example.com/cb"));
        for mutation in [
            "https://app.example.com.evil.example/cb",
            "https://app.example.comevil.example/cb",
            "https://evil.example/app.example.com/cb",
            "https://user@app.example.com/cb",
            "https://app.example.com@evil.example/cb",
            "https://app.example.com%40evil.example/cb",
            "https://app.example.com:443@evil.example/cb",
            "https://evil.app.example.com/cb",
            "https://evilapp.example.com/cb",
            "https://example.com/cb",
            "https://app.example.com/..;/cb",
            "https://app.example.com/cb/..;/x",
            "https://app.example.com/cb/../x",
            "https://app.example.com/x/../cb",
            "https://app.example.com/%2e%2e/cb",
            "https://app.example.com/%63b",
            "https://app.example.com/cb%2f..%2fx",
            "https://app.example.com\\cb",
            "https://app.example.com/\\cb",
            "https:\\\\app.example.com/cb",
            "https://evil.example\\@app.example.com/cb",
            "HTTPS://app.example.com/cb",
            "https://APP.example.com/cb",
            "https://app.example.com/CB",
            "https://app.example.com./cb",
            "https://app.example.com:443/cb",
            "https://app.example.com:8443/cb",
            "https://app.example.com:/cb",
            "https://app.example.com/cb#",
            "https://app.example.com/cb#f",
            "https://app.example.com/cb?",
            "https://app.example.com/cb?x=1",
            "https://app.example.com/cb?code=1",
            "https://app.example.com/cb/",
            "https://app.example.com//cb",
            "https://app.example.com/c",
            "https://app.example.com/cbx",
            "https://app.example.com/cb\t",
            "https://app.example.com/cb\n",
            "https://app.example.com/c\tb",
            " https://app.example.com/cb",
            "https://app.example.com/cb ",
            "https://app.example.com/cb%00",
            "https://app.example.com/cb\0",
            "https://app.еxample.com/cb",
            "https://app.xn--xample-9uf.com/cb",
            "https://[::ffff:1.2.3.4]/cb",
            "http://app.example.com/cb",
            "//app.example.com/cb",
            "/cb",
            "https:app.example.com/cb",
            "https:/app.example.com/cb",
            "https:///app.example.com/cb",
            "javascript://app.example.com/cb",
            "https://app.example.com/cb,https://evil.example",
            "",
        ] {
            assert!(!registered.matches(mutation), "{mutation:?}");
        }
    }

    #[test]
    fn a_native_app_may_choose_its_port_on_a_loopback_literal() {
        for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:9000/cb"] {
            assert!(uri(registered).matches("http://127.0.0.1:51004/cb"));
            assert!(uri(registered).matches("http://127.0.0.1/cb"));
        }
        assert!(uri("http://[::1]/cb?a=1").matches("http://[::1]:51004/cb?a=1"));
        for bad in [
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:080/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:51004.evil.example/cb",
            "http://127.0.0.1:51004/other",
            "http://127.0.0.1:51004\\evil/cb",
            "http://127.0.0.2:51004/cb",
            "http://localhost:51004/cb",
            "https://127.0.0.1:51004/cb",
            "http://[::1]:51004/cb",
        ] {
            assert!(!uri("http://127.0.0.1/cb").matches(bad), "{bad}");
        }
        assert!(!uri("http://localhost:3000/cb").matches("http://localhost:3001/cb"));
        assert!(!uri("https://127.0.0.1/cb").matches("https://127.0.0.1:1/cb"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = text.parse::<RedirectUri>();
            let _ = uri("http://127.0.0.1/cb").matches(&text);
        }

        #[test]
        fn away_from_loopback_only_the_same_bytes_match(text in "https://app\\.example\\.com[ -~]{0,6}") {
            prop_assert_eq!(uri("https://app.example.com/cb").matches(&text), text == "https://app.example.com/cb");
        }
    }
}
