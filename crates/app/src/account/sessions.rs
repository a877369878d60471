//! Signing out of this server.

use crate::here::{By, Here};
use crate::visitor::{Cookies, Signed, Visitor};
use base::Fault;
use identity::{EndReason, Event};

impl Here {
    /// Signs this browser out. Its notices stop with it; they come back with the next sign-in here.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn sign_out(&self, signed: &Signed, reason: EndReason, visitor: &Visitor) -> Result<Cookies, Fault> {
        let mut tx = self.begin().await?;
        tx.lock_account(signed.id()).await?;
        if self.end(&mut tx, &signed.session, reason).await? {
            let event = Event::SessionEnded { session: signed.session.id, agent: signed.device.agent.clone(), reason };
            self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
        }
        tx.delete_subscriptions_of_device(signed.device.id).await?;
        tx.commit().await?;
        Ok(Cookies { session: Some(None), ..Cookies::default() })
    }
}
