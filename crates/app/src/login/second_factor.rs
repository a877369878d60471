//! The second factor: a code of the authenticator app, or a recovery code.
//!
//! A code is counted before it is looked at, three times over: in the flow, which is over after five wrong ones; on the
//! account, whatever flow it comes from (CVE-2024-32868); and on the network address.

use super::code_tries::{Uncounted, count};
use super::{Finish, FlowRefusal, next_page};
use crate::guard::{Authenticator, Lanes, TooMany, Whose, known_device};
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::shown::browser_of;
use crate::visitor::{Step, Visitor};
use base::{Fault, Id, routes};
use identity::digits::six_digits;
use identity::login::{Assurance, Decision, Evidence, Factors, Flow, FlowError, Method, NextStep, Reason};
use identity::recovery_code::PlainCode;
use identity::totp::Seed;
use identity::{AccountStatus, Event};
use store::Tx;
use zeroize::Zeroizing;

/// What the page of the second factor shows.
#[derive(Debug, Clone)]
pub struct SecondFactorPage {
    /// The flow.
    pub flow: Id,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whose sign-in it is.
    pub email: String,
    /// Whether a passkey or security key of the account is enough.
    pub keys: bool,
    /// Whether a code of its authenticator app is.
    pub totp: bool,
    /// Whether one of its recovery codes is.
    pub recovery_codes: bool,
    /// Whether "don't ask on this device" would spare the next one: not where this very attempt asks for it.
    pub may_trust: bool,
    /// Why it is asked for.
    pub reasons: Vec<Reason>,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

/// The form.
pub struct SecondFactor {
    /// The flow it belongs to.
    pub flow: Id,
    /// Six digits of the app, or a recovery code, as typed.
    pub code: Zeroizing<String>,
    /// "Don't ask on this device."
    pub trust_device: bool,
}

/// Why a second factor is not taken.
#[derive(Clone)]
pub enum SecondFactorRefusal {
    /// The flow can't go on.
    Flow(FlowRefusal),
    /// Something else is needed, or nothing any more: the way is there.
    Elsewhere(Box<Step>),
    /// That can't be a code. It was not counted.
    Malformed,
    /// It is not the code, or it was used.
    Wrong,
    /// Too many wrong ones in this flow: it is over.
    Dead,
    /// Too many tries on the account.
    TooMany(TooMany),
}

/// What was typed, by its shape.
enum Typed {
    Digits(String),
    Recovery(PlainCode),
}

impl Here {
    /// The page of the second factor.
    ///
    /// # Errors
    /// [`SecondFactorRefusal::Flow`], [`SecondFactorRefusal::Elsewhere`].
    pub async fn second_factor_page(
        &self,
        flow: Id,
        visitor: &Visitor,
    ) -> Answer<SecondFactorPage, SecondFactorRefusal> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(SecondFactorRefusal::Flow))?;
        let (account, wanted) = self.awaits_second(&flow)?;
        if self.is_signed_in_meanwhile(&flow, wanted, visitor).await? {
            return refuse(SecondFactorRefusal::Elsewhere(Box::new(Step::here(routes::with_flow(
                routes::CONTINUE,
                flow.id,
            )))));
        }
        let Some(account) = self.read().await?.find_account(account).await? else {
            return refuse(SecondFactorRefusal::Flow(FlowRefusal::Gone));
        };
        let (methods, factors) = (&flow.requirements.methods, self.factors(account.id).await?);
        let codes = takes_codes(&flow, wanted);
        let keys = Factors { totp: false, ..factors };
        Ok(SecondFactorPage {
            flow: flow.id,
            app: self.app_of(&flow).await?,
            email: account.email.as_str().to_owned(),
            keys: keys.reaches(Assurance::PhishingResistant, methods),
            totp: codes && factors.totp,
            recovery_codes: codes && factors.recovery_codes > 0,
            may_trust: may_trust(&flow),
            reasons: flow.demand.as_ref().map(|demand| demand.reasons.clone()).unwrap_or_default(),
            leads_to: super::Continuation::of(&flow)?.leads_to(),
        })
    }

    /// Takes a code.
    ///
    /// # Errors
    /// [`SecondFactorRefusal`]; the answer is the same for a wrong code and for one that was used.
    pub async fn second_factor(&self, form: SecondFactor, visitor: &Visitor) -> Answer<Step, SecondFactorRefusal> {
        let flow = self.open_flow(form.flow, visitor).await.map_err(|p| p.map(SecondFactorRefusal::Flow))?;
        let (account, wanted) = self.awaits_second(&flow)?;
        if !takes_codes(&flow, wanted) {
            // Counted by nobody and spent by nobody: the page says what is needed instead.
            let page = routes::with_flow(routes::MFA, flow.id);
            return refuse(SecondFactorRefusal::Elsewhere(Box::new(Step::here(page))));
        }
        let typed = match (six_digits(&form.code), PlainCode::parse(&form.code)) {
            (Some(digits), _) => Typed::Digits(digits),
            (None, Some(code)) => Typed::Recovery(code),
            (None, None) => return refuse(SecondFactorRefusal::Malformed),
        };
        let way = self.way_of(&flow).await?;
        let known = known_device(self, account, visitor).await?;
        let lanes =
            Lanes::new(self, typed.authenticator(), &Whose::Account { account, known: known.is_some() }, visitor);
        let mut attempt = Attempt { flow: flow.id, account, lanes, known, visitor };
        attempt.reserve(self).await?;

        let mut tx = self.begin().await?;
        let active = tx.lock_account(account).await?.is_some_and(|a| a.status == AccountStatus::Active);
        let mut flow = attempt.flow(self, &mut tx).await?;
        if !active || !self.spend(&mut tx, account, &typed).await? {
            drop(tx);
            return attempt.fail(self).await;
        }
        attempt.lanes.succeed(self, &mut tx).await?;
        flow.code_was_right();
        flow.trust_device = form.trust_device && may_trust(&flow) && matches!(typed, Typed::Digits(_));
        if matches!(typed, Typed::Recovery(_)) {
            self.recovery_code_used(&mut tx, &mut flow, account, visitor).await?;
        }
        let evidence = typed.evidence(account, self.now());
        let finish = Finish { visitor, way: &way, straight: true };
        let outcome = match finish.with_evidence(self, &mut tx, &mut flow, evidence).await {
            Ok(outcome) => outcome,
            Err(Problem::Refusal(_)) => return refuse(SecondFactorRefusal::Flow(FlowRefusal::Gone)),
            Err(Problem::Fault(fault)) => return Err(fault.into()),
        };
        tx.commit().await?;
        Ok(self.lead_on(outcome, flow, visitor).await)
    }

    /// Whose second factor a flow waits for, and how much it has to come to.
    fn awaits_second(&self, flow: &Flow) -> Answer<(Id, Assurance), SecondFactorRefusal> {
        if flow.finished_at.is_some() {
            return refuse(SecondFactorRefusal::Flow(FlowRefusal::Gone));
        }
        match flow.decide(self.now()) {
            Decision::Needs(NextStep::SecondFactor { account, wanted }) => Ok((account, wanted)),
            _ => {
                let page = next_page(flow, self.now());
                refuse(SecondFactorRefusal::Elsewhere(Box::new(Step::here(routes::with_flow(page, flow.id)))))
            }
        }
    }

    /// Whether another tab of this browser has proven meanwhile all that this flow asks for.
    async fn is_signed_in_meanwhile(&self, flow: &Flow, wanted: Assurance, visitor: &Visitor) -> Result<bool, Fault> {
        let signed = self.signed_in(visitor).await?;
        Ok(signed.is_some_and(|signed| {
            flow.account() == Some(signed.id())
                && signed.session.auth_time >= flow.created_at
                && Assurance::of_acr(&signed.session.acr).is_some_and(|reached| reached >= wanted)
                && flow.requirements.are_met_by(&signed.session)
        }))
    }

    /// Uses the code, once. The account's row is locked.
    async fn spend(&self, tx: &mut Tx, account: Id, typed: &Typed) -> Result<bool, Fault> {
        let now = self.now();
        match typed {
            Typed::Digits(digits) => {
                let Some(totp) = tx.find_totp(account).await?.filter(|totp| totp.confirmed_at.is_some()) else {
                    return Ok(false);
                };
                let seed = self.open_seed(account, &totp.sealed)?;
                match seed.step_of(digits, now, totp.last_step) {
                    Some(step) => tx.use_totp_step(account, step, now).await,
                    None => Ok(false),
                }
            }
            Typed::Recovery(code) => tx.use_recovery_code(account, code.hash(account), now).await,
        }
    }

    /// Tells of a recovery code that was used. After the last one there is a new set (NIST SP 800-63B-4 §4.2.1.1), which
    /// the flow shows before it leads on.
    async fn recovery_code_used(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        account: Id,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        let left = tx.factors(account).await?.recovery_codes;
        if left == 0 {
            let (browser, set) = (browser_of(self, visitor).0, self.new_id());
            self.replace_codes(tx, (account, set), &browser).await?;
            flow.new_codes = Some(set);
        }
        let device = match &visitor.device {
            Some(secret) => tx.find_device_by_secret(account, secret.hash_for(account.as_bytes())).await?,
            None => None,
        };
        let by = By::about(account, device.map(|device| device.id), visitor);
        self.emit(tx, &by, Event::RecoveryCodeUsed { left }).await?;
        Ok(())
    }

    /// Opens the seed of an account's authenticator app.
    pub(crate) fn open_seed(&self, account: Id, sealed: &[u8]) -> Result<Seed, Fault> {
        let plain = self.parts().keyring.open(&place_of_seed(account), sealed);
        let plain = plain.map_err(|e| Fault::new("open the seed of an authenticator app", e))?;
        Seed::from_slice(&plain)
            .ok_or_else(|| Fault::broken("open the seed of an authenticator app: it has no seed's length"))
    }

    /// Seals it, for its row and no other.
    pub(crate) fn seal_seed(&self, account: Id, seed: &Seed) -> Result<Vec<u8>, Fault> {
        self.parts().keyring.seal(&place_of_seed(account), seed.expose(), self.rng())
    }
}

/// Whether a code would be enough.
fn takes_codes(flow: &Flow, wanted: Assurance) -> bool {
    wanted <= Assurance::TwoFactors && flow.requirements.methods.has(Method::Totp)
}

/// Whether "don't ask on this device" would spare the next one: not where this very attempt asks for it.
fn may_trust(flow: &Flow) -> bool {
    let demanded = flow.demand.as_ref().map(|demand| demand.now).unwrap_or_default();
    flow.requirements.now.max(demanded) < Assurance::TwoFactors
}

fn place_of_seed(account: Id) -> String {
    format!("totps.sealed/{account}")
}

impl Typed {
    const fn authenticator(&self) -> Authenticator {
        match self {
            Self::Digits(_) => Authenticator::Totp,
            Self::Recovery(_) => Authenticator::RecoveryCode,
        }
    }

    const fn evidence(&self, account: Id, at: base::Timestamp) -> Evidence {
        match self {
            Self::Digits(_) => Evidence::Totp { account, at },
            Self::Recovery(_) => Evidence::RecoveryCode { account, at },
        }
    }
}

/// One code on its way through the counters.
struct Attempt<'a> {
    flow: Id,
    account: Id,
    lanes: Lanes,
    known: Option<Id>,
    visitor: &'a Visitor,
}

impl Attempt<'_> {
    /// The flow, locked, if it still waits for this account's second factor.
    async fn flow(&self, here: &Here, tx: &mut Tx) -> Answer<Flow, SecondFactorRefusal> {
        let flow = here.lock_flow(tx, self.flow, self.visitor).await;
        let flow = flow.map_err(|p| p.map(SecondFactorRefusal::Flow))?;
        match here.awaits_second(&flow)? {
            (account, _) if account == self.account => Ok(flow),
            _ => refuse(SecondFactorRefusal::Flow(FlowRefusal::Gone)),
        }
    }

    /// Counts the code and commits, before anything is looked at.
    async fn reserve(&mut self, here: &Here) -> Answer<(), SecondFactorRefusal> {
        let mut tx = here.begin().await?;
        let flow = self.flow(here, &mut tx).await?;
        count(here, tx, flow, &mut self.lanes).await.map_err(|problem| {
            problem.map(|why| match why {
                Uncounted::Dead => SecondFactorRefusal::Dead,
                Uncounted::TooMany(wait) => SecondFactorRefusal::TooMany(wait),
            })
        })
    }

    /// Settles a wrong code.
    async fn fail(&self, here: &Here) -> Answer<Step, SecondFactorRefusal> {
        let mut tx = here.begin().await?;
        let flow = here.lock_flow(&mut tx, self.flow, self.visitor).await;
        let mut flow = flow.map_err(|p| p.map(SecondFactorRefusal::Flow))?;
        let over = matches!(flow.code_was_wrong(here.now()), FlowError::TooManyCodes);
        tx.save_flow(&flow).await?;
        if self.lanes.fail(here, &mut tx, self.visitor).await? {
            let by = By::about(self.account, self.known, self.visitor);
            here.emit(&mut tx, &by, Event::GuessingCodes {}).await?;
        }
        tx.commit().await?;
        refuse(if over { SecondFactorRefusal::Dead } else { SecondFactorRefusal::Wrong })
    }
}
