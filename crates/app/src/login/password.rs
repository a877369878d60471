//! The sign-in page, and the password.

use super::{Browser, Finish, FlowRefusal, Pending, ProviderName};
use crate::guard::{Authenticator, Lanes, TooMany, Whose};
use crate::here::{By, Here};
use crate::login::Continuation;
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Step, Visitor};
use base::{Bounded, Email, Fault, Id};
use identity::account::PasswordHash;
use identity::login::{Evidence, Flow, FlowError, Method, SignInPolicy, SignUp};
use identity::{Account, AccountStatus, Event};
use store::Tx;
use zeroize::Zeroizing;

/// What the sign-in page shows.
#[derive(Debug, Clone)]
pub struct LoginPage {
    /// The flow.
    pub flow: Id,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address to begin with (`login_hint`).
    pub hint: Option<String>,
    /// Whether one can sign in with a passkey.
    pub passkey: bool,
    /// Whether one can sign in with a password.
    pub password: bool,
    /// Whether a code by mail could sign somebody in, whoever it is.
    pub mail_code: bool,
    /// Whether an account can be made.
    pub registration_open: bool,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
    /// The providers by which one can sign in.
    pub providers: Vec<ProviderName>,
    /// An account at one of them that waits to be linked.
    pub pending: Option<Pending>,
}

/// The sign-in form.
pub struct SignIn {
    /// The flow it belongs to.
    pub flow: Id,
    /// The mail address, as typed.
    pub username: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginRefusal {
    /// The flow can't go on.
    Flow(FlowRefusal),
    /// Address or password are wrong: which of them is not told.
    Wrong,
    /// Too many tries.
    TooMany(TooMany),
    /// The password is right, and the flow is for another account.
    OtherAccount,
    /// Passwords don't count in this flow.
    NoPasswords,
}

/// Why a password was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// It is not the password.
    Wrong,
    /// Too many tries.
    TooMany(TooMany),
}

impl Here {
    /// The sign-in page of a flow.
    ///
    /// # Errors
    /// [`FlowRefusal`] when the flow can't go on.
    pub async fn login_page(&self, flow: Id, visitor: &Visitor) -> Answer<LoginPage, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        if flow.finished_at.is_some() {
            return refuse(FlowRefusal::Gone);
        }
        let way = self.way_of(&flow).await?;
        let (app, leads_to) = (way.app(), way.to.leads_to());
        let policy = self.policy_for(way.client.as_deref());
        let (may_join, registration_open) = (policy.sign_up == SignUp::Open, may_register(&flow, &policy));
        let hint = match way.to {
            Continuation::Authorize(request) => request.login_hint,
            Continuation::Page(_) => None,
        };
        let passkey = flow.requirements.methods.has(Method::Passkey) && self.relying_party().is_some();
        let providers = self.upstreams_of(&flow);
        let pending = match self.pending_of(&flow, may_join) {
            Some(pending) => Some(Pending { way: self.link_way(&flow).await?, ..pending }),
            None => None,
        };
        let hint = pending.as_ref().and_then(|pending| pending.account.clone()).or(hint);
        let (password, mail_code) = (flow.requirements.methods.has(Method::Password), flow.takes_mail_code());
        let flow = flow.id;
        Ok(LoginPage { flow, password, passkey, mail_code, app, hint, registration_open, leads_to, providers, pending })
    }

    /// Whether an account with a password can be made on the way, and would open anything here.
    pub(super) async fn may_join_in(&self, flow: &Flow) -> Result<bool, Fault> {
        Ok(may_register(flow, &self.policy_of(flow).await?))
    }

    /// Signs in with address and password.
    ///
    /// # Errors
    /// [`LoginRefusal`]; the answer is the same whether the address has an account or not.
    pub async fn sign_in(&self, form: SignIn, visitor: &Visitor) -> Answer<Step, LoginRefusal> {
        self.room_to_hash(visitor)?;
        let flow = self.open_flow(form.flow, visitor).await.map_err(|p| p.map(LoginRefusal::Flow))?;
        if flow.check_takes_proof(self.now()).is_err() {
            return refuse(LoginRefusal::Flow(FlowRefusal::Gone));
        }
        if !flow.requirements.methods.has(Method::Password) {
            return refuse(LoginRefusal::NoPasswords);
        }
        let email: Option<Email> = form.username.parse().ok();
        let email_key = email
            .as_ref()
            .map_or_else(|| Bounded::<254>::cut(&form.username.trim().to_lowercase()).as_str().to_owned(), Email::key);
        let account = self.read().await?.find_account_by_email(&email_key).await?;
        let account = account.filter(|account| account.status == AccountStatus::Active);
        let checked = check_password(self, visitor, (account.as_ref(), &email_key), form.password.clone())
            .await
            .map_err(|p| {
                p.map(|r| match r {
                    PasswordRefusal::Wrong => LoginRefusal::Wrong,
                    PasswordRefusal::TooMany(wait) => LoginRefusal::TooMany(wait),
                })
            })?;
        let Some(account) = account else { return refuse(LoginRefusal::Wrong) };
        let way = self.way_of(&flow).await?;

        let mut tx = self.begin().await?;
        if !checked.still_holds(&mut tx, account.id).await? {
            return refuse(LoginRefusal::Wrong);
        }
        let mut flow = self.lock_flow(&mut tx, form.flow, visitor).await.map_err(|p| p.map(LoginRefusal::Flow))?;
        let now = self.now();
        checked.lanes.succeed(self, &mut tx).await?;
        flow.can_offer = form.browser.can_offer;
        flow.time_zone = form.browser.known_zone();
        let finish = Finish { visitor, way: &way, straight: true };
        let outcome = match finish
            .with_evidence(self, &mut tx, &mut flow, Evidence::Password { account: account.id, at: now })
            .await
        {
            Ok(outcome) => outcome,
            Err(Problem::Refusal(FlowError::Expired | FlowError::Finished)) => {
                return refuse(LoginRefusal::Flow(FlowRefusal::Gone));
            }
            Err(Problem::Refusal(FlowError::WrongAccount)) => {
                // It was no guess, and is not counted as one.
                tx.commit().await?;
                return refuse(LoginRefusal::OtherAccount);
            }
            Err(Problem::Refusal(_)) => return refuse(LoginRefusal::Wrong),
            Err(Problem::Fault(fault)) => return Err(fault.into()),
        };
        tx.commit().await?;
        Ok(self.lead_on(outcome, flow, visitor).await)
    }
}

fn may_register(flow: &Flow, policy: &SignInPolicy) -> bool {
    policy.sign_up == SignUp::Open && flow.requirements.methods.has(Method::Password)
}

/// A password that was right a moment ago.
pub(crate) struct Checked {
    /// To be settled in the transaction of what the password is used for.
    pub(crate) lanes: Lanes,
    record: PasswordHash,
}

impl Checked {
    /// Locks the account and looks again, for hashing took its time: whether it may still sign in, and its
    /// password is still the one that was checked. A reset that came between must win.
    pub(crate) async fn still_holds(&self, tx: &mut Tx, account: Id) -> Result<bool, Fault> {
        let active = tx.lock_account(account).await?.is_some_and(|a| a.status == AccountStatus::Active);
        Ok(active && tx.find_password(account).await?.as_ref() == Some(&self.record))
    }
}

/// Checks a password of an account (or of nobody, which takes as long): reserves, hashes, settles a failure.
/// The caller settles the success in the transaction of what it does with it. Every place that takes a
/// password comes through here, so that no other door can be used for guessing. A record that is outdated, or was made
/// by others, is replaced at once when the password is right.
pub(crate) async fn check_password(
    here: &Here,
    visitor: &Visitor,
    (account, email_key): (Option<&Account>, &str),
    password: Zeroizing<String>,
) -> Answer<Checked, PasswordRefusal> {
    here.room_to_hash(visitor)?;
    // The same reads for nobody as for somebody.
    let id = account.map_or_else(|| here.new_id(), |account| account.id);
    let mut read = here.read().await?;
    let record = read.find_password(id).await?;
    let device = match &visitor.device {
        Some(secret) => read.find_device_by_secret(id, secret.hash_for(id.as_bytes())).await?,
        None => None,
    };
    drop(read);
    let device = device.filter(|device| device.known_at.is_some()).map(|device| device.id);
    let whose = match account {
        Some(account) => Whose::Account { account: account.id, known: device.is_some() },
        None => Whose::Nobody { email_key },
    };
    let mut lanes = Lanes::new(here, Authenticator::Password, &whose, visitor);

    // What comes of the attempt is synced, and this with it: a power cut may forget one of which nothing came.
    let mut tx = here.begin_unsynced().await?;
    if let Err(wait) = lanes.reserve(here, &mut tx).await? {
        return refuse(PasswordRefusal::TooMany(wait));
    }
    tx.commit().await?;

    let right = match the_right_one(here, (id, record), password, lanes.turn()).await {
        Ok(right) => right,
        Err(fault) => {
            // Nobody has looked at it to the end: it was no guess.
            lanes.take_back(here).await?;
            return Err(fault.into());
        }
    };
    if let Some(record) = right {
        return Ok(Checked { lanes, record });
    }
    let mut tx = here.begin().await?;
    let closed = lanes.fail(here, &mut tx, visitor).await?;
    if let (true, Some(account)) = (closed, account) {
        here.emit(&mut tx, &By::about(account.id, device, visitor), Event::Guessing {}).await?;
    }
    tx.commit().await?;
    refuse(PasswordRefusal::Wrong)
}

/// The record that a password fits, replaced by one of today's when it is outdated. `None` when it fits none, or was changed
/// meanwhile.
async fn the_right_one(
    here: &Here,
    (account, record): (Id, Option<PasswordHash>),
    password: Zeroizing<String>,
    turn: u64,
) -> Result<Option<PasswordHash>, Fault> {
    let matches = here.hasher().verify(password.clone(), record.as_ref(), turn).await?;
    let Some(record) = record.filter(|_| matches) else { return Ok(None) };
    let Some(new) = here.hasher().renewed(&record, password.clone(), turn).await? else { return Ok(Some(record)) };
    let mut tx = here.begin().await?;
    let won = tx.renew_password(account, &record, &new).await?;
    tx.commit().await?;
    if won {
        return Ok(Some(new));
    }
    // Somebody was quicker: the same person in another tab, or a change of the password.
    let record = here.read().await?.find_password(account).await?;
    let matches = here.hasher().verify(password, record.as_ref(), turn).await?;
    Ok(record.filter(|_| matches))
}
