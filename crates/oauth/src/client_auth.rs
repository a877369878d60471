//! Client authentication (RFC 6749 §2.3): exactly one method, the one that the client is registered for.

mod assertion;
mod certificate;

pub use assertion::{ASSERTION_TYPE, Assertion, AssertionError, Audience, Signed, verify_assertion};
pub use certificate::{Known, authenticate_by_certificate};

use crate::client::{Client, ClientAuthMethod, DeliveryMode, GrantType};
use crate::error::OAuthError;
use crate::params::{Params, decode_part};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base::{Secret, SecretHash, SecretKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The longest client id or secret that is looked at, in bytes.
const MAX_CREDENTIAL: usize = 1024;

/// A client's secret as it was presented.
#[derive(Clone)]
pub struct PresentedSecret(Zeroizing<String>);

impl fmt::Debug for PresentedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedSecret(..)")
    }
}

/// The credentials that a request carries.
#[derive(Debug, Clone)]
pub enum Presented {
    /// A client id alone (RFC 6749 §3.2.1).
    None {
        /// Who it says it is.
        client_id: String,
    },
    /// The `Authorization` header.
    Basic {
        /// Who it says it is.
        client_id: String,
        /// Its proof.
        secret: PresentedSecret,
    },
    /// The body.
    Post {
        /// Who it says it is.
        client_id: String,
        /// Its proof.
        secret: PresentedSecret,
    },
    /// An assertion that it signed, with a key of its own or under its secret.
    Assertion {
        /// Who it says it is.
        client_id: String,
        /// Its proof.
        assertion: Assertion,
    },
}

impl Presented {
    /// Reads the credentials of a request: the bytes of its `Authorization` header, and its form.
    ///
    /// # Errors
    /// `invalid_request` for more than one method or a doubled parameter; `invalid_client` for none, or one
    /// that can't be read.
    pub fn parse(authorization: Option<&[u8]>, form: &Params) -> Result<Self, OAuthError> {
        let body_id = form.bounded("client_id", MAX_CREDENTIAL)?;
        let body_secret = form.one("client_secret")?;
        let with_assertion = form.one("client_assertion")?.is_some() || form.one("client_assertion_type")?.is_some();
        let methods = [authorization.is_some(), body_secret.is_some(), with_assertion]
            .into_iter()
            .filter(|present| *present)
            .count();
        if methods > 1 {
            return Err(OAuthError::invalid_request(
                "more than one way of client authentication: use the header, the secret or the assertion alone",
            ));
        }
        if with_assertion {
            let (client_id, assertion) = assertion::read(form, body_id)?;
            return Ok(Self::Assertion { client_id, assertion });
        }
        if let Some(header) = authorization {
            let (client_id, secret) = read_basic(header)?;
            if body_id.is_some_and(|id| id != client_id) {
                return Err(OAuthError::invalid_request("client_id differs between the header and the body"));
            }
            return Ok(Self::Basic { client_id, secret });
        }
        let client_id =
            body_id.ok_or_else(|| OAuthError::invalid_client("no credentials and no client_id"))?.to_owned();
        match body_secret {
            Some(secret) if secret.len() > MAX_CREDENTIAL => Err(OAuthError::invalid_client("the secret is too long")),
            Some(secret) => Ok(Self::Post { client_id, secret: PresentedSecret(Zeroizing::new(secret.to_owned())) }),
            None => Ok(Self::None { client_id }),
        }
    }

    /// Who the client says it is.
    pub fn client_id(&self) -> &str {
        match self {
            Self::None { client_id }
            | Self::Basic { client_id, .. }
            | Self::Post { client_id, .. }
            | Self::Assertion { client_id, .. } => client_id,
        }
    }
}

/// Reads `Basic base64(form-urlencoded id ":" form-urlencoded secret)` (RFC 6749 §2.3.1).
fn read_basic(header: &[u8]) -> Result<(String, PresentedSecret), OAuthError> {
    let unreadable = || OAuthError::invalid_client("the Authorization header is not readable as Basic");
    let text = std::str::from_utf8(header).map_err(|_| unreadable())?.trim();
    let (scheme, credentials) = text.split_once(' ').ok_or_else(unreadable)?;
    if !scheme.eq_ignore_ascii_case("basic") || credentials.len() > 4 * MAX_CREDENTIAL {
        return Err(unreadable());
    }
    let bytes = Zeroizing::new(STANDARD.decode(credentials.trim()).map_err(|_| unreadable())?);
    let mut halves = bytes.splitn(2, |b| *b == b':');
    let (id, secret) = (halves.next().unwrap_or_default(), halves.next().ok_or_else(unreadable)?);
    let id = decode_part(id).ok_or_else(unreadable)?;
    let secret = PresentedSecret(Zeroizing::new(decode_part(secret).ok_or_else(unreadable)?));
    if id.chars().any(char::is_control) || id.is_empty() || id.len() > MAX_CREDENTIAL || secret.0.len() > MAX_CREDENTIAL
    {
        return Err(unreadable());
    }
    Ok((id, secret))
}

/// A client that has proved itself. Only [`authenticate`], [`authenticate_by_certificate`], [`Signed::when_first`] and
/// [`AuthenticatedClient::to_be_sent`] make one.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient(Arc<Client>);

impl AuthenticatedClient {
    /// The client's registration.
    pub fn client(&self) -> &Client {
        &self.0
    }

    /// A client that is sent its tokens (CIBA Core §10.3.1): it proved itself when it asked, and what it gets goes to the
    /// address that it registered and nowhere else. `None` for any other client.
    pub fn to_be_sent(client: Client) -> Option<Self> {
        let pushed =
            client.backchannel.mode == DeliveryMode::Push && client.backchannel.notification_endpoint.is_some();
        let may = client.is_enabled() && client.auth_method.is_confidential() && client.may_use(GrantType::Ciba);
        (pushed && may).then(|| Self(Arc::new(client)))
    }

    /// Whether it proved itself by a secret or a key.
    pub fn is_confidential(&self) -> bool {
        self.0.auth_method.is_confidential()
    }
}

/// The refusal for a client id that nobody has: outwardly the same as a wrong secret.
pub fn unknown_client() -> OAuthError {
    OAuthError::invalid_client("no such client")
}

/// Checks a client's credentials against its registration. An assertion is for [`verify_assertion`], the
/// certificate of a connection for [`authenticate_by_certificate`].
///
/// # Errors
/// `invalid_client`; the sentence is the same for every cause.
pub fn authenticate(client: &Arc<Client>, presented: Presented) -> Result<AuthenticatedClient, OAuthError> {
    if client.client_id != presented.client_id() {
        return Err(unknown_client());
    }
    use ClientAuthMethod as Method;
    match (client.auth_method, &presented, client.secret_hash) {
        (Method::None, Presented::None { .. }, None) => {}
        (Method::SecretBasic, Presented::Basic { secret, .. }, Some(hash))
        | (Method::SecretPost, Presented::Post { secret, .. }, Some(hash)) => {
            if !is_secret(secret, hash) {
                return Err(OAuthError::invalid_client("wrong secret"));
            }
        }
        _ => return Err(OAuthError::invalid_client("the client is registered for another method")),
    }
    // Last, so that whoever lacks the secret can't learn whether a client is switched off.
    if !client.is_enabled() {
        return Err(OAuthError::invalid_client("the client is disabled"));
    }
    Ok(AuthenticatedClient(Arc::clone(client)))
}

/// A secret of our own making is stored as [`Secret::hash`]; one that was brought along as [`SecretHash::of`].
fn is_secret(presented: &PresentedSecret, stored: SecretHash) -> bool {
    let hash = match Secret::parse(SecretKind::Client, &presented.0) {
        Some(secret) => secret.hash(),
        None => SecretHash::of(presented.0.as_bytes()),
    };
    verify_slices_are_equal(&hash.0, &stored.0).is_ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::client::tests::{confidential, public};
    use crate::error::ErrorCode;
    use base::{Rng, Timestamp};
    use proptest::prelude::*;

    /// A client that has proved itself, for tests all over the crate.
    pub(crate) fn authenticated(client: Client) -> AuthenticatedClient {
        AuthenticatedClient(Arc::new(client))
    }

    fn basic(id: &str, secret: &str) -> Vec<u8> {
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))).into_bytes()
    }

    fn form(text: &str) -> Params {
        Params::decode(text.as_bytes()).unwrap()
    }

    fn try_with(client: &Client, header: Option<&[u8]>, body: &str) -> Result<AuthenticatedClient, OAuthError> {
        authenticate(&Arc::new(client.clone()), Presented::parse(header, &form(body))?)
    }

    #[test]
    fn each_client_gets_in_by_its_own_method_alone() {
        let (none, by_basic) = (public(), confidential());
        let by_post = Client { auth_method: ClientAuthMethod::SecretPost, ..confidential() };
        let header = basic("app", "hush");
        assert!(try_with(&none, None, "client_id=app").is_ok());
        assert!(try_with(&by_basic, Some(&header), "").is_ok());
        assert!(try_with(&by_basic, Some(&header), "client_id=app").is_ok());
        assert!(try_with(&by_post, None, "client_id=app&client_secret=hush").is_ok());
        for (client, header, body) in [
            (&none, Some(header.as_slice()), ""),
            (&none, None, "client_id=app&client_secret=hush"),
            (&by_basic, None, "client_id=app&client_secret=hush"),
            (&by_basic, None, "client_id=app"),
            (&by_post, Some(header.as_slice()), ""),
            (&by_post, None, "client_id=app"),
            (&none, None, "client_id=other"),
            (&none, None, ""),
        ] {
            assert_eq!(try_with(client, header, body).unwrap_err().code, ErrorCode::InvalidClient, "{body}");
        }
    }

    #[test]
    fn credentials_are_form_urlencoded_within_the_header() {
        let secret = "p%40ss+w:rd%C3%A9";
        let mut client = confidential();
        client.client_id = "app:one".into();
        client.secret_hash = Some(SecretHash::of("p@ss w:rdé".as_bytes()));
        assert!(try_with(&client, Some(&basic("app%3Aone", secret)), "").is_ok());
        assert!(try_with(&client, Some(&basic("app%3Aone", "p@ss w:rdé")), "").is_ok());
    }

    #[test]
    fn a_secret_of_our_own_making_is_known_by_its_hash() {
        let secret = Secret::generate(SecretKind::Client, &Rng::seeded(5));
        let client = Client { secret_hash: Some(secret.hash()), ..confidential() };
        let text = secret.reveal();
        assert!(try_with(&client, Some(&basic("app", &text)), "").is_ok());
        assert!(try_with(&client, Some(&basic("app", &format!("{text}A"))), "").is_err());
        assert!(try_with(&client, Some(&basic("app", &text.to_lowercase())), "").is_err());
    }

    #[test]
    fn two_methods_at_once_are_refused() {
        let header = basic("app", "hush");
        for body in [
            "client_id=app&client_secret=hush",
            "client_secret=hush",
            "client_assertion=x",
            "client_assertion_type=x",
            "client_id=other",
            "client_id=app&client_id=app",
        ] {
            let error = try_with(&confidential(), Some(&header), body).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidRequest, "{body}");
        }
    }

    #[test]
    fn a_broken_header_is_an_invalid_client_and_nothing_worse() {
        let colonless = format!("Basic {}", STANDARD.encode("app"));
        let not_utf8 = format!("Basic {}", STANDARD.encode(b"app:\xff\xfe"));
        let nameless = format!("Basic {}", STANDARD.encode(":hush"));
        let long = format!("Basic {}", "A".repeat(20_000));
        for header in [
            b"\xff\xfe".as_slice(),
            b"",
            b"Basic",
            b"Basic !!!",
            b"Bearer abc",
            colonless.as_bytes(),
            not_utf8.as_bytes(),
            nameless.as_bytes(),
            long.as_bytes(),
        ] {
            assert_eq!(try_with(&confidential(), Some(header), "").unwrap_err().code, ErrorCode::InvalidClient);
        }
    }

    #[test]
    fn the_public_sentence_is_the_same_for_every_failure() {
        let disabled = Client { disabled_at: Some(Timestamp::from_seconds(1)), ..confidential() };
        let wrong = try_with(&confidential(), Some(&basic("app", "loud")), "").unwrap_err();
        let off = try_with(&disabled, Some(&basic("app", "hush")), "").unwrap_err();
        let off_and_wrong = try_with(&disabled, Some(&basic("app", "loud")), "").unwrap_err();
        assert_eq!(wrong.description(), unknown_client().description());
        assert_eq!(wrong.description(), off.description());
        assert_eq!(wrong, off_and_wrong);
        assert_ne!(wrong.detail(), off.detail());
    }

    #[test]
    fn secrets_are_not_in_debug() {
        let presented = Presented::parse(Some(&basic("app", "hush")), &Params::default()).unwrap();
        assert!(!format!("{presented:?}").contains("hush"));
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(header in proptest::collection::vec(any::<u8>(), 0..200), inner in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Presented::parse(Some(&header), &Params::default());
            let _ = Presented::parse(Some(format!("basic {}", STANDARD.encode(inner)).as_bytes()), &Params::default());
        }
    }
}
