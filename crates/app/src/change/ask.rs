//! Asking for a change: it is done, or it waits.

use super::{Made, NotNow};
use crate::guard::{TooMany, allow, key};
use crate::here::{By, Here};
use crate::login::Recent;
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, SecretHash};
use identity::change::{Change, Ending, Mode, PAUSE, PendingChange, REQUESTS, RINGS, Requester};
use identity::{Device, Event};
use store::Tx;

impl Here {
    /// Begins a transaction as [`Here::begin_as`] does, and looks again whether the proof is still as strong as the
    /// account asks for: a second factor that was added in this very moment is asked for, too.
    pub(crate) async fn begin_recent(&self, recent: &Recent) -> Result<(Tx, Device), Fault> {
        let (mut tx, device) = self.begin_as(recent).await?;
        if self.is_recent(recent, &tx.factors(recent.id()).await?) {
            return Ok((tx, device));
        }
        Err(Fault::busy("the account came to ask for more while it was used"))
    }

    /// Changes something sensitive, at once or once its owner has said yes, as the operator has it for its kind. The
    /// account's row is locked; the caller commits, whatever the answer.
    pub(crate) async fn change(
        &self,
        tx: &mut Tx,
        signed: &Signed,
        change: Change,
        visitor: &Visitor,
    ) -> Result<Made<Id>, Fault> {
        if tx.locked_down_since(signed.id()).await?.is_some() {
            return Ok(Made::NotNow(NotNow::LockedDown));
        }
        let asker = Requester {
            session: signed.session.id,
            device: signed.device.id,
            agent: visitor.agent().clone(),
            place: visitor.place.clone(),
        };
        let by = By::owner(signed, visitor);
        let mut pending = PendingChange::begin(self.new_id(), signed.id(), asker, change, self.now());
        if self.settings().changes.mode(pending.change.kind()) == Mode::Confirm {
            return self.hold(tx, pending, &by).await;
        }
        if pending.needs_new_address() {
            // Nobody is asked, and still the address is proven before it is anybody's.
            pending.approved_at = Some(self.now());
            return self.hold(tx, pending, &by).await;
        }
        if !self.carry_out(tx, &mut pending, &by).await? {
            return Ok(Made::NotNow(NotNow::Overtaken));
        }
        pending.end(Ending::Applied, Some(visitor.agent()), self.now());
        if pending.before.is_some() || matches!(pending.change, Change::Export {}) {
            tx.insert_change(&pending).await?;
        }
        Ok(Made::Done(pending.id))
    }

    async fn hold(&self, tx: &mut Tx, mut pending: PendingChange, by: &By<'_>) -> Result<Made<Id>, Fault> {
        let now = self.now();
        // A browser whose word does not count yet has lanes of its own: it must not use up those of the owner's.
        let vouches = match tx.find_device(pending.asker.device).await? {
            Some(device) => device.vouches(now),
            None => false,
        };
        let requests = lane(b"change:requests", &pending, vouches);
        match tx.lock_counter(requests).await?.reserve(&REQUESTS, now) {
            Ok(counter) => tx.save_counter(requests, &counter, now).await?,
            Err(wait) => return Ok(Made::NotNow(NotNow::TooMany(TooMany { wait: wait.0 }))),
        }
        for mut open in tx.list_open_changes(pending.account).await? {
            let may = vouches || open.asker.device == pending.asker.device;
            if may && pending.change.replaces(&open.change) && open.end(Ending::Replaced, None, now) {
                self.settle_change(tx, &open, by).await?;
            }
        }
        pending.rings =
            pending.approved_at.is_none() && self.may_ring(tx, lane(b"change:rings", &pending, vouches), by).await?;
        tx.insert_change(&pending).await?;
        if pending.approved_at.is_none() {
            let requested = Event::ChangeRequested {
                change: pending.id,
                what: pending.change.kind(),
                about: pending.change.about(),
                until: pending.expires_at,
                rings: pending.rings,
            };
            self.emit(tx, by, requested).await?;
        }
        // Whoever is asked for in vain learns nothing by it: the page says the same.
        let mails = &self.settings().mails;
        if let Change::Email { to, .. } = &pending.change
            && allow(self, tx, &[b"mail:new-address", to.key().as_bytes()], mails).await?
        {
            let event = Event::NewAddress { change: pending.id, email: to.clone(), locale: by.visitor.locale.clone() };
            self.emit(tx, by, event).await?;
        }
        Ok(Made::Waits(pending.id))
    }

    /// Whether browsers are rung for one more request. One too many, and none is for a while: who is asked again and
    /// again says yes in the end.
    pub(crate) async fn may_ring(&self, tx: &mut Tx, rings: SecretHash, by: &By<'_>) -> Result<bool, Fault> {
        let now = self.now();
        let counter = tx.lock_counter(rings).await?;
        if let Ok(counted) = counter.reserve(&RINGS, now) {
            tx.save_counter(rings, &counted, now).await?;
            return Ok(true);
        }
        if counter.locked_until.is_none_or(|until| until <= now) {
            let until = now.plus(PAUSE);
            let paused = identity::limit::Counter { locked_until: Some(until), ..counter };
            tx.save_counter(rings, &paused, now).await?;
            self.emit(tx, by, Event::ApprovalsPaused { until }).await?;
        }
        Ok(false)
    }

    /// Saves a change that ended, and tells of it. `false` when it had ended before: then nothing is saved or told.
    pub(crate) async fn settle_change(&self, tx: &mut Tx, change: &PendingChange, by: &By<'_>) -> Result<bool, Fault> {
        let Some(ended) = &change.ended else { return Ok(false) };
        if !tx.save_change(change).await? {
            return Ok(false);
        }
        let event = Event::ChangeEnded {
            change: change.id,
            what: change.change.kind(),
            about: change.change.about(),
            how: ended.how,
            rang: change.rings,
        };
        self.emit(tx, by, event).await?;
        Ok(true)
    }
}

/// Where requests are counted: of all browsers of the account whose word counts together, of each other one by itself.
fn lane(what: &[u8], pending: &PendingChange, vouches: bool) -> SecretHash {
    let account = pending.account.as_bytes();
    if vouches { key(&[what, account]) } else { key(&[what, account, pending.asker.device.as_bytes()]) }
}
