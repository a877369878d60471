//! Whose identity it is: an account that it is linked to is signed in to; an account is made of one whose address is
//! believed and new; every other one waits in the flow until a proof of ours says whose it is.
//!
//! No address leads to an account: not by itself, however verified. What an answer shows of whether an address has an
//! account, it shows only to whom a believed provider has confirmed that address.

use super::UpstreamTrouble;
use super::answer::{AnswerProblem, Spent};
use crate::here::{By, Here};
use crate::login::{Finish, FlowRefusal, Way};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Step, Visitor};
use ::upstream::Told;
use base::{Email, Fault, Id, Timestamp, routes};
use identity::login::{Evidence, Flow, FlowError, PendingIdentity, SignUp};
use identity::{Account, Event, FederatedIdentity};
use std::time::Duration;
use store::Tx;

/// What a sign-in by a provider is settled with.
struct Sign<'a> {
    spent: &'a Spent,
    told: Told,
    visitor: &'a Visitor,
    way: Way,
    /// When the person signed in there.
    at: Timestamp,
    now: Timestamp,
    /// Whether an account may be made.
    sign_up: bool,
}

impl Here {
    pub(super) async fn settle(
        &self,
        flow: Id,
        (spent, told): (&Spent, Told),
        visitor: &Visitor,
    ) -> Answer<Step, AnswerProblem> {
        let ended = |p: Problem<FlowRefusal>| {
            p.map(|refusal| match refusal {
                FlowRefusal::Gone => AnswerProblem::Ended(flow),
                FlowRefusal::OtherBrowser => AnswerProblem::OtherBrowser,
            })
        };
        let known = self.open_flow(flow, visitor).await.map_err(ended)?;
        let policy = self.policy_of(&known).await?;
        let way = self.way_of(&known).await?;
        let Some(at) = vouched_at(&known, told.auth_time, self.now()) else {
            return refuse(spent.back(UpstreamTrouble::TooOld));
        };
        let sign_up = policy.sign_up == SignUp::Open && spent.upstream.provider().sign_up;
        let sign = Sign { spent, told, visitor, way, at, now: self.now(), sign_up };

        let (mut tx, mut flow, identity) = self.lock_met(flow, &sign).await.map_err(ended)?;
        if flow.check_takes_proof(self.now()).is_err() {
            return refuse(AnswerProblem::Ended(flow.id));
        }
        let step = match identity {
            Some(identity) => self.sign_in_by(&mut tx, &mut flow, &sign, identity).await?,
            None => self.meet(&mut tx, &mut flow, &sign).await?,
        };
        tx.commit().await?;
        Ok(step)
    }

    /// Locks the flow, and before it the account whose owner has this identity, if anybody has: it is looked for before,
    /// and again when both are held.
    async fn lock_met(&self, flow: Id, sign: &Sign<'_>) -> Answer<(Tx, Flow, Option<FederatedIdentity>), FlowRefusal> {
        let (issuer, subject) = (&sign.told.issuer, &sign.told.subject);
        for _ in 0..LOOKS {
            let mut tx = self.begin().await?;
            let before = tx.find_identity(issuer, subject).await?.map(|identity| identity.account);
            if let Some(account) = before {
                tx.lock_account(account).await?;
            }
            let flow = self.lock_flow(&mut tx, flow, sign.visitor).await?;
            let identity = tx.find_identity(issuer, subject).await?;
            if identity.as_ref().map(|identity| identity.account) == before {
                return Ok((tx, flow, identity));
            }
            // It was linked or unlinked in this very moment.
        }
        Err(Fault::busy("an account elsewhere was linked and unlinked while it was looked at").into())
    }

    /// An identity that is linked: its account's owner has proven so much.
    async fn sign_in_by(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        sign: &Sign<'_>,
        identity: FederatedIdentity,
    ) -> Answer<Step, AnswerProblem> {
        let account = identity.account;
        tx.identity_used(identity.id, (sign.told.email.as_deref(), sign.told.name.as_deref()), self.now()).await?;
        let evidence = Evidence::Upstream { account, at: sign.at, identity: identity.id };
        self.with_upstream_evidence(tx, flow, sign, evidence).await
    }

    async fn with_upstream_evidence(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        sign: &Sign<'_>,
        evidence: Evidence,
    ) -> Answer<Step, AnswerProblem> {
        let required = flow.requirements.account;
        let account = evidence.account();
        let finish = Finish { visitor: sign.visitor, way: &sign.way, straight: false };
        match finish.with_evidence(self, tx, flow, evidence).await {
            Ok(outcome) => Ok(outcome.step(self, flow)),
            Err(Problem::Fault(fault)) => Err(fault.into()),
            Err(Problem::Refusal(FlowError::Expired | FlowError::Finished)) => refuse(AnswerProblem::Ended(flow.id)),
            Err(Problem::Refusal(FlowError::Stale)) => refuse(sign.spent.back(UpstreamTrouble::TooOld)),
            Err(Problem::Refusal(_)) if required.is_some_and(|required| required != account) => {
                refuse(sign.spent.back(UpstreamTrouble::SomebodyElse))
            }
            Err(Problem::Refusal(_)) => refuse(sign.spent.back(UpstreamTrouble::Disabled)),
        }
    }

    /// An identity that nobody here has.
    async fn meet(&self, tx: &mut Tx, flow: &mut Flow, sign: &Sign<'_>) -> Answer<Step, AnswerProblem> {
        if flow.requirements.account.is_some() {
            return refuse(sign.spent.back(UpstreamTrouble::SomebodyElse));
        }
        let believed = self.believed(sign);
        let owner = match &believed {
            Some(email) => tx.find_account_by_email(&email.key()).await?,
            None => None,
        };
        if let (Some(email), None, true) = (&believed, &owner, sign.sign_up)
            && let Some(step) = self.make_account(tx, flow, sign, email).await?
        {
            return Ok(step);
        }
        flow.keep_pending(pending(sign, owner.as_ref().map(|owner| owner.id)));
        tx.save_flow(flow).await?;
        let join = sign.sign_up && owner.is_none();
        Ok(Step::here(routes::with_flow(if join { routes::REGISTER_UPSTREAM } else { routes::LOGIN }, flow.id)))
    }

    /// The address, if the operator believes this provider and it says that it has verified it.
    fn believed(&self, sign: &Sign<'_>) -> Option<Email> {
        let believes = sign.spent.upstream.provider().trust_email && sign.told.email_verified;
        sign.told.email.as_deref().filter(|_| believes)?.parse().ok()
    }

    /// Makes an account of a believed address, and signs in to it. `None` when somebody was faster.
    async fn make_account(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        sign: &Sign<'_>,
        email: &Email,
    ) -> Answer<Option<Step>, AnswerProblem> {
        let name = sign.told.name.as_deref().and_then(identity::account::told_name);
        let local = email.as_str().split('@').next().and_then(identity::account::told_name);
        let Some(name) = name.or(local) else { return Ok(None) };
        let account: Account = self.new_account((email.clone(), name), sign.visitor);
        if !tx.insert_account(&account).await? {
            return Ok(None);
        }
        let row = self.identity_row(&pending(sign, None), account.id);
        if !tx.insert_identity(&row).await? {
            return refuse(sign.spent.back(UpstreamTrouble::Spent));
        }
        self.emit(tx, &By::about(account.id, None, sign.visitor), Event::AccountCreated {}).await?;
        let evidence = Evidence::Upstream { account: account.id, at: sign.at, identity: row.id };
        self.with_upstream_evidence(tx, flow, sign, evidence).await.map(Some)
    }

    /// The row of an identity that is linked now.
    pub(super) fn identity_row(&self, pending: &PendingIdentity, account: Id) -> FederatedIdentity {
        FederatedIdentity {
            id: self.new_id(),
            account,
            provider: pending.provider.clone(),
            issuer: pending.issuer.clone(),
            subject: pending.subject.clone(),
            email: pending.email.clone(),
            name: pending.name.clone(),
            created_at: self.now(),
            last_used_at: Some(self.now()),
        }
    }
}

/// How often it is looked for an identity that is linked or unlinked in this very moment.
const LOOKS: u32 = 3;
/// How far the clocks of two servers may be apart.
const SKEW: Duration = Duration::from_secs(30);

/// When the person signed in there, by the provider's own word (ASVS 6.8.4): somebody who only passed by an open browser
/// is not recent. A provider that does not say, as most plain ones, is believed to have looked now. `None`: too long ago.
fn vouched_at(flow: &Flow, auth_time: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let Some(at) = auth_time else { return Some(now) };
    match flow.requirements.fresh_since {
        Some(since) if at.plus(SKEW) < since => None,
        Some(since) => Some(at.max(since).min(now)),
        None => Some(at.min(now)),
    }
}

fn pending(sign: &Sign<'_>, account: Option<Id>) -> PendingIdentity {
    let told = &sign.told;
    let shown = |text: &Option<String>| text.as_deref().map(|text| base::Bounded::<254>::cut(text).as_str().to_owned());
    PendingIdentity {
        provider: sign.spent.upstream.provider().key.as_str().to_owned(),
        issuer: told.issuer.clone(),
        subject: told.subject.clone(),
        email: shown(&told.email),
        name: shown(&told.name),
        account,
        at: sign.now,
    }
}
