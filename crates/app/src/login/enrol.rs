//! A second factor that is set up on the way in: where one is required and the account has none, or will be required soon.
//!
//! Whoever knows a password alone must not get past an account's own second factor by adding another (CVE-2024-32868). So
//! what the account has is looked at again under its lock, whoever comes second finds it taken, and who comes is measured
//! by [`Flow::may_enrol`]. What was set up is evidence of the flow; whether it is enough is for the machine to say.

use super::{Continuation, Finish, FlowRefusal, next_page};
use crate::account::{AppRefusal, has};
use crate::here::{By, Here};
use crate::problem::{Answer, Problem};
use crate::visitor::{Step, Visitor};
use base::{Fault, Id, Timestamp, routes};
use identity::login::{Assurance, Decision, Evidence, Flow, Method, NextStep, Reason};
use identity::recovery::StopReason;
use identity::{AccountStatus, CredentialKind, Event};
use store::Tx;
use zeroize::Zeroizing;

/// What the page shows.
pub struct EnrolPage {
    /// The flow.
    pub flow: Id,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whose sign-in it is.
    pub email: String,
    /// What can be set up. Nothing where the account has something that is not enough here, or nothing would be.
    pub ways: EnrolWays,
    /// What an authenticator app is set up with, where that is a way.
    pub seed: Option<NewSeed>,
    /// Until when it can be put off; `None` when it can't.
    pub until: Option<Timestamp>,
    /// Why it is asked for.
    pub reasons: Vec<Reason>,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

/// Which second factors would be enough, and can be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EnrolWays {
    /// A passkey.
    pub passkey: bool,
    /// A security key.
    pub security_key: bool,
    /// An authenticator app.
    pub app: bool,
}

/// What an authenticator app is set up with.
pub struct NewSeed {
    /// What the QR code says.
    pub uri: Zeroizing<String>,
    /// The same for an app without a camera.
    pub key: Zeroizing<String>,
}

/// The form.
pub struct Enrol {
    /// The flow it belongs to.
    pub flow: Id,
    /// The code that the app shows.
    pub code: Zeroizing<String>,
}

/// Why nothing was set up.
#[derive(Clone)]
pub enum EnrolRefusal<R> {
    /// There is nothing to set up in this flow.
    Detour(Detour),
    /// What was sent sets nothing up.
    Way(R),
}

/// Why a flow has nothing to set up.
#[derive(Clone)]
pub enum Detour {
    /// It can't go on.
    Flow(FlowRefusal),
    /// Something else is needed, or nothing any more: the way is there.
    Elsewhere(Box<Step>),
}

impl<R> From<Problem<Detour>> for Problem<EnrolRefusal<R>> {
    fn from(problem: Problem<Detour>) -> Self {
        problem.map(EnrolRefusal::Detour)
    }
}

/// Who has to set up what.
pub(super) struct Wanting {
    pub(super) account: Id,
    pub(super) wanted: Assurance,
    until: Option<Timestamp>,
}

impl Here {
    /// The page that sets a second factor up on the way in.
    ///
    /// # Errors
    /// [`EnrolRefusal::Flow`], [`EnrolRefusal::Elsewhere`].
    pub async fn enrol_page(&self, flow: Id, visitor: &Visitor) -> Answer<EnrolPage, EnrolRefusal<AppRefusal>> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(Detour::Flow))?;
        let wanting = self.wants_enrolment(&flow)?;
        let signed = self.signed_in(visitor).await?;
        wanting.check(flow.id, signed.map(|signed| signed.id()))?;
        let Some(account) = self.read().await?.find_account(wanting.account).await? else {
            return Err(gone().into());
        };
        let known = flow.demand.as_ref().map(|demand| demand.factors);
        if known != Some(self.factors(account.id).await?) {
            return Err(self.look_again(flow.id, account.id, visitor).await.into());
        }
        let ways = self.enrol_ways(&flow, &wanting);
        let seed = visitor.browser.as_ref().filter(|_| ways.app).map(|browser| {
            let seed = self.new_seed(browser, account.id, flow.id);
            NewSeed { uri: seed.uri(&self.tenant().name, account.email.as_str()), key: seed.key() }
        });
        Ok(EnrolPage {
            flow: flow.id,
            app: self.app_of(&flow).await?,
            email: account.email.as_str().to_owned(),
            ways,
            seed,
            until: wanting.until,
            reasons: flow.demand.as_ref().map(|demand| demand.reasons.clone()).unwrap_or_default(),
            leads_to: Continuation::of(&flow)?.leads_to(),
        })
    }

    /// Takes the authenticator app whose code this is. Recovery codes are shown next, then the sign-in goes on.
    ///
    /// # Errors
    /// [`EnrolRefusal`].
    pub async fn enrol(&self, form: Enrol, visitor: &Visitor) -> Answer<Step, EnrolRefusal<AppRefusal>> {
        let flow = self.open_flow(form.flow, visitor).await.map_err(|p| p.map(Detour::Flow))?;
        let account = self.wants_enrolment(&flow)?.account;
        let Some(browser) = &visitor.browser else {
            return Err(Problem::Refusal(Detour::Flow(FlowRefusal::OtherBrowser)).into());
        };
        let proven = self.check_new_app(browser, (account, flow.id), &form.code);
        let (seed, step) = proven.map_err(|p| p.map(EnrolRefusal::Way))?;
        let (mut tx, mut flow, wanting) = self.begin_enrolling((form.flow, account), visitor).await?;
        if !self.enrol_ways(&flow, &wanting).app {
            return Err(go_to(routes::ENROL, flow.id).into());
        }
        self.keep_app(&mut tx, account, (&seed, step)).await?;
        let by = self.by_whoever_enrols(&mut tx, account, visitor).await?;
        self.withdraw_trust(&mut tx, account, &by).await?;
        self.need_no_recovery(&mut tx, account, StopReason::CredentialChanged, &by).await?;
        self.emit(&mut tx, &by, Event::TotpAdded {}).await?;
        let evidence = Evidence::Totp { account, at: self.now() };
        let outcome = self.enrolled(&mut tx, (&mut flow, &wanting), evidence, visitor).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Puts it off, while there is time. It is told again at the next sign-in.
    ///
    /// # Errors
    /// [`EnrolRefusal`].
    pub async fn put_enrolment_off(&self, flow: Id, visitor: &Visitor) -> Answer<(), EnrolRefusal<AppRefusal>> {
        let mut tx = self.begin().await?;
        let mut flow = self.lock_flow(&mut tx, flow, visitor).await.map_err(|p| p.map(Detour::Flow))?;
        if flow.enrolment_due(self.now()).is_none() {
            return Err(go_to(next_page(&flow, self.now()), flow.id).into());
        }
        flow.enrolment_put_off = true;
        tx.save_flow(&flow).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a flow has to tell of a second factor that will be required, before it leads on.
    pub(super) fn tells_of_enrolment(&self, flow: &Flow) -> bool {
        let now = self.now();
        flow.enrolment_due(now).is_some() && flow.proves_strong_first(self.settings().sign_in.recent, now)
    }

    /// Who has to set up a second factor in this flow, at once or until some day.
    pub(super) fn wants_enrolment(&self, flow: &Flow) -> Answer<Wanting, Detour> {
        if flow.finished_at.is_some() {
            return Err(gone());
        }
        let (now, recent) = (self.now(), self.settings().sign_in.recent);
        match flow.decide(now) {
            Decision::Needs(NextStep::Enrol { account, wanted }) if flow.proves_strong_first(recent, now) => {
                Ok(Wanting { account, wanted, until: None })
            }
            // A session of yesterday is not enough to add a way to sign in.
            Decision::Needs(NextStep::Enrol { .. }) => Err(go_to(routes::LOGIN, flow.id)),
            Decision::Granted(granted) if self.tells_of_enrolment(flow) => {
                let (account, wanted) = (granted.account(), flow.requirements.usual);
                Ok(Wanting { account, wanted, until: flow.enrolment_due(now) })
            }
            Decision::Granted(_) | Decision::Needs(_) => Err(go_to(next_page(flow, now), flow.id)),
        }
    }

    /// Locks account and flow, looks at both again, and begins to set something up, if the account has to and may. A refusal is
    /// kept with what it was decided by, and waits until that lasts: those who write at once share a commit and see each other
    /// before it, and the next page would show what was before.
    pub(super) async fn begin_enrolling(
        &self,
        (flow, account): (Id, Id),
        visitor: &Visitor,
    ) -> Answer<(Tx, Flow, Wanting), Detour> {
        let mut tx = self.begin().await?;
        let flow = self.settle_again(&mut tx, (flow, account), visitor).await?;
        match self.may_enrol(&mut tx, (&flow, account), visitor).await {
            Ok(wanting) => Ok((tx, flow, wanting)),
            Err(Problem::Fault(fault)) => Err(fault.into()),
            Err(refusal) => {
                tx.save_flow(&flow).await?;
                tx.commit().await?;
                Err(refusal)
            }
        }
    }

    /// Whether a flow that was looked at again still has something to set up for this account, and may.
    async fn may_enrol(&self, tx: &mut Tx, (flow, account): (&Flow, Id), visitor: &Visitor) -> Answer<Wanting, Detour> {
        let wanting = self.wants_enrolment(flow)?;
        let signed = match &visitor.session {
            Some(secret) => tx.find_signed_in(secret.hash()).await?,
            None => None,
        };
        let (now, idle) = (self.now(), self.settings().session_idle);
        let live = signed.filter(|signed| signed.session.is_live(now, idle));
        wanting.check(flow.id, live.map(|signed| signed.account.id))?;
        // Whoever said "it wasn't me" must not come back to somebody else's second factor.
        if tx.locked_down_since(account).await?.is_some() {
            let way = format!("{}?done=1", routes::LOCKDOWN);
            return Err(Problem::Refusal(Detour::Elsewhere(Box::new(Step::here(way)))));
        }
        if wanting.account != account || !flow.may_enrol(self.settings().sign_in.recent, self.now()) {
            return Err(go_to(routes::ENROL, flow.id));
        }
        Ok(wanting)
    }

    /// Which second factors are enough for this flow.
    pub(super) fn enrol_ways(&self, flow: &Flow, wanting: &Wanting) -> EnrolWays {
        if !flow.may_enrol(self.settings().sign_in.recent, self.now()) {
            return EnrolWays::default();
        }
        let methods = &flow.requirements.methods;
        let key = |kind| has(methods, kind) && self.can_add(kind);
        EnrolWays {
            passkey: key(CredentialKind::Passkey),
            security_key: key(CredentialKind::SecurityKey),
            app: methods.has(Method::Totp) && wanting.wanted <= Assurance::TwoFactors,
        }
    }

    /// What was set up counts for this sign-in too. A first set of recovery codes is made where they would be taken, and
    /// shown before the flow leads on.
    pub(super) async fn enrolled(
        &self,
        tx: &mut Tx,
        (flow, wanting): (&mut Flow, &Wanting),
        evidence: Evidence,
        visitor: &Visitor,
    ) -> Answer<Step, Detour> {
        let useful = flow.requirements.methods.has(Method::Totp) && wanting.wanted <= Assurance::TwoFactors;
        if let Some(browser) = visitor.browser.as_ref().filter(|_| useful)
            && self.first_codes(tx, (wanting.account, flow.id), browser).await?
        {
            flow.new_codes = Some(flow.id);
        }
        let way = self.way_of(flow).await?;
        let finish = Finish { visitor, way: &way, straight: false };
        match finish.with_evidence(self, tx, flow, evidence).await {
            Ok(outcome) => Ok(outcome.step(self, flow)),
            Err(Problem::Refusal(_)) => Err(gone()),
            Err(Problem::Fault(fault)) => Err(fault.into()),
        }
    }

    /// The browser, if the account knows it: it knows of what it does itself.
    pub(super) async fn by_whoever_enrols<'a>(
        &self,
        tx: &mut Tx,
        account: Id,
        visitor: &'a Visitor,
    ) -> Result<By<'a>, Fault> {
        let device = match &visitor.device {
            Some(secret) => tx.find_device_by_secret(account, secret.hash_for(account.as_bytes())).await?,
            None => None,
        };
        Ok(By::about(account, device.map(|device| device.id), visitor))
    }

    /// What the account has is not what the flow believes: what is asked of it is made anew, and the flow goes on by that.
    async fn look_again(&self, flow: Id, account: Id, visitor: &Visitor) -> Problem<Detour> {
        match self.settled_anew(flow, account, visitor).await {
            Ok(flow) if flow.is_refused() => go_to(routes::REFUSED, flow.id),
            Ok(flow) => go_to(next_page(&flow, self.now()), flow.id),
            Err(problem) => problem,
        }
    }

    async fn settled_anew(&self, flow: Id, account: Id, visitor: &Visitor) -> Answer<Flow, Detour> {
        let mut tx = self.begin().await?;
        let flow = self.settle_again(&mut tx, (flow, account), visitor).await?;
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        Ok(flow)
    }

    /// Locks account and flow, and makes the demand anew.
    async fn settle_again(&self, tx: &mut Tx, (flow, account): (Id, Id), visitor: &Visitor) -> Answer<Flow, Detour> {
        let account = tx.lock_account(account).await?.filter(|account| account.status == AccountStatus::Active);
        let Some(account) = account else { return Err(gone()) };
        let mut flow = self.lock_flow(tx, flow, visitor).await.map_err(|p| p.map(Detour::Flow))?;
        if flow.account() == Some(account.id) {
            self.settle_demand(tx, &mut flow, &account, visitor).await?;
        }
        Ok(flow)
    }
}

impl Wanting {
    /// Who has been let in may put it off, and may do more than who is still at the door: not after they signed out.
    fn check(&self, flow: Id, signed: Option<Id>) -> Answer<(), Detour> {
        if self.until.is_some() && signed != Some(self.account) { Err(go_to(routes::CONTINUE, flow)) } else { Ok(()) }
    }
}

fn gone() -> Problem<Detour> {
    Problem::Refusal(Detour::Flow(FlowRefusal::Gone))
}

fn go_to(page: &str, flow: Id) -> Problem<Detour> {
    Problem::Refusal(Detour::Elsewhere(Box::new(Step::here(routes::with_flow(page, flow)))))
}
