//! Deliveries, for the relay and for those who look after it: of all tenants.

use super::{Database, Store};
use crate::fault::fault;
use crate::model::{Delivery, NewDelivery, Sink};
use crate::tx::{Answer, Tx};
use crate::{pg, sqlite};
use base::{Fault, Id, Timestamp};
use std::time::Duration;

impl Store {
    /// Takes up to `limit` deliveries that are due, of all tenants, most urgent first, oldest next. Nobody
    /// else gets them before `now + lease`; each counts one attempt more.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn claim_deliveries(
        &self,
        sink: Sink,
        limit: i64,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Vec<Delivery>, Fault> {
        // Waits for the disk, and takes with it what the relay has made: nothing is attempted that a power cut could undo.
        let mut tx = self.begin_across().await?;
        let claimed = tx.claim(sink, limit, now, lease).await?;
        if !claimed.is_empty() {
            tx.commit().await?;
        }
        Ok(claimed)
    }

    /// Takes over what a process that is no more had claimed, instead of waiting for its leases to run out; says
    /// how many. Where other processes may be at work it does nothing: their claims are theirs.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn take_over_claims(&self) -> Result<usize, Fault> {
        if !self.alone {
            return Ok(0);
        }
        let mut tx = self.begin_across().await?;
        let freed = tx.free_claims().await?;
        tx.commit().await?;
        Ok(freed)
    }

    /// How many deliveries of a sink are due, of all tenants, and since when the oldest has been.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn due_deliveries(&self, sink: Sink, now: Timestamp) -> Answer<'_, (u64, Option<Timestamp>)> {
        look!(self, "count the deliveries that are due", deliveries::due(sink, now))
    }

    /// Deliveries that were given up, newest first, of all tenants.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn dead_deliveries(&self, limit: i64) -> Answer<'_, Vec<Delivery>> {
        look!(self, "list the dead deliveries", deliveries::dead(limit))
    }

    /// Sends a dead delivery again, with as much time as it had at first. `false` when it is not dead.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn redrive(&self, delivery: Id, now: Timestamp) -> Result<bool, Fault> {
        let mut tx = self.begin_across().await?;
        let again = tx.redrive(delivery, now).await?;
        tx.commit().await?;
        Ok(again)
    }
}

impl Tx {
    /// Adds deliveries of which there is none yet: for less than [`Tx::add_deliveries`], which looks. `false` where there is one: nothing of
    /// the transaction can be kept then.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn add_new_deliveries<'a>(&'a mut self, new: &'a [NewDelivery]) -> Answer<'a, bool> {
        Box::pin(async move {
            let tenant = self.tenant()?;
            let added = self.add_if_new(tenant, new).await?;
            if !added {
                self.void();
            }
            Ok(added)
        })
    }
}
