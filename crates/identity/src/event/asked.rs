//! What some events carry beside the account that they are about.

use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};

/// A registration that waits for the link of its mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedToJoin {
    /// The flow that waits for the link.
    pub flow: Id,
    /// Which of the flow's registrations it is.
    pub number: u32,
    /// The address to write to.
    pub email: base::Email,
    /// The name that was typed.
    pub name: String,
    /// The language of the page.
    pub locale: Option<String>,
}

/// A code by mail that signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedForCode {
    /// The flow that takes the code.
    pub flow: Id,
    /// Which of the flow's codes it is.
    pub number: u32,
    /// The address that was typed.
    pub email: base::Email,
    /// The language of the page.
    pub locale: Option<String>,
}

/// A new password, by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedForReset {
    /// The address that was typed.
    pub email: base::Email,
    /// The language of the page.
    pub locale: Option<String>,
}

/// An address that an operator invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The address to write to.
    pub email: base::Email,
    /// The name to begin with.
    pub name: Option<String>,
    /// Until when the invitation works.
    pub until: Timestamp,
}

/// An app that is to be told that a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutDue {
    /// The app (row id of its client).
    pub client: Id,
    /// The session (`sid`).
    pub session: Id,
    /// Whom the app knows the person as (`sub`).
    pub subject: String,
}

/// What an app asks a person who is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppAsks {
    /// The request.
    pub ask: Id,
    /// The app (row id of its client).
    pub client: Id,
    /// Its name.
    pub app: String,
    /// What the person sees there, too.
    pub message: Option<String>,
    /// Until when it can be answered.
    pub until: Timestamp,
    /// Whether browsers are rung.
    pub rings: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppAnswered {
    /// The request.
    pub ask: Id,
    /// The app (row id of its client).
    pub client: Id,
    /// Its name.
    pub app: String,
    /// What was said.
    pub how: AskEnding,
    /// Whether browsers were rung for it.
    pub rang: bool,
}

/// What a person said to an app that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskEnding {
    /// Yes.
    Allowed,
    /// No.
    Denied,
    /// The number was wrong too often.
    WrongNumber,
}

/// An app that is to be told that its request was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerDue {
    /// The app (row id of its client).
    pub client: Id,
    /// The request.
    pub ask: Id,
}

/// Two apps, one of which got a token by way of the other's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanged {
    /// The name of the app that got one.
    pub app: String,
    /// The name of the app that the person had allowed.
    pub from: String,
}

/// How an app came that no operator wrote down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameBy {
    /// It registered itself, as everybody may.
    Anybody,
    /// It registered itself with a token of the operator's.
    InitialToken,
    /// It is what a document says.
    Document,
}

/// What an app did by itself about its registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRegistration {
    /// Its client id.
    pub client_id: String,
    /// Its name, as it says it from then on.
    pub app: String,
    /// How it came.
    pub by: CameBy,
    /// The operator's token with which it came (row id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Id>,
    /// What it changed: members of its registration, by their registered names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}

/// When notices may ring, or how much they say, as it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietChange {
    /// How it stands from then on.
    pub quiet: crate::Quiet,
    /// Whether notices about who gets into the account are held back by it.
    #[serde(default)]
    pub silences: bool,
}
