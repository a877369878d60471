//! Access tokens at a resource: in the header or in a form body (RFC 6750 §2), never in a query; or, bound to a key, in the
//! header with a proof beside it (RFC 9449 §7.1).

use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use crate::token_text::TokenText;

/// How an access token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenScheme {
    /// Whoever bears it may use it (RFC 6750).
    Bearer,
    /// With a proof of possession (RFC 9449).
    Dpop,
}

impl TokenScheme {
    /// The name of the scheme, and the `token_type` of a token response.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}

/// The access token of a request, and how it was sent: the bytes of the request's `Authorization` header, and its form if it
/// has one.
///
/// # Errors
/// `invalid_token` for none or one that can't be read; `invalid_request` for two.
pub fn token(authorization: Option<&[u8]>, form: Option<&Params>) -> Result<(TokenText, TokenScheme), OAuthError> {
    let invalid = |text| OAuthError::new(ErrorCode::InvalidToken, text);
    let in_body = form.map(|form| form.one("access_token")).transpose()?.flatten();
    let (text, scheme) = match (authorization, in_body) {
        (Some(_), Some(_)) => {
            return Err(OAuthError::invalid_request("more than one access token: use the header or the body"));
        }
        (Some(header), None) => {
            let text = std::str::from_utf8(header).unwrap_or_default().trim();
            let (scheme, token) = text.split_once(' ').unwrap_or_default();
            let known = [TokenScheme::Bearer, TokenScheme::Dpop];
            match known.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(scheme)) {
                Some(scheme) => (token.trim(), scheme),
                None => ("", TokenScheme::Bearer),
            }
        }
        (None, Some(token)) => (token, TokenScheme::Bearer),
        (None, None) => return Err(invalid("the access token is missing: send it as Authorization: Bearer")),
    };
    match TokenText::new(text) {
        Some(token) => Ok((token, scheme)),
        None => Err(invalid("the access token can't be read: send it as Authorization: Bearer").by(scheme)),
    }
}

/// The refusal of an access token, with one sentence for every cause.
pub fn refused(detail: impl Into<std::borrow::Cow<'static, str>>) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "the access token is expired, revoked or not for this: get a new one")
        .because(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_from_the_header_or_the_body() {
        let read = |header: &[u8]| token(Some(header), None).map(|(token, scheme)| (token.reveal().to_owned(), scheme));
        assert_eq!(read(b"bearer abc").unwrap(), ("abc".to_owned(), TokenScheme::Bearer));
        for header in [b"DPoP abc", b"dpop abc", b"DPOP abc"] {
            assert_eq!(read(header).unwrap(), ("abc".to_owned(), TokenScheme::Dpop));
        }
        let form = Params::decode(b"access_token=abc").unwrap();
        assert_eq!(token(None, Some(&form)).unwrap().0.reveal(), "abc");
        assert_eq!(token(Some(b"Bearer abc"), Some(&form)).err().unwrap().code, ErrorCode::InvalidRequest);
    }

    #[test]
    fn anything_else_is_unauthorized() {
        for header in [None, Some(&b""[..]), Some(b"Bearer"), Some(b"Bearer "), Some(b"Basic abc"), Some(b"\xff\xfe x")]
        {
            assert_eq!(token(header, None).err().unwrap().status(), 401);
        }
    }
}
