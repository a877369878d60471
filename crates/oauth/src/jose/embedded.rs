//! A token that brings its own key: the one place where a header's `jwk` is read. It proves only that its maker has the
//! private half (RFC 9449 §4.3); whose key it is must be known from elsewhere.

use super::alg::JwsAlg;
use super::client_jws::is_signature;
use super::client_keys::public_jwk;
use super::compact::Compact;
use super::jwk::PublicJwk;
use super::verify::{Claims, JwtError};
use serde_json::Value;

/// Verifies a compact JWS of the given `typ` with the public key that it carries.
///
/// # Errors
/// [`JwtError`].
pub(crate) fn verify_embedded(
    typ: &str,
    token: &str,
    allowed: &[JwsAlg],
) -> Result<(PublicJwk, JwsAlg, Claims), JwtError> {
    let token = Compact::read(token)?;
    if !token.header.is_typ(typ) {
        return Err(JwtError::WrongType);
    }
    let alg: JwsAlg = token.header.alg.parse().map_err(|_| JwtError::WrongAlg)?;
    let jwk = token.header.jwk.as_ref().and_then(Value::as_object).ok_or(JwtError::UnknownKey)?;
    let jwk = public_jwk(jwk).ok().flatten().ok_or(JwtError::UnknownKey)?;
    if !allowed.contains(&alg) || !alg.fits(&jwk) {
        return Err(JwtError::WrongAlg);
    }
    let key = jwk.parse_for(alg).ok_or(JwtError::UnknownKey)?;
    if !is_signature(&key, alg, token.input, &token.signature) {
        return Err(JwtError::BadSignature);
    }
    Ok((jwk, alg, token.claims()?))
}
