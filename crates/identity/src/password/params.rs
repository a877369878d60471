//! How much work a hash of our own is.

use ::argon2::Params;
use base::Fault;
use serde::{Deserialize, Serialize};

/// The length of our own hashes, in bytes.
pub(super) const OUTPUT: usize = 32;

/// The most memory of one Argon2 hash, in KiB: 256 MiB, libsodium's "moderate". More of it in a record, or in the
/// configuration, could exhaust the machine.
const MAX_MEMORY_KIB: u32 = 256 * 1024;

/// The most work of one Argon2 hash, in KiB times passes: about a second of one core. Four times what PHP's
/// defaults ask for.
const MAX_WORK: u64 = 1024 * 1024;

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

    /// Whether one hash takes neither more memory nor more time than a server can spare: at most 256 MiB, and 1 GiB when
    /// multiplied by the passes.
    pub fn is_bearable(&self) -> bool {
        self.memory_kib <= MAX_MEMORY_KIB && self.work() <= MAX_WORK
    }

    /// Whether Argon2 takes them at all, and they are [bearable](Self::is_bearable).
    ///
    /// # Errors
    /// [`Fault`] with the parameter that is out of its range.
    pub fn check(&self) -> Result<(), Fault> {
        if !self.is_bearable() {
            return Err(Fault::broken("read the hashing parameters: more than 256 MiB, or 1 GiB times passes"));
        }
        self.inner().map(|_| ())
    }

    /// Memory times passes, in KiB: what a hash costs.
    pub(super) fn work(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.iterations)
    }

    pub(super) fn inner(&self) -> Result<Params, Fault> {
        Params::new(self.memory_kib, self.iterations, self.parallelism, Some(OUTPUT))
            .map_err(|e| Fault::new("read the hashing parameters", e.to_string()))
    }
}
