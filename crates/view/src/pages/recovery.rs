//! "I have lost everything": the way back, its wait and its stop.

use super::{Page, PasswordProblem, PasswordRules};
use base::Timestamp;
use identity::{Agent, Place};
use serde::Serialize;

/// Asks for it. Form: `flow`?, `username` → POST [`base::routes::RECOVERY`].
#[derive(Debug, Clone, Serialize)]
pub struct AskRecovery {
    /// The flow to come back to.
    pub flow: Option<String>,
    /// What was typed before.
    pub username: String,
    /// Whether that is no mail address.
    pub invalid: bool,
    /// How long the wait is, in seconds; `None` where there is no such way.
    pub wait: Option<u64>,
}

/// "Check your mail" after that. The same for every address.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveryAsked {
    /// The flow to come back to.
    pub flow: Option<String>,
    /// The address, as typed.
    pub email: String,
}

/// Behind the link of the mail: is the wait to begin? Form: `token` → POST [`base::routes::RECOVERY_BEGIN`].
#[derive(Debug, Clone, Serialize)]
pub struct BeginRecovery {
    /// The link's token, as it came.
    pub token: String,
    /// Whose account.
    pub email: String,
    /// How long the wait is, in seconds.
    pub wait: u64,
    /// When it could be finished.
    pub ready_at: Timestamp,
}

/// How one stands, and its stop. Form: `token`? → POST [`base::routes::recovery_stop`].
#[derive(Debug, Clone, Serialize)]
pub struct RecoveryStands {
    /// Its id.
    pub id: String,
    /// The token of a mail's link, if it was reached by one.
    pub token: Option<String>,
    /// The account; masked for a browser that has neither session nor link.
    pub account: String,
    /// The browser that began it.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// Since when.
    pub started_at: Timestamp,
    /// From when on it can be finished.
    pub ready_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whether an operator began it.
    pub by_operator: bool,
    /// How it stands.
    pub standing: RecoveryStanding,
}

/// How one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryStanding {
    /// It can't be finished yet.
    Waiting,
    /// It can be finished.
    Ready,
    /// It was stopped.
    Stopped,
    /// Its time ran out.
    Expired,
    /// It led to its end.
    Finished,
}

/// Behind the link of the last mail: a new password. Form: `token`, `password` → POST
/// [`base::routes::RECOVERY_FINISH`].
#[derive(Debug, Clone, Serialize)]
pub struct FinishRecovery {
    /// The link's token, as it came.
    pub token: String,
    /// Whose password it is, for the password manager.
    pub email: String,
    /// What it must have.
    pub rules: PasswordRules,
    /// Why the last one was not taken.
    pub problem: Option<PasswordProblem>,
}

/// The new password is set; nothing else signs in.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveryDone {}

impl Page for AskRecovery {
    const TEMPLATE: &'static str = "recovery.html";
}
impl Page for RecoveryAsked {
    const TEMPLATE: &'static str = "recovery-sent.html";
}
impl Page for BeginRecovery {
    const TEMPLATE: &'static str = "recovery-begin.html";
}
impl Page for RecoveryStands {
    const TEMPLATE: &'static str = "recovery-stands.html";
}
impl Page for FinishRecovery {
    const TEMPLATE: &'static str = "recovery-finish.html";
}
impl Page for RecoveryDone {
    const TEMPLATE: &'static str = "recovery-done.html";
}
