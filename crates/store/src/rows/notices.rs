//! Events, deliveries, subscriptions.

use crate::model::{Delivery, NewDelivery, Sink, Subscription};
use crate::types::{At, Hash, Json, Stored, Uid, Word};
use base::Id;
use identity::{Agent, Event, EventRecord, Place};

/// An event. It carries its tenant itself.
#[derive(Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = crate::schema::events)]
pub(crate) struct EventRow {
    tenant_id: Uid,
    id: Uid,
    account_id: Option<Uid>,
    device_id: Option<Uid>,
    agent: Json<Agent>,
    place: Option<Json<Place>>,
    kind: String,
    event: Json<Event>,
    at: At,
}

impl EventRow {
    /// The row of an event, in the tenant of the transaction.
    pub(crate) fn of(tenant: Id, record: &EventRecord) -> Self {
        Self {
            tenant_id: Uid(tenant),
            id: Uid(record.id),
            account_id: record.account.map(Uid),
            device_id: record.device.map(Uid),
            agent: Json(record.agent.clone()),
            place: record.place.clone().map(Json),
            kind: record.event.kind().to_owned(),
            event: Json(record.event.clone()),
            at: At(record.at),
        }
    }
}

impl From<EventRow> for EventRecord {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id.0,
            tenant: row.tenant_id.0,
            account: row.account_id.give(),
            device: row.device_id.give(),
            agent: row.agent.0,
            place: row.place.give(),
            event: row.event.0,
            at: row.at.0,
        }
    }
}

/// A new delivery, pending.
#[derive(Debug, diesel::Insertable)]
#[diesel(table_name = crate::schema::deliveries)]
pub(crate) struct NewDeliveryRow {
    id: Uid,
    tenant_id: Uid,
    event_id: Uid,
    sink: Word<Sink>,
    target: String,
    state: &'static str,
    priority: i32,
    attempts: i32,
    first_due_at: At,
    due_at: At,
    expires_at: At,
}

impl NewDeliveryRow {
    /// The row of a new delivery.
    pub(crate) fn of(tenant: Id, new: &NewDelivery) -> Self {
        Self {
            id: Uid(new.id()),
            tenant_id: Uid(tenant),
            event_id: Uid(new.event),
            sink: Word(new.sink),
            target: new.target.clone(),
            state: PENDING,
            priority: new.priority,
            attempts: 0,
            first_due_at: At(new.due_at),
            due_at: At(new.due_at),
            expires_at: At(new.expires_at),
        }
    }
}

/// Waits to be made or to be tried again.
pub(crate) const PENDING: &str = "pending";
/// Taken by the other side.
pub(crate) const SENT: &str = "sent";
/// There was nothing to do.
pub(crate) const DROPPED: &str = "dropped";
/// Given up.
pub(crate) const DEAD: &str = "dead";

/// A delivery as a worker gets it.
#[derive(Debug, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = crate::schema::deliveries)]
pub(crate) struct DeliveryRow {
    id: Uid,
    tenant_id: Uid,
    event_id: Uid,
    sink: Word<Sink>,
    target: String,
    attempts: i32,
    expires_at: At,
    body: Option<Vec<u8>>,
    last_error: Option<String>,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id.0,
            tenant: row.tenant_id.0,
            event: row.event_id.0,
            sink: row.sink.0,
            target: row.target,
            attempts: row.attempts,
            expires_at: row.expires_at.0,
            body: row.body,
            last_error: row.last_error,
        }
    }
}

row! {
    /// A browser that can be rung.
    SubscriptionRow in subscriptions (tenant_id, id) of Subscription {
        id in id: Uid,
        account in account_id: Uid,
        device in device_id: Uid,
        session in session_id: Uid,
        endpoint in endpoint: Hash,
        service in service: String,
        sealed in sealed: Vec<u8>,
        vapid_key in vapid_key_id: Uid,
        created_at in created_at: At,
        delivered_at in delivered_at: Option<At>,
        shown_at in shown_at: Option<At>,
        clicked_at in clicked_at: Option<At>,
        failing_since in failing_since: Option<At>,
        strikes in strikes: i32,
    }
}
