//! Whether a request that changes something comes from our own pages.
//!
//! Browsers say so in `Sec-Fetch-Site` (Fetch Metadata), which no page can forge; a browser that does not send it
//! sends `Origin` with every POST. A request with neither is refused.

use crate::guest::Guest;
use actix_web::http::header::{HeaderValue, ORIGIN};
use base::Origin;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// A page of this origin.
    Here,
    /// Anywhere else, or nobody knows.
    Elsewhere,
}

/// Judges the headers of a request. More than one of either is nobody's honest request.
fn origin_of<'a>(
    mut sites: impl Iterator<Item = &'a HeaderValue>,
    mut origins: impl Iterator<Item = &'a HeaderValue>,
    ours: &Origin,
) -> From {
    match (sites.next(), sites.next(), origins.next(), origins.next()) {
        (Some(site), None, _, _) => verdict(site.as_bytes() == b"same-origin"),
        (None, _, Some(origin), None) => verdict(origin.as_bytes() == ours.as_str().as_bytes()),
        _ => From::Elsewhere,
    }
}

const fn verdict(here: bool) -> From {
    if here { From::Here } else { From::Elsewhere }
}

impl Guest {
    /// Where this request comes from.
    pub(crate) fn comes_from(&self) -> From {
        let headers = self.headers();
        origin_of(headers.get_all("sec-fetch-site"), headers.get_all(ORIGIN), &self.here().tenant().origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(pairs: &[(&'static str, &'static str)]) -> From {
        let ours: Origin = "https://id.example.com".parse().unwrap();
        let all = |wanted: &str| {
            let of_it = pairs.iter().filter(|(name, _)| *name == wanted);
            of_it.map(|(_, value)| HeaderValue::from_static(value)).collect::<Vec<_>>()
        };
        origin_of(all("sec-fetch-site").iter(), all("origin").iter(), &ours)
    }

    #[test]
    fn our_own_pages_are_let_in() {
        assert_eq!(judge(&[("sec-fetch-site", "same-origin")]), From::Here);
        assert_eq!(judge(&[("origin", "https://id.example.com")]), From::Here);
        // A page that sends no referrer sends `Origin: null` with its own forms.
        assert_eq!(judge(&[("sec-fetch-site", "same-origin"), ("origin", "null")]), From::Here);
    }

    #[test]
    fn every_other_origin_is_refused() {
        for site in ["cross-site", "same-site", "none", "SAME-ORIGIN", ""] {
            assert_eq!(
                judge(&[("sec-fetch-site", site), ("origin", "https://id.example.com")]),
                From::Elsewhere,
                "{site}"
            );
        }
        for origin in
            ["null", "https://evil.example", "https://a.id.example.com", "https://id.example.com.evil.example", ""]
        {
            assert_eq!(judge(&[("origin", origin)]), From::Elsewhere, "{origin}");
        }
    }

    #[test]
    fn a_request_that_says_nothing_or_too_much_is_refused() {
        assert_eq!(judge(&[]), From::Elsewhere);
        assert_eq!(judge(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]), From::Elsewhere);
        assert_eq!(judge(&[("origin", "https://id.example.com"), ("origin", "https://evil.example")]), From::Elsewhere);
    }
}
