//! Answers: yes with the number in another browser, yes with the code of a mail where it was asked, no from anywhere.

use super::find::Found;
use super::lockdown::may_lock_down;
use crate::account::Asked;
use crate::guard::TooMany;
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id};
use identity::change::{Asking, DENIALS_WITHIN, Ending, Leg, MANY_DENIALS, NotTaken, PendingChange, UNDO_FOR};
use identity::{Event, Purpose};
use store::{Read, Tx};

/// Why an answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerProblem {
    /// There is no such change that this browser may see.
    NotYours,
    /// It was not taken, and why.
    NotTaken(NotTaken),
    /// It is not looked at: too many codes were wrong.
    TooMany(TooMany),
    /// It can't be taken back: not any more, or there is nothing to take back.
    NoUndo,
}

/// What an answer led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It still waits for something else.
    Waits,
    /// It came to its end.
    Ended(Ending),
}

impl Here {
    /// "Yes", from another browser of the person, with the number that the asking one shows.
    ///
    /// # Errors
    /// [`AnswerProblem`].
    pub async fn approve_change(
        &self,
        signed: &Signed,
        (change, number): (Id, &str),
        visitor: &Visitor,
    ) -> Answer<Moved, AnswerProblem> {
        let (mut tx, device) = self.begin_as(signed).await?;
        let mut change = self.own_change(&mut tx, signed, change).await?;
        let by = By::owner(signed, visitor);
        if let Some(moved) = self.withdraw_orphan(&mut tx, &mut change, &by).await? {
            tx.commit().await?;
            return Ok(moved);
        }
        let asking = Asking {
            device: device.id,
            vouches: device.vouches(self.now()),
            recent: self.is_recent(signed, &tx.factors(signed.id()).await?),
        };
        let now = self.now();
        let taken = self.change_secret(change.id, |secret| change.approve(asking, (secret, number), now));
        self.go_on(tx, change, taken, &by).await
    }

    /// A code from a mail, typed in the browser that asked.
    ///
    /// # Errors
    /// [`AnswerProblem`].
    pub async fn give_change_code(
        &self,
        signed: &Signed,
        (change, leg, code): (Id, Leg, &str),
        visitor: &Visitor,
    ) -> Answer<Moved, AnswerProblem> {
        let counted = self.reserve_code(signed, change, visitor).await?;
        let (mut tx, _) = self.begin_as(signed).await?;
        let mut change = self.own_change(&mut tx, signed, change).await?;
        if change.asker.session != signed.session.id {
            return refuse(AnswerProblem::NotYours);
        }
        let (now, by) = (self.now(), By::owner(signed, visitor));
        let taken = match counted {
            Some(lanes) => {
                let taken = self.change_secret(change.id, |secret| change.give_code(leg, (secret, code), now));
                self.settle_code(&mut tx, &lanes, (&change, taken), &by).await?;
                taken
            }
            None => Err(NotTaken::Over),
        };
        self.go_on(tx, change, taken, &by).await
    }

    /// "I thought better of it", in the browser that asked. Said when it is over, it changes nothing.
    ///
    /// # Errors
    /// [`AnswerProblem::NotYours`].
    pub async fn cancel_change(&self, signed: &Signed, change: Id, visitor: &Visitor) -> Answer<(), AnswerProblem> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let mut change = self.own_change(&mut tx, signed, change).await?;
        if change.asker.session != signed.session.id {
            return refuse(AnswerProblem::NotYours);
        }
        if change.end(Ending::Cancelled, Some(visitor.agent()), self.now()) {
            self.settle_change(&mut tx, &change, &By::owner(signed, visitor)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// "No", from a notice, a mail or a page; and with `secure`, the account is locked down besides. Said when it is
    /// over, it changes nothing but for that. Answers whether the account was locked down.
    ///
    /// # Errors
    /// [`AnswerProblem::NotYours`].
    pub async fn deny_change(
        &self,
        (asked, secure): (&Asked, bool),
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<bool, AnswerProblem> {
        let found = self.find_asked_change(asked, signed, visitor).await?;
        if secure && !may_lock_down(&found) {
            return refuse(AnswerProblem::NotYours);
        }
        if !self.may_deny(&mut self.read().await?, &found).await? {
            return refuse(AnswerProblem::NotYours);
        }
        let now = self.now();
        let mut tx = self.begin().await?;
        tx.lock_account(found.account.id).await?;
        let used = match found.link {
            Some(link) => tx.consume_single_use(link, Purpose::AnswerChange, now).await?.is_none(),
            None => false,
        };
        let by = answerer(&found, signed, visitor);
        // As it is now, under the lock.
        let Some(mut change) = tx.find_change(found.change.id).await? else { return refuse(AnswerProblem::NotYours) };
        if change.end(Ending::Denied, Some(visitor.agent()), now) && self.settle_change(&mut tx, &change, &by).await? {
            self.count_denials(&mut tx, found.account.id, &by).await?;
        }
        // A link locks down once: what its owner has lifted since, an old mail does not bring back.
        let locks = secure && !used;
        if locks {
            self.disown_asker(&mut tx, &change, &by).await?;
            self.lock_account_down(&mut tx, found.account.id, &by).await?;
        }
        tx.commit().await?;
        Ok(locks)
    }

    /// What follows from an answer that was taken or not: the change is carried out when nothing is missing any more.
    async fn go_on(
        &self,
        mut tx: Tx,
        mut change: PendingChange,
        taken: Result<(), NotTaken>,
        by: &By<'_>,
    ) -> Answer<Moved, AnswerProblem> {
        let now = self.now();
        if taken.is_ok() && change.is_ready() {
            // It is told as what the asking browser did.
            let asker = Visitor {
                said: change.asker.agent.clone().into(),
                place: change.asker.place.clone(),
                ..by.visitor.clone()
            };
            let does = By::about(change.account, Some(change.asker.device), &asker);
            let done = self.carry_out(&mut tx, &mut change, &does).await?;
            change.end(if done { Ending::Applied } else { Ending::Overtaken }, Some(by.visitor.agent()), now);
        }
        let moved = change.ending(now).map_or(Moved::Waits, Moved::Ended);
        match (&change.ended, moved) {
            (Some(_), Moved::Ended(Ending::Applied)) if change.change.kind() == identity::ChangeKind::Delete => {}
            (Some(_), _) if !matches!(taken, Err(NotTaken::Over)) => {
                // Ended meanwhile by what does not lock the account: then nothing was done either.
                if !self.settle_change(&mut tx, &change, by).await? {
                    return Err(Fault::busy("the change ended while it was answered").into());
                }
            }
            (None, _) => {
                tx.save_change(&change).await?;
            }
            (Some(_), _) => {}
        }
        tx.commit().await?;
        match taken {
            Ok(()) => Ok(moved),
            Err(why) => refuse(AnswerProblem::NotTaken(why)),
        }
    }

    async fn own_change(&self, tx: &mut Tx, signed: &Signed, id: Id) -> Answer<PendingChange, AnswerProblem> {
        match tx.find_change(id).await?.filter(|change| change.account == signed.id()) {
            Some(change) => Ok(change),
            None => refuse(AnswerProblem::NotYours),
        }
    }

    /// Whether whoever asks may say no: a browser too new for its word to count not to what one asks whose word counts.
    pub(super) async fn may_deny(&self, read: &mut Read, found: &Found) -> Result<bool, Fault> {
        if found.link.is_some() || found.by_device {
            return Ok(true);
        }
        let asker = read.find_device(found.change.asker.device).await?;
        Ok(!asker.is_some_and(|asker| asker.vouches(self.now())))
    }

    /// What the browser that asked has added of late goes with it: whoever it is, its word was "it wasn't me".
    pub(super) async fn disown_asker(&self, tx: &mut Tx, change: &PendingChange, by: &By<'_>) -> Result<(), Fault> {
        let Some(device) = tx.find_device(change.asker.device).await? else { return Ok(()) };
        // An old browser of the owner's may have been stolen: what it added before is the owner's own.
        let since = device.first_seen_at.max(self.now().minus(UNDO_FOR));
        self.disown(tx, (&device, since), by).await
    }

    /// A change whose asker's session is over ends with it.
    async fn withdraw_orphan(
        &self,
        tx: &mut Tx,
        change: &mut PendingChange,
        by: &By<'_>,
    ) -> Result<Option<Moved>, Fault> {
        let session = tx.find_session(change.asker.session).await?;
        if session.is_some_and(|session| session.is_live(self.now(), self.settings().session_idle)) {
            return Ok(None);
        }
        if change.end(Ending::Withdrawn, None, self.now()) {
            self.settle_change(tx, change, by).await?;
            return Ok(Some(Moved::Ended(Ending::Withdrawn)));
        }
        Ok(None)
    }

    /// Tells when one denial follows another: somebody is at it.
    async fn count_denials(&self, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<(), Fault> {
        let log = tx.list_kinds_of(account, &["change.ended"], self.now().minus(DENIALS_WITHIN)).await?;
        let denied = |event: &Event| matches!(event, Event::ChangeEnded { how: Ending::Denied, .. });
        let times = log.iter().filter(|record| denied(&record.event)).count();
        // The first time that it is many, and seldom after that: an alarm that never ends is heard by nobody.
        if times == MANY_DENIALS || (times > MANY_DENIALS && times.is_multiple_of(5)) {
            let times = u32::try_from(times).unwrap_or(u32::MAX);
            self.emit(tx, by, Event::DeniedOften { times }).await?;
        }
        Ok(())
    }
}

pub(super) fn answerer<'a>(found: &Found, signed: Option<&Signed>, visitor: &'a Visitor) -> By<'a> {
    match signed.filter(|_| found.by_session) {
        Some(signed) => By::owner(signed, visitor),
        None => By::about(found.account.id, None, visitor),
    }
}
