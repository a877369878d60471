//! How often a person is told: so often and no more, whatever somebody does to their account. What is over stays in the log.

use base::{Fault, SecretHash, Timestamp};
use identity::limit::{Counter, Limit};
use identity::notice::Target;
use identity::{Event, EventRecord};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::Tx;

const HOUR: Duration = Duration::from_secs(3_600);
/// Notices about the account to one browser.
const PUSHES: Limit = Limit { tries: 30, window: HOUR, longest_lock: Duration::ZERO, consecutive: None };
/// Mails about the account.
const MAILS: Limit = Limit { tries: 10, window: HOUR, longest_lock: Duration::ZERO, consecutive: None };

/// The counters of whom events are told to, held until the transaction ends.
pub(crate) struct Shares {
    counters: HashMap<SecretHash, Counter>,
    taken: HashSet<SecretHash>,
}

impl Shares {
    /// Reads and holds the counters of all of them at once.
    pub(crate) async fn lock(tx: &mut Tx, told: &[(&EventRecord, Vec<Target>)]) -> Result<Self, Fault> {
        let keys = keys(told);
        let found = if keys.is_empty() { Vec::new() } else { tx.lock_counters(&keys).await? };
        Ok(Self { counters: found.into_iter().collect(), taken: HashSet::new() })
    }

    /// Counts one more. `false` where the hour's share is used up.
    pub(crate) fn take(&mut self, record: &EventRecord, target: &Target, now: Timestamp) -> bool {
        let Some((key, limit)) = limited(record, target) else { return true };
        let counter = self.counters.entry(key).or_default();
        match counter.reserve(&limit, now) {
            Ok(counted) => {
                *counter = counted;
                self.taken.insert(key);
                true
            }
            Err(_) => false,
        }
    }

    /// Writes down what was counted.
    pub(crate) async fn save(self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        let taken = self.counters.into_iter().filter(|(key, _)| self.taken.contains(key));
        let counters: Vec<(SecretHash, Counter)> = taken.collect();
        if counters.is_empty() { Ok(()) } else { tx.save_counters(&counters, now).await }
    }
}

/// Each key once.
fn keys(told: &[(&EventRecord, Vec<Target>)]) -> Vec<SecretHash> {
    let each = told.iter().flat_map(|(record, targets)| targets.iter().filter_map(|target| limited(record, target)));
    each.map(|(key, _)| key).collect::<HashSet<_>>().into_iter().collect()
}

/// What is counted where an event is told, and how much of it there may be. `None` for what is told always.
fn limited(record: &EventRecord, target: &Target) -> Option<(SecretHash, Limit)> {
    let account = record.account?;
    let switched = matches!(record.event, Event::PreferencesChanged { .. } | Event::QuietChanged(_));
    if record.event.topic().is_none() && !switched {
        return None;
    }
    match record.event {
        // What waits for a yes has a limit of its own, where it is asked for; and its end silences what rang.
        Event::ChangeRequested { .. } | Event::ChangeEnded { .. } => return None,
        Event::AppAsks(_) | Event::AppAnswered(_) => return None,
        // What brings an undo comes, whatever somebody did before to use up the hour.
        Event::EmailChanged { .. } | Event::PasswordChanged { .. } | Event::PhoneChanged { .. } => return None,
        _ => {}
    }
    let (channel, limit) = match target {
        Target::Push { .. } => (&b"notice:push"[..], PUSHES),
        // Apart from the others: whoever flips a switch all the time must not use up what warns.
        Target::Mail if switched => (&b"notice:mail:switched"[..], MAILS),
        Target::Mail => (&b"notice:mail"[..], MAILS),
        // Each is of a session that has ended, of which there are so many: nothing to limit.
        Target::App { .. } => return None,
    };
    // One count for all browsers of a person would starve the second: a push is counted per browser.
    let place = match target {
        Target::Push { subscription } => subscription.as_bytes().to_vec(),
        Target::Mail | Target::App { .. } => Vec::new(),
    };
    Some((SecretHash::of(&[channel, account.as_bytes(), &place].concat()), limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;
    use identity::{Agent, Channel, Topic};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const PUSH: Target = Target::Push { subscription: Id::from_bytes([7; 16]) };
    const OTHER: Target = Target::Push { subscription: Id::from_bytes([8; 16]) };

    fn of(account: u8, event: Event) -> EventRecord {
        EventRecord {
            id: Id::from_bytes([1; 16]),
            tenant: Id::from_bytes([2; 16]),
            account: Some(Id::from_bytes([account; 16])),
            device: None,
            agent: Agent::default(),
            place: None,
            event,
            at: NOW,
        }
    }

    fn connected() -> Event {
        Event::AppConnected { app: "Shop".to_owned(), scope: "openid".to_owned() }
    }

    fn switched() -> Event {
        Event::PreferencesChanged { topic: Topic::AppConnected, channel: Channel::Push, on: true }
    }

    /// How many of a hundred are told.
    fn told(shares: &mut Shares, record: &EventRecord, target: Target) -> usize {
        (0..100).filter(|_| shares.take(record, &target, NOW)).count()
    }

    fn fresh() -> Shares {
        Shares { counters: HashMap::new(), taken: HashSet::new() }
    }

    #[test]
    fn each_browser_has_its_share_of_an_hour_and_mail_has_its_own() {
        let (mut shares, jane) = (fresh(), of(3, connected()));
        assert_eq!(told(&mut shares, &jane, PUSH), 30);
        assert_eq!(told(&mut shares, &jane, OTHER), 30, "the first has used nothing of it");
        assert_eq!(told(&mut shares, &jane, Target::Mail), 10);
        assert_eq!(told(&mut shares, &of(4, connected()), Target::Mail), 10, "nor has another person");
        let later = NOW.plus(HOUR);
        assert!(shares.take(&jane, &PUSH, later) && shares.take(&jane, &Target::Mail, later));
    }

    #[test]
    fn who_flips_a_switch_all_the_time_uses_up_nothing_that_warns() {
        let (mut shares, warning) = (fresh(), of(3, connected()));
        assert_eq!(told(&mut shares, &of(3, switched()), Target::Mail), 10);
        assert_eq!(told(&mut shares, &warning, Target::Mail), 10);
    }

    #[test]
    fn what_brings_an_undo_or_locks_down_is_told_always() {
        let (mut shares, change) = (fresh(), Id::from_bytes([9; 16]));
        let (from, to) = ("jane@example.com".parse().unwrap(), "eve@example.com".parse().unwrap());
        for event in [Event::EmailChanged { change, from, to }, Event::LockedDown {}] {
            assert_eq!(told(&mut shares, &of(3, event), Target::Mail), 100);
        }
        assert!(shares.taken.is_empty() && shares.counters.is_empty(), "nothing was counted");
    }

    #[test]
    fn a_counter_is_asked_for_once_however_many_are_told() {
        let (jane, lockdown) = (of(3, connected()), of(3, Event::LockedDown {}));
        let all = [(&jane, vec![PUSH, OTHER, Target::Mail]), (&jane, vec![PUSH]), (&lockdown, vec![PUSH])];
        assert_eq!(keys(&all).len(), 3);
    }
}
