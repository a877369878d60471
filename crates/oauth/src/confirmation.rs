//! The key that a token is bound to (`cnf`, RFC 7800 §3.1): by a proof (RFC 9449 §6.1) or a certificate (RFC 8705 §3.1).

use crate::bearer::TokenScheme;
use crate::error::OAuthError;
use serde::{Deserialize, Serialize};

/// The key; none for a token that whoever bears it may use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Confirmation {
    /// The thumbprint (RFC 7638) of the key that proofs are signed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
    /// The thumbprint of the certificate of the connection.
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl Confirmation {
    /// Whether it is bound to nothing.
    pub const fn is_none(&self) -> bool {
        self.jkt.is_none() && self.certificate.is_none()
    }

    /// How an access token that is bound like this is used (`token_type`, RFC 9449 §5). A certificate changes nothing there.
    pub const fn scheme(&self) -> TokenScheme {
        if self.jkt.is_some() { TokenScheme::Dpop } else { TokenScheme::Bearer }
    }

    /// Whether an authorization that was bound like this may go on with the keys that its client shows now. A public client
    /// has to show the same ones (RFC 9449 §5, RFC 8705 §4); one that has proved who it is, some of the same kind.
    ///
    /// # Errors
    /// `invalid_dpop_proof` or `invalid_grant` without a key; `invalid_grant` with another.
    pub fn check_refresh(&self, shown: &Self, is_confidential: bool) -> Result<(), OAuthError> {
        if self.jkt.is_some() && shown.jkt.is_none() {
            return Err(crate::dpop::missing());
        }
        if self.certificate.is_some() && shown.certificate.is_none() {
            return Err(OAuthError::invalid_grant("the refresh token is bound to a certificate, and there is none"));
        }
        let differs = |own: &Option<String>, now: &Option<String>| own.is_some() && own != now;
        if !is_confidential && (differs(&self.jkt, &shown.jkt) || differs(&self.certificate, &shown.certificate)) {
            return Err(OAuthError::invalid_grant("the refresh token is bound to another key"));
        }
        Ok(())
    }

    /// Whether an access token that is bound like this may be used at a resource: in its own scheme, with the keys that the
    /// caller shows (RFC 9449 §7.1, RFC 8705 §3).
    ///
    /// # Errors
    /// `invalid_token`.
    pub fn check_use(&self, scheme: TokenScheme, shown: &Self) -> Result<(), OAuthError> {
        let refuse = |detail: &'static str| Err(crate::bearer::refused(detail).by(scheme));
        match (scheme, &self.jkt) {
            (TokenScheme::Bearer, Some(_)) => return refuse("bound to a key, but sent as a bearer token"),
            (TokenScheme::Dpop, None) => return refuse("sent with a proof, but not bound to a key"),
            (TokenScheme::Dpop, Some(_)) if self.jkt != shown.jkt => return refuse("the proof is of another key"),
            _ => {}
        }
        if self.certificate.is_some() && self.certificate != shown.certificate {
            return refuse("bound to another certificate");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    fn by_key(jkt: &str) -> Confirmation {
        Confirmation { jkt: Some(jkt.into()), certificate: None }
    }

    fn by_certificate(print: &str) -> Confirmation {
        Confirmation { jkt: None, certificate: Some(print.into()) }
    }

    #[test]
    fn it_is_written_as_the_standards_say() {
        let both = Confirmation { jkt: Some("k".into()), certificate: Some("c".into()) };
        assert_eq!(serde_json::to_string(&both).unwrap(), r#"{"jkt":"k","x5t#S256":"c"}"#);
        assert_eq!(serde_json::from_str::<Confirmation>("{}").unwrap(), Confirmation::default());
    }

    #[test]
    fn a_refresh_needs_the_key_that_a_public_client_began_with() {
        let none = Confirmation::default();
        let code = |own: &Confirmation, shown: &Confirmation, confidential| {
            own.check_refresh(shown, confidential).map_err(|e| e.code)
        };
        for confidential in [true, false] {
            assert_eq!(code(&none, &none, confidential), Ok(()));
            assert_eq!(code(&none, &by_key("a"), confidential), Ok(()));
            assert_eq!(code(&by_key("a"), &by_key("a"), confidential), Ok(()));
            assert_eq!(code(&by_key("a"), &none, confidential), Err(ErrorCode::InvalidDpopProof));
            assert_eq!(code(&by_certificate("a"), &none, confidential), Err(ErrorCode::InvalidGrant));
        }
        for (own, other) in [(by_key("a"), by_key("b")), (by_certificate("a"), by_certificate("b"))] {
            assert_eq!(code(&own, &other, true), Ok(()), "its credentials bind it");
            assert_eq!(code(&own, &other, false), Err(ErrorCode::InvalidGrant));
        }
    }

    #[test]
    fn a_token_is_used_in_its_own_scheme_with_its_own_key() {
        use TokenScheme::{Bearer, Dpop};
        let none = Confirmation::default();
        for (own, scheme, shown, fine) in [
            (none.clone(), Bearer, none.clone(), true),
            (none.clone(), Bearer, by_certificate("c"), true),
            (none.clone(), Dpop, by_key("a"), false),
            (by_key("a"), Dpop, by_key("a"), true),
            (by_key("a"), Dpop, by_key("b"), false),
            (by_key("a"), Dpop, none.clone(), false),
            (by_key("a"), Bearer, by_key("a"), false),
            (by_certificate("c"), Bearer, by_certificate("c"), true),
            (by_certificate("c"), Bearer, by_certificate("d"), false),
            (by_certificate("c"), Bearer, none, false),
            (by_certificate("c"), Dpop, by_key("a"), false),
        ] {
            assert_eq!(own.check_use(scheme, &shown).is_ok(), fine, "{own:?} {scheme:?} {shown:?}");
        }
    }
}
