//! PBKDF2 (RFC 8018 §5.2) with HMAC-SHA-1, SHA-256 and SHA-512, in three spellings: PHC's, passlib's and Django's.

use super::{Tried, text};
use aws_lc_rs::pbkdf2::{self, Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512};
use std::num::NonZeroU32;

/// The most rounds of one hash, iterations times blocks of the digest's length, for each digest: some one and a half
/// seconds of a core. OWASP asks for 1,300,000, 600,000 and 210,000 iterations, Django 6 for 1,200,000 with SHA-256.
const MAX_ROUNDS_SHA1: u64 = 4_000_000;
const MAX_ROUNDS_SHA256: u64 = 2_500_000;
const MAX_ROUNDS_SHA512: u64 = 1_000_000;

/// A stored record, taken apart.
pub(super) struct Record {
    algorithm: Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Record {
    /// Reads `$pbkdf2-sha256$i=29000,l=32$salt$hash` (PHC), `$pbkdf2-sha256$29000$salt$hash` (passlib) and
    /// `pbkdf2_sha256$29000$salt$hash` (Django, whose salt is a text). No digest, or `sha1`, means SHA-1.
    pub(super) fn parse(record: &str) -> Option<Self> {
        if let Some(rest) = record.strip_prefix("pbkdf2_") {
            let [digest, iterations, salt, output] = text::fields(rest)?;
            let salt = Some(salt.as_bytes().to_vec()).filter(|salt| text::SALT.contains(&salt.len()))?;
            return Self::new(digest, text::number(iterations)?, salt, text::output(output)?);
        }
        let ["", name, cost, salt, output] = text::fields(record)? else { return None };
        let digest = if name == "pbkdf2" { "sha1" } else { name.strip_prefix("pbkdf2-")? };
        let output = text::output(output)?;
        Self::new(digest, iterations(cost, output.len())?, text::salt(salt)?, output)
    }

    fn new(digest: &str, iterations: u32, salt: Vec<u8>, output: Vec<u8>) -> Option<Self> {
        let (algorithm, length, most) = match digest {
            "sha1" => (PBKDF2_HMAC_SHA1, 20, MAX_ROUNDS_SHA1),
            "sha256" => (PBKDF2_HMAC_SHA256, 32, MAX_ROUNDS_SHA256),
            "sha512" => (PBKDF2_HMAC_SHA512, 64, MAX_ROUNDS_SHA512),
            _ => return None,
        };
        let blocks = u64::try_from(output.len().div_ceil(length)).ok()?;
        let bearable = u64::from(iterations) * blocks <= most;
        let iterations = NonZeroU32::new(iterations).filter(|_| bearable)?;
        Some(Self { algorithm, iterations, salt, output })
    }

    pub(super) fn attempt(&self, password: &[u8]) -> Tried {
        // It compares in constant time.
        let done = pbkdf2::verify(self.algorithm, self.iterations, &self.salt, password, &self.output);
        Tried { fits: done.is_ok(), work: 0 }
    }
}

/// `29000`, `i=29000` or `i=29000,l=32`, where `l` must be the length that the hash has.
fn iterations(cost: &str, length: usize) -> Option<u32> {
    if let Some([iterations, told]) = text::values(cost, ["i", "l"]) {
        let agrees = text::number(told).is_some_and(|told| usize::try_from(told) == Ok(length));
        return text::number(iterations).filter(|_| agrees);
    }
    text::number(cost.strip_prefix("i=").unwrap_or(cost))
}
