//! Making an account of another provider's word, where the address has yet to be proven: as in any registration,
//! nothing exists until its link is used.

use super::Pending;
use crate::guard::TooMany;
use crate::here::Here;
use crate::login::{Browser, FlowRefusal, RegisterRefusal};
use crate::problem::{Answer, refuse};
use crate::visitor::{Step, Visitor};
use base::{Email, Id, routes};
use identity::login::{Flow, SignUp};
use store::Tx;

/// The form.
#[derive(Debug, Clone)]
pub struct Join {
    /// The flow it belongs to.
    pub flow: Id,
    /// The mail address, as typed.
    pub email: String,
    /// The name.
    pub name: String,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct JoinPage {
    /// What waits.
    pub pending: Pending,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address to begin with.
    pub email: String,
    /// The name to begin with.
    pub name: String,
}

impl Here {
    /// The page that asks for address and name.
    ///
    /// # Errors
    /// [`RegisterRefusal::Flow`], or [`RegisterRefusal::Closed`] when no account can be made here.
    pub async fn join_page(&self, flow: Id, visitor: &Visitor) -> Answer<JoinPage, RegisterRefusal> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        let pending = self.joining(&flow).await?;
        let told = flow.pending(self.now());
        let email = told.and_then(|told| told.email.clone()).filter(|email| email.parse::<Email>().is_ok());
        let name = told.and_then(|told| identity::account::told_name(told.name.as_deref()?));
        Ok(JoinPage {
            pending,
            app: self.app_of(&flow).await?,
            email: email.unwrap_or_default(),
            name: name.unwrap_or_default(),
        })
    }

    /// Takes the registration and has the mail sent. The answer is the same whether the address has an account.
    ///
    /// # Errors
    /// [`RegisterRefusal`].
    pub async fn join(&self, form: Join, visitor: &Visitor) -> Answer<Step, RegisterRefusal> {
        let flow = self.open_flow(form.flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        self.joining(&flow).await?;
        let Ok(email) = form.email.parse::<Email>() else { return refuse(RegisterRefusal::Email) };
        let Some(name) = identity::account::name(&form.name) else { return refuse(RegisterRefusal::Name) };
        if !self.may_register(visitor).await? {
            return refuse(RegisterRefusal::TooMany(TooMany { wait: self.settings().address.window }));
        }
        let mut tx = self.begin().await?;
        let mut flow = self.lock_flow(&mut tx, flow.id, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        if flow.register_pending(email, name, self.now()).is_err() {
            return refuse(RegisterRefusal::Flow(FlowRefusal::Gone));
        }
        self.await_link(&mut tx, &mut flow, &form.browser, visitor).await?;
        tx.commit().await?;
        Ok(Step::here(routes::with_flow(routes::CHECK_MAIL, flow.id)))
    }

    /// Links what a registration came with to the account that is made of it.
    ///
    /// # Errors
    /// [`RegisterRefusal`] when the provider may make no accounts any more, or somebody was faster.
    pub(in crate::login) async fn link_registered(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        account: Id,
    ) -> Answer<(), RegisterRefusal> {
        let Some(registration) = &mut flow.registration else { return Ok(()) };
        let Some(pending) = &registration.identity else { return Ok(()) };
        if self.upstream(&pending.provider).is_none_or(|upstream| !upstream.provider().sign_up) {
            return refuse(RegisterRefusal::Closed);
        }
        let row = self.identity_row(pending, account);
        if !tx.insert_identity(&row).await? {
            return refuse(RegisterRefusal::Taken);
        }
        registration.linked = Some(row.id);
        flow.pending = None;
        Ok(())
    }

    /// What waits in a flow that an account can be made of.
    async fn joining(&self, flow: &Flow) -> Answer<Pending, RegisterRefusal> {
        let open = self.policy_of(flow).await?.sign_up == SignUp::Open;
        match self.pending_of(flow, open) {
            _ if flow.finished_at.is_some() => refuse(RegisterRefusal::Flow(FlowRefusal::Gone)),
            Some(pending) if pending.can_join => Ok(pending),
            Some(_) => refuse(RegisterRefusal::Closed),
            None => refuse(RegisterRefusal::Flow(FlowRefusal::Gone)),
        }
    }
}
