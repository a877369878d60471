//! Taking back what was done, within three days.
//!
//! Whoever takes something back says "it wasn't me": so the account is locked down besides. The link of the mail, or a
//! session in a browser whose word counts, puts back what was there. From a notice alone, the device cookie is all there
//! is: it may be the browser of somebody whom the owner has just shut out by a new password. It takes the new password
//! out of force, and puts the old one back into nobody's hands: its owner sets another by mail.

use super::answer::{AnswerProblem, answerer};
use super::lockdown::may_lock_down;
use crate::account::Asked;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::Fault;
use identity::change::{Before, Change, PendingChange};
use identity::{Account, Event, Purpose};
use store::Tx;

impl Here {
    /// Takes a change of the mail address or of the password back.
    ///
    /// # Errors
    /// [`AnswerProblem`].
    pub async fn undo_change(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<(), AnswerProblem> {
        let found = self.find_asked_change(asked, signed, visitor).await?;
        if !may_lock_down(&found) {
            return refuse(AnswerProblem::NotYours);
        }
        let now = self.now();
        let mut tx = self.begin().await?;
        tx.lock_account(found.account.id).await?;
        if let Some(link) = found.link {
            tx.consume_single_use(link, Purpose::AnswerChange, now).await?;
        }
        let Some(mut change) = tx.find_change(found.change.id).await? else { return refuse(AnswerProblem::NotYours) };
        let Some(before) = change.undo(&visitor.agent, now) else { return refuse(AnswerProblem::NoUndo) };
        let by = answerer(&found, signed, visitor);
        let trusted = found.link.is_some() || found.by_session;
        if !self.put_back(&mut tx, &change, (before, trusted)).await? {
            return refuse(AnswerProblem::NoUndo);
        }
        tx.save_change(&change).await?;
        let event = Event::ChangeUndone { change: change.id, what: change.change.kind() };
        self.emit(&mut tx, &by, event).await?;
        self.lock_account_down(&mut tx, found.account.id, &by).await?;
        Ok(tx.commit().await?)
    }

    /// Puts back what was there. `false` when something newer stands in its place, which this undo does not know.
    async fn put_back(
        &self,
        tx: &mut Tx,
        change: &PendingChange,
        (before, trusted): (Before, bool),
    ) -> Result<bool, Fault> {
        let now = self.now();
        match before {
            Before::Email(email, email_verified_at) => {
                let Change::Email { to, .. } = &change.change else { return Ok(false) };
                let account = tx.lock_account(change.account).await?.filter(|account| account.email == *to);
                let Some(account) = account else { return Ok(false) };
                let taken = tx.find_account_by_email(&email.key()).await?;
                if taken.is_some_and(|other| other.id != account.id) {
                    return Ok(false);
                }
                tx.void_single_uses(Purpose::ResetPassword, account.id, now).await?;
                tx.void_single_uses(Purpose::BeginRecovery, account.id, now).await?;
                tx.update_account(&Account { email, email_verified_at, updated_at: now, ..account }).await?;
            }
            Before::Password(old, set_at) => {
                if tx.password_changed_at(change.account).await? != Some(set_at) {
                    return Ok(false);
                }
                tx.void_single_uses(Purpose::ResetPassword, change.account, now).await?;
                match old.filter(|_| trusted) {
                    Some(old) => tx.put_password(change.account, &old, now).await?,
                    None => tx.delete_password(change.account).await?,
                }
            }
        }
        Ok(true)
    }
}
