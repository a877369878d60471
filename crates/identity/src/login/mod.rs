//! The login machine: requirements are fixed at the start, and only evidence opens the door.
//!
//! A [`Flow`] is one sign-in in progress. Steps add [`Evidence`] to it, in whatever order and from whatever
//! tab; no step leaves a note of its own that a later one believes. What is asked has two halves: the flow's
//! [`Requirements`], fixed before anybody is known, and the account's [`Demand`], made once it is. [`decide`] alone
//! looks at both and the evidence together, and it alone makes a [`Granted`], without which nothing makes a session.

pub mod acr;
mod code;
mod decision;
mod demand;
mod enrolment;
mod evidence;
mod flow;
mod mail_code;
mod pending;
mod policy;
mod registering;

pub use acr::Assurance;
pub use code::{MAX_WRONG_CODES, shown_code};
pub use decision::{Decision, Granted, NextStep, decide};
pub use demand::{Demand, Factors, Reason};
pub use evidence::{Evidence, Method, Methods};
pub use flow::{FLOW_LIFETIME, Flow, Judged};
pub use mail_code::{MAIL_CODE_KEY, MAIL_CODE_LIFETIME, MailCode, MailSecret};
pub use pending::{PENDING_LIFETIME, PendingIdentity};
pub use policy::{SignInPolicy, SignUp, Stricter};

use base::{Email, Id, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a flow must prove before it yields anything. Fixed when it starts, whoever it turns out to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requirements {
    /// Evidence must be newer than this (`prompt=login`, `max_age`).
    pub fresh_since: Option<Timestamp>,
    /// It must be this person (`id_token_hint`, a re-authentication).
    pub account: Option<Id>,
    /// What the operator asks of everybody here, or of everybody at this app. A remembered device is spared it.
    #[serde(default)]
    pub usual: Assurance,
    /// What this very request asks (`acr_values`, a sensitive change). No device is spared it.
    #[serde(default)]
    pub now: Assurance,
    /// Why it asks.
    #[serde(default)]
    pub why: Option<Reason>,
    /// What counts as evidence.
    #[serde(default)]
    pub methods: Methods,
    /// How long an account may do without a second factor that the operator asks for.
    #[serde(default)]
    pub grace: Duration,
}

impl Requirements {
    /// Whether a session that exists proves enough already, so that nobody needs to be asked. Whether it is
    /// live is for the caller to see.
    pub fn are_met_by(&self, session: &crate::Session) -> bool {
        let reached = Assurance::of_acr(&session.acr).unwrap_or_default();
        self.account.is_none_or(|account| account == session.account)
            && self.fresh_since.is_none_or(|since| session.auth_time >= since)
            && self.methods.cover(&session.amr)
            && reached >= self.now
    }
}

/// A registration before its address is proven. It is not an account, and gives nobody anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Which of the flow's registrations it is: a link proves the one that it was sent for, and no later one.
    #[serde(default)]
    pub number: u32,
    /// The address to prove.
    pub email: Email,
    /// The name.
    pub name: String,
    /// The password, hashed; none for whoever comes from another provider.
    pub password: Option<crate::account::PasswordHash>,
    /// The account at another provider that is linked to the new one. It is fixed with the registration: what the flow
    /// learns later changes nothing about it.
    #[serde(default)]
    pub identity: Option<PendingIdentity>,
    /// Wrong codes so far.
    pub wrong_codes: u32,
    /// When the link was used.
    pub confirmed_at: Option<Timestamp>,
    /// The account that was made of it then.
    pub account: Option<Id>,
    /// The row of the account at another provider that was linked to it then.
    #[serde(default)]
    pub linked: Option<Id>,
}

/// Why a flow does not take a step. Each text names the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// It ran out.
    #[error("this sign-in took too long: start again")]
    Expired,
    /// It has led to its end already.
    #[error("this sign-in is finished: start again")]
    Finished,
    /// It must be another person.
    #[error("this sign-in is for another account: sign in with that one")]
    WrongAccount,
    /// The evidence is from another time than this flow.
    #[error("this proof is from another sign-in: prove it again")]
    Stale,
    /// Nobody registers in it.
    #[error("nothing waits to be confirmed here: register first")]
    NotRegistering,
    /// The address is not proven yet.
    #[error("the address is not confirmed yet: open the link in the mail")]
    NotConfirmed,
    /// The address is proven already.
    #[error("the address is confirmed already: go on in the browser that asked")]
    AlreadyConfirmed,
    /// Not the code that the asking browser shows.
    #[error("not the code: look at it again in the browser where you registered")]
    WrongCode {
        /// How many more tries there are.
        left: u32,
    },
    /// Too many wrong codes.
    #[error("too many wrong codes: open the link in the browser where you registered")]
    TooManyCodes,
    /// A second factor came before the first.
    #[error("this proof needs another one before it: begin with your address")]
    OutOfOrder,
    /// Something is still to be proven.
    #[error("not signed in yet: sign in first")]
    NotProven(NextStep),
}

#[cfg(test)]
mod tests;
