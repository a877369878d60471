//! Lockdown: "it wasn't me", in one step.
//!
//! Every session and every app's access ends, what waits is withdrawn, and nothing sensitive can be changed until the
//! owner is back. The bell goes on ringing. The way back stays open: whoever sets a new password by mail, comes back by a
//! recovery, or holds the link of its mail *and* signs in, lifts it. The link alone does not, for a thief may have the
//! mailbox; a sign-in alone does not, for that is what the thief had.

use super::find::Found;
use crate::account::Asked;
use crate::here::{By, Here};
use crate::login::Recent;
use crate::operate::console;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, Secret, SecretKind, Timestamp};
use identity::change::Ending;
use identity::{EndReason, Event, Purpose, Session, SingleUse};
use store::Tx;

/// Why a lockdown was not lifted, or not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiftRefusal {
    /// The link was used, is too old, or is another account's.
    LinkGone,
    /// This browser's word does not count enough to end every session.
    NotYours,
}

/// How it stands with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockdownPage {
    /// Since when it is locked down; `None` when it is not.
    pub since: Option<Timestamp>,
    /// Whether the link at hand lifts it.
    pub can_lift: bool,
    /// Whether the link at hand is good for nothing any more.
    pub link_gone: bool,
}

impl Here {
    /// How it stands with the account of a session, or of a mail's link, and whether the two together would lift it.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn lockdown(
        &self,
        signed: Option<&Signed>,
        token: Option<&str>,
        visitor: &Visitor,
    ) -> Result<LockdownPage, Fault> {
        let link = match token {
            Some(token) => self.lift_link(token).await?.and_then(|link| link.account),
            None => None,
        };
        let account = signed.map(Signed::id).or(link);
        let since = match account {
            Some(account) => self.read().await?.locked_down_since(account).await?,
            None => None,
        };
        // The link of a "was this you?" locks down; one that lifts is told from it by its row.
        let link_gone = match (link, token) {
            (None, Some(token)) => {
                let asked = Asked::Mail(token.to_owned());
                self.account_in_question(&asked, signed, visitor).await?.is_none()
            }
            _ => false,
        };
        Ok(LockdownPage { since, can_lift: signed.is_some() && link.is_some() && account == link, link_gone })
    }

    /// Locks the account of a "was this you?" down.
    ///
    /// # Errors
    /// [`LiftRefusal`].
    pub async fn lock_down(
        &self,
        asked: Option<&Asked>,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<(), LiftRefusal> {
        let account = match (asked, signed) {
            (Some(asked), _) => self.account_in_question(asked, signed, visitor).await?,
            (None, Some(signed)) => signed.device.vouches(self.now()).then_some(signed.id()),
            (None, None) => None,
        };
        let Some(account) = account else {
            let by_mail = matches!(asked, Some(Asked::Mail(_)));
            return refuse(if by_mail { LiftRefusal::LinkGone } else { LiftRefusal::NotYours });
        };
        let mut tx = self.begin().await?;
        tx.lock_account(account).await?;
        let by = match signed.filter(|signed| signed.id() == account) {
            Some(signed) => By::owner(signed, visitor),
            None => By::about(account, None, visitor),
        };
        self.lock_account_down(&mut tx, account, &by).await?;
        Ok(tx.commit().await?)
    }

    /// Lifts it: with the link of its mail, and a proof of who one is.
    ///
    /// # Errors
    /// [`LiftRefusal::LinkGone`].
    pub async fn lift_lockdown(&self, recent: &Recent, token: &str, visitor: &Visitor) -> Answer<(), LiftRefusal> {
        let link = self.lift_link(token).await?.filter(|link| link.account == Some(recent.id()));
        let Some(link) = link else { return refuse(LiftRefusal::LinkGone) };
        let (mut tx, _) = self.begin_recent(recent).await?;
        if tx.consume_single_use(link.hash, Purpose::LiftLockdown, self.now()).await?.is_none() {
            return refuse(LiftRefusal::LinkGone);
        }
        // Whoever else has signed in since may be the one whom it was to keep out.
        self.end_all(&mut tx, recent.id(), Some(recent.session.id), EndReason::LockedDown).await?;
        self.owner_is_back(&mut tx, recent.id(), &By::owner(recent, visitor)).await?;
        Ok(tx.commit().await?)
    }

    /// Locks an account down. Its row is locked.
    pub(crate) async fn lock_account_down(&self, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<(), Fault> {
        self.withdraw_changes(tx, account, by).await?;
        self.end_all(tx, account, None, EndReason::LockedDown).await?;
        self.withdraw_trust(tx, account, by).await?;
        self.silence_strangers(tx, account).await?;
        if tx.lock_down(account, self.now()).await? {
            self.emit(tx, by, Event::LockedDown {}).await?;
        }
        Ok(())
    }

    /// Its owner has shown that they are back. Its row is locked.
    pub(crate) async fn owner_is_back(&self, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<(), Fault> {
        self.forget_undos(tx, account).await?;
        tx.forget_single_uses(Purpose::AnswerChange, account).await?;
        if tx.lift_lockdown(account).await? {
            tx.void_single_uses(Purpose::LiftLockdown, account, self.now()).await?;
            self.emit(tx, by, Event::LockdownLifted {}).await?;
        }
        Ok(())
    }

    /// Ends every change of an account that waits. Its row is locked.
    pub(crate) async fn withdraw_changes(&self, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<(), Fault> {
        for mut change in tx.list_open_changes(account).await? {
            if change.end(Ending::Withdrawn, None, self.now()) {
                self.settle_change(tx, &change, by).await?;
            }
        }
        Ok(())
    }

    /// Ends what a session asked for: it ends with it. One that ends otherwise at the same time keeps that end.
    pub(crate) async fn withdraw_changes_of(&self, tx: &mut Tx, session: &Session) -> Result<(), Fault> {
        let open = tx.list_open_changes(session.account).await?;
        for mut change in open.into_iter().filter(|change| change.asker.session == session.id) {
            if change.end(Ending::Withdrawn, None, self.now()) {
                let agent = change.asker.agent.clone();
                let visitor = Visitor { said: agent.into(), place: change.asker.place.clone(), ..console() };
                self.settle_change(tx, &change, &By::about(session.account, None, &visitor)).await?;
            }
        }
        Ok(())
    }

    async fn lift_link(&self, token: &str) -> Result<Option<SingleUse>, Fault> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else { return Ok(None) };
        let found = self.read().await?.find_single_use(secret.hash(), Purpose::LiftLockdown).await?;
        Ok(found.filter(|link| link.consumed_at.is_none() && self.now() < link.expires_at))
    }
}

/// Whether whoever asks may end every session: a browser too new for its word to count could be a thief's.
pub(super) const fn may_lock_down(found: &Found) -> bool {
    found.link.is_some() || found.by_device
}
