//! The compression function G (RFC 9106 §3.5), in the widest registers that this machine has.
//!
//! A block is 8 rows of 16 words. The permutation P goes over each row, then over each pair of columns.

mod avx2;
mod avx512;

use fearless_simd::{Avx2, Avx512, Level};

/// Words in a block.
pub(crate) const WORDS: usize = 128;

/// Proof of what this machine has.
#[derive(Clone, Copy)]
pub(crate) enum Token {
    /// Eight words at once.
    Avx512(Avx512),
    /// Four words at once.
    Avx2(Avx2),
}

impl Token {
    /// All proofs that can be had, the best first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let level = Level::new();
        [level.as_avx512().map(Self::Avx512), level.as_avx2().map(Self::Avx2)].into_iter().flatten()
    }
}

/// `current` becomes G of both blocks, over what was in it before (`with_old`, from the second pass on) or not. `None` when
/// one of them is no block.
pub(crate) fn mix(token: Token, (before, other): (&[u64], &[u64]), current: &mut [u64], with_old: bool) -> Option<()> {
    let (before, other) = (before.as_array()?, other.as_array()?);
    let current = current.as_mut_array()?;
    match token {
        Token::Avx512(token) => avx512::compress(token, before, other, current, with_old),
        Token::Avx2(token) => avx2::compress(token, before, other, current, with_old),
    }
    Some(())
}
