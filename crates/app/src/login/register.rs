//! Making an account: nothing exists until the address is proven.
//!
//! The page answers alike for known and unknown addresses; which of two mails is sent is decided when it is
//! written. The link is bound to the browser that asked: opened elsewhere, it wants the code shown there,
//! so that nobody can have their own password confirmed by the owner of an address (pre-hijacking).

use super::{Browser, Continuation, Finish, FlowRefusal, Outcome, Way};
use crate::guard::{TooMany, allow};
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Step, Visitor};
use base::{Email, Fault, Id, Secret, SecretKind, routes};
use identity::login::{Flow, FlowError, SignUp, shown_code};
use identity::password_policy::WeakPassword;
use identity::{Account, AccountStatus, AskedToJoin, Event, Purpose, Role, SingleUse};
use store::Tx;
use zeroize::Zeroizing;

/// The registration form.
pub struct Register {
    /// The flow it belongs to.
    pub flow: Id,
    /// The mail address, as typed.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// Why a registration was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterRefusal {
    /// The flow can't go on.
    Flow(FlowRefusal),
    /// Accounts are made by the operator here.
    Closed,
    /// That is no mail address.
    Email,
    /// A name is needed, of at most 100 bytes.
    Name,
    /// The password is not good enough.
    Weak(WeakPassword),
    /// Too many tries from this address.
    TooMany(TooMany),
    /// The link was used, is too old, or was never sent.
    LinkGone,
    /// The code is not the one shown in the other browser.
    WrongCode,
    /// The address got an account meanwhile.
    Taken,
    /// The link has not been opened yet.
    NotYet,
}

/// "Check your mail."
#[derive(Debug, Clone)]
pub struct CheckMail {
    /// The flow.
    pub flow: Id,
    /// The address, as typed.
    pub email: String,
    /// The code for a link that is opened in another browser.
    pub code: String,
    /// Whether the link has been used: the page can go on.
    pub confirmed: bool,
    /// The app that one signs in to.
    pub app: Option<String>,
}

/// Where a confirmation link leads.
#[derive(Debug, Clone)]
pub struct ConfirmPage {
    /// The address to confirm.
    pub email: String,
    /// Whether this is the browser that asked; if not, it wants the code.
    pub same_browser: bool,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

/// A confirmed address.
pub enum Confirmed {
    /// In the browser that asked: signed in, go on.
    SignedIn(Step),
    /// In another one: go back to the first.
    GoBack,
}

impl Here {
    /// Takes a registration and has the mail sent.
    ///
    /// # Errors
    /// [`RegisterRefusal`].
    pub async fn register(&self, form: Register, visitor: &Visitor) -> Answer<Step, RegisterRefusal> {
        self.room_to_hash(visitor)?;
        let flow = self.open_flow(form.flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        if !self.may_join_in(&flow).await? {
            return refuse(RegisterRefusal::Closed);
        }
        let Ok(email) = form.email.parse::<Email>() else { return refuse(RegisterRefusal::Email) };
        let Some(name) = identity::account::name(&form.name) else { return refuse(RegisterRefusal::Name) };
        if !self.may_register(visitor).await? {
            return refuse(RegisterRefusal::TooMany(TooMany { wait: self.settings().address.window }));
        }
        let policy = self.password_policy_of(&flow).await?;
        if let Err(weak) = self.check_strength(policy, &form.password, &[email.as_str(), &name]).await {
            return refuse(RegisterRefusal::Weak(weak));
        }
        let password = self.hasher().hash(form.password, self.turn(visitor)).await?;

        let mut tx = self.begin().await?;
        let mut flow = self.lock_flow(&mut tx, form.flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        if flow.register(email, name, password, self.now()).is_err() {
            return refuse(RegisterRefusal::Flow(FlowRefusal::Gone));
        }
        self.await_link(&mut tx, &mut flow, &form.browser, visitor).await?;
        tx.commit().await?;
        Ok(Step::here(routes::with_flow(routes::CHECK_MAIL, flow.id)))
    }

    /// Has the link of a flow's registration sent, and waits for it.
    pub(super) async fn await_link(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        browser: &Browser,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        flow.can_offer = browser.can_offer;
        flow.time_zone = browser.known_zone();
        // The flow lives as long as its link.
        flow.expires_at = flow.expires_at.max(self.now().plus(self.settings().confirm_lifetime));
        tx.save_flow(flow).await?;
        self.send_link(tx, flow, visitor).await
    }

    /// Estimating, hashing and sending mail cost something: one network gets so many registrations and no more.
    pub(super) async fn may_register(&self, visitor: &Visitor) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let network = crate::guard::network(visitor.ip);
        let allowed = allow(self, &mut tx, &[b"register:address", &network], &self.settings().address).await?;
        tx.commit().await?;
        Ok(allowed)
    }

    /// Sends the link again. The answer is the same whether one was sent or the limit was reached.
    ///
    /// # Errors
    /// [`RegisterRefusal::Flow`].
    pub async fn resend(&self, flow: Id, visitor: &Visitor) -> Answer<Step, RegisterRefusal> {
        let mut tx = self.begin().await?;
        let flow = self.lock_flow(&mut tx, flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        self.send_link(&mut tx, &flow, visitor).await?;
        tx.commit().await?;
        Ok(Step::here(routes::with_flow(routes::CHECK_MAIL, flow.id)))
    }

    async fn send_link(&self, tx: &mut Tx, flow: &Flow, visitor: &Visitor) -> Result<(), Fault> {
        let Some(registration) = &flow.registration else { return Ok(()) };
        let key = registration.email.key();
        if !allow(self, tx, &[b"mail:register", key.as_bytes()], &self.settings().mails).await? {
            return Ok(());
        }
        let asked = AskedToJoin {
            flow: flow.id,
            number: registration.number,
            email: registration.email.clone(),
            name: registration.name.clone(),
            locale: visitor.locale.clone(),
        };
        self.emit(tx, &By::stranger(visitor), Event::RegistrationRequested(asked)).await?;
        Ok(())
    }

    /// "Check your mail", for the browser that asked.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn check_mail(&self, flow: Id, visitor: &Visitor) -> Answer<CheckMail, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        let Some(registration) = &flow.registration else { return refuse(FlowRefusal::Gone) };
        Ok(CheckMail {
            flow: flow.id,
            email: registration.email.as_str().to_owned(),
            code: self.code_of(flow.id),
            confirmed: registration.confirmed_at.is_some(),
            app: self.app_of(&flow).await?,
        })
    }

    /// The page behind the link. Looking at it spends nothing: mail scanners look at everything.
    ///
    /// # Errors
    /// [`RegisterRefusal::LinkGone`].
    pub async fn confirm_page(&self, token: &str, visitor: &Visitor) -> Answer<ConfirmPage, RegisterRefusal> {
        let (_, flow) = self.link(token).await?;
        let Some(registration) = &flow.registration else { return refuse(RegisterRefusal::LinkGone) };
        Ok(ConfirmPage {
            email: registration.email.as_str().to_owned(),
            same_browser: visitor.owns(&flow),
            leads_to: Continuation::of(&flow)?.leads_to(),
        })
    }

    /// Confirms the address, makes the account, and signs in if this is the browser that asked.
    ///
    /// # Errors
    /// [`RegisterRefusal`].
    pub async fn confirm(
        &self,
        token: &str,
        code: Option<&str>,
        visitor: &Visitor,
    ) -> Answer<Confirmed, RegisterRefusal> {
        let (link, flow) = self.link(token).await?;
        let way = self.way_of(&flow).await?;
        let sign_up = self.policy_of(&flow).await?.sign_up;
        let now = self.now();
        let mut tx = self.begin().await?;
        let flow = tx.lock_flow(flow.id).await?.filter(|flow| is_of(&link, flow));
        let Some(mut flow) = flow else { return refuse(RegisterRefusal::LinkGone) };
        if sign_up != SignUp::Open {
            return refuse(RegisterRefusal::Closed);
        }
        let owns = visitor.owns(&flow);
        if !owns {
            let key = self.parts().keyring.subkey("registration code");
            if let Err(error) = flow.check_code(&key, code.unwrap_or_default(), now) {
                return self.wrong_code(tx, (link, flow), error).await;
            }
        }
        if tx.consume_single_use(link.hash, Purpose::ConfirmEmail, now).await?.is_none() {
            return refuse(RegisterRefusal::LinkGone);
        }
        let Some(registration) = flow.registration.clone() else { return refuse(RegisterRefusal::LinkGone) };
        let account = self.new_account((registration.email.clone(), registration.name.clone()), visitor);
        if !tx.insert_account(&account).await? {
            return refuse(RegisterRefusal::Taken);
        }
        if flow.confirm(account.id, now).is_err() {
            return refuse(RegisterRefusal::LinkGone);
        }
        if let Some(password) = &registration.password {
            tx.put_password(account.id, password, now).await?;
        }
        self.link_registered(&mut tx, &mut flow, account.id).await?;
        self.emit(&mut tx, &By::about(account.id, None, visitor), Event::AccountCreated {}).await?;
        tx.save_flow(&flow).await?;
        if !owns {
            tx.commit().await?;
            return Ok(Confirmed::GoBack);
        }
        let outcome = self.finish_registration_in(&mut tx, &mut flow, (visitor, &way)).await?;
        tx.commit().await?;
        Ok(Confirmed::SignedIn(outcome.step(self, &flow)))
    }

    /// Goes on in the browser that asked, after the link was used in another one.
    ///
    /// # Errors
    /// [`RegisterRefusal::NotYet`] while it was not.
    pub async fn finish_registration(&self, flow: Id, visitor: &Visitor) -> Answer<Step, RegisterRefusal> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        let way = self.way_of(&flow).await?;
        let made = flow.registration.as_ref().and_then(|registration| registration.account);
        let Some(account) = made else { return refuse(RegisterRefusal::NotYet) };
        let mut tx = self.begin().await?;
        tx.lock_account(account).await?;
        let mut flow = self.lock_flow(&mut tx, flow.id, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        let outcome = self.finish_registration_in(&mut tx, &mut flow, (visitor, &way)).await?;
        tx.commit().await?;
        Ok(outcome.step(self, &flow))
    }

    async fn finish_registration_in(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        (visitor, way): (&Visitor, &Way),
    ) -> Answer<Outcome, RegisterRefusal> {
        let Some(evidence) = flow.proof_of_registration() else { return refuse(RegisterRefusal::NotYet) };
        // It proves nothing anew: where somebody was let in already it counts beside their session, and not after it.
        if flow.entered {
            let still_in = match &flow.session {
                Some(session) => self.session_stands(tx, session).await?,
                None => false,
            };
            if !still_in {
                return refuse(RegisterRefusal::Flow(FlowRefusal::Gone));
            }
        }
        let finish = Finish { visitor, way, straight: false };
        match finish.with_evidence(self, tx, flow, evidence).await {
            Ok(outcome) => {
                // It signs in once: going back to the page later must not do it again.
                flow.registration = None;
                tx.save_flow(flow).await?;
                Ok(outcome)
            }
            Err(Problem::Refusal(_)) => refuse(RegisterRefusal::Flow(FlowRefusal::Gone)),
            Err(Problem::Fault(fault)) => Err(fault.into()),
        }
    }

    async fn wrong_code(
        &self,
        mut tx: Tx,
        (link, flow): (SingleUse, Flow),
        error: FlowError,
    ) -> Answer<Confirmed, RegisterRefusal> {
        match error {
            FlowError::WrongCode { .. } => {}
            FlowError::TooManyCodes => {
                tx.consume_single_use(link.hash, Purpose::ConfirmEmail, self.now()).await?;
            }
            _ => return refuse(RegisterRefusal::LinkGone),
        }
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        refuse(RegisterRefusal::WrongCode)
    }

    /// The link's row with its flow, if it was sent for the registration that the flow holds now: registering
    /// again with another address must not be proven by the first one's link.
    async fn link(&self, token: &str) -> Answer<(SingleUse, Flow), RegisterRefusal> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else { return refuse(RegisterRefusal::LinkGone) };
        let mut read = self.read().await?;
        let found = read.find_single_use(secret.hash(), Purpose::ConfirmEmail).await?;
        let live = found.filter(|link| link.consumed_at.is_none() && self.now() < link.expires_at);
        let Some(link) = live else { return refuse(RegisterRefusal::LinkGone) };
        let Some(flow) = link.flow else { return refuse(RegisterRefusal::LinkGone) };
        match read.find_flow(flow).await? {
            Some(flow) if is_of(&link, &flow) => Ok((link, flow)),
            _ => refuse(RegisterRefusal::LinkGone),
        }
    }

    /// An account whose address has just been proven, or is vouched for by the operator.
    pub(crate) fn new_account(&self, (email, name): (Email, String), visitor: &Visitor) -> Account {
        let now = self.now();
        Account {
            id: self.new_id(),
            email,
            email_verified_at: now,
            name,
            status: AccountStatus::Active,
            role: Role::User,
            phone: None,
            details: identity::Details::default(),
            attributes: identity::Attributes::default(),
            locale: visitor.locale.clone(),
            time_zone: None,
            push_offer_declined: false,
            enrol_by: None,
            created_at: now,
            updated_at: now,
        }
    }

    fn code_of(&self, flow: Id) -> String {
        shown_code(&self.parts().keyring.subkey("registration code"), flow)
    }
}

fn is_of(link: &SingleUse, flow: &Flow) -> bool {
    let number = link.data.get("number").and_then(serde_json::Value::as_u64);
    flow.registration.as_ref().is_some_and(|registration| number == Some(u64::from(registration.number)))
}

impl Here {
    /// Whether an account can be made in this flow, and for which app.
    ///
    /// # Errors
    /// [`RegisterRefusal::Flow`] or [`RegisterRefusal::Closed`].
    pub async fn register_page(&self, flow: Id, visitor: &Visitor) -> Answer<Option<String>, RegisterRefusal> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(RegisterRefusal::Flow))?;
        if !self.may_join_in(&flow).await? {
            return refuse(RegisterRefusal::Closed);
        }
        Ok(self.app_of(&flow).await?)
    }
}
