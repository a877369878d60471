//! Tenants, flows, single-use secrets, counters.

use crate::model::Tenant;
use crate::types::{At, Count, Hash, Json, Stored, Uid, Word};
use base::{Id, Origin};
use identity::limit::Counter;
use identity::login::Flow;
use identity::{Purpose, SingleUse};

/// A tenant: the one row that has no tenant beside itself.
#[derive(Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = crate::schema::tenants)]
#[diesel(treat_none_as_null = true)]
pub(crate) struct TenantRow {
    id: Uid,
    origin: Word<Origin>,
    name: String,
    set_up_at: Option<At>,
    created_at: At,
}

impl From<&Tenant> for TenantRow {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: Uid(tenant.id),
            origin: Word(tenant.origin.clone()),
            name: tenant.name.clone(),
            set_up_at: tenant.set_up_at.map(At),
            created_at: At(tenant.created_at),
        }
    }
}

impl From<TenantRow> for Tenant {
    fn from(row: TenantRow) -> Self {
        Self {
            id: row.id.0,
            origin: row.origin.0,
            name: row.name,
            set_up_at: row.set_up_at.give(),
            created_at: row.created_at.0,
        }
    }
}

/// A flow: the document, and beside it what is searched for.
#[derive(Debug, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = crate::schema::flows)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
pub(crate) struct FlowRow {
    tenant_id: Uid,
    id: Uid,
    browser: Hash,
    created_at: At,
    expires_at: At,
    finished_at: Option<At>,
    data: Json<Flow>,
}

impl FlowRow {
    /// The row of a flow.
    pub(crate) fn of(tenant: Id, flow: &Flow) -> Self {
        Self {
            tenant_id: Uid(tenant),
            id: Uid(flow.id),
            browser: Hash(flow.browser),
            created_at: At(flow.created_at),
            expires_at: At(flow.expires_at),
            finished_at: flow.finished_at.map(At),
            data: Json(flow.clone()),
        }
    }
}

row! {
    /// A single-use secret.
    SingleUseRow in single_uses (tenant_id, hash) of SingleUse {
        hash in hash: Hash,
        purpose in purpose: Word<Purpose>,
        account in account_id: Option<Uid>,
        client in client_id: Option<Uid>,
        flow in flow_id: Option<Uid>,
        data in data: Json<serde_json::Value>,
        created_at in created_at: At,
        expires_at in expires_at: At,
        consumed_at in consumed_at: Option<At>,
    }
}

/// What a counter counts; its key and age stand beside it.
#[derive(
    Debug, diesel::Queryable, diesel::QueryableByName, diesel::Selectable, diesel::Insertable, diesel::AsChangeset,
)]
#[diesel(table_name = crate::schema::counters)]
#[diesel(treat_none_as_null = true)]
pub(crate) struct CounterRow {
    tries: Count,
    consecutive: Count,
    window_at: Option<At>,
    locked_until: Option<At>,
}

impl From<&Counter> for CounterRow {
    fn from(counter: &Counter) -> Self {
        Self {
            tries: Count(counter.tries),
            consecutive: Count(counter.consecutive),
            window_at: counter.window_at.map(At),
            locked_until: counter.locked_until.map(At),
        }
    }
}

impl From<CounterRow> for Counter {
    fn from(row: CounterRow) -> Self {
        Self {
            tries: row.tries.0,
            consecutive: row.consecutive.0,
            window_at: row.window_at.give(),
            locked_until: row.locked_until.give(),
        }
    }
}
