//! A code by mail, in the place of a password.

use super::Page;
use serde::Serialize;

/// Asks for the address. Form: `flow`, `username` → POST [`base::routes::LOGIN_CODE_SEND`].
#[derive(Debug, Clone, Serialize)]
pub struct AskCode {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address to begin with.
    pub username: String,
    /// Why no code was sent.
    pub problem: Option<MailCodeProblem>,
}

/// Takes the code. The same for every address. Form: `flow`, `code`, `push_state` → POST [`base::routes::LOGIN_CODE`]; and
/// for another code `flow`, `username`, `again` = `on` → POST [`base::routes::LOGIN_CODE_SEND`].
#[derive(Debug, Clone, Serialize)]
pub struct TypeCode {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// The address, as typed.
    pub email: String,
    /// Why the last code was not taken.
    pub problem: Option<MailCodeProblem>,
}

/// Why a code was not sent, or not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum MailCodeProblem {
    /// That is no mail address.
    Email,
    /// It is not the newest code, or it was used.
    Wrong,
    /// That can't be a code.
    Malformed,
    /// It is too old.
    Late,
    /// Too many wrong ones in a row: none is taken until a new password is set by mail.
    Closed,
    /// Too many.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
}

impl Page for AskCode {
    const TEMPLATE: &'static str = "login-code-ask.html";
}
impl Page for TypeCode {
    const TEMPLATE: &'static str = "login-code.html";
}
