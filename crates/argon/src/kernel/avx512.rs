//! G with AVX-512: eight words at once, so that a block fits into half of the registers.
//!
//! A register holds four words of two rows, one under the other. P on rows then works on both, and P on columns finds what
//! it mixes in registers of their own, in the same places.

use super::WORDS;
use fearless_simd::prelude::*;
use fearless_simd::{Avx512, u64x8};
use std::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_mul_epu32, _mm512_permutex_epi64, _mm512_permutexvar_epi64, _mm512_ror_epi64,
    _mm512_setr_epi64, _mm512_setzero_si512, _mm512_shuffle_i64x2, _mm512_xor_si512,
};

/// Half of GB (§3.6): the sum with the product of the lower halves, twice, each followed by a rotation.
macro_rules! half {
    ($a:ident, $b:ident, $c:ident, $d:ident, $first:literal, $second:literal) => {
        let product = _mm512_mul_epu32($a, $b);
        $a = _mm512_add_epi64(_mm512_add_epi64($a, $b), _mm512_add_epi64(product, product));
        $d = _mm512_ror_epi64::<$first>(_mm512_xor_si512($d, $a));
        let product = _mm512_mul_epu32($c, $d);
        $c = _mm512_add_epi64(_mm512_add_epi64($c, $d), _mm512_add_epi64(product, product));
        $b = _mm512_ror_epi64::<$second>(_mm512_xor_si512($b, $c));
    };
}

/// GB on columns of words, or on diagonals, twice: two chains that do not wait for each other.
macro_rules! both {
    ($a:ident $b:ident $c:ident $d:ident, $e:ident $f:ident $g:ident $h:ident) => {
        half!($a, $b, $c, $d, 32, 24);
        half!($e, $f, $g, $h, 32, 24);
        half!($a, $b, $c, $d, 16, 63);
        half!($e, $f, $g, $h, 16, 63);
    };
}

/// P, twice: columns, diagonals made to columns by `$by_1` to `$by_3`, and back.
macro_rules! permute {
    ($first:expr, $second:expr; $by_1:ident $by_2:ident $by_3:ident) => {
        let ([mut a, mut b, mut c, mut d], [mut e, mut f, mut g, mut h]) = ($first, $second);
        both!(a b c d, e f g h);
        (b, c, d) = ($by_1(b), $by_2(c), $by_3(d));
        (f, g, h) = ($by_1(f), $by_2(g), $by_3(h));
        both!(a b c d, e f g h);
        (b, c, d) = ($by_3(b), $by_2(c), $by_1(d));
        (f, g, h) = ($by_3(f), $by_2(g), $by_1(h));
        ($first, $second) = ([a, b, c, d], [e, f, g, h]);
    };
}

fn transposed<T>([[a, b, c, d], [e, f, g, h], [i, j, k, l], [m, n, o, p]]: [[T; 4]; 4]) -> [[T; 4]; 4] {
    [[a, e, i, m], [b, f, j, n], [c, g, k, o], [d, h, l, p]]
}

fearless_simd::kernel!(
    #[inline]
    pub(super) fn compress(
        avx512: Avx512,
        before: &[u64; WORDS],
        other: &[u64; WORDS],
        current: &mut [u64; WORDS],
        with_old: bool,
    ) {
        let load = |words: &[u64; 8]| __m512i::from(u64x8::simd_from(avx512, *words));
        // In a row: the four words of each turned by one, two or three.
        let row_1 = |x| _mm512_permutex_epi64::<0b00_11_10_01>(x);
        let row_2 = |x| _mm512_permutex_epi64::<0b01_00_11_10>(x);
        let row_3 = |x| _mm512_permutex_epi64::<0b10_01_00_11>(x);
        // In a pair of columns: two words of the upper row, two of the lower one.
        let (one, three) = (_mm512_setr_epi64(1, 4, 3, 6, 5, 0, 7, 2), _mm512_setr_epi64(5, 0, 7, 2, 1, 4, 3, 6));
        let column_1 = |x| _mm512_permutexvar_epi64(one, x);
        let column_2 = |x| _mm512_shuffle_i64x2::<0b01_00_11_10>(x, x);
        let column_3 = |x| _mm512_permutexvar_epi64(three, x);
        let upper = |x, y| _mm512_shuffle_i64x2::<0b01_00_01_00>(x, y);
        let lower = |x, y| _mm512_shuffle_i64x2::<0b11_10_11_10>(x, y);
        // From two rows of two registers to the four of P, and back.
        let paired = |[r, s, t, u]: [__m512i; 4]| [upper(r, t), lower(r, t), upper(s, u), lower(s, u)];
        let parted = |[a, b, c, d]: [__m512i; 4]| [upper(a, b), upper(c, d), lower(a, b), lower(c, d)];

        let mut sum = [_mm512_setzero_si512(); 16];
        let mut state = [[_mm512_setzero_si512(); 4]; 4];
        let old = current.as_chunks::<8>().0;
        let inputs = before.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0).zip(old);
        for ((state, sum), ((before, other), old)) in state.as_flattened_mut().iter_mut().zip(&mut sum).zip(inputs) {
            *state = _mm512_xor_si512(load(before), load(other));
            *sum = if with_old { _mm512_xor_si512(*state, load(old)) } else { *state };
        }
        let [mut first, mut second, mut third, mut fourth] = state.map(paired);
        permute!(first, second; row_1 row_2 row_3);
        permute!(third, fourth; row_1 row_2 row_3);
        [first, second, third, fourth] = transposed([first, second, third, fourth]);
        permute!(first, second; column_1 column_2 column_3);
        permute!(third, fourth; column_1 column_2 column_3);
        state = transposed([first, second, third, fourth]).map(parted);
        let mixed = state.as_flattened().iter().zip(&sum);
        for (current, (state, sum)) in current.as_chunks_mut::<8>().0.iter_mut().zip(mixed) {
            let mixed: u64x8<Avx512> = _mm512_xor_si512(*state, *sum).simd_into(avx512);
            *current = mixed.into();
        }
    }
);
