//! Inputs like those that are kept: small damage of the kinds that parsers trip over. The same each time.

const PIECES: [&[u8]; 16] = [
    b"\0",
    b"\n",
    b"%",
    b"%00",
    b"%ff",
    b"&",
    b"=",
    b"\"",
    b"\\u0000",
    b"[",
    b"{}",
    b"null",
    b"1e400",
    b"-1",
    b"\xf0\x9f\x94\x94",
    b"..",
];

/// An endless row of inputs made from `kept`.
pub struct Mutations<'a> {
    kept: &'a [Vec<u8>],
    state: u64,
}

impl<'a> Mutations<'a> {
    /// Begins a row. The same seed makes the same row.
    pub const fn of(kept: &'a [Vec<u8>], seed: u64) -> Self {
        Self { kept, state: seed | 1 }
    }

    /// A number below `end` (xorshift64*).
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let wide = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(wide).unwrap_or(0) % end.max(1)
    }

    fn damage(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = (at + 1 + self.below(12)).min(input.len());
        match self.below(6) {
            0 => {
                input.drain(at.min(end)..end);
            }
            1 => {
                let again = input[at.min(end)..end].to_vec();
                input.splice(at..at, again);
            }
            2 => {
                let piece = PIECES[self.below(PIECES.len())];
                input.splice(at..at, piece.iter().copied());
            }
            3 => {
                // The tail of another one.
                let other = &self.kept[self.below(self.kept.len())].clone();
                input.truncate(at);
                input.extend_from_slice(&other[self.below(other.len() + 1)..]);
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << (self.state % 8);
                }
            }
        }
    }
}

impl Iterator for Mutations<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = self.kept.get(self.below(self.kept.len()))?.clone();
        for _ in 0..=self.below(4) {
            self.damage(&mut input);
        }
        Some(input)
    }
}
