//! From events to deliveries.

use crate::relay::Parts;
use base::{Fault, Id, SecretHash};
use identity::change::{MAIL_AFTER, Mode};
use identity::limit::Limit;
use identity::notice::{SubscriptionView, Target, audience};
use identity::{Event, EventRecord, Preferences};
use std::time::Duration;
use store::Tx;
use store::model::{NewDelivery, Sink};

const BATCH: i64 = 100;
const HOUR: Duration = Duration::from_secs(3_600);
/// Notices about the account to one browser.
const PUSHES: Limit = Limit { tries: 30, window: HOUR, longest_lock: Duration::ZERO, consecutive: None };
/// Mails about the account.
const MAILS: Limit = Limit { tries: 10, window: HOUR, longest_lock: Duration::ZERO, consecutive: None };

/// What was relayed.
#[derive(Default)]
pub(crate) struct Relayed {
    /// Anything at all.
    pub(crate) any: bool,
    /// As much as fits, so that there may be more.
    pub(crate) more: bool,
    /// Where there is something to deliver, now or later.
    pub(crate) sinks: Vec<Sink>,
}

/// Relays a batch of events: its deliveries and the mark that it was relayed are one transaction.
pub(crate) async fn some(parts: &Parts) -> Result<Relayed, Fault> {
    let mut tx = parts.store.begin_across().await?;
    let records = tx.claim_events(BATCH).await?;
    if records.is_empty() {
        return Ok(Relayed::default());
    }
    let now = parts.clock.now();
    let mut sinks = Vec::new();
    for record in &records {
        tx.for_tenant(record.tenant);
        let targets = targets(&mut tx, parts, record).await?;
        let rings = targets.iter().any(|target| matches!(target, Target::Push { .. }));
        for target in targets {
            if !within_limits(&mut tx, parts, (record, &target)).await? {
                continue;
            }
            let (sink, target) = match target {
                Target::Push { subscription } => (Sink::Push, subscription.to_string()),
                Target::App { client } => {
                    let is_answer = matches!(record.event, Event::AnswerDue(_));
                    (if is_answer { Sink::Answer } else { Sink::Logout }, client.to_string())
                }
                Target::Mail => (Sink::Mail, record.account.map_or_else(|| "address".to_owned(), |id| id.to_string())),
            };
            let expires_at = record.at.plus(record.event.valid_for());
            // Where a browser rings, the mail waits: a click there is quicker.
            let waits = sink == Sink::Mail && rings && record.event.waits_for_click();
            let id = Id::at(now, &parts.rng);
            let delivery = NewDelivery {
                id,
                event: record.id,
                sink,
                target,
                due_at: if waits { record.at.plus(MAIL_AFTER) } else { now },
                expires_at,
                priority: record.event.priority(),
            };
            tx.add_delivery(&delivery).await?;
            if !sinks.contains(&sink) {
                sinks.push(sink);
            }
        }
    }
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    tx.mark_relayed(&ids, now).await?;
    tx.commit().await?;
    let more = i64::try_from(records.len()).is_ok_and(|relayed| relayed >= BATCH);
    Ok(Relayed { any: true, more, sinks })
}

/// A person is told so often and no more, whatever somebody does to their account: what is over stays in the log.
async fn within_limits(tx: &mut Tx, parts: &Parts, (record, target): (&EventRecord, &Target)) -> Result<bool, Fault> {
    let Some(account) = record.account else { return Ok(true) };
    let switched = matches!(record.event, Event::PreferencesChanged { .. } | Event::QuietChanged(_));
    if record.event.topic().is_none() && !switched {
        return Ok(true);
    }
    match record.event {
        // What waits for a yes has a limit of its own, where it is asked for; and its end silences what rang.
        Event::ChangeRequested { .. } | Event::ChangeEnded { .. } => return Ok(true),
        Event::AppAsks(_) | Event::AppAnswered(_) => return Ok(true),
        // What brings an undo comes, whatever somebody did before to use up the hour.
        Event::EmailChanged { .. } | Event::PasswordChanged { .. } | Event::PhoneChanged { .. } => return Ok(true),
        _ => {}
    }
    let (channel, limit) = match target {
        Target::Push { .. } => (&b"notice:push"[..], PUSHES),
        // Apart from the others: whoever flips a switch all the time must not use up what warns.
        Target::Mail if switched => (&b"notice:mail:switched"[..], MAILS),
        Target::Mail => (&b"notice:mail"[..], MAILS),
        // Each is of a session that has ended, of which there are so many: nothing to limit.
        Target::App { .. } => return Ok(true),
    };
    // One count for all browsers of a person would starve the second: a push is counted per browser.
    let place = match target {
        Target::Push { subscription } => subscription.as_bytes().to_vec(),
        Target::Mail | Target::App { .. } => Vec::new(),
    };
    let key = SecretHash::of(&[channel, account.as_bytes(), &place].concat());
    let now = parts.clock.now();
    match tx.lock_counter(key).await?.reserve(&limit, now) {
        Ok(counter) => tx.save_counter(key, &counter, now).await.map(|()| true),
        Err(_) => Ok(false),
    }
}

async fn targets(tx: &mut Tx, parts: &Parts, record: &EventRecord) -> Result<Vec<Target>, Fault> {
    // Done without a word, as the operator has it: it stands in the log.
    if record.event.does().is_some_and(|kind| parts.changes.mode(kind) == Mode::Off) {
        return Ok(Vec::new());
    }
    let (preferences, subscriptions) = match record.account {
        Some(account) => (tx.preferences(account).await?, tx.list_subscriptions(account).await?),
        None => (Preferences::default(), Vec::new()),
    };
    let subscriptions: Vec<SubscriptionView> =
        subscriptions.into_iter().map(|s| SubscriptionView { id: s.id, device: s.device, live: true }).collect();
    Ok(audience(record, &preferences, &subscriptions))
}
