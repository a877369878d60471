//! Randomness as a parameter.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

/// Where random bytes come from. Cheap to clone.
#[derive(Clone)]
pub struct Rng(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<u64>>),
}

impl std::fmt::Debug for Rng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rng")
    }
}

impl Rng {
    /// The operating system's generator.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A repeatable sequence (SplitMix64) for tests. It is not secure.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(seed))))
    }

    /// Fills `out` with random bytes.
    ///
    /// When the operating system has none to give, the process ends: nothing safe can be done without.
    pub fn fill(&self, out: &mut [u8]) {
        match &self.0 {
            #[allow(clippy::disallowed_methods, reason = "this is the one place that draws randomness")]
            Source::System => {
                if let Err(error) = getrandom::fill(out) {
                    let _ = writeln!(std::io::stderr(), "the operating system's random generator failed: {error}");
                    std::process::abort();
                }
            }
            Source::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for chunk in out.chunks_mut(8) {
                    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                    let mut z = *state;
                    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                    z ^= z >> 31;
                    for (byte, random) in chunk.iter_mut().zip(z.to_le_bytes()) {
                        *byte = random;
                    }
                }
            }
        }
    }

    /// An array of random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A decimal code of `digits` digits (at most 9), leading zeros kept, without modulo bias.
    pub fn digits(&self, digits: u32) -> String {
        let bound = 10_u32.saturating_pow(digits.min(9));
        let limit = u32::MAX - u32::MAX % bound;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < limit {
                return format!("{:0width$}", drawn % bound, width = usize::try_from(digits.min(9)).unwrap_or(9));
            }
        }
    }

    /// A number in `0..1`, for jitter.
    pub fn fraction(&self) -> f64 {
        f64::from(u32::from_le_bytes(self.bytes())) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_sequence() {
        let (a, b) = (Rng::seeded(7), Rng::seeded(7));
        assert_eq!(a.bytes::<24>(), b.bytes::<24>());
        assert_ne!(a.bytes::<24>(), Rng::seeded(8).bytes::<24>());
    }

    #[test]
    fn codes_have_the_digits_asked_for() {
        let rng = Rng::system();
        for _ in 0..200 {
            let code = rng.digits(6);
            assert_eq!(code.len(), 6);
            assert!(code.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
