//! Which blocks are mixed with which (RFC 9106 §3.2 to §3.4), for one lane.

use crate::kernel::{Token, WORDS, mix};
use crate::{Input, OUTPUT, Words};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Blake2b512, Digest};

/// A pass over the memory has as many slices (RFC 9106 §3.4).
const SLICES: usize = 4;
const VERSION: u32 = 0x13;
const ARGON2ID: u32 = 2;

/// As [`crate::hash`], without the measure.
pub(crate) fn hash<B: AsRef<[u64]> + AsMut<[u64]>>(
    token: Token,
    input: &Input<'_>,
    memory: &mut [B],
) -> Option<[u8; OUTPUT]> {
    let segment = usize::try_from(input.memory_kib / 4).ok()?;
    let blocks = segment * SLICES;
    if segment < 2 || input.iterations == 0 || input.salt.len() < 8 {
        return None;
    }
    let memory = memory.get_mut(..blocks)?;
    first_blocks(input, memory)?;
    for pass in 0..input.iterations {
        for slice in 0..SLICES {
            Segment { token, pass, slice, length: segment, passes: input.iterations }.fill(memory)?;
        }
    }
    let mut hash = Blake2b::<U32>::new();
    hash.update(length(OUTPUT)?);
    memory.last()?.as_ref().iter().for_each(|word| hash.update(word.to_le_bytes()));
    Some(hash.finalize().into())
}

/// The two blocks that everything follows from (§3.2, steps 1 to 4).
fn first_blocks<B: AsMut<[u64]>>(input: &Input<'_>, memory: &mut [B]) -> Option<()> {
    let mut start = Blake2b512::new();
    let numbers = [1, u32::try_from(OUTPUT).ok()?, input.memory_kib, input.iterations, VERSION, ARGON2ID];
    numbers.iter().for_each(|number| start.update(number.to_le_bytes()));
    start.update(length(input.password.len())?);
    start.update(input.password);
    start.update(length(input.salt.len())?);
    start.update(input.salt);
    // Neither a secret nor associated data.
    start.update([0; 8]);
    let start = start.finalize();
    for (number, block) in (0_u32..2).zip(memory) {
        let mut hash = Blake2b512::new();
        hash.update(length(size_of::<Words>())?);
        hash.update(start);
        hash.update(number.to_le_bytes());
        hash.update([0; 4]);
        stretch(hash.finalize().into(), block.as_mut());
    }
    Some(())
}

/// The long hash (§3.3): half of each link of a chain, and the whole of the last one.
fn stretch(mut link: [u8; 64], block: &mut [u64]) {
    let (halves, _) = block.as_chunks_mut::<4>();
    let last = halves.len().saturating_sub(2);
    for (n, half) in halves.iter_mut().enumerate() {
        let (words, _) = link.as_chunks::<8>();
        let from = if n > last { 4 } else { 0 };
        for (word, bytes) in half.iter_mut().zip(words.iter().skip(from)) {
            *word = u64::from_le_bytes(*bytes);
        }
        if n < last {
            link = Blake2b512::digest(link).into();
        }
    }
}

fn length(of: usize) -> Option<[u8; 4]> {
    u32::try_from(of).ok().map(u32::to_le_bytes)
}

/// A quarter of one pass.
struct Segment {
    token: Token,
    pass: u32,
    slice: usize,
    length: usize,
    passes: u32,
}

impl Segment {
    fn fill<B: AsRef<[u64]> + AsMut<[u64]>>(&self, memory: &mut [B]) -> Option<()> {
        let blocks = memory.len();
        let first = self.pass == 0 && self.slice == 0;
        // The first half of the first pass looks where the password does not tell (§3.4.1.3).
        let mut addresses = (self.pass == 0 && self.slice < SLICES / 2).then(|| Addresses::new(self, blocks));
        for index in (if first { 2 } else { 0 })..self.length {
            let current = self.slice * self.length + index;
            let before = current.checked_sub(1).unwrap_or(blocks - 1);
            let random = match &mut addresses {
                Some(addresses) => addresses.at(index)?,
                None => *memory.get(before)?.as_ref().first()?,
            };
            let other = self.other(index, random, blocks)?;
            let [before, other, current] = memory.get_disjoint_mut([before, other, current]).ok()?;
            mix(self.token, ((*before).as_ref(), (*other).as_ref()), current.as_mut(), self.pass > 0)?;
        }
        Some(())
    }

    /// The block to mix with (§3.4.2).
    fn other(&self, index: usize, random: u64, blocks: usize) -> Option<usize> {
        let window = if self.pass == 0 { self.slice * self.length } else { blocks - self.length } + index - 1;
        let window = u64::try_from(window).ok()?;
        let low = random & u64::from(u32::MAX);
        let near = (window * ((low * low) >> 32)) >> 32;
        let from = if self.pass == 0 || self.slice == SLICES - 1 { 0 } else { (self.slice + 1) * self.length };
        Some((from + usize::try_from(window - 1 - near).ok()?) % blocks)
    }
}

/// The numbers that decide where to look, independently of the password (§3.4.1.2).
struct Addresses {
    token: Token,
    input: Words,
    block: Words,
    /// Which block of them `block` is, from 1.
    number: u64,
}

impl Addresses {
    fn new(segment: &Segment, blocks: usize) -> Self {
        let mut input = [0; WORDS];
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let head = [0, 0, number(segment.slice), number(blocks), u64::from(segment.passes), u64::from(ARGON2ID)];
        input.iter_mut().zip(head).for_each(|(word, value)| *word = value);
        Self { token: segment.token, input, block: [0; WORDS], number: 0 }
    }

    fn at(&mut self, index: usize) -> Option<u64> {
        let number = u64::try_from(index / WORDS).ok()? + 1;
        if number != self.number {
            self.number = number;
            *self.input.get_mut(6)? = number;
            let (zero, mut between) = ([0; WORDS], [0; WORDS]);
            mix(self.token, (&zero, &self.input), &mut between, false)?;
            mix(self.token, (&zero, &between), &mut self.block, false)?;
        }
        self.block.get(index % WORDS).copied()
    }
}
