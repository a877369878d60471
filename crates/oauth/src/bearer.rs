//! Bearer tokens at a resource (RFC 6750 §2): in the header or in a form body, never in a query.

use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use crate::token_text::TokenText;

/// The access token of a request: the bytes of its `Authorization` header, and its form if it has one.
///
/// # Errors
/// `invalid_token` for none or one that can't be read; `invalid_request` for two.
pub fn token(authorization: Option<&[u8]>, form: Option<&Params>) -> Result<TokenText, OAuthError> {
    let invalid = |text| OAuthError::new(ErrorCode::InvalidToken, text);
    let in_body = form.map(|form| form.one("access_token")).transpose()?.flatten();
    let text = match (authorization, in_body) {
        (Some(_), Some(_)) => {
            return Err(OAuthError::invalid_request("more than one access token: use the header or the body"));
        }
        (Some(header), None) => {
            let text = std::str::from_utf8(header).unwrap_or_default().trim();
            let (scheme, token) = text.split_once(' ').unwrap_or_default();
            if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" }
        }
        (None, Some(token)) => token,
        (None, None) => return Err(invalid("the access token is missing: send it as Authorization: Bearer")),
    };
    TokenText::new(text).ok_or_else(|| invalid("the access token can't be read: send it as Authorization: Bearer"))
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
        assert_eq!(token(Some(b"bearer abc"), None).unwrap().reveal(), "abc");
        let form = Params::decode(b"access_token=abc").unwrap();
        assert_eq!(token(None, Some(&form)).unwrap().reveal(), "abc");
        assert_eq!(token(Some(b"Bearer abc"), Some(&form)).unwrap_err().code, ErrorCode::InvalidRequest);
    }

    #[test]
    fn anything_else_is_unauthorized() {
        for header in [None, Some(&b""[..]), Some(b"Bearer"), Some(b"Bearer "), Some(b"Basic abc"), Some(b"\xff\xfe x")]
        {
            assert_eq!(token(header, None).unwrap_err().status(), 401);
        }
    }
}
