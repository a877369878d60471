//! Where messages for one subscription are posted (RFC 8030 §4).

use base::SecretHash;
use outbound::{Guard, Purpose, Refusal};
use std::fmt;
use url::{Host, Url};

/// The URL of a subscription. It is a capability: whoever knows it can knock. So it shows itself in logs as its
/// origin and the head of its hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    url: Url,
    hash: SecretHash,
}

impl Endpoint {
    /// An endpoint that a browser has just given, checked by the rules for outgoing requests.
    ///
    /// # Errors
    /// The [`Refusal`] that names the broken rule.
    pub fn parse(text: &str, guard: &Guard) -> Result<Self, Refusal> {
        guard.parse(text, Purpose::Push).map(Self::from_url)
    }

    /// An endpoint that was checked when it was stored. It is checked again each time it is used.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] when the text is no URL with a host.
    pub fn from_stored(text: &str) -> Result<Self, Refusal> {
        let url = Url::parse(text).map_err(|_| Refusal::Unreadable)?;
        if url.has_host() { Ok(Self::from_url(url)) } else { Err(Refusal::Unreadable) }
    }

    fn from_url(mut url: Url) -> Self {
        // It is never sent, and would make two endpoints of one.
        url.set_fragment(None);
        let hash = SecretHash::of(url.as_str().as_bytes());
        Self { url, hash }
    }

    /// The whole URL: for sealing and for sending, never for a log.
    pub fn reveal(&self) -> &str {
        self.url.as_str()
    }

    /// The origin with its port where that is not 443: the audience of a VAPID token (RFC 8292 §2).
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The SHA-256 of the URL: what it is found by.
    pub const fn hash(&self) -> SecretHash {
        self.hash
    }

    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head: String = self.hash.to_base64url().chars().take(8).collect();
        write!(f, "{} #{head}", self.origin())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whose push services are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vendors {
    /// Any public one: UnifiedPush and self-hosted services too.
    #[default]
    Any,
    /// Those of the browser vendors alone: Google, Mozilla, Apple, Microsoft.
    Known,
}

/// `jmt17.google.com` is what Debian's Chromium hands out.
const KNOWN: &[&str] = &["fcm.googleapis.com", "jmt17.google.com", "updates.push.services.mozilla.com"];
const KNOWN_BELOW: &[&str] = &[".push.apple.com", ".notify.windows.com"];

/// Where a look shows whether the vendors' services can be reached. (Microsoft's are many, each with a name of its own.)
pub const SERVICES: [(&str, &str); 3] = [
    ("Google", "https://fcm.googleapis.com/"),
    ("Mozilla", "https://updates.push.services.mozilla.com/"),
    ("Apple", "https://web.push.apple.com/"),
];

impl Vendors {
    /// Whether an endpoint belongs to them. The parsed host is compared, never the text.
    pub fn allow(self, endpoint: &Endpoint) -> bool {
        match (self, endpoint.url.host()) {
            (Self::Any, _) => true,
            (Self::Known, Some(Host::Domain(name))) => {
                KNOWN.contains(&name) || KNOWN_BELOW.iter().any(|below| name.ends_with(below))
            }
            (Self::Known, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        Endpoint::from_stored(text).unwrap()
    }

    #[test]
    fn a_log_shows_the_origin_and_never_the_path() {
        let shown = format!("{0:?} {0}", endpoint("https://fcm.googleapis.com/fcm/send/SECRET"));
        assert!(shown.contains("https://fcm.googleapis.com #") && !shown.contains("SECRET"));
    }

    #[test]
    fn the_audience_has_its_port() {
        assert_eq!(endpoint("https://push.example:8443/x").origin(), "https://push.example:8443");
        assert_eq!(endpoint("https://push.example:443/x").origin(), "https://push.example");
    }

    #[test]
    fn only_the_vendors_hosts_pass_their_list() {
        for ok in [
            "https://fcm.googleapis.com/fcm/send/x",
            "https://jmt17.google.com/fcm/send/x",
            "https://updates.push.services.mozilla.com/wpush/v2/x",
            "https://web.push.apple.com/x",
            "https://wns2-by3p.notify.windows.com/w/?token=x",
        ] {
            assert!(Vendors::Known.allow(&endpoint(ok)), "{ok}");
        }
        for bad in [
            "https://fcm.googleapis.com.evil.example/x",
            "https://evil.example/fcm.googleapis.com",
            "https://evil.example/?.push.apple.com",
            "https://push.apple.com.evil.example/x",
            "https://evilpush.apple.com.example/x",
            "https://xnotify.windows.com/x",
            "https://10.0.0.1/.google.com/",
            "https://ntfy.example/up",
        ] {
            assert!(!Vendors::Known.allow(&endpoint(bad)), "{bad}");
            assert!(Vendors::Any.allow(&endpoint(bad)), "{bad}");
        }
    }
}
