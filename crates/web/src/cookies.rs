//! Our cookies: their names, how they are read, how they are set.
//!
//! Over https each has the prefix `__Host-` (RFC 6265bis §4.1.3.2): no sibling domain can set it. Over plain http,
//! which only exists on a developer's own machine, the prefix and `Secure` are left out, as not every browser
//! takes them there.

use actix_web::cookie::time::Duration as Span;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::HeaderValue;
use base::{Secret, SecretKind};
use std::time::Duration;

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Jar {
    /// The signed-in browser.
    Session,
    /// The browser, recognised.
    Device,
    /// What binds login flows to the browser.
    Browser,
    /// The language that was chosen.
    Locale,
    /// What has just been done, said on the next page.
    Banner,
}

/// The longest that browsers keep a cookie (RFC 6265bis §5.5).
const LONGEST: Duration = Duration::from_secs(400 * 24 * 3600);
/// A registration may wait for its mail this long, and one browser makes many.
const BINDING: Duration = Duration::from_secs(30 * 24 * 3600);
const MINUTE: Duration = Duration::from_secs(60);

impl Jar {
    /// The name over https, and over http on this machine.
    pub(crate) const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-wb_session",
            (Self::Session, false) => "wb_session",
            (Self::Device, true) => "__Host-wb_device",
            (Self::Device, false) => "wb_device",
            (Self::Browser, true) => "__Host-wb_browser",
            (Self::Browser, false) => "wb_browser",
            (Self::Locale, true) => "__Host-wb_locale",
            (Self::Locale, false) => "wb_locale",
            (Self::Banner, true) => "__Host-wb_banner",
            (Self::Banner, false) => "wb_banner",
        }
    }

    /// How long it is kept.
    const fn lifetime(self) -> Duration {
        match self {
            Self::Session | Self::Device | Self::Locale => LONGEST,
            Self::Browser => BINDING,
            Self::Banner => MINUTE,
        }
    }

    /// The cookie with a value.
    pub(crate) fn set(self, value: String, https: bool) -> Cookie<'static> {
        self.set_for(value, https, self.lifetime())
    }

    /// The cookie with a value and a lifetime of its own.
    pub(crate) fn set_for(self, value: String, https: bool, lifetime: Duration) -> Cookie<'static> {
        let seconds = i64::try_from(lifetime.min(LONGEST).as_secs()).unwrap_or(0);
        Cookie::build(self.name(https), value)
            .path("/")
            .http_only(true)
            .secure(https)
            .same_site(SameSite::Lax)
            .max_age(Span::seconds(seconds))
            .finish()
    }

    /// What removes it.
    pub(crate) fn removed(self, https: bool) -> Cookie<'static> {
        self.set_for(String::new(), https, Duration::ZERO)
    }

    /// Its value in a request's `Cookie` headers. A stranger's malformed cookie beside it does no harm; the first of a name
    /// counts.
    pub(crate) fn read<'a>(self, cookies: impl Iterator<Item = &'a HeaderValue>, https: bool) -> Option<&'a str> {
        let name = self.name(https);
        let lines = cookies.filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// The secret in a request, if it is one of that kind.
    pub(crate) fn secret<'a>(
        self,
        kind: SecretKind,
        cookies: impl Iterator<Item = &'a HeaderValue>,
        https: bool,
    ) -> Option<Secret> {
        Secret::parse(kind, self.read(cookies, https)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> Vec<HeaderValue> {
        lines.iter().copied().map(HeaderValue::from_static).collect()
    }

    #[test]
    fn over_https_a_cookie_belongs_to_this_host_alone() {
        for jar in [Jar::Session, Jar::Device, Jar::Browser, Jar::Locale, Jar::Banner] {
            let cookie = jar.set("x".to_owned(), true).to_string();
            assert!(cookie.starts_with("__Host-wb_"), "{cookie}");
            for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
                assert!(cookie.contains(part), "{cookie} lacks {part}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }

    #[test]
    fn on_a_developers_machine_it_goes_without_the_prefix() {
        let cookie = Jar::Session.set("x".to_owned(), false).to_string();
        assert!(cookie.starts_with("wb_session=x") && !cookie.contains("Secure"), "{cookie}");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    }

    #[test]
    fn a_device_is_remembered_for_four_hundred_days() {
        assert!(Jar::Device.set("x".to_owned(), true).to_string().contains("Max-Age=34560000"));
    }

    #[test]
    fn a_strangers_broken_cookie_does_no_harm() {
        let headers = headers(&["a=%ff; novalue; =; __Host-wb_session=first", "__Host-wb_session=second"]);
        assert_eq!(Jar::Session.read(headers.iter(), true), Some("first"));
        assert_eq!(Jar::Session.read(headers.iter(), false), None);
        assert!(Jar::Session.secret(SecretKind::Session, headers.iter(), true).is_none());
    }

    #[test]
    fn a_removed_cookie_ends_at_once() {
        let cookie = Jar::Session.removed(true).to_string();
        assert!(cookie.contains("Max-Age=0"), "{cookie}");
    }
}
