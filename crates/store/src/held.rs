//! Counters that are read, counted on, and written, each in one step for all of them.

use crate::tx::Tx;
use base::{Fault, SecretHash, Timestamp};
use identity::limit::Counter;
use std::collections::{HashMap, HashSet};

/// Counters that a transaction holds until it ends, and what they have become.
#[derive(Default)]
pub struct HeldCounters {
    counters: HashMap<SecretHash, Counter>,
    changed: HashSet<SecretHash>,
}

impl HeldCounters {
    /// Reads and holds the counters of these keys, one after the other. Whoever holds several that others hold too has to name them in the
    /// same order as they do: then of two, one has them all first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn hold(tx: &mut Tx, mut keys: Vec<SecretHash>) -> Result<Self, Fault> {
        let mut named = HashSet::new();
        keys.retain(|key| named.insert(*key));
        let found = if keys.is_empty() { Vec::new() } else { tx.lock_counters(&keys).await? };
        Ok(Self { counters: found.into_iter().collect(), changed: HashSet::new() })
    }

    /// What a counter says now; empty when nothing was counted there.
    pub fn get(&self, key: SecretHash) -> Counter {
        self.counters.get(&key).copied().unwrap_or_default()
    }

    /// What it says from now on. It has to be held: one that is not would be counted from nothing.
    pub fn set(&mut self, key: SecretHash, counter: Counter) {
        if self.counters.insert(key, counter) != Some(counter) {
            self.changed.insert(key);
        }
    }

    /// Writes down those that have changed.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn save(self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        let changed = self.counters.into_iter().filter(|(key, _)| self.changed.contains(key));
        let counters: Vec<(SecretHash, Counter)> = changed.collect();
        if counters.is_empty() { Ok(()) } else { tx.save_counters(&counters, now).await }
    }
}
