//! Password hashing off the async threads: a bounded pool behind a fair queue.
//!
//! Hashing is the one thing here that costs real time and memory. A fixed number of threads does it, each
//! with an arena of its own; who waits, waits in a queue that takes turns between keys (an address, an
//! account), so that a storm from one corner does not hold up the rest. A full queue answers "busy" at once.

use crate::door::Door;
use base::{Fault, Rng};
use identity::account::PasswordHash;
use identity::password::{self, Arena, HashParams};
use meter::Meter;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::Span;
use zeroize::Zeroizing;

/// How long a thread without work keeps its memory.
const IDLE: Duration = Duration::from_secs(10);
/// How polite the threads are (nice): whatever answers in milliseconds goes first. Not the politest there is, so that a flood of
/// cheap requests, or whatever else runs on the machine, does not keep everybody from signing in.
#[cfg(target_os = "linux")]
const POLITENESS: i32 = 5;

/// The pool. Cloning shares it; the threads end with the last clone.
#[derive(Clone)]
pub struct Hasher {
    shared: Arc<Shared>,
    params: HashParams,
    dummy: Arc<PasswordHash>,
    _stop: Arc<Stop>,
}

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    /// Held while a record is verified that needs much memory, so that the threads together need it once.
    heavy: Mutex<()>,
    capacity: usize,
    /// Who is let in to type a password at all.
    door: Door,
    meter: Meter,
}

#[derive(Default)]
struct Queue {
    turns: VecDeque<u64>,
    waiting: HashMap<u64, VecDeque<Job>>,
    length: usize,
    stopped: bool,
}

struct Job {
    password: Zeroizing<String>,
    work: Work,
    /// The wait in the queue, and what it is a part of.
    waits: Span,
    within: Span,
}

impl Job {
    fn new(password: Zeroizing<String>, work: Work) -> Self {
        let waits = tracing::info_span!(target: base::TRACED, "hash queue");
        Self { password, work, waits, within: Span::current() }
    }
}

enum Work {
    Hash(oneshot::Sender<Result<PasswordHash, Fault>>),
    Verify(PasswordHash, oneshot::Sender<bool>),
}

struct Stop(Arc<Shared>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.wake.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one more of this key may wait.
    fn room(&self, queue: &Queue, key: u64) -> Result<(), Fault> {
        if queue.length >= self.capacity {
            self.meter.hash_refused();
            self.door.refused(Instant::now());
            return Err(Fault::busy("hash a password: the queue is full"));
        }
        let share = (self.capacity / 4).max(8);
        if queue.waiting.get(&key).is_some_and(|line| line.len() >= share) {
            self.meter.hash_refused();
            return Err(Fault::busy("hash a password: too many from one network"));
        }
        Ok(())
    }

    fn push(&self, key: u64, job: Job) -> Result<(), Fault> {
        let mut queue = self.lock();
        self.room(&queue, key)?;
        self.door.typed();
        queue.length += 1;
        let line = queue.waiting.entry(key).or_default();
        line.push_back(job);
        if line.len() == 1 {
            queue.turns.push_back(key);
        }
        drop(queue);
        self.wake.notify_one();
        Ok(())
    }

    /// What comes next. A thread that holds memory is told when there was nothing for it for a while.
    fn next(&self, holds_memory: bool) -> Next {
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.pop() {
                return Next::Job(job);
            }
            if queue.stopped {
                return Next::End;
            }
            if !holds_memory {
                queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (again, waited) = self.wake.wait_timeout(queue, IDLE).unwrap_or_else(PoisonError::into_inner);
            queue = again;
            if waited.timed_out() && queue.length == 0 && !queue.stopped {
                return Next::Idle;
            }
        }
    }
}

impl Queue {
    /// The next job, taking turns between keys.
    fn pop(&mut self) -> Option<Job> {
        let key = self.turns.pop_front()?;
        let line = self.waiting.get_mut(&key)?;
        let job = line.pop_front()?;
        if line.is_empty() {
            self.waiting.remove(&key);
        } else {
            self.turns.push_back(key);
        }
        self.length = self.length.saturating_sub(1);
        Some(job)
    }
}

enum Next {
    Job(Job),
    /// Nothing for a while: memory can go.
    Idle,
    End,
}

impl Hasher {
    /// Starts the threads. `threads` of 0 means one per core; at most `capacity` jobs wait.
    ///
    /// # Errors
    /// [`Fault`] when the parameters are refused or a thread can't be started.
    pub fn start(
        params: HashParams,
        (threads, capacity): (usize, usize),
        rng: &Rng,
        meter: Meter,
    ) -> Result<Self, Fault> {
        let threads = match threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            n => n,
        };
        let dummy = Arc::new(password::dummy(&params)?);
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            wake: Condvar::new(),
            heavy: Mutex::default(),
            capacity: capacity.max(1),
            door: Door::new(capacity, Instant::now()),
            meter,
        });
        for n in 0..threads {
            let (shared, params, rng) = (Arc::clone(&shared), params, rng.clone());
            std::thread::Builder::new()
                .name(format!("hasher-{n}"))
                .spawn(move || work(&shared, &params, &rng))
                .map_err(|e| Fault::new("start a hashing thread", e))?;
        }
        let stop = Arc::new(Stop(Arc::clone(&shared)));
        Ok(Self { shared, params, dummy, _stop: stop })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// Busy when the queue is full.
    pub async fn hash(&self, password: Zeroizing<String>, key: u64) -> Result<PasswordHash, Fault> {
        let (answer, wait) = oneshot::channel();
        self.shared.push(key, Job::new(password, Work::Hash(answer)))?;
        wait.await.map_err(|_| Fault::broken("hash a password: the pool has stopped"))?
    }

    /// Verifies a password against a record, in any of the formats of [`identity::password`]; without a record
    /// against a dummy, which takes as long and never matches.
    ///
    /// # Errors
    /// Busy when the queue is full.
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        record: Option<&PasswordHash>,
        key: u64,
    ) -> Result<bool, Fault> {
        let (answer, wait) = oneshot::channel();
        let known = record.is_some();
        let record = record.unwrap_or(&self.dummy).clone();
        self.shared.push(key, Job::new(password, Work::Verify(record, answer)))?;
        let matches = wait.await.map_err(|_| Fault::broken("verify a password: the pool has stopped"))?;
        Ok(matches && known)
    }

    /// A record of today's for a password that was right. `None` when this is one, and when there is no room to make it: that
    /// can be done at the next sign-in as well.
    ///
    /// # Errors
    /// [`Fault`] when it can't be made.
    pub async fn renewed(
        &self,
        record: &PasswordHash,
        password: Zeroizing<String>,
        key: u64,
    ) -> Result<Option<PasswordHash>, Fault> {
        if !password::needs_rehash(record, &self.params) {
            return Ok(None);
        }
        match self.hash(password, key).await {
            Err(fault) if fault.is_busy() => Ok(None),
            made => made.map(Some),
        }
    }

    /// Looks for room before anything else is done for a password: where there is none, saying so should cost nothing.
    ///
    /// # Errors
    /// Busy when the queue is full.
    pub fn room(&self, key: u64) -> Result<(), Fault> {
        self.shared.room(&self.shared.lock(), key)
    }

    /// Whether somebody from this network may begin to sign in, or would only be refused later. `None` stands for a network
    /// that is not counted.
    pub fn lets_in(&self, network: Option<u64>) -> bool {
        self.shared.door.lets_in(network, Instant::now())
    }

    /// How many jobs wait.
    pub fn waiting(&self) -> usize {
        self.shared.lock().length
    }
}

fn work(shared: &Shared, params: &HashParams, rng: &Rng) {
    be_polite();
    let mut arena = Arena::default();
    let mut holds_memory = false;
    loop {
        let Job { password, work, waits, within } = match shared.next(holds_memory) {
            Next::Job(job) => job,
            Next::Idle => {
                (arena, holds_memory) = (Arena::default(), false);
                continue;
            }
            Next::End => return,
        };
        holds_memory = true;
        drop(waits);
        let hashes = tracing::info_span!(target: base::TRACED, parent: &within, "hash");
        let begun = Instant::now();
        // Whoever asked may have gone away: the answer is then dropped.
        match work {
            Work::Hash(answer) => {
                let hash = password::hash(&password, params, rng, &mut arena);
                drop((hashes, within));
                let _ = answer.send(hash);
            }
            Work::Verify(record, answer) => {
                let alone = record.is_heavy().then(|| shared.heavy.lock().unwrap_or_else(PoisonError::into_inner));
                let matches = password::verify(&password, &record, params, &mut arena);
                drop(alone);
                // Before the answer: the request may be over before this thread runs again.
                drop((hashes, within));
                let _ = answer.send(matches);
            }
        }
        shared.door.hashed();
        shared.meter.hashed(begun.elapsed());
    }
}

/// Lets everything else go first.
fn be_polite() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), POLITENESS) {
        tracing::debug!(%error, "the threads that hash passwords are as important as the others");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::pin::pin;

    fn typed() -> Zeroizing<String> {
        Zeroizing::new("a password".to_owned())
    }

    /// One thread, and one place to wait for it.
    fn hasher(iterations: u32) -> Hasher {
        let params = HashParams { memory_kib: 19_456, iterations, parallelism: 1 };
        Hasher::start(params, (1, 1), &Rng::seeded(1), Meter::default()).unwrap()
    }

    fn older() -> PasswordHash {
        let params = HashParams { memory_kib: 64, iterations: 1, parallelism: 1 };
        password::hash("a password", &params, &Rng::seeded(2), &mut Arena::default()).unwrap()
    }

    #[tokio::test]
    async fn a_record_of_older_days_is_made_anew() {
        let hasher = hasher(2);
        let new = hasher.renewed(&older(), typed(), 1).await.unwrap().unwrap();
        assert!(hasher.verify(typed(), Some(&new), 1).await.unwrap());
        assert_eq!(hasher.renewed(&new, typed(), 1).await.unwrap(), None, "it is today's");
    }

    #[tokio::test]
    async fn where_there_is_no_room_it_stays_until_another_sign_in() {
        // As much work as one may ask for.
        let hasher = hasher(53);
        loop {
            let (mut worked_at, mut waits) = (pin!(hasher.hash(typed(), 2)), pin!(hasher.hash(typed(), 2)));
            assert!(worked_at.as_mut().now_or_never().is_none());
            while hasher.waiting() > 0 {
                std::thread::yield_now();
            }
            assert!(waits.as_mut().now_or_never().is_none());
            let renewed = hasher.renewed(&older(), typed(), 1).await.unwrap();
            // Unless the machine was so slow that the one that waits had its turn.
            if hasher.waiting() == 1 {
                assert_eq!(renewed, None);
                return;
            }
            waits.await.unwrap();
        }
    }
}
