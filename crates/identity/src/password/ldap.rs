//! Salted SHA of directories: `{SSHA}`, `{SSHA256}`, `{SSHA384}` and `{SSHA512}` (RFC 3112 names the first; OpenLDAP's
//! slapd-pw-sha2 the others). One round of a fast digest: the weakest of what is taken, and all the more to be replaced.

use super::{Tried, text};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Algorithm, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};

/// A stored record, taken apart.
pub(super) struct Record {
    algorithm: &'static Algorithm,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Record {
    /// Reads `{SSHA}` and base64 of the digest with the salt behind it. Case does not matter in the scheme's name
    /// (RFC 3112 §3.1). Without a salt it is refused.
    pub(super) fn parse(record: &str) -> Option<Self> {
        let (scheme, rest) = record.strip_prefix('{')?.split_once('}')?;
        let algorithm = match scheme.to_ascii_uppercase().as_str() {
            "SSHA" => &SHA1_FOR_LEGACY_USE_ONLY,
            "SSHA256" => &SHA256,
            "SSHA384" => &SHA384,
            "SSHA512" => &SHA512,
            _ => return None,
        };
        let bytes = text::base64(rest)?;
        let (output, salt) = bytes.split_at_checked(algorithm.output_len())?;
        text::SALT.contains(&salt.len()).then(|| Self { algorithm, salt: salt.to_vec(), output: output.to_vec() })
    }

    pub(super) fn attempt(&self, password: &[u8]) -> Tried {
        let mut digest = Context::new(self.algorithm);
        digest.update(password);
        digest.update(&self.salt);
        Tried { fits: verify_slices_are_equal(digest.finish().as_ref(), &self.output).is_ok(), work: 0 }
    }
}
