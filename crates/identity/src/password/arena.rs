//! The memory that Argon2 works in.

use super::HashParams;
use ::argon2::Block;
use argon::{Memory, Words};
use base::Fault;
use zeroize::Zeroize;

/// What an arena keeps between two hashes, in blocks of 1 KiB.
pub(super) const KEPT_BLOCKS: usize = 64 * 1024;

/// Working memory for Argon2, kept between two hashes. One per hashing thread.
#[derive(Default)]
pub struct Arena {
    /// For what is done in wide registers.
    wide: Option<Memory>,
    /// For what the `argon2` crate does.
    plain: Vec<Block>,
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} KiB)", self.len())
    }
}

impl Arena {
    /// Memory for hashes with these parameters, allocated at once and not at the first hash.
    ///
    /// # Errors
    /// [`Fault`] when the parameters are out of range or the memory can't be had.
    pub fn for_params(params: &HashParams) -> Result<Self, Fault> {
        let mut arena = Self::default();
        let inner = params.inner()?;
        if arena.wide(inner.m_cost())?.is_none() {
            arena.plain(inner.block_count())?;
        }
        Ok(arena)
    }

    /// Memory for a hash in wide registers. `None` on a machine that has none.
    pub(super) fn wide(&mut self, kib: u32) -> Result<Option<&mut [Words]>, Fault> {
        if !argon::is_faster() {
            return Ok(None);
        }
        let enough = |memory: &Memory| usize::try_from(kib).is_ok_and(|kib| memory.kib() >= kib);
        if !self.wide.as_ref().is_some_and(enough) {
            // What was too small goes first: there may be no room for both.
            self.wide = None;
            self.wide = Some(Memory::new(kib).map_err(|e| Fault::new("find the memory to hash a password", e))?);
        }
        Ok(self.wide.as_mut().map(Memory::blocks))
    }

    /// Memory for the `argon2` crate.
    pub(super) fn plain(&mut self, count: usize) -> Result<&mut [Block], Fault> {
        if self.plain.len() < count {
            let more = count - self.plain.len();
            self.plain.try_reserve_exact(more).map_err(|e| Fault::new("find the memory to hash a password", e))?;
            self.plain.resize(count, Block::new());
        }
        self.plain.get_mut(..count).ok_or(Fault::broken("find the memory to hash a password"))
    }

    /// Gives back what unusually large records needed.
    pub(super) fn settle(&mut self) {
        if self.len() > KEPT_BLOCKS {
            *self = Self::default();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.plain.len() + self.wide.as_ref().map_or(0, Memory::kib)
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.plain.iter_mut().for_each(Zeroize::zeroize);
    }
}
