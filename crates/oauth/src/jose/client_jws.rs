//! What a client signed: client assertions (RFC 7523), request objects (RFC 9101). Verified with its own keys, never with
//! one that the token brings along.

use super::alg::JwsAlg;
use super::client_keys::ClientKeySet;
use super::compact::{Compact, Header};
use super::verify::{Claims, JwtError, MAX_JWT, decode};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::ParsedPublicKey;

/// The types that a token's header may name (RFC 8725 §3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypRule {
    /// The names that will do, without `application/`.
    pub names: &'static [&'static str],
    /// Whether none will do as well: older kinds of token have no type.
    pub may_be_absent: bool,
}

/// Verifies a compact JWS that a client signed (RFC 7515 §5.2, RFC 8725). The times, the issuer and the audience are the
/// caller's to check: see [`check_times`](super::check_times).
///
/// # Errors
/// [`JwtError`], for the log. [`JwtError::UnknownKey`] when the keys may be out of date: fetch them again, once.
pub fn verify_client_jws(
    keys: &ClientKeySet,
    typ: &TypRule,
    token: &str,
    allowed: &[JwsAlg],
) -> Result<Claims, JwtError> {
    let token = Compact::read(token)?;
    check_typ(&token.header, typ)?;
    let alg: JwsAlg = token.header.alg.parse().map_err(|_| JwtError::WrongAlg)?;
    if !allowed.contains(&alg) {
        return Err(JwtError::WrongAlg);
    }
    check_signature(keys, token.header.kid.as_deref(), alg, (token.input, &token.signature))?;
    token.claims()
}

/// A claim of a token that is not verified, only to find out whose keys to verify it with.
pub fn unverified_claim(token: &str, name: &str) -> Option<String> {
    if token.len() > MAX_JWT {
        return None;
    }
    let payload = token.split('.').nth(1)?;
    let claims = Claims(serde_json::from_slice(&decode(payload).ok()?).ok()?);
    claims.text(name).map(str::to_owned)
}

fn check_typ(header: &Header, rule: &TypRule) -> Result<(), JwtError> {
    let fits = match header.typ() {
        Some(named) => rule.names.iter().any(|name| name.eq_ignore_ascii_case(named)),
        None => rule.may_be_absent,
    };
    if fits { Ok(()) } else { Err(JwtError::WrongType) }
}

/// With `kid` only keys of that id are tried, without all that the algorithm fits (RFC 7515 §6).
fn check_signature(
    keys: &ClientKeySet,
    kid: Option<&str>,
    alg: JwsAlg,
    (input, signature): (&[u8], &[u8]),
) -> Result<(), JwtError> {
    if alg == JwsAlg::HS256 {
        let secret = keys.secret().ok_or(JwtError::UnknownKey)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.bytes());
        return hmac::verify(&key, input, signature).map_err(|_| JwtError::BadSignature);
    }
    let named = keys.keys().iter().filter(|key| kid.is_none() || key.kid.as_deref() == kid);
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return Err(JwtError::UnknownKey);
    }
    let mut fitting = named.into_iter().filter(|key| key.does(alg)).peekable();
    if fitting.peek().is_none() {
        // Among several keys without ids the right one may be yet to come.
        return Err(if kid.is_some() { JwtError::WrongAlg } else { JwtError::UnknownKey });
    }
    let good = fitting.any(|key| key.jwk.parse_for(alg).is_some_and(|key| is_signature(&key, alg, input, signature)));
    match (good, kid) {
        (true, _) => Ok(()),
        (false, Some(_)) => Err(JwtError::BadSignature),
        (false, None) => Err(JwtError::UnknownKey),
    }
}

/// ECDSA signatures are the 64 bytes of RFC 7518 §3.4, never DER.
pub(super) fn is_signature(key: &ParsedPublicKey, alg: JwsAlg, input: &[u8], signature: &[u8]) -> bool {
    let length_fits = match alg {
        JwsAlg::ES256 | JwsAlg::EdDSA => signature.len() == 64,
        JwsAlg::RS256 | JwsAlg::PS256 | JwsAlg::HS256 => true,
    };
    length_fits && key.verify_sig(input, signature).is_ok()
}
