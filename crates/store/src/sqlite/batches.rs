//! Many rows, one after the other: a statement that is kept costs no more than its row.

use super::queries::counters;
use super::{Conn, RunQueryDsl};
use crate::kept::Keep;
use crate::model::NewDelivery;
use crate::rows::NewDeliveryRow;
use crate::schema::deliveries;
use base::{Id, SecretHash, Timestamp};
use diesel::QueryResult;
use identity::limit::Counter;

pub(crate) async fn add_deliveries(conn: &mut Conn, tenant: Id, new: &[NewDelivery]) -> QueryResult<()> {
    for new in new {
        diesel::insert_into(deliveries::table)
            .values(NewDeliveryRow::of(tenant, new))
            .on_conflict((deliveries::tenant_id, deliveries::event_id, deliveries::sink, deliveries::target))
            .do_nothing()
            .kept()
            .execute(conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn lock_counters(
    conn: &mut Conn,
    tenant: Id,
    keys: &[SecretHash],
) -> QueryResult<Vec<(SecretHash, Counter)>> {
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        found.push((*key, counters::lock(conn, tenant, *key).await?));
    }
    Ok(found)
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
