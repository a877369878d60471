//! The memory that a hash is worked out in.

use crate::kernel::WORDS;
use memmap2::MmapMut;
use std::io;
use zerocopy::FromBytes as _;

/// A block (RFC 9106 §3.2): 1 KiB.
pub type Words = [u64; WORDS];

/// Memory for hashes of one size.
///
/// Each block is mixed with one that lies anywhere, so that pages of 4 KiB have their addresses looked up again and again: it
/// asks for large ones (on Linux), and a hash takes a fifth less time. The system clears it before anybody else gets it.
#[derive(Debug)]
pub struct Memory(MmapMut);

impl Memory {
    /// Memory of `kib` KiB.
    ///
    /// # Errors
    /// What the system says when it has none.
    pub fn new(kib: u32) -> io::Result<Self> {
        let length = usize::try_from(kib).ok().and_then(|kib| kib.checked_mul(size_of::<Words>()));
        let map = MmapMut::map_anon(length.ok_or(io::ErrorKind::OutOfMemory)?)?;
        // A wish: without it, it is slower. What follows from a password has no place in a dump either.
        #[cfg(target_os = "linux")]
        for wish in [memmap2::Advice::HugePage, memmap2::Advice::DontDump] {
            let _ = map.advise(wish);
        }
        Ok(Self(map))
    }

    /// How much it is, in KiB.
    pub fn kib(&self) -> usize {
        self.0.len() / size_of::<Words>()
    }

    /// Its blocks.
    pub fn blocks(&mut self) -> &mut [Words] {
        // A map begins on a page: there is nothing that could be out of line.
        <[Words]>::mut_from_bytes(&mut self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_of_it_can_be_used() {
        let mut memory = Memory::new(19_456).unwrap();
        assert_eq!((memory.kib(), memory.blocks().len()), (19_456, 19_456));
        assert!(memory.blocks().iter().all(|block| *block == [0; WORDS]));
    }
}
