//! The one place that says whether someone is signed in.

use super::{Evidence, Requirements, acr};
use crate::session::Amr;
use base::{Id, Timestamp};
use std::time::Duration;

/// How far the clocks of two servers may be apart.
pub(super) const SKEW: Duration = Duration::from_secs(5);

/// What requirements and evidence come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Everything is proven.
    Granted(Granted),
    /// Something is missing.
    Needs(NextStep),
}

/// What is to be proven next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextStep {
    /// Who it is, in whatever way.
    SignIn,
    /// That it is this person, anew.
    Reauthenticate {
        /// Whom.
        account: Id,
    },
}

/// Someone has proven who they are, and all that this flow asks for. Only [`decide`] makes one, and whatever
/// makes a session asks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    account: Id,
    amr: Vec<Amr>,
    auth_time: Timestamp,
}

impl Granted {
    /// Who.
    pub const fn account(&self) -> Id {
        self.account
    }

    /// How (RFC 8176 §2): the claim `amr`.
    pub fn amr(&self) -> Vec<Amr> {
        self.amr.clone()
    }

    /// How much it proves: the claim `acr`, a value of [`acr`](mod@acr).
    pub const fn acr(&self) -> &'static str {
        acr::SINGLE_FACTOR
    }

    /// When it was proven: the claim `auth_time`.
    pub const fn auth_time(&self) -> Timestamp {
        self.auth_time
    }
}

/// Whether the evidence is what the requirements ask for.
///
/// The person is the one of the last evidence; what was proven for another account does not count, and neither
/// does what is older than the requirements allow or dated in the future.
pub fn decide(requirements: &Requirements, evidence: &[Evidence], now: Timestamp) -> Decision {
    let next = match requirements.account {
        Some(account) => NextStep::Reauthenticate { account },
        None => NextStep::SignIn,
    };
    let Some(account) = evidence.last().map(Evidence::account) else { return Decision::Needs(next) };
    if requirements.account.is_some_and(|required| required != account) {
        return Decision::Needs(next);
    }
    // A proof from a server whose clock is a little ahead counts as given now.
    let time = |proof: &Evidence| proof.at().min(now);
    let counts = |proof: &&Evidence| {
        proof.account() == account
            && requirements.fresh_since.is_none_or(|since| time(proof) >= since)
            && proof.at() <= now.plus(SKEW)
    };
    let valid: Vec<&Evidence> = evidence.iter().filter(counts).collect();
    let Some(auth_time) = valid.iter().map(|proof| time(proof)).max() else { return Decision::Needs(next) };
    let mut amr: Vec<Amr> = valid.iter().map(|proof| method(proof)).collect();
    amr.sort_unstable();
    amr.dedup();
    Decision::Granted(Granted { account, amr, auth_time })
}

/// The method of a proof. A registration is `pwd`: its password was chosen in the flow itself, and RFC 8176 has
/// no value for the mail that proved the address.
const fn method(evidence: &Evidence) -> Amr {
    match evidence {
        Evidence::Password { .. } | Evidence::Registered { .. } => Amr::Pwd,
    }
}
