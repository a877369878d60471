//! The login machine: requirements are fixed at the start, and only evidence opens the door.

use base::{Email, Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

/// A sign-in in progress. One row, bound to the browser by a cookie and to the tab by its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Row id, and what stands in the URL.
    pub id: Id,
    /// Hash of the browser's cookie.
    pub browser: SecretHash,
    /// What to do when the person has signed in: opaque here, known to `app`.
    pub continuation: serde_json::Value,
    /// What must be proven. Fixed when the flow starts.
    pub requirements: Requirements,
    /// What has been proven.
    pub evidence: Vec<Evidence>,
    /// A registration that waits for its address to be proven.
    pub registration: Option<Registration>,
    /// The address that was typed last, kept through every error.
    pub typed: Option<String>,
    /// Whether the browser could show the card that offers notices (its permission is undecided).
    #[serde(default)]
    pub can_offer: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it led to a session.
    pub finished_at: Option<Timestamp>,
}

/// What a flow must prove before it yields anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requirements {
    /// Evidence must be newer than this (`prompt=login`, `max_age`).
    pub fresh_since: Option<Timestamp>,
    /// It must be this person (`id_token_hint`, a re-authentication).
    pub account: Option<Id>,
}

/// Something that was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Evidence {
    /// The account's password was given.
    Password {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
    /// The account's address was proven by a link, in the browser that asked, together with the password
    /// that was set in the same flow.
    Registered {
        /// Whose.
        account: Id,
        /// When.
        at: Timestamp,
    },
}

/// A registration before its address is proven. It is not an account, and gives nobody anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The address to prove.
    pub email: Email,
    /// The name.
    pub name: String,
    /// The password, hashed.
    pub password: crate::account::PasswordHash,
    /// Wrong codes so far.
    pub wrong_codes: u32,
    /// When the link was used.
    pub confirmed_at: Option<Timestamp>,
    /// The account that was made of it then.
    pub account: Option<Id>,
}
