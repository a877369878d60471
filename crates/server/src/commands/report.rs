//! What was found, as `check` and `doctor` tell it: one line for each thing.

use crate::say::{self, Format, Trouble};
use serde::Serialize;
use std::process::ExitCode;

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// As it should be.
    Ok,
    /// Not wrong, but worth knowing.
    Warning,
    /// Something has to be done.
    Wrong,
}

#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    verdict: Verdict,
    text: String,
    /// What to do, where the text does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Everything that was found.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Adds what was found of something.
    pub(super) fn add(&mut self, what: &'static str, verdict: Verdict, text: impl Into<String>) {
        self.findings.push(Finding { what, verdict, text: text.into(), next: None });
    }

    /// Adds what is as it should be.
    pub(super) fn ok(&mut self, what: &'static str, text: impl Into<String>) {
        self.add(what, Verdict::Ok, text);
    }

    /// Adds what is not wrong, with the next step.
    pub(super) fn warn(&mut self, what: &'static str, text: impl Into<String>, next: impl Into<String>) {
        self.findings.push(Finding { what, verdict: Verdict::Warning, text: text.into(), next: Some(next.into()) });
    }

    /// Adds what is wrong, with the next step.
    pub(super) fn wrong(&mut self, what: &'static str, text: impl Into<String>, next: impl Into<String>) {
        self.findings.push(Finding { what, verdict: Verdict::Wrong, text: text.into(), next: Some(next.into()) });
    }

    /// Adds what another found.
    pub(super) fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
    }

    /// Whether nothing is wrong.
    pub(super) fn is_fine(&self) -> bool {
        !self.findings.iter().any(|finding| finding.verdict == Verdict::Wrong)
    }

    /// Tells it; the exit status is 1 when something is wrong.
    ///
    /// # Errors
    /// [`Trouble`] when it can't be written as JSON.
    pub(super) fn say(&self, format: Format) -> Result<ExitCode, Trouble> {
        match format {
            Format::Json => say::json(self)?,
            Format::Text => self.print(),
        }
        Ok(if self.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self) {
        for Finding { what, verdict, text, next } in &self.findings {
            let mark = match verdict {
                Verdict::Ok => "ok     ",
                Verdict::Warning => "warning",
                Verdict::Wrong => "WRONG  ",
            };
            let next = next.as_ref().map(|next| format!(". Next: {next}")).unwrap_or_default();
            say::line(format_args!("{mark}  {what}: {text}{next}"));
        }
        if !self.is_fine() {
            say::line("\nSee to what is WRONG, and look again.");
        }
    }
}
