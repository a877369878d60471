//! scrypt (RFC 7914) in the PHC string format, as passlib and RustCrypto write it.

use super::{Tried, text};
use ::scrypt::Params;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use zeroize::Zeroizing;

/// The most memory of one hash, in bytes: 128 MiB, which is N = 2¹⁷ with r = 8, OWASP's recommendation.
const MAX_MEMORY: u64 = 128 << 20;
/// The most work of one hash, memory times `p`: about a second and a half of one core.
const MAX_WORK: u64 = 512 << 20;
/// The largest `r` and `p`; 8 to 16 and 1 to 10 are seen. They bound what is needed beside the memory proper.
const MAX_R: u32 = 32;
const MAX_P: u32 = 16;

/// How much work it is, within the bounds.
pub(super) struct Cost(Params);

impl Cost {
    /// `log_n` is the power of two that N is.
    pub(super) fn new(log_n: u32, r: u32, p: u32) -> Option<Self> {
        if !(1..=MAX_R).contains(&r) || !(1..=MAX_P).contains(&p) || log_n < 1 {
            return None;
        }
        let memory = 1_u64.checked_shl(log_n)?.checked_mul(128 * u64::from(r))?;
        let bearable = memory <= MAX_MEMORY && memory * u64::from(p) <= MAX_WORK;
        let params = Params::new(u8::try_from(log_n).ok()?, r, p).ok()?;
        bearable.then_some(Self(params))
    }

    /// In bytes.
    pub(super) fn memory(&self) -> u64 {
        self.0.n() * 128 * u64::from(self.0.r())
    }

    /// Fills `output`; `false` when it has no length.
    pub(super) fn derive(&self, password: &[u8], salt: &[u8], output: &mut [u8]) -> bool {
        ::scrypt::scrypt(password, salt, &self.0, output).is_ok()
    }
}

/// A stored record, taken apart.
pub(super) struct Record {
    cost: Cost,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Record {
    /// Reads `$scrypt$ln=…,r=…,p=…$salt$hash`. Bounds: 128 MiB, and 512 MiB times `p`.
    pub(super) fn parse(record: &str) -> Option<Self> {
        let ["", "scrypt", cost, salt, output] = text::fields(record)? else { return None };
        let [log_n, r, p] = text::values(cost, ["ln", "r", "p"])?;
        let cost = Cost::new(text::number(log_n)?, text::number(r)?, text::number(p)?)?;
        Some(Self { cost, salt: text::salt(salt)?, output: text::output(output)? })
    }

    /// In bytes.
    pub(super) fn memory(&self) -> u64 {
        self.cost.memory()
    }

    pub(super) fn attempt(&self, password: &[u8]) -> Tried {
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        let done = self.cost.derive(password, &self.salt, &mut output);
        Tried { fits: done && verify_slices_are_equal(&output, &self.output).is_ok(), work: 0 }
    }
}
