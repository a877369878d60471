//! Token revocation (RFC 7009).

use crate::client_auth::AuthenticatedClient;
use crate::error::OAuthError;
use crate::params::Params;
use crate::token_text::TokenText;

/// What a client believes the token to be. It only saves a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenTypeHint {
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
}

/// A token that a client presents, to have it revoked or introspected: both requests look the same.
#[derive(Debug, Clone)]
pub struct PresentedToken {
    /// The token.
    pub token: TokenText,
    /// What it is believed to be; an unknown hint is none.
    pub hint: Option<TokenTypeHint>,
}

/// The revocation request (RFC 7009 §2.1).
pub type RevocationRequest = PresentedToken;

impl PresentedToken {
    /// Reads a form.
    ///
    /// # Errors
    /// `invalid_request` when the token is missing, doubled or too long.
    pub fn parse(form: &Params) -> Result<Self, OAuthError> {
        let token = TokenText::new(form.required("token")?)
            .ok_or_else(|| OAuthError::invalid_request("token is too long: send one that this server issued"))?;
        let hint = match form.one("token_type_hint")? {
            Some("access_token") => Some(TokenTypeHint::AccessToken),
            Some("refresh_token") => Some(TokenTypeHint::RefreshToken),
            _ => None,
        };
        Ok(Self { token, hint })
    }
}

/// Whether a client may revoke a token: its own alone (RFC 7009 §2.1). For another's the answer is the same as for
/// one that does not exist: 200, and nothing happens.
pub fn may_revoke(client: &AuthenticatedClient, owner: &str) -> bool {
    client.client().client_id == owner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::public;
    use crate::client_auth::tests::authenticated;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<PresentedToken, OAuthError> {
        PresentedToken::parse(&Params::decode(text.as_bytes()).unwrap())
    }

    #[test]
    fn a_token_and_its_hint_are_read() {
        let request = parse("token=abc&token_type_hint=refresh_token").unwrap();
        assert_eq!((request.token.reveal(), request.hint), ("abc", Some(TokenTypeHint::RefreshToken)));
        assert_eq!(parse("token=abc&token_type_hint=access_token").unwrap().hint, Some(TokenTypeHint::AccessToken));
        assert_eq!(parse("token=abc&token_type_hint=weird").unwrap().hint, None);
        assert!(!format!("{request:?}").contains("abc"));
    }

    #[test]
    fn no_token_or_two_are_refused() {
        for bad in ["", "token=", "token=a&token=b", "token=a&token_type_hint=x&token_type_hint=x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&format!("token={}", "a".repeat(17_000))).is_err());
    }

    #[test]
    fn a_client_revokes_its_own_alone() {
        let client = authenticated(public());
        assert!(may_revoke(&client, "app") && !may_revoke(&client, "other"));
    }

    proptest! {
        #[test]
        fn no_token_makes_it_panic(token in any::<String>()) {
            let form = Params::from_pairs([("token".to_owned(), token)]);
            if let Ok(request) = form.and_then(|form| PresentedToken::parse(&form)) {
                let _ = request.token.as_refresh();
            }
        }
    }
}
