//! What each page shows: one plain struct per page, filled by whoever answers the request.
//!
//! Times are [`base::Timestamp`]s and devices [`identity::Agent`]s: the page puts them into words, in the
//! person's language and time zone. Forms post to the paths of [`base::routes`]; the names of their fields are
//! in each struct's description.

pub mod account;
pub mod ask;
pub mod change;
pub mod device;
pub mod enrol;
pub mod error;
pub mod join;
pub mod kept;
pub mod keys;
pub mod login;
pub mod mail_code;
pub mod notifications;
pub mod question;
pub mod recovery;
pub mod second_factor;
pub mod upstream;
pub mod way_off;

use serde::Serialize;

/// A page: data that one template shows.
pub trait Page: Serialize {
    /// The template's name.
    const TEMPLATE: &'static str;

    /// The id by which it differs from what others see, where nothing else does: it is then rendered once for all of them. It stands
    /// nowhere in the page but as it is, and nothing in the page depends on it, on the moment, or on the request.
    fn only_id(&self) -> Option<&str> {
        None
    }
}

/// Why a new password is not good enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PasswordProblem {
    /// Shorter than this many characters.
    TooShort {
        /// The least number of characters.
        min: usize,
    },
    /// Longer than we take.
    TooLong {
        /// The greatest number of characters.
        max: usize,
    },
    /// One of the passwords that everybody tries first.
    TooCommon,
    /// Easy to guess.
    Guessable,
    /// It has the person's name, address or the brand in it.
    ContainsYou,
    /// It is in a known leak.
    Breached,
    /// It is the old one.
    Same,
}

/// What a new password must have: shown beside the field.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PasswordRules {
    /// The least number of characters.
    pub min: usize,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self { min: 8 }
    }
}

/// A device with its sessions.
#[derive(Debug, Clone, Serialize)]
pub struct DeviceCard {
    /// The device's id.
    pub id: String,
    /// What it says of itself.
    pub agent: identity::Agent,
    /// Where it was last seen.
    pub place: Option<identity::Place>,
    /// First complete sign-in.
    pub first_seen: base::Timestamp,
    /// Last use.
    pub last_seen: base::Timestamp,
    /// Whether it is the browser that asks.
    pub here: bool,
    /// Whether it is signed in.
    pub signed_in: bool,
    /// Whether its owner said "yes, it was me".
    pub known: bool,
    /// Apps that are signed in there.
    pub apps: Vec<AppSession>,
    /// Whether this browser may have it forgotten.
    pub may_forget: bool,
    /// Until when its owner is spared the second factor there.
    pub trusted_until: Option<base::Timestamp>,
}

/// An app that is signed in on a device.
#[derive(Debug, Clone, Serialize)]
pub struct AppSession {
    /// The client's row id.
    pub client: String,
    /// Its name.
    pub name: String,
    /// When it last asked for a token.
    pub last_used: base::Timestamp,
}

/// A scope that an app asks for or has (RFC 6749 §3.3).
#[derive(Debug, Clone, Serialize)]
pub struct ScopeLine {
    /// Its name; those we know are put into words.
    pub name: String,
    /// The operator's words, for one of its own.
    pub words: Option<String>,
}

impl From<&str> for ScopeLine {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), words: None }
    }
}

/// One line of the activity log.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The event's id.
    pub id: String,
    /// What happened.
    pub event: identity::Event,
    /// By which browser.
    pub agent: identity::Agent,
    /// Where that seemed to be.
    pub place: Option<identity::Place>,
    /// When.
    pub at: base::Timestamp,
    /// Whether it waits for "was this you?": shows the link to the question.
    pub open_question: bool,
}
