//! Linking: after a proof of ours in the flow that the identity waits in, or from the account's page.

use super::UpstreamTrouble;
use super::answer::{AnswerProblem, Spent};
use crate::here::{By, Here};
use crate::login::FlowRefusal;
use crate::problem::{Answer, refuse};
use crate::visitor::{Step, Visitor};
use ::upstream::Told;
use base::{Fault, Id, routes};
use identity::Event;
use identity::login::{Flow, PendingIdentity};
use identity::recovery::StopReason;
use store::Tx;

/// An identity that waits to be linked, as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The provider's name for people.
    pub provider: String,
    /// The address or name that it told.
    pub who: Option<String>,
    /// The address, if there is an account of it and only that one will do.
    pub account: Option<String>,
    /// Whether an account can be made of it.
    pub can_join: bool,
}

/// What an identity is called among its like.
pub(crate) fn who(email: Option<&String>, name: Option<&String>) -> Option<String> {
    email.or(name).cloned()
}

impl Here {
    /// What waits in a flow.
    pub(crate) fn pending_of(&self, flow: &Flow, may_join: bool) -> Option<Pending> {
        let pending = flow.pending(self.now())?;
        let upstream = self.upstream(&pending.provider)?;
        Some(Pending {
            provider: upstream.provider().name.clone(),
            who: who(pending.email.as_ref(), pending.name.as_ref()),
            account: pending.account.and(pending.email.clone()),
            can_join: may_join && upstream.provider().sign_up && pending.account.is_none(),
        })
    }

    /// Links what waits in a flow to the account that has been signed in to in it.
    pub(crate) async fn link_pending(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        account: Id,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        let Some(pending) = flow.take_pending(account, self.now()) else { return Ok(()) };
        tx.save_flow(flow).await?;
        // A provider that was switched off meanwhile links nothing any more.
        if self.upstream(&pending.provider).is_some() {
            self.link_identity(tx, &pending, account, &By::about(account, None, visitor)).await?;
        }
        Ok(())
    }

    /// Links an identity, and tells of it. `false` when it is linked already.
    pub(super) async fn link_identity(
        &self,
        tx: &mut Tx,
        pending: &PendingIdentity,
        account: Id,
        by: &By<'_>,
    ) -> Result<bool, Fault> {
        let row = self.identity_row(pending, account);
        if !tx.insert_identity(&row).await? {
            return Ok(false);
        }
        let event = Event::IdentityLinked {
            provider: self.provider_name(&pending.provider),
            who: who(pending.email.as_ref(), pending.name.as_ref()),
            identity: Some(row.id),
        };
        self.emit(tx, by, event).await?;
        Ok(true)
    }

    /// "Don't connect it": what waits in the flow is forgotten.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn forget_pending(&self, flow: Id, visitor: &Visitor) -> Answer<Step, FlowRefusal> {
        let mut tx = self.begin().await?;
        let mut flow = self.lock_flow(&mut tx, flow, visitor).await?;
        flow.pending = None;
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        Ok(Step::here(routes::with_flow(routes::LOGIN, flow.id)))
    }

    /// Links what a provider told to the account whose session asked for it.
    pub(super) async fn link_told(
        &self,
        (account, session): (Id, Id),
        (spent, told): (&Spent, Told),
        visitor: &Visitor,
    ) -> Answer<(), AnswerProblem> {
        let signed = self.signed_in(visitor).await?;
        let signed = signed.filter(|signed| signed.account.id == account && signed.session.id == session);
        let Some(signed) = signed else { return refuse(AnswerProblem::SignedOut) };
        let pending = PendingIdentity {
            provider: spent.upstream.provider().key.as_str().to_owned(),
            issuer: told.issuer,
            subject: told.subject,
            email: told.email,
            name: told.name,
            account: Some(account),
            at: self.now(),
        };
        let (mut tx, _) = self.begin_as(&signed).await?;
        let by = By::owner(&signed, visitor);
        self.need_no_recovery(&mut tx, account, StopReason::CredentialChanged, &by).await?;
        if !self.link_identity(&mut tx, &pending, account, &by).await? {
            // It is linked already: to this account, or to another one.
            let now = tx.find_identity(&pending.issuer, &pending.subject).await?;
            if now.is_none_or(|now| now.account != account) {
                return refuse(spent.back(UpstreamTrouble::Taken));
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
