//! A token that brings its own key: the one place where a header's `jwk` is read. It proves only that its maker has the
//! private half (RFC 9449 §4.3); whose key it is must be known from elsewhere.

use super::alg::JwsAlg;
use super::client_jws::is_signature;
use super::client_keys::public_jwk;
use super::jwk::PublicJwk;
use super::verify::{Claims, JwtError, MAX_JWT, decode};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    jwk: Option<Map<String, Value>>,
    crit: Option<Value>,
    zip: Option<Value>,
    b64: Option<Value>,
}

/// Verifies a compact JWS of the given `typ` with the public key that it carries.
///
/// # Errors
/// [`JwtError`].
pub(crate) fn verify_embedded(
    typ: &str,
    token: &str,
    allowed: &[JwsAlg],
) -> Result<(PublicJwk, JwsAlg, Claims), JwtError> {
    if token.len() > MAX_JWT {
        return Err(JwtError::TooLarge);
    }
    let (input, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
    let (header, payload) = input.split_once('.').ok_or(JwtError::Malformed)?;
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| JwtError::Malformed)?;
    if header.crit.is_some() || header.zip.is_some() || header.b64.is_some() {
        return Err(JwtError::Extension);
    }
    if !header.typ.is_some_and(|named| named.eq_ignore_ascii_case(typ)) {
        return Err(JwtError::WrongType);
    }
    let alg: JwsAlg = header.alg.parse().map_err(|_| JwtError::WrongAlg)?;
    let jwk = header.jwk.ok_or(JwtError::UnknownKey)?;
    let jwk = public_jwk(&jwk).ok().flatten().ok_or(JwtError::UnknownKey)?;
    if !allowed.contains(&alg) || !alg.fits(&jwk) {
        return Err(JwtError::WrongAlg);
    }
    let key = jwk.parse_for(alg).ok_or(JwtError::UnknownKey)?;
    if !is_signature(&key, alg, input.as_bytes(), &decode(signature)?) {
        return Err(JwtError::BadSignature);
    }
    let claims = serde_json::from_slice(&decode(payload)?).map_err(|_| JwtError::Malformed)?;
    Ok((jwk, alg, Claims(claims)))
}
