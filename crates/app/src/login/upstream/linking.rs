//! Linking: after a proof of ours in the flow that the identity waits in, or from the account's page.

use super::UpstreamTrouble;
use super::answer::{AnswerProblem, Spent};
use crate::change::{Made, NotNow};
use crate::here::{By, Here};
use crate::login::FlowRefusal;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Step, Visitor};
use ::upstream::Told;
use base::{Fault, Id, routes};
use identity::change::Change;
use identity::login::{Flow, Method, Methods, PendingIdentity};
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
    /// What its owner does so that it is linked.
    pub way: LinkWay,
}

/// How what waits comes to be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkWay {
    /// Signing in in the same flow, by a means of ours.
    #[default]
    SignIn,
    /// Signing in by another provider, and then on the account's page.
    Elsewhere,
    /// Asking the operator: the account has nothing to sign in with that counts here.
    Ask,
}

/// Asks whether what waits is connected.
#[derive(Debug, Clone)]
pub struct ConnectPage {
    /// The flow.
    pub flow: Id,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whose account here it is.
    pub email: String,
    /// What waits.
    pub pending: Pending,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
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
            way: LinkWay::SignIn,
        })
    }

    /// How what waits in a flow comes to be linked. What this tells of an account is told to whom a believed provider has
    /// confirmed its address.
    pub(crate) async fn link_way(&self, flow: &Flow) -> Result<LinkWay, Fault> {
        let methods = &flow.requirements.methods;
        let own = methods.and(&Methods::of([Method::Password, Method::Passkey]));
        let Some(account) = flow.pending(self.now()).and_then(|pending| pending.account) else {
            return Ok(if own.iter().next().is_some() { LinkWay::SignIn } else { LinkWay::Elsewhere });
        };
        let factors = self.factors(account).await?;
        Ok(match (factors.ways_in(&own), factors.ways_in(methods)) {
            (0, 0) => LinkWay::Ask,
            (0, _) => LinkWay::Elsewhere,
            _ => LinkWay::SignIn,
        })
    }

    /// Whether there is something to ask its owner about.
    pub(crate) fn offers_to_link(&self, flow: &Flow) -> bool {
        let waiting = flow.account().and_then(|account| flow.offers_to_link(account, self.now()));
        waiting.is_some_and(|pending| self.upstream(&pending.provider).is_some())
    }

    /// The page that asks whether what waits in a flow is connected; nothing when there is nothing to ask.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn connect_page(
        &self,
        flow: Id,
        signed: &Signed,
        visitor: &Visitor,
    ) -> Answer<Option<ConnectPage>, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        let asks = flow.account() == Some(signed.id()) && self.offers_to_link(&flow);
        let Some(pending) = self.pending_of(&flow, false).filter(|_| asks) else { return Ok(None) };
        Ok(Some(ConnectPage {
            flow: flow.id,
            app: self.app_of(&flow).await?,
            email: signed.account.email.as_str().to_owned(),
            pending,
            leads_to: crate::login::Continuation::of(&flow)?.leads_to(),
        }))
    }

    /// The owner's answer. A yes connects it, if it comes as soon after the sign-in as every such change has to; a no
    /// forgets it. Either is said once.
    ///
    /// # Errors
    /// [`FlowRefusal`]; [`FlowRefusal::Gone`] also for a yes that comes too late.
    pub async fn connect(
        &self,
        (flow, yes): (Id, bool),
        signed: &Signed,
        visitor: &Visitor,
    ) -> Answer<(), FlowRefusal> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let mut flow = self.lock_flow(&mut tx, flow, visitor).await?;
        let offered = flow.offers_to_link(signed.id(), self.now()).cloned();
        let Some(pending) = offered else { return Ok(()) };
        let factors = tx.factors(signed.id()).await?;
        if yes && !self.is_recent(signed, &factors) {
            return refuse(FlowRefusal::Gone);
        }
        flow.pending = None;
        tx.save_flow(&flow).await?;
        if yes && self.upstream(&pending.provider).is_some() {
            // Where it waits for a yes, the sign-in goes on without it.
            let identity = self.identity_row(&pending, signed.id());
            let _: Made<Id> = self.change(&mut tx, signed, Change::Link { identity }, visitor).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Links what waits in a flow to the account of its verified address, which has been signed in to in it.
    pub(crate) async fn link_pending(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        account: Id,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        let Some(pending) = flow.take_pending(account, self.now()) else { return Ok(()) };
        tx.save_flow(flow).await?;
        // A provider that was switched off meanwhile links nothing any more, and in an account that is locked down nothing
        // is linked.
        if self.upstream(&pending.provider).is_some() && tx.locked_down_since(account).await?.is_none() {
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
        self.put_identity(tx, &self.identity_row(pending, account), by).await
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
    ) -> Answer<Made<()>, AnswerProblem> {
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
        let now = tx.find_identity(&pending.issuer, &pending.subject).await?;
        if let Some(now) = now {
            // It is linked already: to this account, or to another one.
            return if now.account == account {
                Ok(Made::Done(()))
            } else {
                refuse(spent.back(UpstreamTrouble::Taken))
            };
        }
        let identity = self.identity_row(&pending, account);
        let made = self.change(&mut tx, &signed, Change::Link { identity }, visitor).await?;
        if made == Made::NotNow(NotNow::Overtaken) {
            // Another account was faster.
            return refuse(spent.back(UpstreamTrouble::Taken));
        }
        tx.commit().await?;
        Ok(made.map(drop))
    }
}
