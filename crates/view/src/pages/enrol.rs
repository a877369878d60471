//! A second factor that is set up on the way in.

use super::Page;
use super::second_factor::CodeProblem;
use base::Timestamp;
use identity::login::Reason;
use serde::Serialize;

/// What both pages show.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whose sign-in it is.
    pub email: String,
    /// Until when it can be put off; `None` when it can't.
    pub until: Option<Timestamp>,
    /// Why it is asked for.
    pub reasons: Vec<Reason>,
}

/// What can be set up; nothing where nothing would be enough. Keys are added by a script; the app is behind a link. Form,
/// while there is time: `flow`, `answer` = `later` → POST [`base::routes::ENROL`].
#[derive(Debug, Clone, Serialize)]
pub struct Enrol {
    /// Who, where to, until when, and why.
    pub frame: Frame,
    /// A passkey.
    pub passkey: bool,
    /// A security key.
    pub security_key: bool,
    /// An authenticator app: the link has the query parameter `with` = `app`.
    pub app: bool,
}

/// Sets up an authenticator app. Form: `flow`, `code` → POST [`base::routes::ENROL`]; and the one that puts it off.
#[derive(Clone, Serialize)]
pub struct EnrolApp {
    /// Who, where to, until when, and why.
    pub frame: Frame,
    /// What the QR code says. Secret.
    pub uri: String,
    /// The same, to be typed. Secret.
    pub key: String,
    /// Whether there are other ways.
    pub others: bool,
    /// Why the last code was not taken.
    pub problem: Option<CodeProblem>,
}

impl Page for Enrol {
    const TEMPLATE: &'static str = "enrol.html";
}
impl Page for EnrolApp {
    const TEMPLATE: &'static str = "enrol-app.html";
}
