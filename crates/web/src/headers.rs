//! A request's headers, as they are kept for as long as it is worked on.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// All of a request's headers. One after the other: a map of a dozen costs more to copy than looking through them ever does.
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// Copies them.
    pub(crate) fn of(map: &HeaderMap) -> Self {
        let mut all = Vec::with_capacity(map.len());
        all.extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
        Self(all)
    }

    /// The values of one, in the order in which they came.
    pub(crate) fn get_all(&self, name: impl AsRef<str>) -> impl Iterator<Item = &HeaderValue> {
        self.0.iter().filter(move |(given, _)| given.as_str() == name.as_ref()).map(|(_, value)| value)
    }

    /// Its first value.
    pub(crate) fn get(&self, name: impl AsRef<str>) -> Option<&HeaderValue> {
        self.get_all(name).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_comes_twice_is_kept_twice() {
        let mut map = HeaderMap::new();
        for (name, value) in [("cookie", "a=1"), ("accept", "*/*"), ("cookie", "b=2")] {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let headers = Headers::of(&map);
        let cookies: Vec<_> = headers.get_all("cookie").collect();
        assert_eq!(cookies, ["a=1", "b=2"]);
        assert_eq!(headers.get("accept").unwrap(), "*/*");
        assert!(headers.get("origin").is_none());
    }
}
