//! Changes that wait.

use crate::types::{At, Json, Uid};
use base::{Id, Timestamp};
use identity::PendingChange;
use identity::change::UNDO_FOR;
use std::time::Duration;

/// How long the page of a change that is over can still be seen.
const SHOWN_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// A change: the document, and beside it what is searched for.
#[derive(Debug, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = crate::schema::changes)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
pub(crate) struct ChangeRow {
    tenant_id: Uid,
    id: Uid,
    account_id: Uid,
    session_id: Uid,
    expires_at: At,
    ended_at: Option<At>,
    keep_until: At,
    data: Json<PendingChange>,
}

impl ChangeRow {
    /// The row of a change. One that holds a password goes as soon as that can't be put back any more.
    pub(crate) fn of(tenant: Id, change: &PendingChange) -> Self {
        let ended_at: Option<Timestamp> = change.ended.as_ref().map(|ended| ended.at);
        let last = ended_at.unwrap_or(change.expires_at);
        Self {
            tenant_id: Uid(tenant),
            id: Uid(change.id),
            account_id: Uid(change.account),
            session_id: Uid(change.asker.session),
            expires_at: At(change.expires_at),
            ended_at: ended_at.map(At),
            keep_until: At(last.plus(if change.before.is_some() { UNDO_FOR } else { SHOWN_FOR })),
            data: Json(change.clone()),
        }
    }
}
