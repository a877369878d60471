//! One lane per push service: how much is under way, and when to hold back.

use crate::endpoint::Endpoint;
use crate::reply::Reply;
use crate::vapid::VapidKey;
use base::{SecretHash, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Messages under way to one push service.
const IN_FLIGHT: usize = 100;
/// Lanes that are kept. Origins come from outside, so their number must be bounded.
const MOST_LANES: usize = 4_096;
/// Paused endpoints that one lane remembers.
const MOST_PAUSED: usize = 10_000;
/// Suspended keys that one lane remembers.
const MOST_KEYS: usize = 1_024;
/// The pause after 429 when the service names none.
const PAUSE: Duration = Duration::from_secs(30);
/// So many endpoints throttled within [`SPREAD_TIME`] mean the service as a whole, and pause all of it. One alone
/// pauses only itself: a browser that is flooded must not silence everyone who uses the same vendor.
const SPREAD: usize = 3;
const SPREAD_TIME: Duration = Duration::from_secs(60);
/// So many endpoints refusing one key within [`STRIKE_TIME`] mean the key, not the subscriptions.
const STRIKES: usize = 5;
const STRIKE_TIME: Duration = Duration::from_secs(600);
/// How long a key rests before one delivery probes whether it is accepted again.
const SUSPENSION: Duration = Duration::from_secs(300);
/// How long the others wait for a probe's outcome.
const PROBE: Duration = Duration::from_secs(30);

/// What a push service did so far, for metrics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OriginStatus {
    /// The push service.
    pub origin: String,
    /// Messages taken.
    pub accepted: u64,
    /// Subscriptions that were no more.
    pub gone: u64,
    /// Times we were told to wait.
    pub throttled: u64,
    /// Times the key or the request was refused.
    pub refused: u64,
    /// Errors, resets and timeouts.
    pub trouble: u64,
    /// Until when the whole service is left alone.
    pub paused_until: Option<Timestamp>,
    /// Keys (public, base64url) that are suspended at the moment: alert the operator.
    pub suspended_keys: Vec<String>,
}

/// All lanes.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<HashMap<String, Arc<Lane>>>);

/// One push service.
pub(crate) struct Lane {
    permits: Semaphore,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    paused_until: Option<Timestamp>,
    paused: HashMap<SecretHash, Timestamp>,
    throttled: HashMap<SecretHash, Timestamp>,
    keys: HashMap<String, Breaker>,
    status: OriginStatus,
}

/// The circuit breaker of one key: another tenant's key is not at fault for this one's.
#[derive(Default)]
struct Breaker {
    strikes: HashMap<SecretHash, Timestamp>,
    open_until: Option<Timestamp>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lanes {
    /// The lane of an origin.
    pub(crate) fn lane(&self, origin: &str, now: Timestamp) -> Arc<Lane> {
        let mut lanes = lock(&self.0);
        if let Some(lane) = lanes.get(origin) {
            return lane.clone();
        }
        if lanes.len() >= MOST_LANES {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lane.holds_back(now));
            if lanes.len() >= MOST_LANES {
                lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
            }
        }
        let lane = Arc::new(Lane { permits: Semaphore::new(IN_FLIGHT), state: Mutex::default() });
        lanes.insert(origin.to_owned(), lane.clone());
        lane
    }

    /// What each push service did.
    pub(crate) fn status(&self, now: Timestamp) -> Vec<OriginStatus> {
        let lanes = lock(&self.0);
        let mut all: Vec<_> = lanes.iter().map(|(origin, lane)| lock(&lane.state).status(origin, now)).collect();
        all.sort_by(|a, b| a.origin.cmp(&b.origin));
        all
    }
}

impl Lane {
    /// Room for one more message. A closed semaphore does not occur.
    pub(crate) async fn permit(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    fn holds_back(&self, now: Timestamp) -> bool {
        let state = lock(&self.state);
        let ahead = |until: &Timestamp| *until > now;
        state.paused_until.as_ref().is_some_and(ahead) || state.keys.values().any(|key| key.open_until.is_some())
    }

    /// Why a message must wait, if it must. A suspended key whose time is over lets this one through as a probe.
    pub(crate) fn hold(&self, endpoint: &Endpoint, key: &VapidKey, now: Timestamp) -> Option<Reply> {
        let mut state = lock(&self.state);
        let paused = state.paused.get(&endpoint.hash()).copied().max(state.paused_until).filter(|until| *until > now);
        if let Some(until) = paused {
            return Some(Reply::Throttled { retry_after: Some(until.since(now)) });
        }
        let breaker = state.keys.get_mut(key.public_base64url())?;
        let until = breaker.open_until?;
        if until > now {
            return Some(Reply::KeySuspended { retry_after: until.since(now) });
        }
        breaker.open_until = Some(now.plus(PROBE));
        None
    }

    /// Learns from a reply.
    pub(crate) fn note(&self, endpoint: &Endpoint, key: &VapidKey, reply: &Reply, now: Timestamp) {
        let mut state = lock(&self.state);
        match reply {
            Reply::Accepted => {
                state.status.accepted += 1;
                state.paused.remove(&endpoint.hash());
                if state.keys.remove(key.public_base64url()).is_some_and(|breaker| breaker.open_until.is_some()) {
                    tracing::info!(%endpoint, key = key.public_base64url(), "the push service accepts the key again");
                }
            }
            Reply::Gone => state.status.gone += 1,
            Reply::Throttled { retry_after } => {
                state.status.throttled += 1;
                state.pause(endpoint, retry_after.unwrap_or(PAUSE), now);
            }
            Reply::ServerTrouble { retry_after, .. } => {
                state.status.trouble += 1;
                if let Some(wait) = retry_after {
                    state.pause(endpoint, *wait, now);
                }
            }
            Reply::KeyRefused { status, reason } => {
                state.status.refused += 1;
                if state.strike(endpoint, key, now) {
                    tracing::error!(
                        %endpoint,
                        key = key.public_base64url(),
                        status,
                        reason,
                        "the push service refuses our key for many subscriptions: its deliveries rest; compare the \
                         key with the one that browsers subscribed with, and check the contact and the clock"
                    );
                }
            }
            Reply::TooLarge | Reply::KeySuspended { .. } | Reply::Expired | Reply::Refused(_) => {}
        }
    }
}

impl State {
    fn pause(&mut self, endpoint: &Endpoint, wait: Duration, now: Timestamp) {
        let until = now.plus(wait);
        if self.paused.len() >= MOST_PAUSED {
            self.paused.retain(|_, until| *until > now);
        }
        if self.paused.len() < MOST_PAUSED {
            self.paused.insert(endpoint.hash(), until);
        }
        self.throttled.retain(|_, at| now.since(*at) < SPREAD_TIME);
        if self.throttled.len() < SPREAD {
            self.throttled.insert(endpoint.hash(), now);
        }
        if self.throttled.len() >= SPREAD {
            self.paused_until = self.paused_until.max(Some(until));
        }
    }

    /// Counts a strike, and tells whether it suspends the key just now.
    fn strike(&mut self, endpoint: &Endpoint, key: &VapidKey, now: Timestamp) -> bool {
        if self.keys.len() >= MOST_KEYS && !self.keys.contains_key(key.public_base64url()) {
            self.keys.retain(|_, breaker| breaker.open_until.is_some_and(|until| until > now));
            if self.keys.len() >= MOST_KEYS {
                return false;
            }
        }
        let breaker = self.keys.entry(key.public_base64url().to_owned()).or_default();
        if breaker.open_until.is_some() {
            // A probe that failed, or a message that was under way when the circuit opened.
            breaker.open_until = Some(now.plus(SUSPENSION));
            return false;
        }
        breaker.strikes.retain(|_, at| now.since(*at) < STRIKE_TIME);
        breaker.strikes.insert(endpoint.hash(), now);
        if breaker.strikes.len() < STRIKES {
            return false;
        }
        breaker.strikes.clear();
        breaker.open_until = Some(now.plus(SUSPENSION));
        true
    }

    fn status(&self, origin: &str, now: Timestamp) -> OriginStatus {
        let mut suspended: Vec<String> =
            self.keys.iter().filter(|(_, breaker)| breaker.open_until.is_some()).map(|(key, _)| key.clone()).collect();
        suspended.sort();
        OriginStatus {
            origin: origin.to_owned(),
            paused_until: self.paused_until.filter(|until| *until > now),
            suspended_keys: suspended,
            ..self.status.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Rng;

    fn endpoint(n: usize) -> Endpoint {
        Endpoint::from_stored(&format!("https://push.example/{n}")).unwrap()
    }

    fn key(seed: u64) -> VapidKey {
        VapidKey::generate(&Rng::seeded(seed)).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_790_000_000 + seconds)
    }

    fn lane() -> Arc<Lane> {
        Lanes::default().lane("https://push.example", at(0))
    }

    fn throttled(seconds: Option<u64>) -> Reply {
        Reply::Throttled { retry_after: seconds.map(Duration::from_secs) }
    }

    const REFUSED: Reply = Reply::KeyRefused { status: 403, reason: String::new() };

    #[test]
    fn one_flooded_browser_pauses_itself_alone() {
        let (lane, key) = (lane(), key(1));
        lane.note(&endpoint(1), &key, &throttled(Some(120)), at(0));
        assert_eq!(lane.hold(&endpoint(1), &key, at(20)), Some(throttled(Some(100))));
        assert_eq!(lane.hold(&endpoint(2), &key, at(20)), None);
        assert_eq!(lane.hold(&endpoint(1), &key, at(120)), None);
    }

    #[test]
    fn a_pause_without_a_length_has_ours() {
        let (lane, key) = (lane(), key(1));
        lane.note(&endpoint(1), &key, &throttled(None), at(0));
        assert_eq!(lane.hold(&endpoint(1), &key, at(0)), Some(throttled(Some(30))));
    }

    #[test]
    fn throttling_of_many_pauses_the_whole_service() {
        let (lane, key) = (lane(), key(1));
        for n in 0..3 {
            assert_eq!(lane.hold(&endpoint(9), &key, at(0)), None);
            lane.note(&endpoint(n), &key, &throttled(Some(60)), at(0));
        }
        assert_eq!(lane.hold(&endpoint(9), &key, at(10)), Some(throttled(Some(50))));
        assert_eq!(lane.hold(&endpoint(9), &key, at(60)), None);
    }

    #[test]
    fn throttling_spread_over_time_is_not_the_service() {
        let (lane, key) = (lane(), key(1));
        for n in 0..6 {
            lane.note(&endpoint(n), &key, &throttled(Some(5)), at(i64::try_from(n).unwrap() * 61));
        }
        assert_eq!(lane.hold(&endpoint(9), &key, at(306)), None);
    }

    #[test]
    fn a_key_that_many_subscriptions_refuse_rests_and_is_probed_once() {
        let (lane, bad, good) = (lane(), key(1), key(2));
        for n in 0..5 {
            assert_eq!(lane.hold(&endpoint(n), &bad, at(0)), None);
            lane.note(&endpoint(n), &bad, &REFUSED, at(0));
        }
        let suspended = |seconds| Some(Reply::KeySuspended { retry_after: Duration::from_secs(seconds) });
        assert_eq!(lane.hold(&endpoint(9), &bad, at(0)), suspended(300));
        assert_eq!(lane.hold(&endpoint(9), &good, at(0)), None, "another tenant's key goes on");
        assert_eq!(lane.hold(&endpoint(9), &bad, at(300)), None, "the probe");
        assert_eq!(lane.hold(&endpoint(8), &bad, at(300)), suspended(30), "the others wait for it");
        lane.note(&endpoint(9), &bad, &REFUSED, at(301));
        assert_eq!(lane.hold(&endpoint(8), &bad, at(331)), suspended(270));
        assert_eq!(lane.hold(&endpoint(8), &bad, at(601)), None);
        lane.note(&endpoint(8), &bad, &Reply::Accepted, at(602));
        assert_eq!(lane.hold(&endpoint(7), &bad, at(602)), None);
        assert_eq!(lane.hold(&endpoint(6), &bad, at(602)), None);
    }

    #[test]
    fn one_subscription_that_refuses_again_and_again_suspends_nothing() {
        let (lane, key) = (lane(), key(1));
        for n in 0..50 {
            lane.note(&endpoint(1), &key, &REFUSED, at(n));
        }
        assert_eq!(lane.hold(&endpoint(2), &key, at(50)), None);
    }

    #[test]
    fn the_operator_sees_what_each_service_does() {
        let lanes = Lanes::default();
        let (lane, key) = (lanes.lane("https://push.example", at(0)), key(1));
        lane.note(&endpoint(1), &key, &Reply::Accepted, at(0));
        lane.note(&endpoint(1), &key, &Reply::Gone, at(0));
        for n in 0..5 {
            lane.note(&endpoint(n), &key, &REFUSED, at(0));
        }
        let [status] = &lanes.status(at(0))[..] else { panic!() };
        assert_eq!((status.accepted, status.gone, status.refused), (1, 1, 5));
        assert_eq!(status.suspended_keys, [key.public_base64url()]);
    }

    #[test]
    fn the_number_of_lanes_is_bounded() {
        let lanes = Lanes::default();
        for n in 0..MOST_LANES + 5 {
            lanes.lane(&format!("https://{n}.example"), at(0));
        }
        assert!(lanes.status(at(0)).len() <= MOST_LANES);
    }
}
