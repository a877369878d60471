//! The Content-Security-Policy of a page.

use actix_web::http::header::HeaderValue;
use std::sync::LazyLock;
use url::{Host, Url};

const BEFORE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'; form-action 'self'";
const AFTER: &str = "; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
     trusted-types watchbell";

/// The policy of a page whose forms lead to ourselves, and in the end to an app: browsers measure the redirects
/// that follow a form by `form-action` too.
pub(crate) fn policy(leads_to: Option<&str>) -> HeaderValue {
    with_frames(leads_to, &[])
}

/// The policy of everything else: written once.
pub(super) fn usual() -> HeaderValue {
    static USUAL: LazyLock<HeaderValue> = LazyLock::new(|| policy(None));
    USUAL.clone()
}

/// The same, of a page that loads these addresses in frames: from their origins, and no others.
pub(crate) fn with_frames(leads_to: Option<&str>, frames: &[String]) -> HeaderValue {
    let target = leads_to.and_then(source).map(|target| format!(" {target}")).unwrap_or_default();
    let mut origins: Vec<String> = frames.iter().filter_map(|address| source(address)).collect();
    origins.sort_unstable();
    origins.dedup();
    let frames = if origins.is_empty() { String::new() } else { format!("; frame-src {}", origins.join(" ")) };
    HeaderValue::try_from(format!("{BEFORE}{target}{frames}{AFTER}"))
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// An address as a source of a policy (CSP Level 3 §2.3.1): its origin, or its scheme where the origin can't
/// be written (an app's own scheme, an IPv6 address).
fn source(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if !url.scheme().chars().all(plain) {
        return None;
    }
    match (url.scheme(), url.host()) {
        ("http" | "https", Some(Host::Domain(_) | Host::Ipv4(_))) => Some(url.origin().ascii_serialization()),
        (scheme, _) => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(leads_to: Option<&str>) -> String {
        policy(leads_to).to_str().unwrap().to_owned()
    }

    #[test]
    fn forms_lead_to_ourselves_and_to_the_app_that_waits() {
        assert!(text(None).contains("form-action 'self';"));
        let cases = [
            ("https://app.example.com/cb?x=1", "form-action 'self' https://app.example.com;"),
            ("http://127.0.0.1:9/cb", "form-action 'self' http://127.0.0.1:9;"),
            ("http://[::1]:9/cb", "form-action 'self' http:;"),
            ("com.example.app:/cb", "form-action 'self' com.example.app:;"),
            ("not a url", "form-action 'self';"),
        ];
        for (uri, expected) in cases {
            assert!(text(Some(uri)).contains(expected), "{uri}: {}", text(Some(uri)));
        }
    }

    #[test]
    fn frames_come_from_the_origins_that_were_named_and_no_others() {
        let frames = ["https://b.example/out?sid=1", "https://a.example:8443/x; script-src *", "https://b.example/2"];
        let policy = with_frames(None, &frames.map(str::to_owned)).to_str().unwrap().to_owned();
        assert!(policy.contains("form-action 'self'; frame-src https://a.example:8443 https://b.example; base-uri"));
        assert!(!policy.contains('*') && !text(None).contains("frame-src"), "{policy}");
    }

    #[test]
    fn nothing_is_unsafe_and_nothing_comes_from_elsewhere() {
        let policy = text(Some("https://app.example.com/cb; script-src *"));
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{policy}");
    }
}
