//! Reading a token: nothing in it is believed before its signature is.

use super::KeySet;
use super::compact::Compact;
use base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes.
pub const MAX_JWT: usize = 16 * 1024;

/// Why a token is refused. For the log: outwardly they are all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Longer than [`MAX_JWT`].
    #[error("the token is too large")]
    TooLarge,
    /// Not three parts of base64url with JSON in them.
    #[error("the token is malformed")]
    Malformed,
    /// The header demands something that is not understood here (`crit`, `zip`, `b64`).
    #[error("the token's header demands an extension")]
    Extension,
    /// No `kid`, or one that no key has.
    #[error("no key has the token's kid")]
    UnknownKey,
    /// The header's `alg` is not the key's, or one that is not allowed here.
    #[error("the token's alg is not its key's, or not allowed")]
    WrongAlg,
    /// Another kind of token.
    #[error("the token is of another type")]
    WrongType,
    /// The signature does not fit.
    #[error("the token's signature does not fit")]
    BadSignature,
    /// Another issuer's.
    #[error("the token is another issuer's")]
    WrongIssuer,
    /// For somebody else.
    #[error("the token is for another audience")]
    WrongAudience,
    /// Past its `exp`, or without one.
    #[error("the token is expired")]
    Expired,
    /// Before its `nbf`, or made in the future.
    #[error("the token is not valid yet")]
    NotYet,
    /// Good for longer than such a token may be.
    #[error("the token is valid for too long")]
    TooLong,
}

/// What a token has to say, besides being signed.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// `iss`, byte for byte.
    pub issuer: &'a str,
    /// What has to be in `aud`; anything when `None`.
    pub audience: Option<&'a str>,
    /// Whether an expired one will do (a hint, never a credential).
    pub even_expired: bool,
}

/// The claims of a token that was verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(pub(super) Map<String, Value>);

/// Verifies a compact JWS of the given `typ` (RFC 7519 §7.2, RFC 8725).
///
/// # Errors
/// [`JwtError`], for the log.
pub fn verify(
    typ: &str,
    keys: &KeySet,
    token: &str,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, JwtError> {
    read(typ, token, (keys, true), expected, now)
}

/// The same for a text of which is known, byte for byte, that one of these keys signed it: all but the signature is verified.
pub(crate) fn verify_signed_here(
    typ: &str,
    keys: &KeySet,
    token: &str,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, JwtError> {
    read(typ, token, (keys, false), expected, now)
}

fn read(
    typ: &str,
    token: &str,
    (keys, anyone_may_have_made_it): (&KeySet, bool),
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, JwtError> {
    let token = Compact::read(token)?;
    if !token.header.is_typ(typ) {
        return Err(JwtError::WrongType);
    }
    let key = token.header.kid.as_deref().and_then(|kid| keys.find(kid)).ok_or(JwtError::UnknownKey)?;
    if token.header.alg != key.alg().as_str() {
        return Err(JwtError::WrongAlg);
    }
    if anyone_may_have_made_it && !key.is_signature(token.input, &token.signature) {
        return Err(JwtError::BadSignature);
    }
    let claims = token.claims()?;
    check_claims(&claims, expected, now)?;
    Ok(claims)
}

/// Reads claims that nobody but this server can have written, and checks them as those of a token that it signed.
pub(crate) fn own_claims(text: &[u8], expected: &Expected<'_>, now: Timestamp) -> Result<Claims, JwtError> {
    let claims = Claims(serde_json::from_slice(text).map_err(|_| JwtError::Malformed)?);
    check_claims(&claims, expected, now)?;
    Ok(claims)
}

fn check_claims(claims: &Claims, expected: &Expected<'_>, now: Timestamp) -> Result<(), JwtError> {
    if claims.text("iss") != Some(expected.issuer) {
        return Err(JwtError::WrongIssuer);
    }
    if expected.audience.is_some_and(|wanted| !claims.audience().iter().any(|aud| aud == wanted)) {
        return Err(JwtError::WrongAudience);
    }
    let expires = claims.number("exp").ok_or(JwtError::Expired)?;
    if !expected.even_expired && now >= Timestamp::from_seconds(expires) {
        return Err(JwtError::Expired);
    }
    if claims.number("nbf").is_some_and(|from| now < Timestamp::from_seconds(from)) {
        return Err(JwtError::NotYet);
    }
    Ok(())
}

pub(crate) fn decode(part: &str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Malformed)
}

impl Claims {
    /// A claim that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A claim that is a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    /// A claim, whatever it is.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All claims.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }

    /// A claim that is a moment in whole seconds (RFC 7519 §2, `NumericDate`).
    pub fn moment(&self, name: &str) -> Option<Timestamp> {
        self.number(name).map(Timestamp::from_seconds)
    }

    /// Whether there is such a claim.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All of them, by name.
    pub fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }

    /// A claim of a type of its own: `None` for one that is not of that form, `Some(None)` when it is left out.
    pub fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<Option<T>> {
        self.0.get(name).map_or(Some(None), |value| serde_json::from_value(value.clone()).ok().map(Some))
    }

    /// `aud`, whether one text or a list (RFC 7519 §4.1.3).
    pub fn audience(&self) -> Vec<String> {
        match self.0.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }
}
