//! Counters of attempts.

use super::{Conn, Run, RunQueryDsl, batches};
use crate::kept::Keep;
use crate::rows::CounterRow;
use crate::schema::counters;
use crate::types::{At, Count, Hash, Uid};
use base::{Id, SecretHash, Timestamp, WRONG_BY};
use diesel::dsl::case_when;
use diesel::prelude::*;
use identity::limit::Counter;
use std::time::Duration;

pub(crate) async fn lock(conn: &mut Conn, tenant: Id, key: SecretHash) -> QueryResult<Counter> {
    let held = batches::lock_counters(conn, tenant, &[key]).await?;
    Ok(held.into_iter().next().map(|(_, counter)| counter).unwrap_or_default())
}

/// The counters that are there; a key without one was never counted.
pub(crate) async fn find_all(
    conn: &mut Conn,
    tenant: Id,
    keys: &[SecretHash],
) -> QueryResult<Vec<(SecretHash, Counter)>> {
    let mut found = Vec::new();
    // So many at once, and always so many: a list of any length is a statement that SQLite prepares each time.
    for some in keys.chunks(5) {
        let Some(first) = some.first() else { continue };
        let is = |n: usize| counters::key.eq(Hash(*some.get(n).unwrap_or(first)));
        let rows: Vec<(Hash, CounterRow)> = counters::table
            .filter(counters::tenant_id.eq(Uid(tenant)))
            .filter(is(0).or(is(1)).or(is(2)).or(is(3)).or(is(4)))
            .select((counters::key, CounterRow::as_select()))
            .load(conn)
            .await?;
        found.extend(rows.into_iter().map(|(key, row)| (key.0, row.into())));
    }
    Ok(found)
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
        .kept()
        .run(conn)
        .await
}

pub(crate) async fn raise(
    conn: &mut Conn,
    tenant: Id,
    key: SecretHash,
    window: Duration,
    now: Timestamp,
) -> QueryResult<u32> {
    let first = (
        counters::tenant_id.eq(Uid(tenant)),
        counters::key.eq(Hash(key)),
        counters::tries.eq(Count(1)),
        counters::consecutive.eq(Count(0)),
        counters::window_at.eq(At(now)),
        counters::updated_at.eq(At(now)),
    );
    // As in `identity::limit`: one that lies ahead a little goes on.
    let begun = || counters::window_at.le(At(now.plus(WRONG_BY))).and(counters::window_at.gt(At(now.minus(window))));
    let count: Count = diesel::insert_into(counters::table)
        .values(first)
        .on_conflict((counters::tenant_id, counters::key))
        .do_update()
        .set((
            counters::tries.eq(case_when(begun(), counters::tries + 1).otherwise(1)),
            counters::window_at.eq(case_when(begun(), counters::window_at).otherwise(At(now))),
            counters::updated_at.eq(At(now)),
        ))
        .returning(counters::tries)
        .kept()
        .get_result(conn)
        .await?;
    Ok(count.0)
}
