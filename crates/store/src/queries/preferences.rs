//! What a person wants to be told, and where.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::model::{Choice, PreferenceChange};
use crate::schema::{preference_revisions as revisions, preferences};
use crate::types::{At, Json, Uid, Word};
use base::Id;
use diesel::prelude::*;
use identity::{Agent, Channel, Preferences, Quiet, Topic};
use std::collections::BTreeMap;

/// Revision, when and where it was made, what was chosen about quiet.
pub(crate) type Head = (i64, Option<At>, Option<Json<Agent>>, Option<Json<Quiet>>);

pub(crate) async fn find(conn: &mut Conn, tenant: Id, account: Id) -> QueryResult<Preferences> {
    let head: Option<Head> = revisions::table
        .find((Uid(tenant), Uid(account)))
        .select((revisions::revision, revisions::changed_at, revisions::changed_in, revisions::quiet))
        .get_result(conn)
        .await
        .optional()?;
    let Some(head) = head else { return Ok(Preferences::default()) };
    let chosen: Vec<(Word<Topic>, Word<Channel>, bool)> = preferences::table
        .filter(preferences::tenant_id.eq(Uid(tenant)))
        .filter(preferences::account_id.eq(Uid(account)))
        .select((preferences::topic, preferences::channel, preferences::is_on))
        .load(conn)
        .await?;
    let chosen = chosen.into_iter().map(|(topic, channel, on)| ((topic.0, channel.0), on)).collect();
    Ok(Preferences { chosen, ..begun(head) })
}

/// Of the head alone: nothing is chosen yet.
pub(crate) fn begun((revision, changed_at, changed_in, quiet): Head) -> Preferences {
    Preferences {
        revision,
        chosen: BTreeMap::new(),
        quiet: quiet.map(|quiet| quiet.0).unwrap_or_default(),
        changed_at: changed_at.map(|at| at.0),
        changed_in: changed_in.map(|agent| agent.0),
    }
}

/// The head row is made first, so that there is something to lock: of two changes that saw the same
/// revision, one wins.
pub(crate) async fn set(
    conn: &mut Conn,
    tenant: Id,
    account: Id,
    change: &PreferenceChange,
) -> QueryResult<Option<i64>> {
    let head = revisions::table.find((Uid(tenant), Uid(account)));
    diesel::insert_into(revisions::table)
        .values((
            revisions::tenant_id.eq(Uid(tenant)),
            revisions::account_id.eq(Uid(account)),
            revisions::revision.eq(0),
        ))
        .on_conflict_do_nothing()
        .kept()
        .execute(conn)
        .await?;
    let present: i64 = locked!(head.select(revisions::revision)).get_result(conn).await?;
    if present != change.seen_revision {
        return Ok(None);
    }
    match &change.what {
        Choice::Switch(topic, channel, on) => throw(conn, (tenant, account), (*topic, *channel), *on).await?,
        Choice::Quiet(quiet) => {
            diesel::update(head).set(revisions::quiet.eq(Json(quiet.clone()))).kept().run(conn).await?;
        }
    }
    let next = present.saturating_add(1);
    diesel::update(head)
        .set((
            revisions::revision.eq(next),
            revisions::changed_at.eq(At(change.at)),
            revisions::changed_in.eq(Json(change.by.clone())),
        ))
        .kept()
        .execute(conn)
        .await?;
    Ok(Some(next))
}

async fn throw(
    conn: &mut Conn,
    (tenant, account): (Id, Id),
    (topic, channel): (Topic, Channel),
    on: bool,
) -> QueryResult<()> {
    diesel::insert_into(preferences::table)
        .values((
            preferences::tenant_id.eq(Uid(tenant)),
            preferences::account_id.eq(Uid(account)),
            preferences::topic.eq(Word(topic)),
            preferences::channel.eq(Word(channel)),
            preferences::is_on.eq(on),
        ))
        .on_conflict((preferences::tenant_id, preferences::account_id, preferences::topic, preferences::channel))
        .do_update()
        .set(preferences::is_on.eq(on))
        .kept()
        .run(conn)
        .await
}
