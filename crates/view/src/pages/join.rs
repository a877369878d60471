//! Making an account, and the first run.

use super::{Page, PasswordProblem, PasswordRules};
use serde::Serialize;

/// Makes an account. Form: `flow`, `username` (the address), `name`, `password`, `push_state` → POST
/// [`base::routes::REGISTER`].
#[derive(Debug, Clone, Serialize)]
pub struct Register {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address, as typed before.
    pub username: String,
    /// The name, as typed before.
    pub name: String,
    /// What a password must have.
    pub rules: PasswordRules,
    /// Why nothing was made.
    pub problem: Option<JoinProblem>,
}

/// Why a form with name, address and password was not taken. One at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "field", rename_all = "kebab-case")]
pub enum JoinProblem {
    /// That is no mail address.
    Email,
    /// A name is needed, of at most 100 bytes.
    Name,
    /// A brand name is needed, of at most 60 bytes (set-up only).
    Brand,
    /// The password is not good enough.
    Password {
        /// Why.
        why: PasswordProblem,
    },
    /// Too many tries.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
}

/// "Check your mail", while a registration waits for its link. Asks again by itself. Resend: `flow` → POST
/// [`base::routes::RESEND`].
#[derive(Debug, Clone, Serialize)]
pub struct CheckMail {
    /// The flow's id.
    pub flow: String,
    /// The address, as typed.
    pub email: String,
    /// The code for a link that is opened in another browser.
    pub code: String,
    /// The app that one signs in to.
    pub app: Option<String>,
}

/// Behind the link of the mail. Form: `token`, `code` (in another browser) → POST [`base::routes::CONFIRM_EMAIL`].
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmAddress {
    /// The link's token, as it came.
    pub token: String,
    /// The address to confirm.
    pub email: String,
    /// Whether this is the browser that asked; if not, it wants the code that is shown there.
    pub same_browser: bool,
    /// Whether the last code was wrong.
    pub wrong_code: bool,
}

/// Confirmed in another browser: go back to the first.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmedElsewhere {
    /// The address.
    pub email: String,
}

/// Behind an invitation. Form: `token`, `name`, `password`, `push_state` → POST [`base::routes::INVITE`].
#[derive(Debug, Clone, Serialize)]
pub struct Invite {
    /// The link's token, as it came.
    pub token: String,
    /// The address that was invited.
    pub email: String,
    /// The name, as typed before.
    pub name: String,
    /// What a password must have.
    pub rules: PasswordRules,
    /// Why nothing was made.
    pub problem: Option<JoinProblem>,
}

/// The first run. Form: `token`, `brand`, `username` (the address), `name`, `password` → POST
/// [`base::routes::SETUP`].
#[derive(Debug, Clone, Serialize)]
pub struct Setup {
    /// The token of the printed link.
    pub token: String,
    /// The brand name, as typed before.
    pub brand: String,
    /// The address, as typed before.
    pub username: String,
    /// The name, as typed before.
    pub name: String,
    /// What a password must have.
    pub rules: PasswordRules,
    /// Why nothing was set up.
    pub problem: Option<JoinProblem>,
}

/// Set-up is done: sign in.
#[derive(Debug, Clone, Serialize)]
pub struct SetupDone {}

impl Page for Register {
    const TEMPLATE: &'static str = "register.html";
}
impl Page for CheckMail {
    const TEMPLATE: &'static str = "check-mail.html";
}
impl Page for ConfirmAddress {
    const TEMPLATE: &'static str = "confirm-address.html";
}
impl Page for ConfirmedElsewhere {
    const TEMPLATE: &'static str = "confirmed-elsewhere.html";
}
impl Page for Invite {
    const TEMPLATE: &'static str = "invite.html";
}
impl Page for Setup {
    const TEMPLATE: &'static str = "setup.html";
}
impl Page for SetupDone {
    const TEMPLATE: &'static str = "setup-done.html";
}
