//! Sensitive changes: the page of one, and the pages where some are asked for.

use super::Page;
use base::Timestamp;
use identity::{Agent, Place};
use serde::Serialize;

/// One change. Forms below [`base::routes::change`]: `approve` with `number`; `deny` with `token`?, `secure`?; `cancel`;
/// `code` with `code` or `new_code`; `undo` with `token`?.
#[derive(Debug, Clone, Serialize)]
pub struct ChangePage {
    /// Its id.
    pub id: String,
    /// The token of a mail's link, if it was reached by one.
    pub token: Option<String>,
    /// The account; masked for a browser that has neither session nor link.
    pub account: String,
    /// What is to be changed, as the texts call it.
    pub kind: String,
    /// What it is now.
    pub before: Option<String>,
    /// What it would be.
    pub after: Option<String>,
    /// The browser that asked.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// When.
    pub asked_at: Timestamp,
    /// How it stands.
    pub phase: ChangePhase,
    /// Why the last answer was not taken.
    pub problem: Option<ChangeTrouble>,
}

/// How a change stands, for whoever looks.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum ChangePhase {
    /// It waits, and this is the browser that asked.
    Asker {
        /// The number to type in the other one.
        number: String,
        /// Until when.
        until: Timestamp,
        /// Whether its owner said yes.
        approved: bool,
        /// Whether the new mail address has yet to prove itself.
        needs_new_address: bool,
        /// How it reaches the owner: `rung`, `unrung` or `mail-only`.
        reach: &'static str,
        /// What the stream of its news is told that this page shows.
        seen: String,
    },
    /// It waits for a yes.
    Waits {
        /// Until when.
        until: Timestamp,
        /// Who may say it: `approve`, `prove-first`, `sign-in-first`, `elsewhere`, `by-mail`.
        may: &'static str,
        /// Whether this browser may say no.
        may_deny: bool,
        /// The way to say it, where something comes first.
        way: Option<String>,
    },
    /// It is over.
    Over {
        /// How it ended, as the texts call it.
        how: &'static str,
        /// The browser that decided, if one did.
        by: Option<Agent>,
        /// Until when it can be taken back.
        undo_until: Option<Timestamp>,
        /// Where whoever asked goes on.
        next: Option<String>,
    },
}

/// Why an answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ChangeTrouble {
    /// The number is wrong.
    WrongNumber {
        /// How many more may be tried.
        left: u32,
    },
    /// The code of the mail to the present address is wrong.
    WrongCode {
        /// How many more may be tried.
        left: u32,
    },
    /// The code of the mail to the new address is wrong.
    WrongNewCode {
        /// How many more may be tried.
        left: u32,
    },
    /// Too many codes were wrong.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
    /// So many that none is taken any more.
    Closed,
    /// It can't be taken back any more.
    NoUndo,
}

/// Another mail address. Form: `email` → POST [`base::routes::EMAIL`].
#[derive(Debug, Clone, Serialize)]
pub struct NewEmail {
    /// The present one.
    pub email: String,
    /// What was typed.
    pub typed: String,
    /// Whether it waits for a yes besides.
    pub confirms: bool,
    /// Why it was not taken: `invalid`, `same`.
    pub problem: Option<&'static str>,
}

/// A copy of what is kept, and the end of it. Forms: → POST [`base::routes::DATA`]; → POST [`base::routes::DELETE`].
#[derive(Debug, Clone, Serialize)]
pub struct Data {
    /// Where the copy can be fetched, if one was asked for and allowed.
    pub copy: Option<String>,
    /// Whether the copy waits for a yes.
    pub copy_confirms: bool,
    /// Whether the end waits for a yes.
    pub delete_confirms: bool,
    /// Whether this account runs the installation, and so is not deleted here.
    pub operator: bool,
}

/// "It wasn't me": locks the account down, or tells how it is lifted. Forms: `token`?, `event`? → POST
/// [`base::routes::LOCKDOWN`]; `token` → POST [`base::routes::LOCKDOWN_LIFT`].
#[derive(Debug, Clone, Serialize)]
pub struct Lockdown {
    /// Since when it is; `None` when it is not, or this browser may not know.
    pub since: Option<Timestamp>,
    /// Whether it was done just now.
    pub done: bool,
    /// What speaks for whoever asks.
    pub token: Option<String>,
    /// The question that it is about.
    pub event: Option<String>,
    /// Whether the link at hand lifts it.
    pub can_lift: bool,
    /// Whether it is good for nothing any more.
    pub link_gone: bool,
    /// Whether somebody is signed in here.
    pub signed_in: bool,
    /// The way to sign in and come back.
    pub sign_in: String,
}

impl Page for ChangePage {
    const TEMPLATE: &'static str = "account/change.html";
}
impl Page for NewEmail {
    const TEMPLATE: &'static str = "account/email.html";
}
impl Page for Data {
    const TEMPLATE: &'static str = "account/data.html";
}
impl Page for Lockdown {
    const TEMPLATE: &'static str = "account/lockdown.html";
}
