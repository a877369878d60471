//! Argon2 (RFC 9106) in the PHC string format: our own hashes, and those of others, Argon2i and Argon2d too.

use super::params::OUTPUT;
use super::{Arena, HashParams, Tried, text};
use crate::account::PasswordHash;
use ::argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base::Fault;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as B64;
use zeroize::Zeroizing;

/// Argon2 takes no shorter salt (RFC 9106 §3.1).
const MIN_SALT: usize = 8;

/// A stored record, taken apart.
pub(super) struct Record {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Record {
    /// Reads `$argon2id$v=19$m=…,t=…,p=…$salt$hash`; no `v` means version 16. The bounds are those of our own
    /// ([`HashParams::is_bearable`]).
    pub(super) fn parse(record: &str) -> Option<Self> {
        let parsed = ::argon2::PasswordHash::new(record).ok()?;
        let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).ok()?;
        let version = parsed.version.map_or(Some(Version::V0x10), |v| Version::try_from(v).ok())?;
        let params = Params::try_from(&parsed).ok()?;
        let (salt, output) = (parsed.salt?.to_vec(), parsed.hash?.as_bytes().to_vec());
        let sound = salt.len() >= MIN_SALT && text::OUTPUT.contains(&output.len());
        let record = Self { algorithm, version, params, salt, output };
        (sound && record.cost().is_bearable()).then_some(record)
    }

    /// Whether this is how a hash would be made today.
    pub(super) fn is_of(&self, params: &HashParams) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.cost() == *params
            && self.output.len() == OUTPUT
    }

    fn cost(&self) -> HashParams {
        HashParams {
            memory_kib: self.params.m_cost(),
            iterations: self.params.t_cost(),
            parallelism: self.params.p_cost(),
        }
    }

    /// In bytes.
    pub(super) fn memory(&self) -> u64 {
        u64::from(self.params.m_cost()) * 1024
    }

    pub(super) fn attempt(&self, password: &[u8], arena: &mut Arena) -> Tried {
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        let function = (self.algorithm, self.version, &self.params);
        match fill(function, (password, &self.salt), &mut output, arena) {
            Ok(()) => Tried { fits: verify_slices_are_equal(&output, &self.output).is_ok(), work: self.cost().work() },
            Err(_) => Tried::default(),
        }
    }
}

/// Hashes with today's algorithm.
pub(super) fn hash(
    password: &[u8],
    salt: &[u8],
    params: &HashParams,
    arena: &mut Arena,
) -> Result<PasswordHash, Fault> {
    let mut output = Zeroizing::new([0; OUTPUT]);
    let function = (Algorithm::Argon2id, Version::V0x13, &params.inner()?);
    fill(function, (password, salt), output.as_mut_slice(), arena)?;
    Ok(write(params, salt, output.as_slice()))
}

/// Works as long as a hash of today's takes, less what was `done` (memory times passes, in KiB), and answers how
/// much that was.
pub(super) fn work_off(done: u64, password: &[u8], params: &HashParams, arena: &mut Arena) -> u64 {
    let passes = u64::from(params.iterations.max(1));
    let memory = params.work().saturating_sub(done) / passes;
    let Ok(memory_kib) = u32::try_from(memory) else { return 0 };
    // A rest that is less than Argon2's least is not worth a hash.
    let Ok(rest) = (HashParams { memory_kib, ..*params }).inner() else { return 0 };
    let function = (Algorithm::Argon2id, Version::V0x13, &rest);
    let mut output = Zeroizing::new([0; OUTPUT]);
    match fill(function, (password, &[0; MIN_SALT]), output.as_mut_slice(), arena) {
        Ok(()) => memory * passes,
        Err(_) => 0,
    }
}

/// In wide registers where that is possible ([`argon`]), by the `argon2` crate where not: the result is the same.
fn fill(
    (algorithm, version, params): (Algorithm, Version, &Params),
    (password, salt): (&[u8], &[u8]),
    output: &mut [u8],
    arena: &mut Arena,
) -> Result<(), Fault> {
    let usual = algorithm == Algorithm::Argon2id && version == Version::V0x13 && params.p_cost() == 1;
    let wide = if usual && output.len() == argon::OUTPUT { arena.wide(params.m_cost())? } else { None };
    let input = argon::Input { password, salt, memory_kib: params.m_cost(), iterations: params.t_cost() };
    let done = match wide.and_then(|memory| argon::hash(&input, memory)).map(Zeroizing::new) {
        Some(hash) => {
            output.copy_from_slice(hash.as_slice());
            Ok(())
        }
        None => {
            let blocks = arena.plain(params.block_count())?;
            Argon2::new(algorithm, version, params.clone())
                .hash_password_into_with_memory(password, salt, output, blocks)
        }
    };
    arena.settle();
    done.map_err(|e| Fault::new("hash a password", e.to_string()))
}

/// The PHC string of a hash (the PHC string format; Argon2's own `$argon2id$v=19$m=…,t=…,p=…$salt$hash`).
pub(super) fn write(params: &HashParams, salt: &[u8], output: &[u8]) -> PasswordHash {
    let HashParams { memory_kib, iterations, parallelism } = params;
    let (salt, output) = (B64.encode(salt), B64.encode(output));
    PasswordHash(format!("$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}${salt}${output}"))
}
