//! Login flows.

use super::{Conn, Run, RunQueryDsl};
use crate::kept::Keep;
use crate::rows::FlowRow;
use crate::schema::flows;
use crate::types::{Json, Uid};
use base::Id;
use diesel::prelude::*;
use identity::login::Flow;

pub(crate) async fn insert(conn: &mut Conn, tenant: Id, flow: &Flow) -> QueryResult<()> {
    diesel::insert_into(flows::table).values(FlowRow::of(tenant, flow)).kept().run(conn).await
}

pub(crate) async fn find(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Flow>> {
    let found: Option<Json<Flow>> =
        flows::table.find((Uid(tenant), Uid(id))).select(flows::data).get_result(conn).await.optional()?;
    Ok(found.map(|flow| flow.0))
}

pub(crate) async fn lock(conn: &mut Conn, tenant: Id, id: Id) -> QueryResult<Option<Flow>> {
    let query = flows::table.find((Uid(tenant), Uid(id))).select(flows::data);
    let found: Option<Json<Flow>> = locked!(query).get_result(conn).await.optional()?;
    Ok(found.map(|flow| flow.0))
}

pub(crate) async fn save(conn: &mut Conn, tenant: Id, flow: &Flow) -> QueryResult<()> {
    diesel::update(flows::table.find((Uid(tenant), Uid(flow.id)))).set(FlowRow::of(tenant, flow)).kept().run(conn).await
}
