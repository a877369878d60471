//! What the risk rules found.

use super::format;
use crate::cli::Risk;
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use app::risk_report::{RiskReport, RuleReport};
use base::Timestamp;
use identity::Event;
use identity::risk::Outcome;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Serialize)]
struct Report {
    since: String,
    sign_ins: i64,
    rules: Vec<Row>,
    attacks: Vec<Attack>,
}

#[derive(Serialize)]
struct Row {
    rule: &'static str,
    attempts: usize,
    accounts: usize,
    outcomes: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Attack {
    at: String,
    #[serde(flatten)]
    event: Event,
}

/// Says what was found.
pub(super) async fn run(options: &Risk) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let since = here.now().minus(Duration::from_secs(u64::from(options.days) * 24 * 3600));
    let report = here.risk_report(since).await?;
    match format(&options.common) {
        Format::Json => say::json(&json(since, report)),
        Format::Text => {
            text(options.days, &report);
            if loaded.config.risk.shadow {
                say::line("\nThe rules only record: risk.shadow is on.");
            }
            Ok(())
        }
    }
}

fn json(since: Timestamp, report: RiskReport) -> Report {
    let row = |rule: RuleReport| Row {
        rule: rule.rule.as_str(),
        attempts: rule.attempts,
        accounts: rule.accounts,
        outcomes: rule.outcomes.into_iter().map(|(outcome, count)| (word(outcome), count)).collect(),
    };
    Report {
        since: moment(report.only_since.unwrap_or(since)),
        sign_ins: report.sign_ins,
        rules: report.rules.into_iter().map(row).collect(),
        attacks: report.attacks.into_iter().map(|(at, event)| Attack { at: moment(at), event }).collect(),
    }
}

fn text(days: u16, report: &RiskReport) {
    say::line(format_args!("{} sign-ins in the last {days} days.", report.sign_ins));
    if let Some(since) = report.only_since {
        say::line(format_args!("There was too much to look through: what follows is since {}.", moment(since)));
    }
    let cells = |rule: &RuleReport| {
        let followed: Vec<_> = rule.outcomes.iter().map(|(o, count)| format!("{} {count}", word(*o))).collect();
        let (attempts, accounts) = (rule.attempts.to_string(), rule.accounts.to_string());
        vec![rule.rule.as_str().to_owned(), attempts, share(rule.attempts, report), accounts, followed.join(", ")]
    };
    let rows: Vec<_> = report.rules.iter().map(cells).collect();
    say::line(say::table(&["RULE", "FOUND", "OF 100", "ACCOUNTS", "WHAT FOLLOWED"], &rows));
    for (at, event) in &report.attacks {
        say::line(match event {
            Event::ManyAccountsTried { network, accounts } => {
                format!("{}  {network} tried {accounts} accounts in vain", moment(*at))
            }
            Event::ManyAddressesTried { addresses } => {
                format!("{}  accounts were tried in vain from {addresses} addresses", moment(*at))
            }
            other => format!("{}  {}", moment(*at), other.kind()),
        });
    }
}

/// In how many of a hundred sign-ins; those that were refused or given up count as sign-ins here.
fn share(attempts: usize, report: &RiskReport) -> String {
    let attempts = i64::try_from(attempts).unwrap_or(i64::MAX);
    let all = report.sign_ins.max(attempts).max(1);
    let tenths = attempts.saturating_mul(1000) / all;
    format!("{}.{}", tenths / 10, tenths % 10)
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Nothing => "nothing",
        Outcome::Recorded => "recorded",
        Outcome::Noted => "noted",
        Outcome::Told => "told",
        Outcome::Asked => "asked",
        Outcome::Refused => "refused",
    }
}

fn moment(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
