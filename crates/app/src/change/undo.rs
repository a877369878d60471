//! Taking back what was done, within three days.
//!
//! Whoever takes something back says "it wasn't me": so the account is locked down besides. The link of the mail, or a
//! session in a browser whose word counts, puts back what was there. From a notice alone, the device cookie is all there
//! is: it may be the browser of somebody whom the owner has just shut out by a new password. It takes the new password
//! out of force, and puts the old one back into nobody's hands: its owner sets another by mail. An address or a telephone number it leaves alone.

use super::answer::{AnswerProblem, answerer};
use super::lockdown::may_lock_down;
use crate::account::Asked;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id};
use identity::change::{Before, PendingChange, UNDO_FOR};
use identity::{Account, Event, Purpose};
use store::Tx;

impl Here {
    /// Takes a change of the mail address, of the password or of the telephone number back.
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
        let Some(before) = change.undo(visitor.agent(), now) else { return refuse(AnswerProblem::NoUndo) };
        let by = answerer(&found, signed, visitor);
        let trusted = found.link.is_some() || found.by_session;
        let back = self.put_back(&mut tx, change.account, (before, trusted)).await?;
        if back {
            tx.save_ended_change(&change).await?;
            let event = Event::ChangeUndone { change: change.id, what: change.change.kind() };
            self.emit(&mut tx, &by, event).await?;
            self.forget_undos(&mut tx, change.account).await?;
        }
        // Somebody says "it wasn't me": that is heard, whatever can be put back.
        self.disown_asker(&mut tx, &change, &by).await?;
        self.lock_account_down(&mut tx, found.account.id, &by).await?;
        tx.commit().await?;
        if back { Ok(()) } else { refuse(AnswerProblem::NoUndo) }
    }

    /// Puts back what was there. `false` when it can't be, or whoever asks has shown too little for it.
    async fn put_back(&self, tx: &mut Tx, account: Id, (before, trusted): (Before, bool)) -> Result<bool, Fault> {
        let now = self.now();
        // Whatever is put back: a mail that was asked for meanwhile opens nothing.
        tx.forget_single_uses(Purpose::ResetPassword, account).await?;
        tx.forget_single_uses(Purpose::BeginRecovery, account).await?;
        match before {
            // What may bring its owner to an app, somebody else does not move.
            Before::Phone(..) if !trusted => return Ok(false),
            Before::Phone(phone) => {
                let Some(account) = tx.lock_account(account).await? else { return Ok(false) };
                tx.update_account(&Account { phone, updated_at: now, ..account }).await?;
            }
            // The mailbox that an account has is its way back: a device cookie alone moves it nowhere.
            Before::Email(..) if !trusted => return Ok(false),
            Before::Email(email, email_verified_at) => {
                let Some(account) = tx.lock_account(account).await? else { return Ok(false) };
                let taken = tx.find_account_by_email(&email.key()).await?;
                if taken.is_some_and(|other| other.id != account.id) {
                    return Ok(false);
                }
                tx.update_account(&Account { email, email_verified_at, updated_at: now, ..account }).await?;
            }
            Before::Password(old) => match old.filter(|_| trusted) {
                Some(old) => tx.put_password(account, &old, now).await?,
                None => tx.delete_password(account).await?,
            },
        }
        Ok(true)
    }

    /// What was there before the first of several changes of the same that can still be undone; `present` where this is the
    /// first.
    pub(super) async fn before_the_first(
        &self,
        tx: &mut Tx,
        change: &PendingChange,
        present: Before,
    ) -> Result<Before, Fault> {
        let kind = change.change.kind();
        let undoable = self.undoable(tx, change.account).await?;
        let first = undoable.into_iter().find(|one| one.change.kind() == kind && one.id != change.id);
        Ok(first.and_then(|one| one.before).unwrap_or(present))
    }

    /// Has nothing undone any more: the owner has shown that they are back, or has undone it.
    pub(super) async fn forget_undos(&self, tx: &mut Tx, account: Id) -> Result<(), Fault> {
        for change in self.undoable(tx, account).await? {
            tx.save_ended_change(&PendingChange { before: None, ..change }).await?;
        }
        Ok(())
    }

    /// What can still be undone, the oldest first.
    async fn undoable(&self, tx: &mut Tx, account: Id) -> Result<Vec<PendingChange>, Fault> {
        let now = self.now();
        let mut ended = tx.list_ended_changes(account, now.minus(UNDO_FOR)).await?;
        ended.retain(|change| change.undo_until().is_some_and(|until| now < until));
        Ok(ended)
    }
}
