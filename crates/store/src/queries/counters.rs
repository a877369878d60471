//! Counters of attempts.

use super::Conn;
use crate::rows::CounterRow;
use crate::schema::counters;
use crate::types::{At, Count, Hash, Uid};
use base::{Id, SecretHash, Timestamp};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use identity::limit::Counter;

/// The row is made first, so that there is something to lock: of two first attempts, one waits for the other.
pub(crate) async fn lock(conn: &mut Conn, tenant: Id, key: SecretHash) -> QueryResult<Counter> {
    let empty = (
        counters::tenant_id.eq(Uid(tenant)),
        counters::key.eq(Hash(key)),
        counters::tries.eq(Count(0)),
        counters::consecutive.eq(Count(0)),
    );
    diesel::insert_into(counters::table).values(empty).on_conflict_do_nothing().execute(conn).await?;
    let query = counters::table.find((Uid(tenant), Hash(key))).select(CounterRow::as_select());
    Ok(locked!(query).first(conn).await?.into())
}

/// The counters that are there; a key without one was never counted.
pub(crate) async fn find_all(
    conn: &mut Conn,
    tenant: Id,
    keys: &[SecretHash],
) -> QueryResult<Vec<(SecretHash, Counter)>> {
    let rows: Vec<(Hash, CounterRow)> = counters::table
        .filter(counters::tenant_id.eq(Uid(tenant)))
        .filter(counters::key.eq_any(keys.iter().copied().map(Hash)))
        .select((counters::key, CounterRow::as_select()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(key, row)| (key.0, row.into())).collect())
}

pub(crate) async fn save(
    conn: &mut Conn,
    tenant: Id,
    key: SecretHash,
    counter: &Counter,
    now: Timestamp,
) -> QueryResult<()> {
    let key = (counters::tenant_id.eq(Uid(tenant)), counters::key.eq(Hash(key)));
    let updated = counters::updated_at.eq(At(now));
    diesel::insert_into(counters::table)
        .values((key, CounterRow::from(counter), updated))
        .on_conflict((counters::tenant_id, counters::key))
        .do_update()
        .set((CounterRow::from(counter), updated))
        .execute(conn)
        .await
        .map(drop)
}
