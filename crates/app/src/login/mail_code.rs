//! A code by mail, in the place of a password: asked for and typed in one browser, in one flow.
//!
//! Whether the address has an account is looked up when the mail is written, and when a code is looked at: the pages answer
//! alike. A code is counted before it is looked at, in the flow, on the account and on the network address, as every guess
//! is. What it is worth is for the machine to say: one weak factor, and none for operators and whoever has a second one.

use super::code_tries::{Uncounted, count};
use super::{Browser, Continuation, Finish, FlowRefusal, Outcome};
use crate::guard::{Authenticator, Lanes, TooMany, Whose, allow, known_device};
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Step, Visitor};
use base::{Email, Fault, Id, routes};
use identity::digits::six_digits;
use identity::login::{Evidence, Flow, FlowError, MAIL_CODE_KEY, MAIL_CODE_LIFETIME, MailCode, MailSecret};
use identity::{AccountStatus, AskedForCode, Event, Purpose, SingleUse};
use serde_json::json;
use store::Tx;
use zeroize::Zeroizing;

/// What the pages of a code show.
#[derive(Debug, Clone)]
pub struct MailCodePage {
    /// The flow.
    pub flow: Id,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address that a code was asked for; `None` when none was yet.
    pub asked: Option<String>,
    /// The address to begin with (`login_hint`).
    pub hint: Option<String>,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

/// The form that asks for a code.
pub struct AskMailCode {
    /// The flow it belongs to.
    pub flow: Id,
    /// The mail address, as typed.
    pub username: String,
}

/// The form that takes it.
pub struct GiveMailCode {
    /// The flow it belongs to.
    pub flow: Id,
    /// The six digits, as typed.
    pub code: Zeroizing<String>,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// Why nobody was signed in, or no code was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailCodeRefusal {
    /// The flow can't go on.
    Flow(FlowRefusal),
    /// A code by mail opens nothing here, whoever it is.
    Off,
    /// That is no mail address.
    Email,
    /// None was asked for in this flow.
    NotAsked,
    /// It is too old.
    Late,
    /// That can't be a code. It was not counted.
    Malformed,
    /// It is not the newest code of this flow, or it was used.
    Wrong,
    /// Too many wrong ones in this flow: it is over.
    Dead,
    /// It was right, and the account takes more than that.
    NotEnough,
    /// Too many tries, or too many codes asked for.
    TooMany(TooMany),
}

impl Here {
    /// The page that asks for a code, or the one that takes it.
    ///
    /// # Errors
    /// [`MailCodeRefusal::Flow`], [`MailCodeRefusal::Off`].
    pub async fn mail_code_page(&self, flow: Id, visitor: &Visitor) -> Answer<MailCodePage, MailCodeRefusal> {
        let flow = may_take(self.open_flow(flow, visitor).await)?;
        let continuation = Continuation::of(&flow)?;
        let leads_to = continuation.leads_to();
        let hint = match continuation {
            Continuation::Authorize(request) => request.login_hint,
            Continuation::Page(_) => None,
        };
        let asked = flow.mail_code.as_ref().map(|code| code.email.as_str().to_owned());
        Ok(MailCodePage { flow: flow.id, app: self.app_of(&flow).await?, asked, hint, leads_to })
    }

    /// Has a code sent, if the address has an account. The answer is the same, and takes as long, if it has none.
    ///
    /// # Errors
    /// [`MailCodeRefusal`].
    pub async fn ask_for_mail_code(&self, form: AskMailCode, visitor: &Visitor) -> Answer<Step, MailCodeRefusal> {
        let mut tx = self.begin().await?;
        let mut flow = may_take(self.lock_flow(&mut tx, form.flow, visitor).await)?;
        let Ok(email) = form.username.parse::<Email>() else { return refuse(MailCodeRefusal::Email) };
        let (limit, network) = (self.settings().mails, crate::guard::network(visitor.ip));
        // One network asks so often and no more, and one address gets so many mails.
        if !allow(self, &mut tx, &[b"mail code:address", &network], &self.settings().address).await?
            || !allow(self, &mut tx, &[b"mail:code", email.key().as_bytes()], &limit).await?
        {
            return refuse(MailCodeRefusal::TooMany(TooMany { wait: limit.window }));
        }
        let now = self.now();
        if let Some(before) = &flow.mail_code {
            let hash = self.mail_secret(flow.id, before).hash();
            tx.spend_single_use(hash, Purpose::SignInCode, now).await?;
        }
        let code = flow.ask_mail_code(email, now);
        // The flow lives as long as its code.
        flow.expires_at = flow.expires_at.max(code.until);
        tx.put_single_use(&self.row(flow.id, &code)).await?;
        tx.save_flow(&flow).await?;
        let (number, email, locale) = (code.number, code.email, visitor.locale.clone());
        let event = Event::SignInCodeRequested(AskedForCode { flow: flow.id, number, email, locale });
        self.emit(&mut tx, &By::stranger(visitor), event).await?;
        tx.commit().await?;
        Ok(Step::here(routes::with_flow(routes::LOGIN_CODE, flow.id)))
    }

    /// Signs in with a code.
    ///
    /// # Errors
    /// [`MailCodeRefusal`]; the answer is the same whether the address has an account or not.
    pub async fn sign_in_with_mail_code(&self, form: GiveMailCode, visitor: &Visitor) -> Answer<Step, MailCodeRefusal> {
        let flow = may_take(self.open_flow(form.flow, visitor).await)?;
        let Some(asked) = flow.mail_code.clone() else { return refuse(MailCodeRefusal::NotAsked) };
        if asked.until <= self.now() {
            return refuse(MailCodeRefusal::Late);
        }
        if six_digits(&form.code).is_none() {
            return refuse(MailCodeRefusal::Malformed);
        }
        let way = self.way_of(&flow).await?;
        let mut guess = Guess::new(self, (flow.id, asked), visitor).await?;
        guess.reserve(self).await?;
        let secret = self.mail_secret(flow.id, &guess.asked);
        let account = match guess.account.filter(|_| secret.is(&form.code)) {
            Some(account) => account,
            None => return guess.fail(self).await,
        };

        let mut tx = self.begin().await?;
        let active = tx.lock_account(account).await?.is_some_and(|account| account.status == AccountStatus::Active);
        let mut flow = may_take(self.lock_flow(&mut tx, form.flow, visitor).await)?;
        let newest = flow.mail_code.as_ref() == Some(&guess.asked);
        let won = active && newest && tx.spend_single_use(secret.hash(), Purpose::SignInCode, self.now()).await?;
        if !won {
            drop(tx);
            return guess.fail(self).await;
        }
        guess.lanes.succeed(self, &mut tx).await?;
        flow.code_was_right();
        flow.mail_code = None;
        flow.can_offer = form.browser.can_offer;
        flow.time_zone = form.browser.known_zone();
        let evidence = Evidence::MailCode { account, at: self.now() };
        let finish = Finish { visitor, way: &way, straight: true };
        let outcome = match finish.with_evidence(self, &mut tx, &mut flow, evidence).await {
            Ok(outcome) => outcome,
            Err(Problem::Refusal(FlowError::WrongAccount)) => return refuse(MailCodeRefusal::NotEnough),
            Err(Problem::Refusal(_)) => return refuse(MailCodeRefusal::Flow(FlowRefusal::Gone)),
            Err(Problem::Fault(fault)) => return Err(fault.into()),
        };
        tx.commit().await?;
        match outcome {
            Outcome::More => refuse(MailCodeRefusal::NotEnough),
            Outcome::Signed(_) | Outcome::Refused => Ok(self.lead_on(outcome, flow, visitor).await),
        }
    }

    fn mail_secret(&self, flow: Id, code: &MailCode) -> MailSecret {
        MailSecret::of(&self.parts().keyring.subkey(MAIL_CODE_KEY), flow, code.number)
    }

    fn row(&self, flow: Id, code: &MailCode) -> SingleUse {
        SingleUse {
            hash: self.mail_secret(flow, code).hash(),
            purpose: Purpose::SignInCode,
            // Whose address it is, is not looked up here.
            account: None,
            client: None,
            flow: Some(flow),
            data: json!({ "number": code.number }),
            created_at: code.until.minus(MAIL_CODE_LIFETIME),
            expires_at: code.until,
            consumed_at: None,
        }
    }
}

/// A flow that is open, and in which a code by mail could count.
fn may_take(flow: Answer<Flow, FlowRefusal>) -> Answer<Flow, MailCodeRefusal> {
    let flow = flow.map_err(|p| p.map(MailCodeRefusal::Flow))?;
    if flow.finished_at.is_some() {
        return refuse(MailCodeRefusal::Flow(FlowRefusal::Gone));
    }
    if flow.takes_mail_code() { Ok(flow) } else { refuse(MailCodeRefusal::Off) }
}

/// One code on its way through the counters.
struct Guess<'a> {
    flow: Id,
    asked: MailCode,
    account: Option<Id>,
    lanes: Lanes,
    visitor: &'a Visitor,
}

impl<'a> Guess<'a> {
    /// With the same reads for nobody as for somebody.
    async fn new(here: &Here, (flow, asked): (Id, MailCode), visitor: &'a Visitor) -> Result<Self, Fault> {
        let key = asked.email.key();
        let account = here.read().await?.find_account_by_email(&key).await?;
        let account = account.filter(|account| account.status == AccountStatus::Active).map(|account| account.id);
        let known = known_device(here, account.unwrap_or_else(|| here.new_id()), visitor).await?;
        let whose = match account {
            Some(account) => Whose::Account { account, known: known.is_some() },
            None => Whose::Nobody { email_key: &key },
        };
        let lanes = Lanes::new(here, Authenticator::MailCode, &whose, visitor);
        Ok(Self { flow, asked, account, lanes, visitor })
    }

    /// The flow, locked, if it still waits for this very code.
    async fn flow(&self, here: &Here, tx: &mut Tx) -> Answer<Flow, MailCodeRefusal> {
        let flow = may_take(here.lock_flow(tx, self.flow, self.visitor).await)?;
        if flow.mail_code.as_ref() == Some(&self.asked) { Ok(flow) } else { refuse(MailCodeRefusal::Wrong) }
    }

    /// Counts the code and commits, before it is looked at.
    async fn reserve(&mut self, here: &Here) -> Answer<(), MailCodeRefusal> {
        let mut tx = here.begin().await?;
        let flow = self.flow(here, &mut tx).await?;
        count(here, tx, flow, &mut self.lanes).await.map_err(|problem| {
            problem.map(|why| match why {
                Uncounted::Dead => MailCodeRefusal::Dead,
                Uncounted::TooMany(wait) => MailCodeRefusal::TooMany(wait),
            })
        })
    }

    /// Settles a wrong code. The last one ends the flow, and the code with it.
    async fn fail(&self, here: &Here) -> Answer<Step, MailCodeRefusal> {
        let mut tx = here.begin().await?;
        let flow = here.lock_flow(&mut tx, self.flow, self.visitor).await;
        let mut flow = flow.map_err(|p| p.map(MailCodeRefusal::Flow))?;
        let over = matches!(flow.code_was_wrong(here.now()), FlowError::TooManyCodes);
        tx.save_flow(&flow).await?;
        // Its owner was sent a mail for every code that was guessed at: no notice says so again.
        self.lanes.fail(here, &mut tx, self.visitor).await?;
        tx.commit().await?;
        refuse(if over { MailCodeRefusal::Dead } else { MailCodeRefusal::Wrong })
    }
}
