//! bcrypt (Provos and Mazières, 1999), as it is found everywhere.
//!
//! **Its own rules hold.** Only the first 72 bytes of a password count, so two that differ later open the same record.
//! That ends with the record: what takes its place hashes the whole of what was typed. Implementations disagree on
//! NUL (C ends there, Go and Java go on), PHP and Python refuse it: no password with a NUL opens such a record.

use super::Tried;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

/// Powers of two. Fewer rounds than 2⁴ bcrypt does not know; each step doubles the time, and 2¹⁴ take one to two
/// seconds of a core. 10 to 12 are usual.
const COST: RangeInclusive<u32> = 4..=14;

/// What counts of a password, in bytes.
const TAKEN: usize = 72;
/// The length of a record, in bytes.
const LENGTH: usize = 60;

/// The salt's last letter has four bits that mean nothing, and old implementations left them as they were.
const SALT: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));
const HASH: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD);

/// A stored record, taken apart.
pub(super) struct Record {
    cost: u32,
    salt: [u8; 16],
    output: [u8; 23],
}

impl Record {
    /// Reads `$2a$`, `$2b$` and `$2y$`, which mean the same for passwords below 256 bytes; `$2x$` marks hashes of a
    /// broken implementation and is not taken.
    pub(super) fn parse(record: &str) -> Option<Self> {
        if record.len() != LENGTH {
            return None;
        }
        let rest = ["$2a$", "$2b$", "$2y$"].into_iter().find_map(|prefix| record.strip_prefix(prefix))?;
        let (cost, rest) = rest.split_once('$')?;
        if cost.len() != 2 || !cost.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let cost = cost.parse().ok().filter(|cost| COST.contains(cost))?;
        let (salt, output) = rest.split_at_checked(22)?;
        let salt = SALT.decode(salt).ok()?.try_into().ok()?;
        let output = HASH.decode(output).ok()?.try_into().ok()?;
        Some(Self { cost, salt, output })
    }

    pub(super) fn attempt(&self, password: &[u8]) -> Tried {
        // The key is the text with the NUL that ends it, unless it is cut off with the rest.
        let mut key = Zeroizing::new([0; TAKEN]);
        key.iter_mut().zip(password).for_each(|(to, from)| *to = *from);
        let length = (password.len() + 1).min(TAKEN);
        let output =
            Zeroizing::new(::bcrypt::bcrypt(self.cost, self.salt, key.get(..length).unwrap_or(key.as_slice())));
        let equal = output.get(..self.output.len()).is_some_and(|o| verify_slices_are_equal(o, &self.output).is_ok());
        Tried { fits: equal && !password.contains(&0), work: 0 }
    }
}
