//! Argon2id (RFC 9106) in wide registers, chosen at run time: faster than the `argon2` crate where a hash fits into the caches.
//!
//! Whoever signs in waits for this function, and a machine signs in as many people as it computes of it. It knows the one
//! form that our own hashes have: Argon2id, version 19, one lane, 32 bytes. For everything else, and on machines without
//! AVX2, there is the `argon2` crate, which is also what it is measured by: once at the first use, and by the tests for
//! parameters of all kinds.

mod fill;
#[cfg(target_arch = "x86_64")]
mod kernel;
#[cfg(not(target_arch = "x86_64"))]
#[path = "elsewhere.rs"]
mod kernel;
mod memory;

pub use memory::{Memory, Words};

use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Token;
use std::sync::LazyLock;

/// The length of a hash, in bytes.
pub const OUTPUT: usize = 32;

/// What a hash is made of.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The password.
    pub password: &'a [u8],
    /// The salt.
    pub salt: &'a [u8],
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
}

/// The hash, worked out in `memory`: blocks of 128 words. `None` when this machine can't do it faster than the `argon2` crate,
/// when the parameters are out of range, or when there is less memory than they ask for.
pub fn hash<B: AsRef<[u64]> + AsMut<[u64]>>(input: &Input<'_>, memory: &mut [B]) -> Option<[u8; OUTPUT]> {
    fill::hash((*BEST)?, input, memory)
}

/// Whether this machine can do it faster than the `argon2` crate.
pub fn is_faster() -> bool {
    BEST.is_some()
}

/// The best that this machine has, if its result is the reference's.
static BEST: LazyLock<Option<Token>> = LazyLock::new(|| Token::all().find(|token| is_sound(*token)));

fn is_sound(token: Token) -> bool {
    let input = Input { password: b"measured once", salt: b"by the reference", memory_kib: 64, iterations: 2 };
    let ours = fill::hash(token, &input, &mut vec![[0_u64; kernel::WORDS]; 64]);
    ours.is_some() && ours == reference(&input)
}

fn reference(input: &Input<'_>) -> Option<[u8; OUTPUT]> {
    let params = Params::new(input.memory_kib, input.iterations, 1, Some(OUTPUT)).ok()?;
    let mut output = [0; OUTPUT];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(input.password, input.salt, &mut output).ok()?;
    Some(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By every way that this machine has.
    fn ours(input: &Input<'_>) -> Vec<Option<[u8; OUTPUT]>> {
        let by = |token| {
            // Left dirty: what was in the memory before must not matter.
            let mut memory = vec![[0x5555_AAAA_5555_AAAA; kernel::WORDS]; 8_192];
            fill::hash(token, input, &mut memory)
        };
        Token::all().map(by).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn it_is_the_references_hash(
            password in proptest::collection::vec(any::<u8>(), 0..200),
            salt in proptest::collection::vec(any::<u8>(), 8..80),
            memory_kib in 8_u32..1_100,
            iterations in 1_u32..5,
        ) {
            let input = Input { password: &password, salt: &salt, memory_kib, iterations };
            for hash in ours(&input) {
                prop_assert_eq!(hash, reference(&input));
            }
        }
    }

    #[test]
    fn a_machine_uses_the_widest_registers_that_it_has() {
        #[cfg(target_arch = "x86_64")]
        {
            let (wide, wider) = (std::arch::is_x86_feature_detected!("avx2"), fearless_simd::Level::new().as_avx512());
            assert_eq!(is_faster(), wide && std::arch::is_x86_feature_detected!("fma"));
            assert_eq!(matches!(*BEST, Some(Token::Avx512(_))), wider.is_some());
        }
        #[cfg(not(target_arch = "x86_64"))]
        assert!(!is_faster());
    }

    #[test]
    fn what_it_cannot_do_is_left_to_the_reference() {
        let usual = Input { password: b"p", salt: b"saltsalt", memory_kib: 64, iterations: 1 };
        for input in [
            Input { memory_kib: 7, ..usual },
            Input { memory_kib: 9_000, ..usual },
            Input { iterations: 0, ..usual },
            Input { salt: b"short", ..usual },
        ] {
            assert_eq!(ours(&input), vec![None; Token::all().count()]);
        }
        let blocks_of_another_length = &mut vec![[0_u64; 64]; 64];
        assert_eq!(hash(&usual, blocks_of_another_length), None);
    }
}
