//! Software statements: what somebody whom the operator trusts says of a client (RFC 7591 §2.3).

use super::metadata::Metadata;
use crate::error::{ErrorCode, OAuthError};
use crate::jose::client_jws::unverified_claim;
use crate::jose::times::moment;
use crate::jose::{ClientKeySet, JwsAlg, JwtError, TypRule, verify_client_jws};
use base::Timestamp;

/// The types that its header may name: the standard names none.
const TYP: TypRule = TypRule { names: &["JWT", "software-statement+jwt"], may_be_absent: true };

/// Whose statement it says that it is, to find the keys for it.
pub fn issuer_of(statement: &str) -> Option<String> {
    unverified_claim(statement, "iss")
}

/// `unapproved_software_statement` (RFC 7591 §3.2.2).
pub fn unapproved() -> OAuthError {
    let text = "software_statement: its issuer is not one that the operator of this server trusts";
    OAuthError::new(ErrorCode::UnapprovedSoftwareStatement, text)
}

/// What was said, with what the statement says in its place, once it verifies with the issuer's keys.
///
/// # Errors
/// `None` when no key fits: those at hand may be out of date. `invalid_software_statement` otherwise.
pub fn verify_statement(
    said: Metadata,
    statement: &str,
    keys: &ClientKeySet,
    (issuer, now): (&str, Timestamp),
) -> Result<Metadata, Option<OAuthError>> {
    let bad = |text: &str, why: JwtError| {
        let text = format!("software_statement: {text}");
        Some(OAuthError::new(ErrorCode::InvalidSoftwareStatement, &text).because(why.to_string()))
    };
    let claims = verify_client_jws(keys, &TYP, statement, &JwsAlg::ASYMMETRIC).map_err(|error| match error {
        JwtError::UnknownKey => None,
        other => bad("it does not verify with its issuer's keys", other),
    })?;
    if claims.text("iss") != Some(issuer) {
        return Err(bad("its issuer is another one", JwtError::Malformed));
    }
    // The standard asks for no times; where there are some, they count.
    let times = moment(&claims, "exp").and_then(|exp| Ok((exp, moment(&claims, "nbf")?)));
    match times {
        Ok((exp, _)) if exp.is_some_and(|exp| exp <= now) => return Err(bad("it is too old", JwtError::Expired)),
        Ok((_, nbf)) if nbf.is_some_and(|nbf| now < nbf) => return Err(bad("it is too young", JwtError::NotYet)),
        Ok(_) => {}
        Err(error) => return Err(bad("its times can't be read", error)),
    }
    Ok(said.under(claims.members().map(|(name, value)| (name.clone(), value.clone()))))
}
