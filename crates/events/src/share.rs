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
    taken: bool,
}

impl Shares {
    /// Reads and holds the counters of all of them at once.
    pub(crate) async fn lock(tx: &mut Tx, told: &[(&EventRecord, Vec<Target>)]) -> Result<Self, Fault> {
        let keys = keys(told);
        let found = if keys.is_empty() { Vec::new() } else { tx.lock_counters(&keys).await? };
        Ok(Self { counters: found.into_iter().collect(), taken: false })
    }

    /// Counts one more. `false` where the hour's share is used up.
    pub(crate) fn take(&mut self, record: &EventRecord, target: &Target, now: Timestamp) -> bool {
        let Some((key, limit)) = limited(record, target) else { return true };
        let counter = self.counters.entry(key).or_default();
        match counter.reserve(&limit, now) {
            Ok(counted) => {
                *counter = counted;
                self.taken = true;
                true
            }
            Err(_) => false,
        }
    }

    /// Writes down what was counted.
    pub(crate) async fn save(self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        if !self.taken {
            return Ok(());
        }
        let counters: Vec<(SecretHash, Counter)> = self.counters.into_iter().collect();
        tx.save_counters(&counters, now).await
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
