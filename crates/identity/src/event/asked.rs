//! What somebody asked for who has no account yet.

use base::Id;
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
