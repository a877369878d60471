//! Demonstrating proof of possession (RFC 9449): a proof says that the sender of one request holds a key.

mod nonce;
#[cfg(test)]
mod tests;

pub use nonce::Nonces;

use crate::error::{ErrorCode, OAuthError};
use crate::jose::embedded::verify_embedded;
use crate::jose::times::{LEEWAY, moment};
use crate::jose::{Claims, JwsAlg, JwtError};
use crate::params::Params;
use aws_lc_rs::digest;
use base::{SecretHash, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use url::Url;

/// The header of a request with a proof (RFC 9449 §4.1).
pub const HEADER: &str = "dpop";
/// The header of an answer with a nonce (RFC 9449 §8).
pub const NONCE_HEADER: &str = "dpop-nonce";
const TYP: &str = "dpop+jwt";
/// How old a proof may be.
const MAX_AGE: Duration = Duration::from_secs(300);
const MAX_JTI: usize = 256;

/// The request that a proof has to be about.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Its method (`htm`).
    pub method: &'a str,
    /// Its URL (`htu`), as it is known publicly.
    pub url: &'a str,
    /// The access token beside it (`ath`), at a resource.
    pub access_token: Option<&'a str>,
}

/// A proof that was verified. It counts if it was not used before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The thumbprint of its key (RFC 7638).
    pub jkt: String,
    /// What it was signed with.
    pub alg: JwsAlg,
    /// What names the proof: to be kept until then, and refused if it was there (RFC 9449 §11.1).
    pub once: SecretHash,
    /// Until when it would be taken.
    pub until: Timestamp,
}

/// The proof among a request's headers (RFC 9449 §4.3 item 1).
///
/// # Errors
/// `invalid_dpop_proof` for more than one, and for what is no text.
pub fn one(headers: &[Vec<u8>]) -> Result<Option<&str>, OAuthError> {
    match headers {
        [] => Ok(None),
        [one] => std::str::from_utf8(one).map(Some).map_err(|_| invalid("the DPoP header can't be read: send a JWT")),
        _ => Err(invalid("more than one DPoP header: send one proof")),
    }
}

/// Verifies a proof (RFC 9449 §4.3). With `nonces` it has to carry one of them.
///
/// # Errors
/// `invalid_dpop_proof`, with a sentence that says what is wrong; `use_dpop_nonce`.
pub fn verify(proof: &str, call: &Call<'_>, nonces: Option<&Nonces>, now: Timestamp) -> Result<Proof, OAuthError> {
    let (jwk, alg, claims) = verify_embedded(TYP, proof, &JwsAlg::ASYMMETRIC).map_err(|error| {
        let text = match error {
            JwtError::WrongType => "the DPoP proof is of another type: write dpop+jwt into typ",
            JwtError::WrongAlg => "the DPoP proof's alg does not fit its key: use ES256, EdDSA, PS256 or RS256",
            JwtError::UnknownKey => "the DPoP proof's jwk can't be used: write a public P-256, Ed25519 or RSA key",
            JwtError::BadSignature => "the DPoP proof's signature does not fit its jwk",
            JwtError::Extension => "the DPoP proof's header demands an extension: leave out crit, zip and b64",
            _ => "the DPoP proof can't be read: send a signed JWT",
        };
        invalid(text)
    })?;
    let made = check_claims(&claims, call, now)?;
    let nonce = claims.text("nonce");
    if nonces.is_some_and(|nonces| !nonce.is_some_and(|nonce| nonces.accepts(nonce, now))) {
        let text = "the DPoP proof needs a fresh nonce: sign one with the value of the header DPoP-Nonce";
        return Err(OAuthError::new(ErrorCode::UseDpopNonce, text));
    }
    let jkt = jwk.thumbprint();
    let jti = claims.text("jti").unwrap_or_default();
    let once = SecretHash::of(format!("dpop {jkt} {jti}").as_bytes());
    Ok(Proof { jkt, alg, once, until: made.plus(MAX_AGE) })
}

/// `jti`, `htm`, `htu`, `iat` and `ath`. Answers with `iat`. Other claims are no matter (RFC 9449 §4.2).
fn check_claims(claims: &Claims, call: &Call<'_>, now: Timestamp) -> Result<Timestamp, OAuthError> {
    if !claims.text("jti").is_some_and(|jti| !jti.is_empty() && jti.len() <= MAX_JTI) {
        return Err(invalid("the DPoP proof's jti is missing or too long: give each its own, of at most 256 bytes"));
    }
    if claims.text("htm") != Some(call.method) {
        return Err(invalid("the DPoP proof's htm is not the method of this request"));
    }
    if !claims.text("htu").is_some_and(|htu| is_same(htu, call.url)) {
        return Err(invalid("the DPoP proof's htu is not the URL of this request"));
    }
    let made = moment(claims, "iat").ok().flatten();
    let made = made.ok_or_else(|| invalid("the DPoP proof's iat is missing or no number of seconds"))?;
    if made > now.plus(LEEWAY) {
        return Err(invalid("the DPoP proof's iat lies in the future: check the clock of the client"));
    }
    if now >= made.plus(MAX_AGE) {
        return Err(invalid("the DPoP proof is too old: sign one for each request"));
    }
    if call.access_token.is_some_and(|token| claims.text("ath") != Some(hash_of(token).as_str())) {
        return Err(invalid("the DPoP proof's ath is not the hash of the access token"));
    }
    Ok(made)
}

/// Compares URLs by what they mean (RFC 3986 §6.2.2 and §6.2.3), without query and fragment (RFC 9449 §4.3 item 9).
fn is_same(one: &str, other: &str) -> bool {
    let normal = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    let one = normal(one);
    one.is_some() && one == normal(other)
}

/// `ath` (RFC 9449 §4.2).
pub fn hash_of(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, access_token.as_bytes()).as_ref())
}

/// Whether a text can be a thumbprint (`dpop_jkt`, RFC 9449 §10).
pub fn is_thumbprint(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Binds a pushed request, and so its code, to the key of the proof that came with it (RFC 9449 §10.1).
///
/// # Errors
/// `invalid_dpop_proof` when the request names another key itself.
pub fn bind_request(params: Params, jkt: String) -> Result<Params, OAuthError> {
    match params.one("dpop_jkt")? {
        None => params.without(&["dpop_jkt"]).with("dpop_jkt", jkt),
        Some(own) if own == jkt => Ok(params),
        Some(_) => {
            Err(invalid("dpop_jkt is not the thumbprint of the DPoP proof's key: leave it out, or send the same"))
        }
    }
}

/// The refusal of a request that needs a proof and has none.
pub fn missing() -> OAuthError {
    invalid("the DPoP header is missing: sign a proof for this request with the client's key")
}

/// The refusal of an algorithm that FAPI 2.0 does not allow (Security Profile §5.4.1).
pub fn weak() -> OAuthError {
    invalid("the DPoP proof's alg is not allowed for this client: use PS256, ES256 or EdDSA")
}

/// The refusal of a proof that was used before.
pub fn replayed() -> OAuthError {
    invalid("the DPoP proof was used before: sign one for each request")
}

fn invalid(text: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidDpopProof, text)
}
