//! Deliveries: one row per event, sink and target.

use super::{Conn, Run, RunQueryDsl, batches};
use crate::kept::Keep;
use crate::model::{Delivery, Outcome, Sink};
use crate::rows::{DEAD, DROPPED, DeliveryRow, PENDING, SENT, all};
use crate::schema::{deliveries, events, subscriptions};
use crate::types::{At, Uid, Word};
use base::{Id, Timestamp};
use diesel::prelude::*;
use identity::receipt::Got;
use std::time::Duration;

pub(crate) async fn save_body(conn: &mut Conn, tenant: Id, id: Id, body: &[u8]) -> QueryResult<()> {
    diesel::update(deliveries::table.find(Uid(id)).filter(deliveries::tenant_id.eq(Uid(tenant))))
        .set(deliveries::body.eq(body))
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn finish(conn: &mut Conn, tenant: Id, id: Id, outcome: &Outcome, now: Timestamp) -> QueryResult<()> {
    let pending = deliveries::table
        .find(Uid(id))
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::state.eq(PENDING));
    let free = deliveries::claimed_until.eq(None::<At>);
    if let Outcome::Retry(at, error) = outcome {
        let again = (free, deliveries::due_at.eq(At(*at)), deliveries::last_error.eq(error));
        return diesel::update(pending).set(again).kept().run(conn).await;
    }
    if let Outcome::Held(until, worthless) = outcome {
        let later = (free, deliveries::due_at.eq(At(*until)), deliveries::expires_at.eq(At(*worthless)));
        // What was encrypted before would say until when it was worth anything: it is made anew.
        let untried = (deliveries::attempts.eq(deliveries::attempts - 1), deliveries::body.eq(None::<Vec<u8>>));
        return diesel::update(pending).set((later, untried)).kept().run(conn).await;
    }
    let (state, error) = match outcome {
        Outcome::Dropped(why) => (DROPPED, Some(*why)),
        Outcome::Dead(error) => (DEAD, Some(error.as_str())),
        Outcome::Sent | Outcome::Retry(..) | Outcome::Held(..) => (SENT, None),
    };
    let done = (free, deliveries::state.eq(state), deliveries::finished_at.eq(At(now)));
    match error {
        Some(error) => {
            diesel::update(pending).set((done, deliveries::last_error.eq(error))).kept().execute(conn).await?
        }
        None => diesel::update(pending).set(done).kept().execute(conn).await?,
    };
    Ok(())
}

/// Makes due what was held back for these browsers. What waits for a push service keeps waiting: it has a body.
pub(crate) async fn release(conn: &mut Conn, tenant: Id, targets: &[String], now: Timestamp) -> QueryResult<usize> {
    let held = deliveries::table
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::finished_at.is_null())
        .filter(deliveries::sink.eq(Word(Sink::Push)))
        .filter(deliveries::target.eq_any(targets))
        .filter(deliveries::body.is_null())
        .filter(deliveries::due_at.gt(At(now)));
    diesel::update(held).set(deliveries::due_at.eq(At(now))).kept().execute(conn).await
}

/// What tells of an account's events in its browsers: sent, or still to be.
pub(crate) async fn count_pushes(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<i64> {
    let told = events::table.filter(events::tenant_id.eq(Uid(tenant))).filter(events::account_id.eq(Uid(account)));
    let query = deliveries::table
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::sink.eq(Word(Sink::Push)))
        .filter(deliveries::event_id.eq_any(told.select(events::id)));
    query.count().get_result(conn).await
}

/// Deletes it.
pub(crate) async fn forget_pushes(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<()> {
    let told = events::table.filter(events::tenant_id.eq(Uid(tenant))).filter(events::account_id.eq(Uid(account)));
    let query = deliveries::table
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::sink.eq(Word(Sink::Push)))
        .filter(deliveries::event_id.eq_any(told.select(events::id)));
    diesel::delete(query).kept().run(conn).await
}

/// Takes what is due and free, most urgent first, and holds it until `now + lease`.
pub(crate) async fn claim(
    conn: &mut Conn,
    sink: Sink,
    limit: i64,
    now: Timestamp,
    lease: Duration,
) -> QueryResult<Vec<Delivery>> {
    // "Not finished" is "pending", said so that the index of what is to be made fits.
    let query = deliveries::table
        .filter(deliveries::finished_at.is_null())
        .filter(deliveries::sink.eq(Word(sink)))
        .filter(deliveries::due_at.le(At(now)))
        .filter(deliveries::claimed_until.is_null().or(deliveries::claimed_until.le(At(now))))
        .order((deliveries::priority.desc(), deliveries::due_at, deliveries::id))
        .limit(limit)
        .select(DeliveryRow::as_select());
    let mut claimed: Vec<Delivery> = all(skip_locked!(query).load(conn).await?);
    if claimed.is_empty() {
        return Ok(claimed);
    }
    let ids: Vec<Id> = claimed.iter().map(|delivery| delivery.id).collect();
    batches::hold_deliveries(conn, &ids, now.plus(lease)).await?;
    for delivery in &mut claimed {
        delivery.attempts = delivery.attempts.saturating_add(1);
    }
    Ok(claimed)
}

/// How many of a sink are due, and since when the oldest.
pub(crate) async fn due(conn: &mut Conn, sink: Sink, now: Timestamp) -> QueryResult<(u64, Option<Timestamp>)> {
    let query = || {
        deliveries::table
            .filter(deliveries::finished_at.is_null())
            .filter(deliveries::sink.eq(Word(sink)))
            .filter(deliveries::due_at.le(At(now)))
    };
    let number: i64 = query().count().get_result(conn).await?;
    let oldest: Option<At> =
        query().order(deliveries::due_at).select(deliveries::due_at).first(conn).await.optional()?;
    Ok((u64::try_from(number).unwrap_or_default(), oldest.map(|At(since)| since)))
}

pub(crate) async fn dead(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Delivery>> {
    let query = deliveries::table
        .filter(deliveries::state.eq(DEAD))
        .filter(deliveries::finished_at.is_not_null())
        .order((deliveries::finished_at.desc(), deliveries::id))
        .limit(limit)
        .select(DeliveryRow::as_select());
    Ok(all(query.load(conn).await?))
}

/// Sends a dead one again, with as much time as it had at first.
pub(crate) async fn redrive(conn: &mut Conn, id: Id, now: Timestamp) -> QueryResult<bool> {
    let query = deliveries::table.find(Uid(id)).filter(deliveries::state.eq(DEAD));
    let found: Option<(At, At)> =
        locked!(query.select((deliveries::first_due_at, deliveries::expires_at))).get_result(conn).await.optional()?;
    let Some((At(first_due), At(expires))) = found else { return Ok(false) };
    diesel::update(query)
        .set((
            deliveries::state.eq(PENDING),
            deliveries::attempts.eq(0),
            deliveries::first_due_at.eq(At(now)),
            deliveries::due_at.eq(At(now)),
            deliveries::expires_at.eq(At(now.plus(expires.since(first_due)))),
            deliveries::finished_at.eq(None::<At>),
        ))
        .kept()
        .execute(conn)
        .await
        .map(|rows| rows == 1)
}

/// Frees every claim. Only for a process that is the database's only one: what is claimed then was claimed by one
/// that is no more.
pub(crate) async fn free_claims(conn: &mut Conn) -> QueryResult<usize> {
    let held = deliveries::table.filter(deliveries::claimed_until.is_not_null());
    diesel::update(held).set(deliveries::claimed_until.eq(None::<At>)).kept().execute(conn).await
}

/// Notes what a browser says of a notice: the first word counts, and is the last that was heard of the browser.
pub(crate) async fn receipt(
    conn: &mut Conn,
    tenant: Id,
    (delivery, subscription): (Id, Id),
    got: Got,
    now: Timestamp,
) -> QueryResult<bool> {
    let mine = deliveries::table
        .find(Uid(delivery))
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::sink.eq(Word(Sink::Push)))
        .filter(deliveries::target.eq(subscription.to_string()));
    let browser = subscriptions::table.find((Uid(tenant), Uid(subscription)));
    let rows = match got {
        Got::Shown => {
            let first = mine.filter(deliveries::shown_at.is_null());
            diesel::update(first).set(deliveries::shown_at.eq(At(now))).kept().execute(conn).await?
        }
        Got::Clicked => {
            let first = mine.filter(deliveries::clicked_at.is_null());
            diesel::update(first).set(deliveries::clicked_at.eq(At(now))).kept().execute(conn).await?
        }
    };
    if rows == 0 {
        return Ok(false);
    }
    match got {
        Got::Shown => diesel::update(browser).set(subscriptions::shown_at.eq(At(now))).kept().execute(conn).await?,
        Got::Clicked => diesel::update(browser).set(subscriptions::clicked_at.eq(At(now))).kept().execute(conn).await?,
    };
    Ok(true)
}

/// The subscriptions of the browsers in which a notice of this event was clicked.
pub(crate) async fn clicked_in(conn: &mut Conn, tenant: Id, event: Id) -> QueryResult<Vec<Id>> {
    let clicked = deliveries::table
        .filter(deliveries::tenant_id.eq(Uid(tenant)))
        .filter(deliveries::event_id.eq(Uid(event)))
        .filter(deliveries::clicked_at.is_not_null())
        .select(deliveries::target);
    let targets: Vec<String> = clicked.load(conn).await?;
    Ok(targets.iter().filter_map(|target| target.parse().ok()).collect())
}
