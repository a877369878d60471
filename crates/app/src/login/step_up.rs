//! Proving more, or again: before something sensitive is changed, and for apps that ask for it.

use super::{Continuation, NewFlow, next_page};
use crate::here::Here;
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, routes};
use identity::Amr;
use identity::login::{Assurance, Factors, Reason, Requirements};
use std::ops::Deref;

/// Someone who has proven who they are a moment ago, with the strongest kind of factor that their account has. What
/// changes how one signs in takes this instead of a [`Signed`]; only [`Here::recent`] makes one.
#[derive(Debug, Clone)]
pub struct Recent(Signed);

impl Deref for Recent {
    type Target = Signed;

    fn deref(&self) -> &Signed {
        &self.0
    }
}

/// Whether someone may change something sensitive at once.
pub enum StepUp {
    /// They may.
    Recent(Box<Recent>),
    /// They have to prove who they are first; the way leads back.
    First(Step),
}

impl Here {
    /// Whether the session's proof is recent and strong enough for a sensitive change. If not, a flow begins that asks
    /// for what is missing and leads back to `return_to`.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn recent(&self, signed: &Signed, visitor: &Visitor, return_to: &str) -> Result<StepUp, Fault> {
        let factors = self.factors(signed.id()).await?;
        let requirements = self.recent_requirements(signed.id(), &factors);
        if is_met(&requirements, signed) {
            return Ok(StepUp::Recent(Box::new(Recent(signed.clone()))));
        }
        let continuation = Continuation::page(Some(return_to));
        let new = NewFlow { continuation, requirements, known: Some(signed) };
        let (flow, cookies) = self.start_flow(visitor, new).await?;
        let page = next_page(&flow, self.now());
        Ok(StepUp::First(Step::here(routes::with_flow(page, flow.id)).with(cookies)))
    }

    /// Whether an account with these factors needs no second one beside what a form asks for, or has just proven both.
    pub(crate) fn has_proven_both(&self, signed: &Signed, factors: &Factors) -> bool {
        !factors.has_second() || is_met(&self.recent_requirements(signed.id(), factors), signed)
    }

    /// Whether a session's proof is what a sensitive change of an account with these factors asks for.
    pub(crate) fn is_recent(&self, signed: &Signed, factors: &Factors) -> bool {
        is_met(&self.recent_requirements(signed.id(), factors), signed)
    }

    /// What a sensitive change asks for: the strongest kind of factor that the account has, and recently.
    fn recent_requirements(&self, account: Id, factors: &Factors) -> Requirements {
        let policy = &self.settings().sign_in;
        let two = factors.reaches(Assurance::TwoFactors, &policy.methods);
        Requirements {
            fresh_since: Some(self.now().minus(policy.recent)),
            account: Some(account),
            now: if two { Assurance::TwoFactors } else { Assurance::OneFactor },
            why: Some(Reason::SensitiveChange),
            methods: policy.methods.clone(),
            ..Requirements::default()
        }
    }
}

/// Whether the session proves it. One that a code by mail opened never does: that is no way to change anything.
fn is_met(requirements: &Requirements, signed: &Signed) -> bool {
    let by_mail_alone = signed.session.amr.iter().all(|how| *how == Amr::Email);
    !by_mail_alone && requirements.are_met_by(&signed.session)
}
