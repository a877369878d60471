//! The parameters of a request, as they came: decoded strictly, bounded, doubles told apart.

use crate::error::OAuthError;
use std::fmt;

/// The most parameters that one request may have.
const MAX_PARAMS: usize = 100;
/// The most bytes that one request's parameters may have, encoded.
const MAX_BYTES: usize = 64 * 1024;
/// The longest name that is looked at.
const MAX_NAME: usize = 128;

/// Decoded name-value pairs of a query or a form body. Has no values in its `Debug`: secrets travel here.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// A parameter stands twice (RFC 6749 §3.1 and §3.2 forbid it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubled(pub &'static str);

impl From<Doubled> for OAuthError {
    fn from(Doubled(name): Doubled) -> Self {
        Self::invalid_request(&format!("{name} stands more than once: send it once"))
    }
}

impl Params {
    /// Reads `application/x-www-form-urlencoded` text: a query, or a body.
    ///
    /// # Errors
    /// `invalid_request` when it is too large, has too many parameters, or is not UTF-8.
    pub fn decode(text: &[u8]) -> Result<Self, OAuthError> {
        if text.len() > MAX_BYTES {
            return Err(OAuthError::invalid_request("the request is too large: send at most 64 KiB of parameters"));
        }
        let parts: Vec<&[u8]> = text.split(|b| *b == b'&').filter(|p| !p.is_empty()).take(MAX_PARAMS + 1).collect();
        let mut pairs = Vec::with_capacity(parts.len());
        for part in parts {
            let mut halves = part.splitn(2, |b| *b == b'=');
            let name = decode_part(halves.next().unwrap_or_default());
            let value = decode_part(halves.next().unwrap_or_default());
            let (Some(name), Some(value)) = (name, value) else {
                return Err(OAuthError::invalid_request("the parameters are not UTF-8: encode them as UTF-8"));
            };
            pairs.push((name, value));
        }
        Self::from_pairs(pairs)
    }

    /// Reads a form body, whose content type has to say that it is one (RFC 6749 §4.1.3).
    ///
    /// # Errors
    /// `invalid_request` for another content type, and as [`Params::decode`].
    pub fn from_form(content_type: Option<&str>, body: &[u8]) -> Result<Self, OAuthError> {
        let essence = content_type.and_then(|t| t.split(';').next()).unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(OAuthError::invalid_request(
                "the content type is wrong: send a body of type application/x-www-form-urlencoded",
            ));
        }
        Self::decode(body)
    }

    /// Takes pairs that were decoded elsewhere.
    ///
    /// # Errors
    /// `invalid_request` when there are too many or they are too large.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, OAuthError> {
        let mut out = Vec::new();
        let mut bytes = 0_usize;
        for (name, value) in pairs {
            bytes = bytes.saturating_add(name.len()).saturating_add(value.len());
            if out.len() == MAX_PARAMS || bytes > MAX_BYTES {
                return Err(OAuthError::invalid_request(
                    "the request has too many or too large parameters: send fewer",
                ));
            }
            if name.len() <= MAX_NAME {
                out.push((name, value));
            }
        }
        Ok(Self(out))
    }

    /// The parameters of both: a query and a body, say. A name that stands in both stands twice.
    ///
    /// # Errors
    /// As [`Params::from_pairs`].
    pub fn and(self, other: Self) -> Result<Self, OAuthError> {
        Self::from_pairs(self.0.into_iter().chain(other.0))
    }

    /// The one value of a parameter. An empty value counts as left out (RFC 6749 §3.1).
    ///
    /// # Errors
    /// [`Doubled`] when it stands twice, empty or not.
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, Doubled> {
        let mut found = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let value = found.next();
        if found.next().is_some() { Err(Doubled(name)) } else { Ok(value.filter(|v| !v.is_empty())) }
    }

    /// Every value of a parameter that may stand several times, empty ones left out.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// One parameter alone, however often it stands.
    #[must_use]
    pub fn only(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(n, _)| n == name).cloned().collect())
    }

    /// The parameters without some of them.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// The same with one more.
    ///
    /// # Errors
    /// As [`Params::from_pairs`].
    pub fn with(self, name: &str, value: String) -> Result<Self, OAuthError> {
        Self::from_pairs(self.0.into_iter().chain([(name.to_owned(), value)]))
    }

    /// Everything as it came, to be kept until it is read again by [`Params::from_pairs`].
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The one value of a parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request` when it is missing or stands twice.
    pub fn required(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.one(name)?.ok_or_else(|| OAuthError::invalid_request(&format!("{name} is missing: send it")))
    }

    /// The one value of a parameter, at most `max` bytes without control characters.
    ///
    /// # Errors
    /// `invalid_request` naming the parameter.
    pub fn bounded(&self, name: &'static str, max: usize) -> Result<Option<&str>, OAuthError> {
        let value = self.one(name)?;
        match value {
            Some(v) if v.len() > max => {
                Err(OAuthError::invalid_request(&format!("{name} is too long: send at most {max} bytes")))
            }
            Some(v) if v.chars().any(char::is_control) => {
                Err(OAuthError::invalid_request(&format!("{name} has control characters: leave them out")))
            }
            _ => Ok(value),
        }
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Undoes the encoding of one name or value. `None` when it is not UTF-8. A lone `%` stands for itself, as in
/// the URL Standard's parser.
pub(crate) fn decode_part(raw: &[u8]) -> Option<String> {
    // Most values need no decoding, and the long ones, tokens, never do.
    if !raw.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(raw).ok().map(str::to_owned);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(&byte) = rest.next() {
        let escaped = match (byte, rest.as_slice().first_chunk::<2>()) {
            (b'%', Some(digits)) => hex(digits),
            _ => None,
        };
        match escaped {
            Some(value) => {
                out.push(value);
                rest.nth(1);
            }
            None if byte == b'+' => out.push(b' '),
            None => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

fn hex(digits: &[u8; 2]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let [high, low] = *digits;
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_form_is_decoded() {
        let params = Params::decode(b"a=1+2&b=%C3%A9&c&=x&&d=100%&e=%zz&f=a=b").unwrap();
        assert_eq!(params.one("a"), Ok(Some("1 2")));
        assert_eq!(params.one("b"), Ok(Some("é")));
        assert_eq!(params.one("c"), Ok(None));
        assert_eq!(params.one("d"), Ok(Some("100%")));
        assert_eq!(params.one("e"), Ok(Some("%zz")));
        assert_eq!(params.one("f"), Ok(Some("a=b")));
    }

    #[test]
    fn a_parameter_twice_is_told_even_when_one_is_empty() {
        assert_eq!(Params::decode(b"a=1&a=1").unwrap().one("a"), Err(Doubled("a")));
        assert_eq!(Params::decode(b"a=1&a=").unwrap().one("a"), Err(Doubled("a")));
        let (query, body) = (Params::decode(b"a=1").unwrap(), Params::decode(b"%61=1").unwrap());
        assert_eq!(query.and(body).unwrap().one("a"), Err(Doubled("a")));
    }

    #[test]
    fn what_is_not_utf8_or_too_much_is_refused() {
        assert!(Params::decode(b"a=%ff").is_err());
        assert!(Params::decode(&vec![b'a'; MAX_BYTES + 1]).is_err());
        assert!(Params::decode("a=1&".repeat(101).as_bytes()).is_err());
        assert!(Params::decode("a=1&".repeat(100).as_bytes()).is_ok());
    }

    #[test]
    fn a_body_of_another_type_is_refused() {
        assert!(Params::from_form(Some("Application/X-WWW-Form-Urlencoded; charset=utf-8"), b"a=1").is_ok());
        for bad in [None, Some("text/plain"), Some("application/json"), Some("multipart/form-data")] {
            assert!(Params::from_form(bad, b"a=1").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn values_are_not_in_debug() {
        assert_eq!(format!("{:?}", Params::decode(b"client_secret=hush").unwrap()), "[\"client_secret\"]");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Params::decode(&text);
        }

        #[test]
        fn what_is_encoded_is_decoded(name in "[a-z]{1,9}", value in any::<String>()) {
            let text: String = url::form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish();
            prop_assert_eq!(Params::decode(text.as_bytes()).unwrap().0, vec![(name, value)]);
        }
    }
}
