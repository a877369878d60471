//! What is asked of an account, once it is known whose sign-in it is.

use super::judge::Verdict;
use crate::here::Here;
use crate::visitor::Visitor;
use base::{Fault, Timestamp};
use identity::login::{Assurance, Demand, Evidence, Factors, Flow, Reason};
use identity::{Account, Role};
use store::Tx;

/// Whoever links an account elsewhere adds a way to sign in: it takes what every such change takes, so that a password
/// alone does not get past the factors that stand beside it (CVE-2026-3429).
fn for_linking(flow: &Flow, demand: Demand, now: Timestamp) -> Demand {
    let would_link = flow.pending(now).is_some_and(|pending| pending.account.is_none_or(|only| only == demand.account));
    if would_link && demand.factors.reaches(Assurance::TwoFactors, &flow.requirements.methods) {
        return demand.raised(Assurance::TwoFactors, [Reason::SensitiveChange]);
    }
    demand
}

impl Here {
    /// Looks again at what earlier steps left in the flow and makes the account's demand, under the account's lock:
    /// what was true when the flow began may have ended since.
    pub(crate) async fn settle_demand(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        self.drop_dead_evidence(tx, flow).await?;
        self.remember_device(tx, flow, account, visitor).await?;
        let factors = tx.factors(account.id).await?;
        let demand = Demand::of(account.id, factors, &flow.requirements, account.role == Role::Admin);
        let demand = self.with_grace(tx, flow, account, demand).await?;
        let demand = for_linking(flow, demand, self.now());
        match self.judge(tx, flow, &demand.factors, visitor).await? {
            Verdict::Refused => {}
            Verdict::GoesOn(reasons) if reasons.is_empty() => flow.demand(demand),
            Verdict::GoesOn(reasons) => flow.demand(demand.raised(Assurance::TwoFactors, reasons)),
        }
        Ok(())
    }

    /// A session that was ended proves nothing any more, nor does a credential that was removed.
    async fn drop_dead_evidence(&self, tx: &mut Tx, flow: &mut Flow) -> Result<(), Fault> {
        let mut live = Vec::new();
        for evidence in std::mem::take(&mut flow.evidence) {
            let stands = match &evidence {
                Evidence::Session { .. } => self.session_stands(tx, &evidence).await?,
                Evidence::Key { account, credential, .. } => {
                    tx.find_credential(*credential).await?.is_some_and(|found| found.account == *account)
                }
                // A password that is another one by now was somebody else's guess, or is lost.
                Evidence::Password { account, at } => {
                    tx.password_changed_at(*account).await?.is_some_and(|changed| changed <= *at)
                }
                Evidence::Totp { account, at } => {
                    tx.find_totp(*account).await?.is_some_and(|app| app.confirmed_at.is_some_and(|since| since <= *at))
                }
                // Its set may have been replaced meanwhile; what counts is that codes stand beside something.
                Evidence::RecoveryCode { account, .. } => self.are_codes_useful(&tx.factors(*account).await?),
                Evidence::Upstream { account, identity, .. } => {
                    let linked = tx.list_identities(*account).await?;
                    let known = |key: &str| self.upstream(key).is_some();
                    linked.iter().any(|found| found.id == *identity && known(&found.provider))
                }
                // Always looked at anew, below.
                Evidence::Remembered { .. } => false,
                _ => true,
            };
            if stands {
                live.push(evidence);
            }
        }
        flow.evidence = live;
        Ok(())
    }

    /// Whether evidence is a session's, and that session is what it was and lives.
    pub(super) async fn session_stands(&self, tx: &mut Tx, evidence: &Evidence) -> Result<bool, Fault> {
        let Evidence::Session { account, session, at, .. } = evidence else { return Ok(false) };
        let (found, idle) = (tx.find_session(*session).await?, self.settings().session_idle);
        Ok(found.is_some_and(|s| s.account == *account && s.auth_time == *at && s.is_live(self.now(), idle)))
    }

    /// "Don't ask on this device", where its owner said so and the time has not run out.
    async fn remember_device(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        let Some(secret) = &visitor.device else { return Ok(()) };
        let now = self.now();
        let device = tx.find_device_by_secret(account.id, secret.hash_for(account.id.as_bytes())).await?;
        let trusted = device.filter(|device| device.trusted_until.is_some_and(|until| now < until));
        if let Some(device) = trusted
            && flow.account() == Some(account.id)
        {
            // Without a first factor there is nothing that it could stand beside: the refusal says just that.
            let _ = flow.add(Evidence::Remembered { account: account.id, at: now, device: device.id }, now);
        }
        Ok(())
    }

    /// Gives an account that has no second factor the time that the operator allows to set one up. It begins with the
    /// first sign-in that would have needed it.
    async fn with_grace(&self, tx: &mut Tx, flow: &Flow, account: &Account, demand: Demand) -> Result<Demand, Fault> {
        let (now, grace) = (self.now(), flow.requirements.grace);
        let methods = &flow.requirements.methods;
        if grace.is_zero() || !demand.factors.have_grace(demand.usual, methods) {
            return Ok(demand);
        }
        let until = match account.enrol_by {
            Some(until) => until,
            None => {
                let until = now.plus(grace);
                tx.update_account(&Account { enrol_by: Some(until), ..account.clone() }).await?;
                until
            }
        };
        Ok(demand.with_grace(until, now, methods))
    }

    /// What the account has to sign in with.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn factors(&self, account: base::Id) -> Result<Factors, Fault> {
        self.read().await?.factors(account).await
    }
}
