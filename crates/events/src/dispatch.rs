//! From events to deliveries.

use crate::people::People;
use crate::relay::Parts;
use crate::share::Shares;
use base::{Fault, Id, Timestamp};
use identity::change::{MAIL_AFTER, Mode};
use identity::notice::Target;
use identity::{Event, EventRecord};
use std::collections::BTreeMap;
use store::Tx;
use store::model::{NewDelivery, Sink};

const BATCH: i64 = 100;
/// The same while much waits: what a batch costs besides its events is shared by more of them.
const LARGE: i64 = 400;

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

/// Relays a batch of events: its deliveries and that it waits no longer are one transaction. What is to be known of those whom
/// they concern is read for all at once, and written so.
pub(crate) async fn some(parts: &Parts) -> Result<Relayed, Fault> {
    up_to(parts, BATCH).await
}

async fn up_to(parts: &Parts, most: i64) -> Result<Relayed, Fault> {
    if let Some(relayed) = attempt(parts, most, Made::None).await? {
        return Ok(relayed);
    }
    // An event waits of which there are deliveries already: somebody has put it there again. It must not hold the others up.
    tracing::warn!("an event was to be relayed a second time: only what it had not become is added");
    Ok(attempt(parts, most, Made::Some).await?.unwrap_or_default())
}

/// What there may be already of what is to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    None,
    Some,
}

/// `None` when some of it was made before, though none should have been: nothing is kept then.
async fn attempt(parts: &Parts, most: i64, made: Made) -> Result<Option<Relayed>, Fault> {
    let mut tx = parts.store.begin_relay().await?;
    let records = tx.take_events(most).await?;
    if records.is_empty() {
        // Rows whose events are gone were taken all the same, and must not come again.
        tx.commit().await?;
        return Ok(Some(Relayed::default()));
    }
    let now = parts.clock.now();
    let mut sinks = Vec::new();
    for (tenant, records) in by_tenant(&records) {
        tx.for_tenant(tenant);
        let deliveries = deliveries(&mut tx, parts, &records, now).await?;
        if deliveries.is_empty() {
            continue;
        }
        match made {
            Made::None if !tx.add_new_deliveries(&deliveries).await? => return Ok(None),
            Made::None => {}
            Made::Some => tx.add_deliveries(&deliveries).await?,
        }
        for delivery in deliveries {
            if !sinks.contains(&delivery.sink) {
                sinks.push(delivery.sink);
            }
        }
    }
    tx.commit().await?;
    let more = i64::try_from(records.len()).is_ok_and(|relayed| relayed >= most);
    Ok(Some(Relayed { any: true, more, sinks }))
}

/// How many batches follow each other before the relay looks at how fast it is.
const IN_A_ROW: usize = 8;

/// Relays while much waits and `go_on` says so: as many batches at a time as get further together. They wait for each other where they
/// tell the same people. `ring` is told the sinks of each.
pub(crate) async fn side_by_side(parts: &Parts, go_on: impl Fn() -> bool, ring: impl Fn(&[Sink])) -> Result<(), Fault> {
    let lane = async || {
        for _ in 0..IN_A_ROW {
            if !go_on() {
                break;
            }
            let relayed = up_to(parts, LARGE).await?;
            ring(&relayed.sinks);
            if !relayed.more {
                break;
            }
        }
        Ok(())
    };
    let lanes = (0..parts.store.writers()).map(|_| lane());
    futures_util::future::try_join_all(lanes).await.map(drop)
}

/// The records of each tenant in their order, and tenants in one order, as their counters are held until the end.
fn by_tenant(records: &[EventRecord]) -> BTreeMap<Id, Vec<&EventRecord>> {
    let mut tenants: BTreeMap<Id, Vec<&EventRecord>> = BTreeMap::new();
    for record in records {
        tenants.entry(record.tenant).or_default().push(record);
    }
    tenants
}

/// What comes of one tenant's events.
async fn deliveries(
    tx: &mut Tx,
    parts: &Parts,
    records: &[&EventRecord],
    now: Timestamp,
) -> Result<Vec<NewDelivery>, Fault> {
    let told: Vec<&EventRecord> =
        records.iter().copied().filter(|record| !is_done_without_a_word(parts, record)).collect();
    let people = People::read(tx, &told).await?;
    let wanted: Vec<(&EventRecord, Vec<Target>)> =
        told.into_iter().map(|record| (record, people.audience(record))).collect();
    let mut shares = Shares::lock(tx, &wanted).await?;
    let mut deliveries = Vec::new();
    for (record, targets) in &wanted {
        let rings = targets.iter().any(|target| matches!(target, Target::Push { .. }));
        for target in targets {
            if shares.take(record, target, now) {
                deliveries.push(delivery((record, target), rings, now));
            }
        }
    }
    shares.save(tx, now).await?;
    Ok(deliveries)
}

/// As the operator has it: it stands in the log.
fn is_done_without_a_word(parts: &Parts, record: &EventRecord) -> bool {
    record.event.does().is_some_and(|kind| parts.changes.mode(kind) == Mode::Off)
}

fn delivery((record, target): (&EventRecord, &Target), rings: bool, now: Timestamp) -> NewDelivery {
    let (sink, target) = match target {
        Target::Push { subscription } => (Sink::Push, subscription.to_string()),
        Target::App { client } => {
            let is_answer = matches!(record.event, Event::AnswerDue(_));
            (if is_answer { Sink::Answer } else { Sink::Logout }, client.to_string())
        }
        Target::Mail => (Sink::Mail, record.account.map_or_else(|| "address".to_owned(), |id| id.to_string())),
    };
    // Where a browser rings, the mail waits: a click there is quicker.
    let waits = sink == Sink::Mail && rings && record.event.waits_for_click();
    NewDelivery {
        event: record.id,
        sink,
        target,
        due_at: if waits { record.at.plus(MAIL_AFTER) } else { now },
        expires_at: record.at.plus(record.event.valid_for()),
        priority: record.event.priority(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::Agent;

    #[test]
    fn each_tenant_s_events_are_told_among_its_own_people_in_their_order() {
        let record = |id: u8, tenant: u8| EventRecord {
            id: Id::from_bytes([id; 16]),
            tenant: Id::from_bytes([tenant; 16]),
            account: None,
            device: None,
            agent: Agent::default(),
            place: None,
            event: Event::LockedDown {},
            at: Timestamp::from_seconds(1_790_000_000),
        };
        let records = [record(3, 9), record(1, 2), record(2, 9)];
        let found: Vec<(Id, Vec<Id>)> =
            by_tenant(&records).into_iter().map(|(id, some)| (id, some.iter().map(|one| one.id).collect())).collect();
        let id = |n: u8| Id::from_bytes([n; 16]);
        assert_eq!(found, [(id(2), vec![id(1)]), (id(9), vec![id(3), id(2)])]);
    }
}
