//! Passwords: hashed with Argon2id (RFC 9106), stored as PHC strings; hashes that others made are verified too.
//!
//! **What counts.** A password is normalised to NFC (RFC 8265 §4.2.2), so that the same text typed on two
//! keyboards is the same password, and is otherwise taken as it is: case, spaces at its ends, NUL and byte 73
//! all count, nothing is cut off. More than [`MAX_CODE_POINTS`] are refused before anything is hashed.
//!
//! **Hashes of others**, one file each: Argon2i and Argon2d, bcrypt, scrypt, Firebase's scrypt, PBKDF2, salted SHA.
//! They are verified by their own rules (bcrypt sees 72 bytes), and [outdated](needs_rehash) all of them: the first
//! right password replaces them by a hash of our own, for which the whole of what was typed then counts. Others hashed
//! what was typed and did not normalise it, so at most two forms are tried: the normalised, then the typed one.
//!
//! **Time.** A record is read within bounds, so that none can keep a core or the memory; what is outside of them, or no
//! record at all, is *unusable* and matches nothing. A failure costs at least what a hash of today's costs, so an
//! unusable record, or one that is cheap to verify, looks like an account that isn't there. A record that is dearer
//! than today's can be told from that by its time, until it is replaced.
//!
//! **Memory.** Allocating 19 MiB afresh for each hash costs a good part of the hash itself, so whoever hashes
//! owns an [`Arena`] and passes it in.

mod arena;
mod argon2;
mod bcrypt;
mod firebase;
mod ldap;
mod params;
mod pbkdf2;
mod scrypt;
#[cfg(test)]
mod tests;
mod text;

pub use crate::account::PasswordHash;
pub use arena::Arena;
pub use params::HashParams;

use base::{Fault, Rng};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The longest password, in Unicode code points after normalisation.
pub const MAX_CODE_POINTS: usize = 128;

/// Above this many bytes nothing is even normalised: no 128 code points take as many.
const MAX_BYTES: usize = 4096;
const SALT: usize = 16;

impl PasswordHash {
    /// Whether it was made otherwise than today's hashes are, and is to be made anew at the next sign-in.
    pub fn needs_rehash(&self, params: &HashParams) -> bool {
        !matches!(Record::parse(&self.0), Some(Record::Argon2(record)) if record.is_of(params))
    }

    /// Whether verifying it takes more memory than a hashing thread keeps (64 MiB): such are verified one by one.
    pub fn is_heavy(&self) -> bool {
        let kept = u64::try_from(arena::KEPT_BLOCKS * 1024).unwrap_or(u64::MAX);
        Record::parse(&self.0).is_some_and(|record| record.memory() > kept)
    }
}

/// [`PasswordHash::needs_rehash`] as a function.
pub fn needs_rehash(record: &PasswordHash, params: &HashParams) -> bool {
    record.needs_rehash(params)
}

/// The form of a password that counts (NFC), or `None` when it is longer than [`MAX_CODE_POINTS`].
pub fn normalised(password: &str) -> Option<Zeroizing<String>> {
    if password.len() > MAX_BYTES {
        return None;
    }
    // Reserved once, so that no half-grown copy is left behind in freed memory.
    let mut text = Zeroizing::new(String::with_capacity(MAX_CODE_POINTS * 4));
    for (count, c) in password.nfc().enumerate() {
        if count == MAX_CODE_POINTS {
            return None;
        }
        text.push(c);
    }
    Some(text)
}

/// Hashes a password under a new salt.
///
/// # Errors
/// [`Fault`] when the parameters are out of range, the memory can't be had, or the password is longer than
/// [`MAX_CODE_POINTS`] (which the [policy](crate::password_policy) has refused before).
pub fn hash(password: &str, params: &HashParams, rng: &Rng, arena: &mut Arena) -> Result<PasswordHash, Fault> {
    let password = normalised(password).ok_or(Fault::broken("hash a password: it is too long"))?;
    let salt: [u8; SALT] = rng.bytes();
    argon2::hash(password.as_bytes(), &salt, params, arena)
}

/// Whether this is the password of the record, in whatever format it is. A record that can't be read matches
/// nothing, and neither does a password that is too long; the comparison takes the same time however much of it fits,
/// and a failure at least as long as a hash with `today`'s parameters.
pub fn verify(password: &str, record: &PasswordHash, today: &HashParams, arena: &mut Arena) -> bool {
    let Some(normal) = normalised(password) else { return false };
    let record = Record::parse(&record.0);
    let typed = Some(password).filter(|typed| *typed != normal.as_str());
    let mut forms = std::iter::once(normal.as_str()).chain(typed);
    forms.any(|form| attempt(form.as_bytes(), record.as_ref(), today, arena).fits)
}

/// One try: the work of the record, and when that fails the rest of what a hash of today's costs.
fn attempt(password: &[u8], record: Option<&Record>, today: &HashParams, arena: &mut Arena) -> Tried {
    let tried = record.map_or_else(Tried::default, |record| record.attempt(password, arena));
    if tried.fits {
        return tried;
    }
    Tried { work: tried.work + argon2::work_off(tried.work, password, today, arena), ..tried }
}

/// A record for accounts that do not exist: verifying against it is the same work, and never succeeds, as
/// nobody knows a text that hashes to nothing but zeros.
///
/// # Errors
/// [`Fault`] when the parameters are out of range.
pub fn dummy(params: &HashParams) -> Result<PasswordHash, Fault> {
    params.check()?;
    Ok(argon2::write(params, &[0; SALT], &[0; params::OUTPUT]))
}

/// What came of a try.
#[derive(Default)]
struct Tried {
    fits: bool,
    /// What it cost in Argon2's measure, memory times passes in KiB. Other functions are not measured and count
    /// as nothing.
    work: u64,
}

/// A stored record, taken apart.
enum Record {
    Argon2(argon2::Record),
    Bcrypt(bcrypt::Record),
    Scrypt(scrypt::Record),
    Firebase(firebase::Record),
    Pbkdf2(pbkdf2::Record),
    Ldap(ldap::Record),
}

impl Record {
    /// `None` when it is in no format that is known, or outside of that format's bounds.
    fn parse(record: &str) -> Option<Self> {
        if record.len() > text::MAX_RECORD {
            return None;
        }
        argon2::Record::parse(record)
            .map(Self::Argon2)
            .or_else(|| bcrypt::Record::parse(record).map(Self::Bcrypt))
            .or_else(|| scrypt::Record::parse(record).map(Self::Scrypt))
            .or_else(|| firebase::Record::parse(record).map(Self::Firebase))
            .or_else(|| pbkdf2::Record::parse(record).map(Self::Pbkdf2))
            .or_else(|| ldap::Record::parse(record).map(Self::Ldap))
    }

    /// What verifying it takes, in bytes, where that is much.
    fn memory(&self) -> u64 {
        match self {
            Self::Argon2(record) => record.memory(),
            Self::Scrypt(record) => record.memory(),
            Self::Firebase(record) => record.memory(),
            Self::Bcrypt(_) | Self::Pbkdf2(_) | Self::Ldap(_) => 0,
        }
    }

    fn attempt(&self, password: &[u8], arena: &mut Arena) -> Tried {
        match self {
            Self::Argon2(record) => record.attempt(password, arena),
            Self::Bcrypt(record) => record.attempt(password),
            Self::Scrypt(record) => record.attempt(password),
            Self::Firebase(record) => record.attempt(password),
            Self::Pbkdf2(record) => record.attempt(password),
            Self::Ldap(record) => record.attempt(password),
        }
    }
}
