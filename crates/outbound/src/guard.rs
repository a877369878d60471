//! The rules for a URL, before anything is resolved or sent. Pure.

pub use crate::address::is_public;
use crate::error::Refusal;
use crate::message::Purpose;
use crate::settings::TrustedOrigin;
use std::net::IpAddr;
use std::sync::Arc;
use url::{Host, Url};

/// The longest URL, in bytes.
pub const MAX_URL: usize = 2_048;

/// The rules with the operator's exceptions. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    trusted: Arc<[TrustedOrigin]>,
}

impl Guard {
    /// Rules with these origins exempt from scheme, port and address.
    pub fn new(trusted: Vec<TrustedOrigin>) -> Self {
        Self { trusted: trusted.into() }
    }

    /// Parses a URL and checks it, as [`check_url`] does.
    ///
    /// # Errors
    /// The [`Refusal`] of the first rule that it breaks.
    pub fn parse(&self, text: &str, purpose: Purpose) -> Result<Url, Refusal> {
        if text.len() > MAX_URL {
            return Err(Refusal::TooLong);
        }
        let url = Url::parse(text).map_err(|_| Refusal::Unreadable)?;
        check_url(&url, purpose, &self.trusted).map(|()| url)
    }

    /// Checks a URL, as [`check_url`] does.
    ///
    /// # Errors
    /// The [`Refusal`] of the first rule that it breaks.
    pub fn check(&self, url: &Url, purpose: Purpose) -> Result<(), Refusal> {
        check_url(url, purpose, &self.trusted)
    }

    /// Whether what is at `scheme://host:port` may have any address.
    pub(crate) fn trusts(&self, scheme: &str, host: &str, port: u16) -> bool {
        self.trusted.iter().any(|origin| origin.is(scheme, host, port))
    }
}

/// Whether a URL may be requested at all. The addresses of its host are checked later, when connecting.
///
/// The host is taken as the parser gives it, which has turned `0x7f.1`, `2130706433` and `127.0.0.1.` into
/// the address that they mean; nothing is matched against the text. A trusted origin is exempt from the
/// rules on scheme, port and address, and from no other.
///
/// # Errors
/// The [`Refusal`] of the first rule that it breaks.
pub fn check_url(url: &Url, purpose: Purpose, trusted: &[TrustedOrigin]) -> Result<(), Refusal> {
    if url.as_str().len() > MAX_URL {
        return Err(Refusal::TooLong);
    }
    if !matches!(url.scheme(), "https" | "http") {
        return Err(Refusal::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Userinfo);
    }
    let host = url.host().ok_or(Refusal::Unreadable)?;
    let port = url.port_or_known_default().ok_or(Refusal::Unreadable)?;
    if let Host::Domain(name) = host
        && name.ends_with('.')
    {
        return Err(Refusal::TrailingDot);
    }
    if trusted.iter().any(|origin| origin.is(url.scheme(), &host.to_string(), port)) {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(Refusal::Scheme);
    }
    if purpose == Purpose::Push && port != 443 {
        return Err(Refusal::Port);
    }
    match host {
        Host::Ipv4(v4) if !is_public(IpAddr::V4(v4)) => Err(Refusal::Address(IpAddr::V4(v4))),
        Host::Ipv6(v6) if !is_public(IpAddr::V6(v6)) => Err(Refusal::Address(IpAddr::V6(v6))),
        Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(text: &str) -> Result<Url, Refusal> {
        Guard::default().parse(text, Purpose::Push)
    }

    #[test]
    fn the_endpoints_of_the_vendors_pass() {
        for ok in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
            "https://web.push.apple.com/QOm",
            "https://wns2-by3p.notify.windows.com/w/?token=BQYAAAD",
            "https://push.example:443/x",
            "https://8.8.8.8/x",
            "https://[2606:4700:4700::1111]/x",
        ] {
            assert!(push(ok).is_ok(), "{ok}");
        }
    }

    #[test]
    fn an_address_is_seen_however_it_is_written() {
        for bad in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://127。0。0。1/",
            "https://0/",
            "https://10.0.0.1/.google.com/",
            "https://10.0.0.1#@fcm.googleapis.com/",
            "https://10.0.0.1\\@fcm.googleapis.com/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:8.8.8.8]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fd00:ec2::254]/",
            "https://[fe80::1]/",
        ] {
            assert!(matches!(push(bad), Err(Refusal::Address(_))), "{bad}: {:?}", push(bad));
        }
    }

    #[test]
    fn each_rule_names_itself() {
        for (bad, why) in [
            ("http://push.example/", Refusal::Scheme),
            ("ftp://push.example/", Refusal::Scheme),
            ("file:///etc/passwd", Refusal::Scheme),
            ("javascript:alert(1)", Refusal::Scheme),
            ("https://a@push.example/", Refusal::Userinfo),
            ("https://:b@push.example/", Refusal::Userinfo),
            ("https://fcm.googleapis.com@10.0.0.1/", Refusal::Userinfo),
            ("https://push.example:8443/", Refusal::Port),
            ("https://push.example:80/", Refusal::Port),
            ("https://push.example./", Refusal::TrailingDot),
            ("https://localhost./", Refusal::TrailingDot),
            ("https://", Refusal::Unreadable),
            ("push.example", Refusal::Unreadable),
            ("https://[fe80::1%25eth0]/", Refusal::Unreadable),
            ("", Refusal::Unreadable),
        ] {
            assert_eq!(push(bad), Err(why), "{bad}");
        }
        assert_eq!(push(&format!("https://push.example/{}", "a".repeat(MAX_URL))), Err(Refusal::TooLong));
        assert!(push(&format!("https://push.example/{}", "a".repeat(MAX_URL - 21))).is_ok());
        // Its escapes make it longer than the text was.
        assert_eq!(push(&format!("https://push.example/{}", "é".repeat(900))), Err(Refusal::TooLong));
    }

    #[test]
    fn other_purposes_may_use_other_ports() {
        assert!(Guard::default().parse("https://rp.example:8443/jwks", Purpose::ClientMetadata).is_ok());
        assert_eq!(Guard::default().parse("http://rp.example/jwks", Purpose::ClientMetadata), Err(Refusal::Scheme));
    }

    #[test]
    fn a_trusted_origin_is_exempt_and_its_neighbours_are_not() {
        let guard = Guard::new(vec!["http://127.0.0.1:8790".parse().unwrap(), "https://push.lan".parse().unwrap()]);
        let parse = |text| guard.parse(text, Purpose::Push);
        assert!(parse("http://127.0.0.1:8790/p/x").is_ok());
        assert!(parse("https://push.lan/p/x").is_ok());
        assert_eq!(parse("http://a@127.0.0.1:8790/p/x"), Err(Refusal::Userinfo));
        assert!(parse("https://127.0.0.1:8790/p/x").is_err());
        assert!(parse("http://127.0.0.1:8791/p/x").is_err());
        assert!(parse("http://127.0.0.2:8790/p/x").is_err());
        assert_eq!(parse("https://push.lan:444/p/x"), Err(Refusal::Port));
        assert_eq!(parse("http://push.lan/p/x"), Err(Refusal::Scheme));
    }
}
