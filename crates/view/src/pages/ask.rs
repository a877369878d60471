//! What an app asks a person who is elsewhere.

use super::login::{Detail, SaidBy};
use super::{Page, ScopeLine};
use base::Timestamp;
use serde::Serialize;

/// One request. Forms below [`base::routes::ASK`]: `allow` with `number`?; `deny` with `secure`?.
#[derive(Debug, Clone, Serialize)]
pub struct AskPage {
    /// Its id.
    pub id: String,
    /// The account; masked for a browser without a session.
    pub account: String,
    /// The app's name.
    pub app: String,
    /// Who says what the app is, where it is not the operator.
    pub said_by: Option<SaidBy>,
    /// What the person sees at the app, too.
    pub message: Option<String>,
    /// Whether the number that the app shows is to be typed.
    pub number: bool,
    /// What it asks for.
    pub scopes: Vec<ScopeLine>,
    /// What exactly it asks for, beside them.
    pub details: Vec<Detail>,
    /// Since when.
    pub asked_at: Timestamp,
    /// How it stands.
    pub phase: AskPhase,
    /// How many more numbers may be tried, after a wrong one.
    pub left: Option<u32>,
}

/// How a request stands, for whoever looks.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum AskPhase {
    /// It waits for a yes.
    Waits {
        /// Until when.
        until: Timestamp,
        /// Who may say it: `allow`, `prove-first`, `sign-in-first`, `elsewhere`.
        may: &'static str,
        /// The way to say it, where something comes first.
        way: Option<String>,
    },
    /// It is over.
    Over {
        /// How it ended: `allowed`, `denied`, `replaced`, `expired`.
        how: &'static str,
    },
}

/// A request that waits, on the overview.
#[derive(Debug, Clone, Serialize)]
pub struct OpenAsk {
    /// Its id.
    pub id: String,
    /// The app's name.
    pub app: String,
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "account/ask.html";
}
