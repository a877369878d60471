//! How often a person is told: so often and no more, whatever somebody does to their account. What is over stays in the log.

use base::{Fault, SecretHash, Timestamp};
use identity::limit::Limit;
use identity::notice::Target;
use identity::{Event, EventRecord};
use std::time::Duration;
use store::{HeldCounters, Tx};

const HOUR: Duration = Duration::from_secs(3_600);
/// Notices about the account to one browser.
const PUSHES: Limit = Limit { tries: 30, window: HOUR, longest_lock: Duration::ZERO, consecutive: None };
/// Mails about the account.
const MAILS: Limit = Limit { tries: 10, window: HOUR, longest_lock: Duration::ZERO, consecutive: None };

/// The counters of whom events are told to, held until the transaction ends.
pub(crate) struct Shares {
    counters: HeldCounters,
}

impl Shares {
    /// Reads and holds the counters of all of them at once.
    pub(crate) async fn lock(tx: &mut Tx, told: &[(&EventRecord, Vec<Target>)]) -> Result<Self, Fault> {
        let each =
            told.iter().flat_map(|(record, targets)| targets.iter().filter_map(|target| limited(record, target)));
        let mut keys: Vec<SecretHash> = each.map(|(key, _)| key).collect();
        // Another batch may tell the same people.
        keys.sort_unstable_by_key(|key| key.0);
        Ok(Self { counters: HeldCounters::hold(tx, keys).await? })
    }

    /// Counts one more. `false` where the hour's share is used up.
    pub(crate) fn take(&mut self, record: &EventRecord, target: &Target, now: Timestamp) -> bool {
        let Some((key, limit)) = limited(record, target) else { return true };
        match self.counters.get(key).reserve(&limit, now) {
            Ok(counted) => {
                self.counters.set(key, counted);
                true
            }
            Err(_) => false,
        }
    }

    /// Writes down what was counted.
    pub(crate) async fn save(self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        self.counters.save(tx, now).await
    }
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
        Shares { counters: HeldCounters::default() }
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
            let record = of(3, event);
            assert_eq!(told(&mut shares, &record, Target::Mail), 100);
            assert_eq!(limited(&record, &Target::Mail), None, "nothing was counted");
        }
    }
}
