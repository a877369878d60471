//! The second factor: asked for at sign-in, and set up on the account's pages.

use super::Page;
use base::Timestamp;
use identity::login::Reason;
use serde::Serialize;

/// The page of the second factor. Form: `flow`, `code`, `trust_device` (checkbox, `on`), `with`? → POST
/// [`base::routes::MFA`].
#[derive(Debug, Clone, Serialize)]
pub struct SecondFactor {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whose sign-in it is.
    pub email: String,
    /// Whether a passkey or security key of the account is enough.
    pub keys: bool,
    /// Whether a code of its authenticator app is.
    pub totp: bool,
    /// Whether one of its recovery codes is.
    pub recovery_codes: bool,
    /// Whether the field is for a recovery code: query parameter and form field `with` = `recovery`.
    pub with_recovery: bool,
    /// For how many days "don't ask on this device" would hold; `None` where it is not offered.
    pub trust_days: Option<u64>,
    /// Whether it was ticked before.
    pub trust: bool,
    /// Why it is asked for.
    pub reasons: Vec<Reason>,
    /// Why the last code was not taken.
    pub problem: Option<CodeProblem>,
}

/// Why a code was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CodeProblem {
    /// It is not the code, or it was used.
    Wrong,
    /// That can't be a code.
    Malformed,
    /// It is the code of another time: the app's clock is wrong.
    Clock,
    /// Too many tries.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
    /// So many tries that waiting does not help.
    Closed,
}

/// The section of the account's page about the authenticator app.
#[derive(Debug, Clone, Serialize)]
pub struct AppSection {
    /// Whether one can be set up here.
    pub offered: bool,
    /// Since when there is one.
    pub since: Option<Timestamp>,
    /// Last sign-in with it.
    pub last_used: Option<Timestamp>,
}

/// The section of the account's page about recovery codes.
#[derive(Debug, Clone, Serialize)]
pub struct CodesSection {
    /// How many are left.
    pub left: usize,
    /// When they were made.
    pub made_at: Option<Timestamp>,
    /// Whether they would be good for anything: only beside a second factor.
    pub useful: bool,
}

/// Sets up an authenticator app. Form: `attempt`, `code`, `end_others` (checkbox, `on`) → POST [`base::routes::TOTP`].
#[derive(Clone, Serialize)]
pub struct SetUpApp {
    /// Which try it is.
    pub attempt: String,
    /// What the QR code says. Secret.
    pub uri: String,
    /// The same, to be typed. Secret.
    pub key: String,
    /// Whether it takes the place of another.
    pub replaces: bool,
    /// Why the last code was not taken.
    pub problem: Option<CodeProblem>,
}

/// Asks before the app is removed. Form: `end_others` (checkbox, `on`) → POST [`base::routes::TOTP_REMOVE`].
#[derive(Debug, Clone, Serialize)]
pub struct RemoveApp {
    /// Whether nothing else is asked for beside the password then.
    pub alone: bool,
}

/// Asks before new recovery codes are made. Form: nothing → POST [`base::routes::RECOVERY_CODES`].
#[derive(Debug, Clone, Serialize)]
pub struct MakeCodes {
    /// How many are left of those that would be void.
    pub left: usize,
}

/// New recovery codes. The form leads on: within a flow `flow` → POST [`base::routes::NEW_CODES`], else a link back.
#[derive(Clone, Serialize)]
pub struct NewCodes {
    /// The set's id, for the file.
    pub set: String,
    /// The codes, secret; `None` when they can't be shown any more.
    pub codes: Option<Vec<String>>,
    /// The flow that they were made in.
    pub flow: Option<String>,
    /// The app that the flow leads to.
    pub app: Option<String>,
    /// Whether the last one was used.
    pub used_up: bool,
}

impl Page for SecondFactor {
    const TEMPLATE: &'static str = "mfa.html";
}
impl Page for SetUpApp {
    const TEMPLATE: &'static str = "account/totp.html";
}
impl Page for RemoveApp {
    const TEMPLATE: &'static str = "account/totp-remove.html";
}
impl Page for MakeCodes {
    const TEMPLATE: &'static str = "account/codes.html";
}
impl Page for NewCodes {
    const TEMPLATE: &'static str = "codes.html";
}
