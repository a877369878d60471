//! The memory that Argon2 works in.

use super::HashParams;
use ::argon2::Block;
use base::Fault;
use zeroize::Zeroize;

/// What an arena keeps between two hashes, in blocks of 1 KiB.
pub(super) const KEPT_BLOCKS: usize = 64 * 1024;

/// Working memory for Argon2, kept between two hashes. One per hashing thread.
#[derive(Default)]
pub struct Arena(Vec<Block>);

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} KiB)", self.0.len())
    }
}

impl Arena {
    /// Memory for hashes with these parameters, allocated at once and not at the first hash.
    ///
    /// # Errors
    /// [`Fault`] when the parameters are out of range or the memory can't be had.
    pub fn for_params(params: &HashParams) -> Result<Self, Fault> {
        let mut arena = Self::default();
        arena.blocks(params.inner()?.block_count())?;
        Ok(arena)
    }

    pub(super) fn blocks(&mut self, count: usize) -> Result<&mut [Block], Fault> {
        if self.0.len() < count {
            let more = count - self.0.len();
            self.0.try_reserve_exact(more).map_err(|e| Fault::new("find the memory to hash a password", e))?;
            self.0.resize(count, Block::new());
        }
        self.0.get_mut(..count).ok_or(Fault::broken("find the memory to hash a password"))
    }

    /// Gives back what an unusually large record needed.
    pub(super) fn settle(&mut self) {
        if self.0.len() > KEPT_BLOCKS {
            self.0.truncate(KEPT_BLOCKS);
            self.0.shrink_to_fit();
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}
