//! Proof Key for Code Exchange (RFC 7636), with S256 alone.

use crate::error::OAuthError;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Whether a text can be an S256 challenge: 43 characters of unpadded base64url, 32 bytes within.
pub fn is_challenge(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a text has the grammar of a verifier (RFC 7636 §4.1).
pub fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

/// The S256 challenge of a verifier (RFC 7636 §4.2).
pub fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref())
}

/// Compares what the token request proves with what the authorization request promised.
///
/// # Errors
/// `invalid_grant` when the verifier is missing, wrong, malformed, or belongs to no challenge.
pub fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(OAuthError::invalid_grant("code_verifier is missing")),
        // A code without a challenge may have been injected from elsewhere (RFC 9700 §4.8.2).
        (None, Some(_)) => Err(OAuthError::invalid_grant("code_verifier without a code_challenge")),
        (Some(challenge), Some(verifier)) => {
            let right = is_verifier(verifier)
                && verify_slices_are_equal(challenge_of(verifier).as_bytes(), challenge.as_bytes()).is_ok();
            if right { Ok(()) } else { Err(OAuthError::invalid_grant("code_verifier does not match")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_published_pair_fits() {
        assert_eq!(challenge_of(VERIFIER), CHALLENGE);
        assert!(is_challenge(CHALLENGE) && is_verifier(VERIFIER));
        assert_eq!(verify(Some(CHALLENGE), Some(VERIFIER)), Ok(()));
        assert_eq!(verify(None, None), Ok(()));
    }

    /// CVE-2023-48228, CVE-2024-23647.
    #[test]
    fn a_missing_wrong_short_or_needless_verifier_is_refused() {
        let wrong = VERIFIER.replace('d', "e");
        let long = "a".repeat(129);
        for (challenge, verifier) in [
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some(wrong.as_str())),
            (Some(CHALLENGE), Some(CHALLENGE)),
            (Some(CHALLENGE), Some("short")),
            (Some(CHALLENGE), Some(long.as_str())),
            (Some(CHALLENGE), Some("")),
            (None, Some(VERIFIER)),
        ] {
            assert!(verify(challenge, verifier).is_err(), "{verifier:?}");
        }
        for malformed in ["short", long.as_str(), &VERIFIER.replace('-', "+")] {
            assert!(verify(Some(&challenge_of(malformed)), Some(malformed)).is_err(), "{malformed}");
        }
    }

    #[test]
    fn what_is_no_sha256_is_no_challenge() {
        for bad in
            ["", "short", &CHALLENGE[1..], "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c+", &format!("{CHALLENGE}=")]
        {
            assert!(!is_challenge(bad), "{bad}");
        }
    }
}
