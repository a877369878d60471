//! From events to deliveries.

use crate::relay::Parts;
use base::{Fault, Id};
use identity::notice::{SubscriptionView, Target, audience};
use identity::{Event, EventRecord, Preferences};
use std::time::Duration;
use store::Tx;
use store::model::{NewDelivery, Sink};

const BATCH: i64 = 100;

/// Relays a batch of events: its deliveries and the mark that it was relayed are one transaction.
pub(crate) async fn some(parts: &Parts) -> Result<usize, Fault> {
    let mut tx = parts.store.begin_across().await?;
    let records = tx.claim_events(BATCH).await?;
    if records.is_empty() {
        return Ok(0);
    }
    let now = parts.clock.now();
    for record in &records {
        tx.for_tenant(record.tenant);
        for target in targets(&mut tx, record).await? {
            let (sink, target) = match target {
                Target::Push { subscription } => (Sink::Push, subscription.to_string()),
                Target::Mail => (Sink::Mail, record.account.map_or_else(|| "address".to_owned(), |id| id.to_string())),
            };
            let expires_at = record.at.plus(lifetime(&record.event));
            let id = Id::at(now, &parts.rng);
            let delivery = NewDelivery {
                id,
                event: record.id,
                sink,
                target,
                due_at: now,
                expires_at,
                priority: priority(&record.event),
            };
            tx.add_delivery(&delivery).await?;
        }
    }
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    tx.mark_relayed(&ids, now).await?;
    tx.commit().await?;
    Ok(records.len())
}

async fn targets(tx: &mut Tx, record: &EventRecord) -> Result<Vec<Target>, Fault> {
    let (preferences, subscriptions) = match record.account {
        Some(account) => (tx.preferences(account).await?, tx.list_subscriptions(account).await?),
        None => (Preferences::default(), Vec::new()),
    };
    let subscriptions: Vec<SubscriptionView> =
        subscriptions.into_iter().map(|s| SubscriptionView { id: s.id, device: s.device, live: true }).collect();
    Ok(audience(record, &preferences, &subscriptions))
}

/// How long telling of an event is worth anything: the TTL of its notice, too.
pub(crate) const fn lifetime(event: &Event) -> Duration {
    const MINUTE: u64 = 60;
    const DAY: u64 = 24 * 60 * MINUTE;
    Duration::from_secs(match event {
        Event::PushEnabled { .. } | Event::PushTest { .. } => 5 * MINUTE,
        Event::ResetRequested { .. } => 60 * MINUTE,
        _ => DAY,
    })
}

/// Security overtakes the rest.
const fn priority(event: &Event) -> i32 {
    match event {
        Event::NewDevice { .. } | Event::PasswordChanged {} | Event::PasswordReset {} | Event::Guessing {} => 10,
        Event::RegistrationRequested { .. }
        | Event::ResetRequested { .. }
        | Event::PushEnabled { .. }
        | Event::PushTest { .. } => 5,
        _ => 0,
    }
}
