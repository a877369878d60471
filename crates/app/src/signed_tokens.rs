//! The access tokens that this process signed lately: it does not verify its own signature.

use base::SecretHash;
use std::sync::{Mutex, PoisonError};

/// Of how many access tokens it is known that they were signed here, in half a MiB: those of the last seconds where there are many.
/// Most are shown to us, if at all, when they are new.
const SIGNED: usize = 32_768;

/// The access tokens that were signed here last, at any tenant, each in a place of its own: 128 bits of its SHA-256, for which nobody
/// finds another text. Whose key signed it, and whether that is one still, the text says.
#[derive(Default)]
pub(crate) struct SignedTokens(Mutex<Vec<u128>>);

impl SignedTokens {
    /// Remembers one, and forgets whichever had its place.
    pub(crate) fn keep(&self, token: &str) {
        let (place, mark) = Self::place(&SecretHash::of(token.as_bytes()));
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.is_empty() {
            // Nobody finds a text whose mark is zero, either.
            *places = vec![0; SIGNED];
        }
        if let Some(kept) = places.get_mut(place) {
            *kept = mark;
        }
    }

    /// Whether it is a token that was signed here.
    pub(crate) fn has(&self, token: &SecretHash) -> bool {
        let (place, mark) = Self::place(token);
        let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(place).is_some_and(|kept| *kept == mark)
    }

    /// Where a hash is kept, and what of it.
    fn place(SecretHash(hash): &SecretHash) -> (usize, u128) {
        let mark = hash.iter().take(16).fold(0, |mark, byte| mark << 8 | u128::from(*byte));
        let [.., a, b] = *hash;
        (usize::from(u16::from_le_bytes([a, b])) % SIGNED, mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_byte_for_byte() {
        let signed = SignedTokens::default();
        let has = |token: &str| signed.has(&SecretHash::of(token.as_bytes()));
        assert!(!has("a.b.c"));
        signed.keep("a.b.c");
        assert!(has("a.b.c") && !has("a.b.d") && !has("a.b.c "));
        for n in 0..200_000 {
            signed.keep(&n.to_string());
        }
        let left = (0..200_000).filter(|n| has(&n.to_string())).count();
        assert!((20_000..=SIGNED).contains(&left) && has("199999"), "{left}");
    }
}
