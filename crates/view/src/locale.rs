//! Languages, and which one a person reads.

use serde::{Deserialize, Serialize};

/// A language that the pages, mails and notices speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Locale {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
    /// Arabic, written from right to left.
    #[serde(rename = "ar")]
    Arabic,
}

impl Locale {
    /// All of them, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Arabic];

    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Arabic => "ar",
        }
    }

    /// The writing direction, as in the HTML attribute `dir`.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::English | Self::German => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// The language's name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Arabic => "العربية",
        }
    }

    /// The language of a tag, by its primary subtag (RFC 4647 §3.4): `de-CH` is German.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The language for a page: what the account has chosen, else what was asked for (`ui_locales`, OpenID Connect
    /// Core §3.1.2.1: tags by preference, separated by spaces), else the browser's (`Accept-Language`, RFC 9110
    /// §12.5.4), else English.
    pub fn choose(account: Option<&str>, ui_locales: Option<&str>, accept_language: Option<&str>) -> Self {
        let chosen = account.and_then(Self::from_tag);
        let asked = || ui_locales.and_then(|tags| tags.split_ascii_whitespace().find_map(Self::from_tag));
        chosen.or_else(asked).or_else(|| accept_language.and_then(Self::accepted)).unwrap_or_default()
    }

    /// The best of an `Accept-Language` header; the first of those with the same weight.
    fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(Self, u16)> = None;
        for range in header.split(',').take(32) {
            let mut parts = range.split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, per_mille);
            if weight > 0 && best.is_none_or(|(_, heaviest)| weight > heaviest) {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }
}

/// A quality value (RFC 9110 §12.4.2) in thousandths; zero for what is none.
fn per_mille(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let fraction = if fraction.is_empty() { "000".to_owned() } else { format!("{fraction:0<3}") };
    match (whole, fraction.get(..3).and_then(|digits| digits.parse::<u16>().ok())) {
        ("1", Some(_)) => 1000,
        ("0", Some(thousandths)) => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_goes_before_the_app_and_the_app_before_the_browser() {
        assert_eq!(Locale::choose(Some("ar"), Some("de"), Some("en")), Locale::Arabic);
        assert_eq!(Locale::choose(None, Some("fr de en"), Some("en")), Locale::German);
        assert_eq!(Locale::choose(None, Some("fr"), Some("fr, de-CH;q=0.8, en;q=0.7")), Locale::German);
        assert_eq!(Locale::choose(None, None, None), Locale::English);
    }

    #[test]
    fn a_browser_is_heard_by_its_weights() {
        assert_eq!(Locale::accepted("en;q=0.5, de;q=0.9"), Some(Locale::German));
        assert_eq!(Locale::accepted("de;q=0, en;q=0.1"), Some(Locale::English));
        assert_eq!(Locale::accepted("de;q=x, *;q=0.1"), None);
        assert_eq!(Locale::accepted("ar-EG,de"), Some(Locale::Arabic));
    }
}
