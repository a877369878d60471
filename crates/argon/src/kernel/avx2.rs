//! G with AVX2: four words at once, and four registers to a row.

use super::WORDS;
use fearless_simd::prelude::*;
use fearless_simd::{Avx2, u64x4};
use std::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_alignr_epi8, _mm256_mul_epu32, _mm256_permute4x64_epi64, _mm256_setr_epi8,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_shuffle_epi32, _mm256_srli_epi64, _mm256_xor_si256,
};

/// Half of GB (§3.6): the sum with the product of the lower halves, twice, each followed by a rotation.
macro_rules! half {
    ($a:ident, $b:ident, $c:ident, $d:ident, $first:ident, $second:ident) => {
        let product = _mm256_mul_epu32($a, $b);
        $a = _mm256_add_epi64(_mm256_add_epi64($a, $b), _mm256_add_epi64(product, product));
        $d = $first(_mm256_xor_si256($d, $a));
        let product = _mm256_mul_epu32($c, $d);
        $c = _mm256_add_epi64(_mm256_add_epi64($c, $d), _mm256_add_epi64(product, product));
        $b = $second(_mm256_xor_si256($b, $c));
    };
}

/// GB on four columns of words, or on four diagonals, of two rows at once: two chains that do not wait for each other.
macro_rules! both {
    ($a:ident $b:ident $c:ident $d:ident, $e:ident $f:ident $g:ident $h:ident; $r32:ident $r24:ident $r16:ident $r63:ident) => {
        half!($a, $b, $c, $d, $r32, $r24);
        half!($e, $f, $g, $h, $r32, $r24);
        half!($a, $b, $c, $d, $r16, $r63);
        half!($e, $f, $g, $h, $r16, $r63);
    };
}

/// The places of a vector turned by one, two or three.
macro_rules! turn {
    ($x:ident by 1) => {
        $x = _mm256_permute4x64_epi64::<0b00_11_10_01>($x)
    };
    ($x:ident by 2) => {
        $x = _mm256_permute4x64_epi64::<0b01_00_11_10>($x)
    };
    ($x:ident by 3) => {
        $x = _mm256_permute4x64_epi64::<0b10_01_00_11>($x)
    };
}

/// The four words of a row's two vectors turned by one, down or up.
macro_rules! shift {
    ($first:ident $second:ident down) => {
        ($first, $second) = (_mm256_alignr_epi8::<8>($second, $first), _mm256_alignr_epi8::<8>($first, $second))
    };
    ($first:ident $second:ident up) => {
        ($first, $second) = (_mm256_alignr_epi8::<8>($first, $second), _mm256_alignr_epi8::<8>($second, $first))
    };
}

/// P over four pairs of columns: the vectors number `k` of each half row.
macro_rules! columns {
    ($state:ident, $k:literal; $r32:ident $r24:ident $r16:ident $r63:ident) => {
        let (mut a0, mut a1, mut b0, mut b1) = ($state[$k], $state[4 + $k], $state[8 + $k], $state[12 + $k]);
        let (mut c0, mut c1, mut d0, mut d1) = ($state[16 + $k], $state[20 + $k], $state[24 + $k], $state[28 + $k]);
        both!(a0 b0 c0 d0, a1 b1 c1 d1; $r32 $r24 $r16 $r63);
        shift!(b0 b1 down);
        (c0, c1) = (c1, c0);
        shift!(d0 d1 up);
        both!(a0 b0 c0 d0, a1 b1 c1 d1; $r32 $r24 $r16 $r63);
        shift!(b0 b1 up);
        (c0, c1) = (c1, c0);
        shift!(d0 d1 down);
        ($state[$k], $state[4 + $k], $state[8 + $k], $state[12 + $k]) = (a0, a1, b0, b1);
        ($state[16 + $k], $state[20 + $k], $state[24 + $k], $state[28 + $k]) = (c0, c1, d0, d1);
    };
}

fearless_simd::kernel!(
    #[inline]
    pub(super) fn compress(
        avx2: Avx2,
        before: &[u64; WORDS],
        other: &[u64; WORDS],
        current: &mut [u64; WORDS],
        with_old: bool,
    ) {
        let load = |words: &[u64; 4]| __m256i::from(u64x4::simd_from(avx2, *words));
        let by_24 = _mm256_setr_epi8(
            3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
        );
        let by_16 = _mm256_setr_epi8(
            2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9,
        );
        let r32 = |x| _mm256_shuffle_epi32::<0b10_11_00_01>(x);
        let r24 = |x| _mm256_shuffle_epi8(x, by_24);
        let r16 = |x| _mm256_shuffle_epi8(x, by_16);
        let r63 = |x| _mm256_xor_si256(_mm256_srli_epi64::<63>(x), _mm256_add_epi64(x, x));

        let mut state = [_mm256_setzero_si256(); 32];
        let mut sum = state;
        let old = current.as_chunks::<4>().0;
        let inputs = before.as_chunks::<4>().0.iter().zip(other.as_chunks::<4>().0).zip(old);
        for ((state, sum), ((before, other), old)) in state.iter_mut().zip(&mut sum).zip(inputs) {
            *state = _mm256_xor_si256(load(before), load(other));
            *sum = if with_old { _mm256_xor_si256(*state, load(old)) } else { *state };
        }
        for rows in state.as_chunks_mut::<8>().0 {
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *rows;
            both!(a b c d, e f g h; r32 r24 r16 r63);
            turn!(b by 1);
            turn!(c by 2);
            turn!(d by 3);
            turn!(f by 1);
            turn!(g by 2);
            turn!(h by 3);
            both!(a b c d, e f g h; r32 r24 r16 r63);
            turn!(b by 3);
            turn!(c by 2);
            turn!(d by 1);
            turn!(f by 3);
            turn!(g by 2);
            turn!(h by 1);
            *rows = [a, b, c, d, e, f, g, h];
        }
        columns!(state, 0; r32 r24 r16 r63);
        columns!(state, 1; r32 r24 r16 r63);
        columns!(state, 2; r32 r24 r16 r63);
        columns!(state, 3; r32 r24 r16 r63);
        for (current, (state, sum)) in current.as_chunks_mut::<4>().0.iter_mut().zip(state.iter().zip(&sum)) {
            let mixed: u64x4<Avx2> = _mm256_xor_si256(*state, *sum).simd_into(avx2);
            *current = mixed.into();
        }
    }
);
