//! What a restored backup must not bring back to life.

use super::{Conn, Run, RunQueryDsl};
use crate::rows::{DROPPED, PENDING};
use crate::schema::{
    changes, deliveries, devices, events_to_relay, flows, grants, initial_tokens, polls, recoveries, sessions,
    single_uses,
};
use crate::types::{At, Word};
use base::Timestamp;
use diesel::prelude::*;
use identity::EndReason;

/// Ends sessions, grants with their tokens, and everything that works once; and drops what was about to be sent, which
/// has been sent since. Of all tenants.
pub(crate) async fn end_everything(conn: &mut Conn, now: Timestamp) -> QueryResult<()> {
    let (now, reason) = (At(now), Word(EndReason::Restored));
    diesel::update(sessions::table.filter(sessions::ended_at.is_null()))
        .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason)))
        .execute(conn)
        .await?;
    diesel::update(grants::table.filter(grants::revoked_at.is_null()))
        .set(grants::revoked_at.eq(now))
        .execute(conn)
        .await?;
    diesel::delete(single_uses::table).run(conn).await?;
    diesel::delete(flows::table).run(conn).await?;
    diesel::delete(polls::table).run(conn).await?;
    diesel::delete(changes::table.filter(changes::ended_at.is_null())).run(conn).await?;
    diesel::update(devices::table).set(devices::trusted_until.eq(None::<At>)).run(conn).await?;
    let open = recoveries::stopped_at.is_null().and(recoveries::finished_at.is_null());
    diesel::update(recoveries::table.filter(open)).set(recoveries::stopped_at.eq(now)).run(conn).await?;
    diesel::update(initial_tokens::table.filter(initial_tokens::withdrawn_at.is_null()))
        .set(initial_tokens::withdrawn_at.eq(now))
        .execute(conn)
        .await?;
    diesel::update(deliveries::table.filter(deliveries::state.eq(PENDING)))
        .set((deliveries::state.eq(DROPPED), deliveries::finished_at.eq(now), deliveries::body.eq(None::<Vec<u8>>)))
        .execute(conn)
        .await?;
    diesel::delete(events_to_relay::table).run(conn).await?;
    Ok(())
}
