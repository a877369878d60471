//! Argon2id (RFC 9106) in wide registers, chosen at run time: faster than the `argon2` crate where a hash fits into the caches.
//!
//! Whoever signs in waits for this function, and a machine signs in as many people as it computes of it. It knows the one
//! form that our own hashes have: Argon2id, version 19, one lane, 32 bytes. For everything else, and on machines without
//! AVX2, there is the `argon2` crate, which is also what it is measured by: once at the first use, and by the tests for
//! parameters of all kinds.

mod fill;
#[cfg(target_arch = "x86_64")]
mod kernel;

use argon2::{Algorithm, Argon2, Block, Params, Version};
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

/// The hash, worked out in `memory`. `None` when this machine can't do it faster than the `argon2` crate, when the
/// parameters are out of range, or when there is less memory than they ask for.
pub fn hash(input: &Input<'_>, memory: &mut [Block]) -> Option<[u8; OUTPUT]> {
    if *IS_SOUND { fill::hash(input, memory) } else { None }
}

/// Whether this machine has what it takes, and the result is the reference's.
static IS_SOUND: LazyLock<bool> = LazyLock::new(|| {
    let input = Input { password: b"measured once", salt: b"by the reference", memory_kib: 64, iterations: 2 };
    let mut memory = vec![Block::new(); 64];
    let ours = fill::hash(&input, &mut memory);
    ours.is_some() && ours == reference(&input)
});

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

    fn ours(input: &Input<'_>) -> Option<[u8; OUTPUT]> {
        // Left dirty: what was in the memory before must not matter.
        let mut memory = vec![Block::new(); 8_192];
        memory.iter_mut().for_each(|block| block.as_mut().fill(0x5555_AAAA_5555_AAAA));
        fill::hash(input, &mut memory)
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
            if let Some(hash) = ours(&input) {
                prop_assert_eq!(Some(hash), reference(&input));
            }
        }
    }

    #[test]
    fn a_machine_with_avx2_uses_it() {
        #[cfg(target_arch = "x86_64")]
        assert_eq!(
            *IS_SOUND,
            std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
        );
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
            assert_eq!(ours(&input), None);
        }
    }
}
