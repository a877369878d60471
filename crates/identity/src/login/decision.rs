//! The one place that says whether someone is signed in.

use super::{Assurance, Demand, Evidence, FLOW_LIFETIME, Requirements};
use crate::session::Amr;
use base::{APART, Id, Timestamp};

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
    /// That it is this person, anew, by a factor that counts.
    Reauthenticate {
        /// Whom.
        account: Id,
    },
    /// More, with what the account has.
    SecondFactor {
        /// Whose.
        account: Id,
        /// How much it has to come to.
        wanted: Assurance,
    },
    /// More, and the account has nothing to prove it with: a second factor is set up on the way.
    Enrol {
        /// Whose.
        account: Id,
        /// How much it has to come to.
        wanted: Assurance,
    },
}

/// Someone has proven who they are, and all that this flow asks for. Only [`decide`] makes one, and whatever
/// makes a session asks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    account: Id,
    amr: Vec<Amr>,
    reached: Assurance,
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

    /// How much it proves: the claim `acr`, a value of [`acr`](mod@super::acr).
    pub const fn acr(&self) -> &'static str {
        self.reached.acr()
    }

    /// How much it proves.
    pub const fn reached(&self) -> Assurance {
        self.reached
    }

    /// When it was proven: the claim `auth_time`.
    pub const fn auth_time(&self) -> Timestamp {
        self.auth_time
    }
}

/// Whether the evidence is what requirements and demand ask for.
///
/// The person is the one of the last evidence; what was proven for another account does not count, and neither
/// does what is older than the requirements allow, dated in the future, typed or signed longer ago than a flow lasts, or
/// of a method that is switched off. Without a demand for that very account nothing is granted.
pub fn decide(requirements: &Requirements, demand: Option<&Demand>, evidence: &[Evidence], now: Timestamp) -> Decision {
    let begin = match requirements.account {
        Some(account) => NextStep::Reauthenticate { account },
        None => NextStep::SignIn,
    };
    let Some(account) = evidence.last().map(Evidence::account) else { return Decision::Needs(begin) };
    if requirements.account.is_some_and(|required| required != account) {
        return Decision::Needs(begin);
    }
    let Some(demand) = demand.filter(|demand| demand.account == account) else { return Decision::Needs(begin) };
    let mail_code = demand.mail_code && begins_anew(requirements, account, evidence);
    // A proof from a server whose clock is a little ahead counts as given now.
    let time = |proof: &Evidence| proof.at().min(now);
    let counts = |proof: &&Evidence| {
        proof.account() == account
            && requirements.fresh_since.is_none_or(|since| time(proof) >= since)
            && proof.at() <= now.plus(APART)
            && !is_worn_out(proof, now)
            && requirements.methods.count(proof)
            && (mail_code || !matches!(proof, Evidence::MailCode { .. }))
    };
    let valid: Vec<&Evidence> = evidence.iter().filter(counts).collect();
    let proof = Proof::of(&valid);
    let Some(reached) = proof.reached() else { return Decision::Needs(begin) };
    let must = requirements.now.max(demand.now);
    let rule = requirements_of(requirements, demand);
    let spared = proof.remembered && proof.strong && rule <= Assurance::TwoFactors;
    if reached >= must && (reached >= rule || spared) {
        // What a session remembers adds to a proof, and is none by itself.
        return match proven_at(&valid, reached, now) {
            Some(auth_time) => Decision::Granted(Granted { account, amr: amr(&valid, reached), reached, auth_time }),
            None => Decision::Needs(NextStep::Reauthenticate { account }),
        };
    }
    let wanted = if spared { must } else { must.max(rule) };
    Decision::Needs(if !proof.strong {
        // A code by mail opens no more than it has: what is needed begins with another first factor.
        NextStep::Reauthenticate { account }
    } else if demand.factors.reaches(wanted, &requirements.methods) {
        NextStep::SecondFactor { account, wanted }
    } else {
        NextStep::Enrol { account, wanted }
    })
}

/// Whether this is a sign-in from nothing: nobody in particular is asked to prove it again, and no session stands beside
/// it. Only there a code by mail counts: beside a session it would make an old proof look like a recent one.
fn begins_anew(requirements: &Requirements, account: Id, evidence: &[Evidence]) -> bool {
    let session = |proof: &Evidence| proof.account() == account && is_session(proof);
    requirements.account.is_none() && !evidence.iter().any(session)
}

/// Whether a proof that was typed or signed is from so long ago that nobody sits there any more. A registration lives
/// as long as its link, and another provider says itself when it saw its person.
fn is_worn_out(proof: &Evidence, now: Timestamp) -> bool {
    let (at, lasts) = (proof.at(), FLOW_LIFETIME);
    match proof {
        Evidence::Password { .. }
        | Evidence::Key { .. }
        | Evidence::Totp { .. }
        | Evidence::RecoveryCode { .. }
        | Evidence::MailCode { .. } => at.plus(lasts) <= now,
        Evidence::Registered { .. }
        | Evidence::Upstream { .. }
        | Evidence::Session { .. }
        | Evidence::Remembered { .. } => false,
    }
}

/// Since when all of it is proven (`auth_time`): the time of the oldest proof that it takes. A session's proof is one of
/// them only where those that were given here do not reach as far, so that a second factor makes no old password a recent
/// one. `None` when nothing was given here.
fn proven_at(valid: &[&Evidence], reached: Assurance, now: Timestamp) -> Option<Timestamp> {
    let given: Vec<&Evidence> = valid.iter().copied().filter(|proof| proof.method().is_some()).collect();
    let alone = |proof: &&&Evidence| matches!(proof, Evidence::Key { passkey: true, user_verified: true, .. });
    let here = match given.iter().find(alone) {
        Some(passkey) => Some(passkey.at()),
        None => given.iter().map(|proof| proof.at()).min(),
    }?;
    let before = valid.iter().filter(|proof| is_session(proof)).map(|proof| proof.at());
    let needs_it = Proof::of(&given).reached().is_none_or(|level| level < reached);
    Some(before.filter(|_| needs_it).chain([here]).min().unwrap_or(here).min(now))
}

const fn is_session(proof: &Evidence) -> bool {
    matches!(proof, Evidence::Session { .. })
}

/// What a rule asks. Time to set up a second factor puts off the operator's rule too.
fn requirements_of(requirements: &Requirements, demand: &Demand) -> Assurance {
    if demand.grace_until.is_some() { demand.usual } else { requirements.usual.max(demand.usual) }
}

/// What valid evidence comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Proof {
    /// A first factor, of whatever worth.
    first: bool,
    /// A first factor that a second one can stand beside.
    strong: bool,
    /// A key signed.
    key: bool,
    /// A passkey that verified its user: two factors in one.
    verified: bool,
    /// A one-time code.
    otp: bool,
    /// The device is spared what a rule asks.
    remembered: bool,
    /// What a session had reached.
    before: Option<Assurance>,
}

impl Proof {
    fn of(valid: &[&Evidence]) -> Self {
        let mut proof = Self::default();
        for evidence in valid {
            match evidence {
                Evidence::Password { .. } | Evidence::Registered { .. } | Evidence::Upstream { .. } => {
                    proof.strong = true;
                }
                Evidence::Key { passkey: true, user_verified: true, .. } => proof.verified = true,
                Evidence::Key { passkey: true, user_verified: false, .. } => {
                    proof.first = true;
                    proof.key = true;
                }
                Evidence::Key { passkey: false, .. } => proof.key = true,
                Evidence::Totp { .. } | Evidence::RecoveryCode { .. } => proof.otp = true,
                Evidence::MailCode { .. } => proof.first = true,
                Evidence::Session { amr, reached, .. } => {
                    proof.before = Some(*reached);
                    proof.first = true;
                    proof.strong |= amr.iter().any(|how| *how != Amr::Email);
                }
                Evidence::Remembered { .. } => proof.remembered = true,
            }
        }
        proof.strong |= proof.verified;
        proof.first |= proof.strong;
        proof
    }

    /// The level; `None` without a first factor.
    fn reached(self) -> Option<Assurance> {
        if !self.first {
            return None;
        }
        let here = if self.verified || (self.strong && self.key) {
            Assurance::PhishingResistant
        } else if self.strong && self.otp {
            Assurance::TwoFactors
        } else {
            Assurance::OneFactor
        };
        Some(here.max(self.before.unwrap_or_default()))
    }
}

/// The methods of the proofs, each once. A registration is `pwd`: its password was chosen in the flow itself, and
/// RFC 8176 has no value for the mail that proved the address.
fn amr(valid: &[&Evidence], reached: Assurance) -> Vec<Amr> {
    let mut amr = Vec::new();
    for evidence in valid {
        match evidence {
            Evidence::Password { .. } | Evidence::Registered { .. } => amr.push(Amr::Pwd),
            Evidence::Key { synced: true, .. } => amr.push(Amr::Swk),
            Evidence::Key { synced: false, .. } => amr.push(Amr::Hwk),
            Evidence::Totp { .. } | Evidence::RecoveryCode { .. } => amr.push(Amr::Otp),
            Evidence::MailCode { .. } => amr.push(Amr::Email),
            Evidence::Upstream { .. } => amr.push(Amr::Fed),
            Evidence::Session { amr: before, .. } => amr.extend(before),
            Evidence::Remembered { .. } => {}
        }
    }
    if reached >= Assurance::TwoFactors {
        amr.push(Amr::Mfa);
    }
    amr.sort_unstable();
    amr.dedup();
    amr
}
