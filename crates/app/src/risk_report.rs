//! What the risk rules found over a while: how an operator sees whether they fit.

use crate::here::Here;
use base::{Fault, Id, Timestamp};
use identity::risk::{Outcome, Rule};
use identity::{Event, EventRecord};
use std::collections::{BTreeMap, BTreeSet};

/// How many events are looked through at most, the newest.
const MOST: i64 = 100_000;
/// How many attacks are listed at most, the newest.
const ATTACKS: i64 = 100;

/// What was found since a moment.
#[derive(Debug, Clone)]
pub struct RiskReport {
    /// How many sign-ins were complete.
    pub sign_ins: i64,
    /// Each rule, also those that found nothing.
    pub rules: Vec<RuleReport>,
    /// The attacks, newest first.
    pub attacks: Vec<(Timestamp, Event)>,
    /// When there was more than is looked through: the oldest that was.
    pub only_since: Option<Timestamp>,
}

/// What one rule found.
#[derive(Debug, Clone)]
pub struct RuleReport {
    /// Which.
    pub rule: Rule,
    /// In how many attempts.
    pub attempts: usize,
    /// On how many accounts.
    pub accounts: usize,
    /// What followed, and how often. An attempt in which several rules fired has one outcome, which counts for each.
    pub outcomes: BTreeMap<Outcome, usize>,
}

impl Here {
    /// What the risk rules found since a moment.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn risk_report(&self, since: Timestamp) -> Result<RiskReport, Fault> {
        let mut read = self.read().await?;
        let sign_ins = read.count_kinds(&["login.succeeded", "login.new_device"], since).await?;
        let found = read.list_kinds(&["login.risk"], since, MOST).await?;
        let attacks = read.list_kinds(&["attack.one_address", "attack.many_addresses"], since, ATTACKS).await?;
        let is_cut = i64::try_from(found.len()).is_ok_and(|found| found == MOST);
        Ok(RiskReport {
            sign_ins,
            only_since: found.last().filter(|_| is_cut).map(|record| record.at),
            rules: Rule::ALL.into_iter().map(|rule| of_rule(rule, &found)).collect(),
            attacks: attacks.into_iter().map(|record| (record.at, record.event)).collect(),
        })
    }
}

fn of_rule(rule: Rule, found: &[EventRecord]) -> RuleReport {
    let (mut attempts, mut accounts, mut outcomes) = (0, BTreeSet::<Id>::new(), BTreeMap::new());
    for record in found {
        let Event::Risk { findings, outcome, .. } = &record.event else { continue };
        if findings.iter().any(|finding| finding.rule == rule) {
            attempts += 1;
            accounts.extend(record.account);
            *outcomes.entry(*outcome).or_insert(0) += 1;
        }
    }
    RuleReport { rule, attempts, accounts: accounts.len(), outcomes }
}
