//! Risk rules: what is odd about a sign-in that is otherwise right, and what follows.
//!
//! A rule looks at [`Signals`], facts about one attempt, and fires or not. What follows is the operator's choice, an
//! [`Action`] per rule; the strongest that fired decides. A rule can only ask for more or say no: nothing here lets
//! anybody in, and what a file of places says about an address is never a proof of anything.
//!
//! Each rule has a sentence of its own, in which the person, the notice and the log say why.

mod history;
mod rules;

pub use history::History;
pub use rules::{Action, Rule, Rules};

use crate::device::Place;
use base::Timestamp;
use serde::{Deserialize, Serialize};

/// The facts about one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signals {
    /// When it is.
    pub at: Timestamp,
    /// How well the account knows the browser.
    pub browser: Familiarity,
    /// Where the address seems to be, if that is known.
    pub place: Option<Place>,
    /// Where the account was used before.
    pub history: History,
    /// How many other accounts were tried in vain from this address a short while ago.
    pub accounts_from_address: u32,
    /// From how many other addresses this account was tried in vain a short while ago.
    pub addresses_on_account: u32,
}

/// How well an account knows a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Familiarity {
    /// It was never seen, and others were.
    New,
    /// It is the account's first: there is none that it could be compared with.
    First,
    /// It has signed in before, and its word does not count yet.
    Seen,
    /// Its word counts ([`crate::Device::vouches`]).
    Known,
}

/// What came of looking at an attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    findings: Vec<Finding>,
}

/// A rule that fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which.
    pub rule: Rule,
    /// What it does: [`Action::Shadow`] when everything only records.
    pub action: Action,
}

/// What follows for the attempt, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing was odd.
    Nothing,
    /// It is recorded for the operator, and nobody notices.
    Recorded,
    /// The owner is told by the question about the new device, which comes in any case.
    Noted,
    /// The owner is told.
    Told,
    /// A second factor is asked for.
    Asked,
    /// The attempt is refused, and the owner is told.
    Refused,
}

/// Looks at an attempt.
pub fn assess(signals: &Signals, rules: &Rules) -> Assessment {
    let fired = Rule::ALL.into_iter().filter(|rule| rule.fires(signals, rules));
    let findings = fired.map(|rule| Finding { rule, action: rules.action(rule) });
    Assessment { findings: findings.filter(|finding| finding.action > Action::Off).collect() }
}

impl Assessment {
    /// The rules that fired, in the order of [`Rule::ALL`].
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What follows. Of an account that has nothing to prove more with (`can_prove_more`), nothing more is asked: it
    /// would be the thief who sets up a second factor then. Its owner is told instead.
    pub fn outcome(&self, browser: Familiarity, can_prove_more: bool) -> Outcome {
        let strongest = self.findings.iter().map(|finding| finding.action).max().unwrap_or_default();
        match strongest {
            Action::Off => Outcome::Nothing,
            Action::Shadow => Outcome::Recorded,
            Action::Refuse => Outcome::Refused,
            Action::Ask if can_prove_more => Outcome::Asked,
            // The question "was this you?" goes out anyway: nobody is told twice of one sign-in.
            Action::Notify | Action::Ask if browser == Familiarity::New => Outcome::Noted,
            Action::Notify | Action::Ask => Outcome::Told,
        }
    }

    /// Whether all of it is that the browser is new and its owner is to be told: the question about the new device says
    /// so already, in the log as well.
    pub fn is_only_the_question(&self) -> bool {
        let question = Finding { rule: Rule::NewDevice, action: Action::Notify };
        self.findings == [question]
    }
}

/// The rules that led to an outcome: the answer to "why?".
pub fn why(findings: &[Finding], outcome: Outcome) -> impl Iterator<Item = Rule> + '_ {
    let counts = move |finding: &&Finding| match outcome {
        Outcome::Nothing => false,
        Outcome::Recorded => true,
        Outcome::Noted | Outcome::Told => matches!(finding.action, Action::Notify | Action::Ask),
        Outcome::Asked => finding.action == Action::Ask,
        Outcome::Refused => finding.action == Action::Refuse,
    };
    findings.iter().filter(counts).map(|finding| finding.rule)
}

#[cfg(test)]
mod tests;
