//! Codes of mails, typed where a change was asked for. Each is counted before it is looked at, over the life of the account:
//! that a new request brings a new code must not bring new guesses without end.

use super::answer::AnswerProblem;
use crate::guard::{Authenticator, Lanes, Whose};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id};
use identity::change::{NotTaken, PendingChange};
use store::Tx;

impl Here {
    /// Counts a code that is about to be looked at, and commits. `None` where none will be: the change is over, or asked
    /// for elsewhere.
    ///
    /// # Errors
    /// [`AnswerProblem::TooMany`]: it must not be looked at.
    pub(super) async fn reserve_code(
        &self,
        signed: &Signed,
        change: Id,
        visitor: &Visitor,
    ) -> Answer<Option<Lanes>, AnswerProblem> {
        let found = self.read().await?.find_change(change).await?;
        let takes = found.is_some_and(|change| {
            change.account == signed.id() && change.asker.session == signed.session.id && change.is_open(self.now())
        });
        if !takes {
            return Ok(None);
        }
        let whose = Whose::Account { account: signed.id(), known: signed.device.known_at.is_some() };
        let mut lanes = Lanes::new(self, Authenticator::ChangeCode, &whose, visitor);
        let mut tx = self.begin().await?;
        if let Err(wait) = lanes.reserve(self, &mut tx).await? {
            return refuse(AnswerProblem::TooMany(wait));
        }
        tx.commit().await?;
        Ok(Some(lanes))
    }

    /// Settles what was counted. Only a change that has all it needs forgets the guesses before it: whoever asks may well
    /// hold the new address, and must not buy guesses at the owner's code with it.
    pub(super) async fn settle_code(
        &self,
        tx: &mut Tx,
        lanes: &Lanes,
        (change, taken): (&PendingChange, Result<(), NotTaken>),
        by: &By<'_>,
    ) -> Result<(), Fault> {
        match taken {
            Err(NotTaken::WrongCode { .. }) => lanes.fail(self, tx, by.visitor).await.map(drop),
            Ok(()) if change.is_ready() => lanes.succeed(self, tx).await,
            _ => lanes.refund(self, tx).await,
        }
    }
}
