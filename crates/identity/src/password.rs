//! Passwords: hashed with Argon2id (RFC 9106), stored as PHC strings.
//!
//! **What counts.** A password is normalised to NFC (RFC 8265 §4.2.2), so that the same text typed on two
//! keyboards is the same password, and is otherwise taken as it is: case, spaces at its ends, NUL and byte 73
//! all count, nothing is cut off. More than [`MAX_CODE_POINTS`] are refused before anything is hashed.
//!
//! **Memory.** Allocating 19 MiB afresh for each hash costs a good part of the hash itself, so whoever hashes
//! owns an [`Arena`] and passes it in.

pub use crate::account::PasswordHash;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base::{Fault, Rng};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

/// The longest password, in Unicode code points after normalisation.
pub const MAX_CODE_POINTS: usize = 128;

/// Above this many bytes nothing is even normalised: no 128 code points take as many.
const MAX_BYTES: usize = 4096;
const SALT: usize = 16;
const OUTPUT: usize = 32;
/// What an arena keeps between two hashes, in blocks of 1 KiB.
const KEPT_BLOCKS: usize = 64 * 1024;
/// The largest record that is verified, in KiB: a stored record must not be able to exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashParams {
    /// Memory, in KiB (`m`).
    pub memory_kib: u32,
    /// Passes over the memory (`t`).
    pub iterations: u32,
    /// Lanes (`p`).
    pub parallelism: u32,
}

impl Default for HashParams {
    /// 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, iterations: 2, parallelism: 1 }
    }
}

impl HashParams {
    /// Whether they are at least as strong as one of the settings that OWASP holds to be equal: 46 MiB and one
    /// pass, 19 MiB and two, 12 MiB and three, 9 MiB and four, 7 MiB and five.
    pub fn meets_owasp(&self) -> bool {
        [(46, 1), (19, 2), (12, 3), (9, 4), (7, 5)]
            .into_iter()
            .any(|(mib, passes)| self.memory_kib >= mib * 1024 && self.iterations >= passes)
    }

    /// Whether Argon2 takes them at all.
    ///
    /// # Errors
    /// [`Fault`] with the parameter that is out of its range.
    pub fn check(&self) -> Result<(), Fault> {
        if self.memory_kib > MAX_MEMORY_KIB {
            return Err(Fault::broken("read the hashing parameters: more than 1 GiB of memory"));
        }
        self.params().map(|_| ())
    }

    fn params(&self) -> Result<Params, Fault> {
        Params::new(self.memory_kib, self.iterations, self.parallelism, Some(OUTPUT))
            .map_err(|e| Fault::new("read the hashing parameters", e.to_string()))
    }
}

/// Working memory for Argon2, kept between two hashes. One per hashing thread.
#[derive(Default)]
pub struct Arena(Vec<Block>);

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} KiB)", self.0.len())
    }
}

impl Arena {
    /// Memory for hashes with these parameters, allocated at once and not at the first hash.
    ///
    /// # Errors
    /// [`Fault`] when the parameters are out of range or the memory can't be had.
    pub fn for_params(params: &HashParams) -> Result<Self, Fault> {
        let mut arena = Self::default();
        arena.blocks(params.params()?.block_count())?;
        Ok(arena)
    }

    fn blocks(&mut self, count: usize) -> Result<&mut [Block], Fault> {
        if self.0.len() < count {
            let more = count - self.0.len();
            self.0.try_reserve_exact(more).map_err(|e| Fault::new("find the memory to hash a password", e))?;
            self.0.resize(count, Block::new());
        }
        self.0.get_mut(..count).ok_or(Fault::broken("find the memory to hash a password"))
    }

    /// Gives back what an unusually large record needed.
    fn settle(&mut self) {
        if self.0.len() > KEPT_BLOCKS {
            self.0.truncate(KEPT_BLOCKS);
            self.0.shrink_to_fit();
        }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}

impl PasswordHash {
    /// Whether it was made with other parameters than today's, and is to be made anew at the next sign-in.
    pub fn needs_rehash(&self, params: &HashParams) -> bool {
        let today = Record::parse(self).is_some_and(|record| {
            record.algorithm == Algorithm::Argon2id
                && record.version == Version::V0x13
                && record.params.m_cost() == params.memory_kib
                && record.params.t_cost() == params.iterations
                && record.params.p_cost() == params.parallelism
                && record.output.len() == OUTPUT
        });
        !today
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
    let mut output = Zeroizing::new([0; OUTPUT]);
    let inner = params.params()?;
    let blocks = arena.blocks(inner.block_count())?;
    let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, inner).hash_password_into_with_memory(
        password.as_bytes(),
        &salt,
        output.as_mut_slice(),
        blocks,
    );
    arena.settle();
    done.map_err(|e| Fault::new("hash a password", e.to_string()))?;
    Ok(write(params, &salt, output.as_slice()))
}

/// Whether this is the password of the record. A record that can't be read matches nothing, and neither does
/// a password that is too long; the comparison takes the same time however much of it fits.
pub fn verify(password: &str, record: &PasswordHash, arena: &mut Arena) -> bool {
    let Some(password) = normalised(password) else { return false };
    let Some(record) = Record::parse(record) else { return false };
    let mut output = Zeroizing::new(vec![0; record.output.len()]);
    let Ok(blocks) = arena.blocks(record.params.block_count()) else { return false };
    let done = Argon2::new(record.algorithm, record.version, record.params).hash_password_into_with_memory(
        password.as_bytes(),
        &record.salt,
        &mut output,
        blocks,
    );
    arena.settle();
    done.is_ok() && verify_slices_are_equal(&output, &record.output).is_ok()
}

/// A record for accounts that do not exist: verifying against it is the same work, and never succeeds, as
/// nobody knows a text that hashes to nothing but zeros.
///
/// # Errors
/// [`Fault`] when the parameters are out of range.
pub fn dummy(params: &HashParams) -> Result<PasswordHash, Fault> {
    params.check()?;
    Ok(write(params, &[0; SALT], &[0; OUTPUT]))
}

/// The PHC string of a hash (the PHC string format; Argon2's own `$argon2id$v=19$m=…,t=…,p=…$salt$hash`).
fn write(params: &HashParams, salt: &[u8], output: &[u8]) -> PasswordHash {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD as B64;
    let HashParams { memory_kib, iterations, parallelism } = params;
    let (salt, output) = (B64.encode(salt), B64.encode(output));
    PasswordHash(format!("$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}${salt}${output}"))
}

/// A stored record, taken apart. Argon2i and Argon2d are read too, for accounts that came from elsewhere.
struct Record {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Record {
    fn parse(record: &PasswordHash) -> Option<Self> {
        let parsed = argon2::PasswordHash::new(&record.0).ok()?;
        let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).ok()?;
        let version = parsed.version.map_or(Some(Version::V0x10), |v| Version::try_from(v).ok())?;
        let params = Params::try_from(&parsed).ok().filter(|params| params.m_cost() <= MAX_MEMORY_KIB)?;
        let (salt, output) = (parsed.salt?.to_vec(), parsed.hash?.as_bytes().to_vec());
        Some(Self { algorithm, version, params, salt, output })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: HashParams = HashParams { memory_kib: 64, iterations: 1, parallelism: 1 };

    fn record(password: &str) -> PasswordHash {
        hash(password, &SMALL, &Rng::seeded(1), &mut Arena::default()).unwrap()
    }

    fn fits(password: &str, record: &PasswordHash) -> bool {
        verify(password, record, &mut Arena::default())
    }

    #[test]
    fn a_password_opens_its_own_record_and_no_other() {
        let record = record("correct horse battery staple");
        assert!(fits("correct horse battery staple", &record));
        for wrong in
            ["", "correct horse battery stapl", "Correct horse battery staple", "correct horse battery staple "]
        {
            assert!(!fits(wrong, &record), "{wrong:?}");
        }
    }

    #[test]
    fn byte_73_and_what_stands_after_a_nul_count() {
        let long = record(&format!("{}x", "a".repeat(72)));
        assert!(!fits(&format!("{}y", "a".repeat(72)), &long));
        assert!(!fits(&"a".repeat(72), &long));
        let nul = record("before\0after");
        assert!(fits("before\0after", &nul));
        assert!(!fits("before", &nul));
        assert!(!fits("before\0other", &nul));
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password_but_look_alikes_are_not() {
        let record = record("caf\u{e9} du matin");
        assert!(fits("cafe\u{301} du matin", &record));
        assert!(!fits("cafe du matin", &record));
        // NFKC would have made these equal.
        assert!(!fits("\u{ff43}af\u{e9} du matin", &record));
    }

    #[test]
    fn one_hundred_and_twenty_eight_code_points_are_taken_and_one_more_is_refused_before_hashing() {
        let longest = "\u{1f511}".repeat(MAX_CODE_POINTS);
        let record = record(&longest);
        assert!(fits(&longest, &record));
        let longer = format!("{longest}\u{1f511}");
        assert!(!fits(&longer, &record));
        assert!(hash(&longer, &SMALL, &Rng::seeded(1), &mut Arena::default()).is_err());
        let mut arena = Arena::default();
        assert!(!verify(&"a".repeat(1 << 20), &record, &mut arena));
        assert_eq!(arena.0.len(), 0, "nothing was hashed");
    }

    #[test]
    fn decomposed_text_is_counted_as_it_is_composed() {
        assert!(normalised(&"e\u{301}".repeat(MAX_CODE_POINTS)).is_some());
        assert!(normalised(&"e\u{301}".repeat(MAX_CODE_POINTS + 1)).is_none());
    }

    #[test]
    fn the_same_password_is_stored_differently_each_time() {
        let (rng, mut arena) = (Rng::seeded(9), Arena::default());
        let first = hash("hunter2 hunter2", &SMALL, &rng, &mut arena).unwrap();
        let second = hash("hunter2 hunter2", &SMALL, &rng, &mut arena).unwrap();
        assert_ne!(first, second);
        assert!(first.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", first.0);
    }

    #[test]
    fn an_arena_that_held_another_hash_gives_the_same_result_as_a_fresh_one() {
        let mut used = Arena::for_params(&HashParams { memory_kib: 128, iterations: 2, parallelism: 1 }).unwrap();
        hash(
            "something else",
            &HashParams { memory_kib: 128, iterations: 2, parallelism: 1 },
            &Rng::seeded(2),
            &mut used,
        )
        .unwrap();
        let again = hash("the password", &SMALL, &Rng::seeded(3), &mut used).unwrap();
        let fresh = hash("the password", &SMALL, &Rng::seeded(3), &mut Arena::default()).unwrap();
        assert_eq!(again, fresh);
        assert!(verify("the password", &fresh, &mut used));
    }

    #[test]
    fn a_record_of_the_reference_implementation_is_verified() {
        // argon2 (the reference command line): echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
        let record = PasswordHash(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc".into(),
        );
        assert!(fits("password", &record));
        assert!(!fits("differentpassword", &record));
        assert!(record.needs_rehash(&HashParams::default()));
    }

    #[test]
    fn other_parameters_than_todays_ask_for_a_new_hash() {
        let record = record("a password");
        assert!(!needs_rehash(&record, &SMALL));
        assert!(record.needs_rehash(&HashParams { memory_kib: 128, ..SMALL }));
        assert!(record.needs_rehash(&HashParams { iterations: 2, ..SMALL }));
        assert!(record.needs_rehash(&HashParams { parallelism: 2, ..SMALL }));
        assert!(PasswordHash("{SSHA}abc".into()).needs_rehash(&SMALL));
        let argon2i = PasswordHash(record.0.replace("argon2id", "argon2i"));
        assert!(argon2i.needs_rehash(&SMALL));
    }

    #[test]
    fn the_record_of_an_unknown_account_costs_the_same_and_opens_to_nothing() {
        let dummy = dummy(&SMALL).unwrap();
        let real = record("a password");
        assert!(!dummy.needs_rehash(&SMALL));
        assert_eq!(dummy.0.len(), real.0.len());
        let mut arena = Arena::default();
        for guess in ["", "a password", "\0"] {
            assert!(!verify(guess, &dummy, &mut arena));
        }
        assert_eq!(arena.0.len(), 64, "it was really hashed");
    }

    #[test]
    fn a_record_that_cannot_be_read_or_wants_too_much_memory_matches_nothing() {
        let huge = "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for text in
            ["", "$", "plain", "$argon2id$v=19$m=64,t=1,p=1$", "$argon2id$v=99$m=64,t=1,p=1$c29tZXNhbHQ$YWJj", huge]
        {
            assert!(!fits("plain", &PasswordHash(text.into())), "{text}");
        }
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        assert!(HashParams { memory_kib: 0, ..SMALL }.check().is_err());
        assert!(HashParams { iterations: 0, ..SMALL }.check().is_err());
        assert!(HashParams { parallelism: 0, ..SMALL }.check().is_err());
        assert!(HashParams { memory_kib: u32::MAX, ..SMALL }.check().is_err());
        assert!(dummy(&HashParams { memory_kib: 1, ..SMALL }).is_err());
        assert!(HashParams::default().check().is_ok());
    }

    #[test]
    fn the_default_is_what_owasp_asks_for() {
        assert!(HashParams::default().meets_owasp());
        assert!(HashParams { memory_kib: 7 * 1024, iterations: 5, parallelism: 1 }.meets_owasp());
        assert!(!HashParams { memory_kib: 19 * 1024, iterations: 1, parallelism: 1 }.meets_owasp());
        assert!(!SMALL.meets_owasp());
    }

    #[test]
    fn a_hash_and_an_arena_show_nothing_in_a_log() {
        assert_eq!(format!("{:?}", record("a password")), "PasswordHash(..)");
        assert_eq!(format!("{:?}", Arena::default()), "Arena(0 KiB)");
    }
}
