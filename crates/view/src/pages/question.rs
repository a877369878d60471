//! "Was this you?", and what follows a "no".

use super::{DeviceCard, Page, PasswordRules, account::ChangeProblem};
use base::Timestamp;
use identity::{Agent, Place};
use serde::Serialize;

/// The question. Forms: `token`? → POST [`base::routes::was_this_you_answer`] with `yes` or `no`.
#[derive(Debug, Clone, Serialize)]
pub struct WasThisYou {
    /// The event's id.
    pub event: String,
    /// The token of a mail's link, if it was reached by one.
    pub token: Option<String>,
    /// The account; masked for a browser without a session.
    pub account: String,
    /// Which browser signed in.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// To which app.
    pub app: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub standing: Standing,
    /// The way to sign in first, when "yes" needs it.
    pub sign_in: Option<String>,
    /// Whether "yes" has to be said in another browser: this one is the one in question, or as new as it.
    pub elsewhere: bool,
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody has answered.
    Open,
    /// It was answered with yes.
    Confirmed,
    /// It was answered with no.
    Denied,
}

/// Securing the account after a "no": step 1 is done (the session was ended), step 2 is a new password, step 3
/// the review of devices.
///
/// Forms: as [`super::account::SignIn`] with hidden `next` = [`base::routes::SECURE`]; as
/// [`super::account::Devices`] with the same `next`.
#[derive(Debug, Clone, Serialize)]
pub struct Secure {
    /// Whether a session was ended by a "no" just now; otherwise the person came to be on the safe side.
    pub ended: bool,
    /// The account's address, when this browser is signed in; without, the way leads over a mail.
    pub email: Option<String>,
    /// Whether the new password is set.
    pub password_done: bool,
    /// What a new one must have.
    pub rules: PasswordRules,
    /// Why it was not changed.
    pub problem: Option<ChangeProblem>,
    /// The devices to review; shown when the password is done.
    pub devices: Vec<DeviceCard>,
}

impl Page for WasThisYou {
    const TEMPLATE: &'static str = "account/was-this-you.html";
}
impl Page for Secure {
    const TEMPLATE: &'static str = "account/secure.html";
}
