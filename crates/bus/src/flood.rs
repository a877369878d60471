//! Requests are counted in buckets that fill up again: one in this process, and one that all nodes share.
//!
//! Both are the same: a bucket holds `burst`, and one drips in every `minute / per_minute`. What is kept is the moment at which it will be
//! full again (GCRA): one number, and a bucket that is full needs none.

use crate::connection::Connection;
use crate::link::Link;
use base::SecretHash;
use redis::Script;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many buckets a process keeps that are not full.
const MOST: usize = 65_536;

/// How large a bucket is, and how fast it fills up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many can be taken at once. At least one.
    pub burst: u32,
    /// How many come back in a minute. At least one.
    pub per_minute: u32,
}

/// Nothing is left in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// When there will be something again.
    pub wait: Duration,
    /// Whose bucket it was.
    pub at: Where,
}

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// This process's.
    Here,
    /// That of all nodes.
    Everywhere,
}

impl Rate {
    /// The time between two drops.
    fn drip(self) -> Duration {
        Duration::from_secs(60).checked_div(self.per_minute.max(1)).unwrap_or_default().max(Duration::from_micros(1))
    }

    /// The time in which an empty one fills up.
    fn whole(self) -> Duration {
        self.drip().saturating_mul(self.burst.max(1))
    }
}

/// The buckets of this process, each by when it will be full.
#[derive(Default)]
pub(crate) struct Buckets(Mutex<Filling>);

#[derive(Default)]
struct Filling {
    full_at: HashMap<SecretHash, Instant>,
    swept_at: Option<Instant>,
}

impl Buckets {
    pub(crate) fn take(&self, bucket: &SecretHash, rate: Rate) -> Result<(), Full> {
        self.take_at(bucket, rate, Instant::now())
    }

    /// What was taken was of no use.
    pub(crate) fn give_back(&self, bucket: &SecretHash, rate: Rate) {
        let mut filling = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = filling.full_at.get_mut(bucket) {
            *at = at.checked_sub(rate.drip()).unwrap_or(*at);
        }
    }

    fn take_at(&self, bucket: &SecretHash, rate: Rate, now: Instant) -> Result<(), Full> {
        let mut filling = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = filling.full_at.get(bucket).copied().map_or(now, |at| at.max(now));
        let after = full_at + rate.drip();
        let over = after.duration_since(now).saturating_sub(rate.whole());
        if !over.is_zero() {
            return Err(Full { wait: over, at: Where::Here });
        }
        if filling.full_at.len() >= MOST && !filling.full_at.contains_key(bucket) {
            filling.sweep(now);
        }
        // When so many are in use at once, the one more is not counted: refusing everybody would be worse.
        if filling.full_at.len() < MOST || filling.full_at.contains_key(bucket) {
            filling.full_at.insert(*bucket, after);
        }
        Ok(())
    }
}

impl Filling {
    /// Forgets full ones; not more often than once in a second, for it takes its time.
    fn sweep(&mut self, now: Instant) {
        if self.swept_at.is_some_and(|at| now.duration_since(at) < Duration::from_secs(1)) {
            return;
        }
        self.swept_at = Some(now);
        self.full_at.retain(|_, at| *at > now);
    }
}

/// One round trip. Redis's own clock counts, so that the nodes' need not agree. Answers how many microseconds to wait.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local drop, whole = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + drop
if full - now > whole then return math.ceil(full - now - whole) end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
",
    )
});

/// Takes one from the bucket of all nodes. Without an answer of Redis it is as if something had been in it.
pub(crate) async fn take_from_all(link: &Link, bucket: &SecretHash, rate: Rate) -> Result<(), Full> {
    let name = link.names.bucket(bucket);
    let micros = |span: Duration| u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
    let (drip, whole) = (micros(rate.drip()), micros(rate.whole()));
    let take = |mut connection: Connection| async move {
        TAKE.key(name).arg(drip).arg(whole).invoke_async::<u64>(&mut connection).await
    };
    match link.ask("take", take).await {
        Some(0) | None => Ok(()),
        Some(wait) => Err(Full { wait: Duration::from_micros(wait), at: Where::Everywhere }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, per_minute: 60 };
    const ONE: SecretHash = SecretHash([1; 32]);

    #[test]
    fn a_bucket_gives_its_burst_and_then_what_drips_in() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        for _ in 0..3 {
            assert_eq!(buckets.take_at(&ONE, RATE, now), Ok(()));
        }
        let refused = buckets.take_at(&ONE, RATE, now).unwrap_err();
        assert_eq!((refused.wait, refused.at), (Duration::from_secs(1), Where::Here));
        let later = now + Duration::from_millis(1_000);
        assert_eq!(buckets.take_at(&ONE, RATE, later), Ok(()));
        assert!(buckets.take_at(&ONE, RATE, later).is_err());
        assert_eq!(buckets.take_at(&SecretHash([2; 32]), RATE, now), Ok(()), "each has its own");
        buckets.give_back(&ONE, RATE);
        assert_eq!(buckets.take_at(&ONE, RATE, later), Ok(()));
        let much_later = now + Duration::from_secs(3_600);
        let taken = (0..10).filter(|_| buckets.take_at(&ONE, RATE, much_later).is_ok()).count();
        assert_eq!(taken, 3, "it is never fuller than full");
    }

    #[test]
    fn full_buckets_take_no_room() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        let name = |n: usize| SecretHash::of(&n.to_le_bytes());
        for n in 0..MOST {
            buckets.take_at(&name(n), RATE, now).unwrap();
        }
        let later = now + Duration::from_secs(10);
        buckets.take_at(&ONE, RATE, later).unwrap();
        assert_eq!(buckets.0.lock().unwrap().full_at.len(), 1);
    }
}
