//! The Content-Security-Policy of a page.

use actix_web::http::header::HeaderValue;
use url::{Host, Url};

const BEFORE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'; form-action 'self'";
const AFTER: &str = "; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
     trusted-types watchbell";

/// The policy of a page whose forms lead to ourselves, and in the end to an app: browsers measure the redirects
/// that follow a form by `form-action` too.
pub(crate) fn policy(leads_to: Option<&str>) -> HeaderValue {
    let target = leads_to.and_then(form_target).map(|target| format!(" {target}")).unwrap_or_default();
    HeaderValue::try_from(format!("{BEFORE}{target}{AFTER}"))
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// A redirect URI as a source of a policy (CSP Level 3 §2.3.1): its origin, or its scheme where the origin can't
/// be written (an app's own scheme, an IPv6 address).
fn form_target(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
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
    fn nothing_is_unsafe_and_nothing_comes_from_elsewhere() {
        let policy = text(Some("https://app.example.com/cb; script-src *"));
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{policy}");
    }
}
