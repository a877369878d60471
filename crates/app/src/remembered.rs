//! What was read a moment ago, for requests that ask for the same many times in a second.
//!
//! Nothing is believed for longer than [`MOMENT`]: what another process changes (another node, the command line) counts after
//! that at the latest. What this process changes, or is told of over the bus, counts at once, as the store's revision tells
//! ([`Moment`]).
//! What is not there is never remembered, so strangers fill nothing.

use crate::here::Here;
use base::{Fault, SecretHash, Timestamp};
use oauth::Client;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long something that was read counts: half of the second within which a revocation has to be felt.
const MOMENT: Duration = Duration::from_millis(500);
/// How many tokens and apps are remembered at most, twice each.
const TOKENS: usize = 1_024;
const APPS: usize = 256;

/// When something was read, from before the reading began: by our clock, by the machine's (which nobody sets, and by which
/// other processes change what was read), and the store's revision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    at: Timestamp,
    since: Instant,
    revision: u64,
}

impl Moment {
    /// Whether what was read then still counts now. A clock that was set back ends it too.
    fn still_counts(self, now: Self) -> bool {
        let lately = self.at <= now.at && now.at < self.at.plus(MOMENT);
        lately && now.since.duration_since(self.since) < MOMENT && self.revision == now.revision
    }
}

/// Something that was read, and when.
pub(crate) struct Read<T> {
    pub(crate) value: Arc<T>,
    /// When it was read.
    pub(crate) read: Moment,
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), read: self.read }
    }
}

impl<T> Read<T> {
    /// The same, if it still counts.
    fn if_fresh(self, now: Moment) -> Option<Self> {
        self.read.still_counts(now).then_some(self)
    }

    /// The value, if it still counts.
    pub(crate) fn fresh(self, now: Moment) -> Option<Arc<T>> {
        self.if_fresh(now).map(|read| read.value)
    }
}

/// Values by their keys: the ones used last, at most twice `most`.
pub(crate) struct Remembered<K, T> {
    most: usize,
    generations: Mutex<Generations<K, T>>,
}

struct Generations<K, T> {
    young: HashMap<K, Read<T>>,
    old: HashMap<K, Read<T>>,
}

impl<K: Eq + Hash, T> Remembered<K, T> {
    fn new(most: usize) -> Self {
        Self { most, generations: Mutex::new(Generations { young: HashMap::new(), old: HashMap::new() }) }
    }

    /// What is remembered under a key, however old.
    pub(crate) fn find<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Read<T>>
    where
        K: Borrow<Q>,
    {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = generations.young.get(key) {
            return Some(found.clone());
        }
        let (key, found) = generations.old.remove_entry(key)?;
        self.insert(&mut generations, key, found.clone());
        Some(found)
    }

    /// Remembers what was read in a moment.
    pub(crate) fn keep(&self, key: K, value: Arc<T>, read: Moment) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        self.insert(&mut generations, key, Read { value, read });
    }

    fn insert(&self, generations: &mut Generations<K, T>, key: K, read: Read<T>) {
        if generations.young.len() >= self.most && !generations.young.contains_key(&key) {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(key, read);
    }
}

/// What is remembered of a tenant. It is forgotten when tenant and keys are read again, so no token outlives its key.
pub(crate) struct Memory {
    clients: Remembered<String, Client>,
    tokens: Remembered<SecretHash, crate::oidc::LiveToken>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { clients: Remembered::new(APPS), tokens: Remembered::new(TOKENS) }
    }
}

impl Here {
    /// This moment, to be taken before something is read.
    pub(crate) fn moment(&self) -> Moment {
        Moment { revision: self.parts().store.revision(), at: self.now(), since: Instant::now() }
    }

    /// Access tokens that were found alive.
    pub(crate) fn tokens(&self) -> &Remembered<SecretHash, crate::oidc::LiveToken> {
        &self.memory().tokens
    }

    /// The client of a `client_id`, also one that is switched off, as it was a moment ago at the most.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub(crate) async fn known_client(&self, client_id: &str) -> Result<Option<Arc<Client>>, Fault> {
        Ok(self.client_as_read(client_id).await?.map(|read| read.value))
    }

    /// The same, with when it was read.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub(crate) async fn client_as_read(&self, client_id: &str) -> Result<Option<Read<Client>>, Fault> {
        let clients = &self.memory().clients;
        let moment = self.moment();
        if let Some(client) = clients.find(client_id).and_then(|read| read.if_fresh(moment)) {
            return Ok(Some(client));
        }
        let Some(client) = self.read().await?.find_client(client_id).await?.map(Arc::new) else { return Ok(None) };
        clients.keep(client_id.to_owned(), Arc::clone(&client), moment);
        Ok(Some(Read { value: client, read: moment }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(millis: i64, revision: u64) -> Moment {
        static SINCE: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
        Moment { at: Timestamp::from_micros(millis * 1_000), since: *SINCE, revision }
    }

    #[test]
    fn what_was_read_counts_for_half_a_second() {
        let read = moment(1_000, 7);
        for (now, counts) in [(1_000, true), (1_499, true), (1_500, false), (999, false)] {
            assert_eq!(read.still_counts(moment(now, 7)), counts, "{now}");
        }
    }

    #[test]
    fn a_clock_that_stands_still_does_not_make_it_count_for_longer() {
        let read = moment(1_000, 7);
        let later = Moment { since: read.since + MOMENT, ..read };
        assert!(read.still_counts(read) && !read.still_counts(later));
    }

    #[test]
    fn a_change_of_this_process_ends_it_at_once() {
        let memory = Remembered::new(4);
        memory.keep("key", Arc::new(1), moment(1_000, 7));
        assert!(memory.find("key").unwrap().fresh(moment(1_001, 7)).is_some());
        assert!(memory.find("key").unwrap().fresh(moment(1_001, 8)).is_none());
    }

    #[test]
    fn it_forgets_what_was_not_asked_for_lately() {
        let memory = Remembered::new(4);
        for key in 0..100 {
            memory.keep(key, Arc::new(key), moment(0, 0));
            assert!(memory.find(&0).is_some(), "asked for all the time: {key}");
        }
        let left = (0..100).filter(|key| memory.find(key).is_some()).count();
        assert!((4..=8).contains(&left), "{left}");
    }
}
