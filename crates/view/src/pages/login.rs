//! Sign-in, forgotten password, consent, sign-out.

use super::device::AskingDevice;
use super::upstream::{PendingAccount, ProviderButton, UpstreamNote};
use super::{Page, PasswordProblem, PasswordRules, ScopeLine};
use identity::login::Reason;
use serde::Serialize;

/// The sign-in page. Form: `flow`, `username`, `password`, `push_state` → POST [`base::routes::LOGIN`].
#[derive(Debug, Clone, Serialize)]
pub struct Login {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address to begin with: `login_hint`, or what was typed before.
    pub username: String,
    /// Whether it is this person who must sign in again: the address is then shown, not asked for.
    pub again: bool,
    /// Whether one can sign in with a password.
    pub password: bool,
    /// Whether one can sign in with a passkey.
    pub passkey: bool,
    /// Whether a code by mail could sign somebody in.
    pub mail_code: bool,
    /// Whether an account can be made.
    pub can_register: bool,
    /// Other providers by which one can sign in.
    pub providers: Vec<ProviderButton>,
    /// An account at one of them that is connected after the sign-in.
    pub pending: Option<PendingAccount>,
    /// Why the last try failed.
    pub problem: Option<LoginProblem>,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LoginProblem {
    /// Address or password are wrong: which of them is not told.
    Wrong,
    /// Too many tries.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
    /// So many tries that waiting does not help: a new password does.
    Closed,
    /// It is the right password of another account than the one that is asked for.
    OtherAccount,
    /// Passwords are not taken here.
    NoPasswords,
    /// Too many people at once: the same again in a few seconds.
    Busy,
    /// The flow was too old; this is a new one with the same app.
    Restarted,
    /// Too many wrong codes in the flow before; this is a new one with the same app.
    TooManyCodes,
    /// The code by mail was right, and the account takes more.
    NotByMail,
    /// Another provider's word did not help.
    Upstream(UpstreamNote),
}

/// A sign-in that was right, and was refused because it was odd: why, and what to do.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    /// The flow to come back to.
    pub flow: String,
    /// What was odd.
    pub reasons: Vec<Reason>,
}

/// Asks for a link to set a new password. Form: `flow`?, `username` → POST [`base::routes::RECOVER`].
#[derive(Debug, Clone, Serialize)]
pub struct Recover {
    /// The flow to come back to.
    pub flow: Option<String>,
    /// What was typed before.
    pub username: String,
    /// Whether that is no mail address.
    pub invalid: bool,
    /// Whether there is a way back for whoever has lost more than the password.
    pub can_recover: bool,
}

/// "Check your mail" after that. The same for every address.
#[derive(Debug, Clone, Serialize)]
pub struct RecoverSent {
    /// The flow to come back to.
    pub flow: Option<String>,
    /// The address, as typed.
    pub email: String,
}

/// Behind the link of the mail: a new password. Form: `token`, `password` → POST [`base::routes::RESET`].
#[derive(Debug, Clone, Serialize)]
pub struct Reset {
    /// The link's token, as it came.
    pub token: String,
    /// Whose password it is, for the password manager.
    pub email: String,
    /// What it must have.
    pub rules: PasswordRules,
    /// Why the last one was not taken.
    pub problem: Option<PasswordProblem>,
}

/// The new password is set; everything else was signed out.
#[derive(Debug, Clone, Serialize)]
pub struct ResetDone {}

/// "You're signed in", with the card that offers notices. Continue is a POST with `flow` to
/// [`base::routes::CONTINUE`]; the card answers with `answer` = `not_now` or `never` to [`base::routes::OFFER`].
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// The flow's id.
    pub flow: String,
    /// What the person wants to be called.
    pub name: String,
    /// The app that one signs in to.
    pub app: Option<String>,
}

/// The consent page. Form: `flow`, `email` (whom it was shown to), and the button `decision` = `allow` or `deny` → POST [`base::routes::CONSENT`].
#[derive(Debug, Clone, Serialize)]
pub struct Consent {
    /// The flow's id.
    pub flow: String,
    /// The app's name.
    pub app: String,
    /// Its logo, on this origin (the policy loads pictures from nowhere else).
    pub logo: Option<String>,
    /// Its own page.
    pub home: Option<String>,
    /// Its privacy policy.
    pub policy: Option<String>,
    /// Its terms.
    pub terms: Option<String>,
    /// Where it will take the person: the redirect URI's host. Nowhere for a device.
    pub host: Option<String>,
    /// The device that asks, where it is one.
    pub device: Option<AskingDevice>,
    /// Who is signed in.
    pub email: String,
    /// What it asks for.
    pub scopes: Vec<ScopeLine>,
    /// What exactly it asks for, beside them (RFC 9396).
    pub details: Vec<Detail>,
    /// Who says what the app is, where it is not the operator.
    pub said_by: Option<SaidBy>,
}

/// Who says what an app is, where the operator has not looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SaidBy {
    /// It does: it registered itself.
    Itself,
    /// A document on this host, which is the app's name here.
    Document {
        /// The host.
        host: String,
    },
}

/// One thing that an app asks for exactly: a payment, say.
#[derive(Debug, Clone, Serialize)]
pub struct Detail {
    /// What kind of thing.
    pub title: String,
    /// What is said of it: a label and a value each, both as the app wrote them.
    pub lines: Vec<(String, String)>,
}

/// "Sign out?" Form: `hint`s as given → POST [`base::routes::LOGOUT`] (or `action`).
#[derive(Debug, Clone, Serialize)]
pub struct Logout {
    /// Where the form posts to: [`base::routes::LOGOUT`] or [`base::routes::END_SESSION`].
    pub action: String,
    /// Hidden fields that go with it.
    pub fields: Vec<(String, String)>,
    /// The app that asked for it.
    pub app: Option<String>,
    /// Who is signed in.
    pub email: String,
}

/// Signed out.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOut {
    /// The app's name.
    pub app: Option<String>,
    /// Back to the app, if it gave an address that it may give.
    pub return_to: Option<String>,
    /// What apps want loaded in frames, to hear of it. The page leads on after a moment then.
    pub frames: Vec<String>,
}

impl Page for Login {
    const TEMPLATE: &'static str = "login.html";

    fn only_id(&self) -> Option<&str> {
        let is_new = self.username.is_empty() && !self.again && self.pending.is_none() && self.problem.is_none();
        is_new.then_some(&self.flow)
    }
}
impl Page for Refused {
    const TEMPLATE: &'static str = "refused.html";
}
impl Page for Recover {
    const TEMPLATE: &'static str = "recover.html";
}
impl Page for RecoverSent {
    const TEMPLATE: &'static str = "recover-sent.html";
}
impl Page for Reset {
    const TEMPLATE: &'static str = "reset.html";
}
impl Page for ResetDone {
    const TEMPLATE: &'static str = "reset-done.html";
}
impl Page for Offer {
    const TEMPLATE: &'static str = "offer.html";
}
impl Page for Consent {
    const TEMPLATE: &'static str = "consent.html";
}
impl Page for Logout {
    const TEMPLATE: &'static str = "logout.html";
}
impl Page for SignedOut {
    const TEMPLATE: &'static str = "signed-out.html";
}
