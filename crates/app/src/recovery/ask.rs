//! Asking for it.

use super::RecoveryRefusal;
use crate::guard::{allow, network};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::Email;
use identity::Event;

impl Here {
    /// Has a mail sent with the next step, if the address has an account. Which step that is, is looked up when the mail
    /// is written: the answer here is the same, and takes as long.
    ///
    /// # Errors
    /// [`RecoveryRefusal::Email`].
    pub async fn request_recovery(&self, email: &str, visitor: &Visitor) -> Answer<(), RecoveryRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(RecoveryRefusal::Email) };
        if !self.can_recover() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let network = network(visitor.ip);
        if allow(self, &mut tx, &[b"recovery:address", &network], &self.settings().address).await?
            && allow(self, &mut tx, &[b"mail:recovery", email.key().as_bytes()], &self.settings().mails).await?
        {
            let event = Event::RecoveryRequested { email, locale: visitor.locale.clone() };
            self.emit(&mut tx, &By::stranger(visitor), event).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
