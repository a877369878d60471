//! Many rows in one statement: a way to the database and back costs more than a row.
//!
//! The rows travel as arrays, one for each column: the statement has one text for any number of them, and is kept.

use super::queries::preferences::{Head, begun};
use super::{Conn, Run, RunQueryDsl};
use crate::fault::is_new;
use crate::kept::Keep;
use crate::model::{NewDelivery, Subscription};
use crate::rows::{CounterRow, SubscriptionRow, all};
use crate::schema::{deliveries, preference_revisions as revisions, preferences, subscriptions};
use crate::types::{At, Count, Hash, Uid, Word, sql};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Text};
use identity::limit::Counter;
use identity::{Channel, Preferences, Topic};
use std::collections::HashMap;

macro_rules! add_deliveries {
    ($($unless:literal)?) => { concat!(
        "INSERT INTO deliveries \
        (tenant_id, state, attempts, id, event_id, sink, target, priority, first_due_at, due_at, expires_at) \
        SELECT $1, 'pending', 0, id, event_id, sink, target, priority, due_at, due_at, expires_at \
        FROM unnest($2, $3, $4, $5, $6, $7, $8) AS new (id, event_id, sink, target, priority, due_at, expires_at)"
        $(, $unless)?
    ) };
}

pub(crate) async fn add_deliveries(conn: &mut Conn, tenant: Id, new: &[NewDelivery]) -> QueryResult<()> {
    add(conn, tenant, (add_deliveries!(" ON CONFLICT (id) DO NOTHING"), new)).await
}

/// To leave out what is there is to look for it, to add each row on trial, and to confirm it: a tenth of what PostgreSQL does for an event.
pub(crate) async fn add_new_deliveries(conn: &mut Conn, tenant: Id, new: &[NewDelivery]) -> QueryResult<bool> {
    is_new(add(conn, tenant, (add_deliveries!(), new)).await)
}

async fn add(conn: &mut Conn, tenant: Id, (statement, new): (&'static str, &[NewDelivery])) -> QueryResult<()> {
    diesel::sql_query(statement)
        .bind::<sql::Uid, _>(Uid(tenant))
        .bind::<Array<sql::Uid>, _>(column(new, |new| Uid(new.id())))
        .bind::<Array<sql::Uid>, _>(column(new, |new| Uid(new.event)))
        .bind::<Array<Text>, _>(column(new, |new| Word(new.sink)))
        .bind::<Array<Text>, _>(column(new, |new| new.target.clone()))
        .bind::<Array<Integer>, _>(column(new, |new| new.priority))
        .bind::<Array<sql::Moment>, _>(column(new, |new| At(new.due_at)))
        .bind::<Array<sql::Moment>, _>(column(new, |new| At(new.expires_at)))
        .kept()
        .run(conn)
        .await
}

/// Each is made where there is none, and held, before the next: whoever asks in the same order waits for whoever asked first, and neither
/// waits for the other. A row that stays as it is, is held by that.
pub(crate) async fn lock_counters(
    conn: &mut Conn,
    tenant: Id,
    keys: &[SecretHash],
) -> QueryResult<Vec<(SecretHash, Counter)>> {
    let row = "INSERT INTO counters (tenant_id, key, tries, consecutive) \
        SELECT $1, key, 0, 0 FROM unnest($2) WITH ORDINALITY AS new (key, place) ORDER BY place \
        ON CONFLICT (tenant_id, key) DO UPDATE SET tries = counters.tries \
        RETURNING key, tries, consecutive, window_at, locked_until";
    let held = diesel::sql_query(row)
        .bind::<sql::Uid, _>(Uid(tenant))
        .bind::<Array<Binary>, _>(column(keys, |key| Hash(*key)));
    let rows: Vec<Held> = held.kept().load(conn).await?;
    Ok(rows.into_iter().map(|row| (row.key.0, row.counter.into())).collect())
}

/// A counter that is held, with its key.
#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Binary)]
    key: Hash,
    #[diesel(embed)]
    counter: CounterRow,
}

pub(crate) async fn save_counters(
    conn: &mut Conn,
    tenant: Id,
    counters: &[(SecretHash, Counter)],
    now: Timestamp,
) -> QueryResult<()> {
    let row = "INSERT INTO counters (tenant_id, updated_at, key, tries, consecutive, window_at, locked_until) \
        SELECT $1, $2, key, tries, consecutive, window_at, locked_until \
        FROM unnest($3, $4, $5, $6, $7) AS new (key, tries, consecutive, window_at, locked_until) \
        ON CONFLICT (tenant_id, key) DO UPDATE SET tries = excluded.tries, consecutive = excluded.consecutive, \
        window_at = excluded.window_at, locked_until = excluded.locked_until, updated_at = excluded.updated_at";
    diesel::sql_query(row)
        .bind::<sql::Uid, _>(Uid(tenant))
        .bind::<sql::Moment, _>(At(now))
        .bind::<Array<Binary>, _>(column(counters, |(key, _)| Hash(*key)))
        .bind::<Array<BigInt>, _>(column(counters, |(_, counter)| Count(counter.tries)))
        .bind::<Array<BigInt>, _>(column(counters, |(_, counter)| Count(counter.consecutive)))
        .bind::<Array<Nullable<sql::Moment>>, _>(column(counters, |(_, counter)| counter.window_at.map(At)))
        .bind::<Array<Nullable<sql::Moment>>, _>(column(counters, |(_, counter)| counter.locked_until.map(At)))
        .kept()
        .run(conn)
        .await
}

/// Nobody else gets them before `until`; each is one attempt more.
pub(crate) async fn hold_deliveries(conn: &mut Conn, ids: &[Id], until: Timestamp) -> QueryResult<()> {
    let these = deliveries::table.filter(deliveries::id.eq_any(column(ids, |id| Uid(*id))));
    let held = (deliveries::claimed_until.eq(At(until)), deliveries::attempts.eq(deliveries::attempts + 1));
    diesel::update(these).set(held).kept().run(conn).await
}

pub(crate) async fn subscriptions_of(conn: &mut Conn, tenant: Id, accounts: &[Id]) -> QueryResult<Vec<Subscription>> {
    let query = subscriptions::table
        .filter(subscriptions::tenant_id.eq(Uid(tenant)))
        .filter(subscriptions::account_id.eq_any(column(accounts, |id| Uid(*id))))
        .order((subscriptions::created_at, subscriptions::id))
        .select(SubscriptionRow::as_select());
    Ok(all(query.load(conn).await?))
}

pub(crate) async fn preferences_of(
    conn: &mut Conn,
    tenant: Id,
    accounts: &[Id],
) -> QueryResult<HashMap<Id, Preferences>> {
    let accounts = column(accounts, |id| Uid(*id));
    let heads: Vec<(Uid, Head)> = revisions::table
        .filter(revisions::tenant_id.eq(Uid(tenant)))
        .filter(revisions::account_id.eq_any(&accounts))
        .select((
            revisions::account_id,
            (revisions::revision, revisions::changed_at, revisions::changed_in, revisions::quiet),
        ))
        .load(conn)
        .await?;
    let mut found: HashMap<Id, Preferences> =
        heads.into_iter().map(|(account, head)| (account.0, begun(head))).collect();
    if found.is_empty() {
        return Ok(found);
    }
    let chosen: Vec<(Uid, Word<Topic>, Word<Channel>, bool)> = preferences::table
        .filter(preferences::tenant_id.eq(Uid(tenant)))
        .filter(preferences::account_id.eq_any(&accounts))
        .select((preferences::account_id, preferences::topic, preferences::channel, preferences::is_on))
        .load(conn)
        .await?;
    for (account, topic, channel, on) in chosen {
        if let Some(preferences) = found.get_mut(&account.0) {
            preferences.chosen.insert((topic.0, channel.0), on);
        }
    }
    Ok(found)
}

fn column<R, C>(rows: &[R], value: impl Fn(&R) -> C) -> Vec<C> {
    rows.iter().map(value).collect()
}
