//! Many rows, one after the other: a statement that is kept costs no more than its row. A list of values would be prepared each
//! time, and how it is looked up would depend on how many rows were counted there last: the whole table, if those were few.

use super::queries::{counters, preferences, subscriptions};
use super::{Conn, Run};
use crate::fault::is_new;
use crate::kept::Keep;
use crate::model::{NewDelivery, Subscription};
use crate::rows::NewDeliveryRow;
use crate::schema::deliveries;
use crate::types::{At, Uid};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;
use identity::Preferences;
use identity::limit::Counter;
use std::collections::HashMap;

pub(crate) async fn add_deliveries(conn: &mut Conn, tenant: Id, new: &[NewDelivery]) -> QueryResult<()> {
    for new in new {
        diesel::insert_into(deliveries::table)
            .values(NewDeliveryRow::of(tenant, new))
            .on_conflict_do_nothing()
            .kept()
            .run(conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn add_new_deliveries(conn: &mut Conn, tenant: Id, new: &[NewDelivery]) -> QueryResult<bool> {
    for new in new {
        let row = NewDeliveryRow::of(tenant, new);
        if !is_new(diesel::insert_into(deliveries::table).values(row).kept().run(conn).await)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(crate) async fn lock_counters(
    conn: &mut Conn,
    tenant: Id,
    keys: &[SecretHash],
) -> QueryResult<Vec<(SecretHash, Counter)>> {
    let found: HashMap<SecretHash, Counter> = counters::find_all(conn, tenant, keys).await?.into_iter().collect();
    Ok(keys.iter().map(|key| (*key, found.get(key).copied().unwrap_or_default())).collect())
}

pub(crate) async fn save_counters(
    conn: &mut Conn,
    tenant: Id,
    counters: &[(SecretHash, Counter)],
    now: Timestamp,
) -> QueryResult<()> {
    for (key, counter) in counters {
        counters::save(conn, tenant, *key, counter, now).await?;
    }
    Ok(())
}

/// Nobody else gets them before `until`; each is one attempt more.
pub(crate) async fn hold_deliveries(conn: &mut Conn, ids: &[Id], until: Timestamp) -> QueryResult<()> {
    for id in ids {
        let held = (deliveries::claimed_until.eq(At(until)), deliveries::attempts.eq(deliveries::attempts + 1));
        diesel::update(deliveries::table.find(Uid(*id))).set(held).kept().run(conn).await?;
    }
    Ok(())
}

pub(crate) async fn subscriptions_of(conn: &mut Conn, tenant: Id, accounts: &[Id]) -> QueryResult<Vec<Subscription>> {
    let mut found = Vec::new();
    for account in accounts {
        found.extend(subscriptions::list(conn, tenant, *account).await?);
    }
    Ok(found)
}

pub(crate) async fn preferences_of(
    conn: &mut Conn,
    tenant: Id,
    accounts: &[Id],
) -> QueryResult<HashMap<Id, Preferences>> {
    let mut found = HashMap::with_capacity(accounts.len());
    for account in accounts {
        found.insert(*account, preferences::find(conn, tenant, *account).await?);
    }
    Ok(found)
}
