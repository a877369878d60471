//! What is kept for notices.

use super::Page;
use base::Timestamp;
use identity::Agent;
use serde::Serialize;

/// What is kept, why, and for how long.
///
/// Form: nothing → POST [`base::routes::NOTICE_DATA`]. Needs [`crate::Chrome::push`].
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// For each browser that is rung.
    pub browsers: Vec<KeptBrowser>,
    /// How many notices stand in the outbox.
    pub notices: u64,
}

/// What is kept for a browser.
#[derive(Debug, Clone, Serialize)]
pub struct KeptBrowser {
    /// What it is.
    pub agent: Agent,
    /// Whether it is the one that asks.
    pub here: bool,
    /// Where its notices are sent to.
    pub endpoint: String,
    /// The public key by which they are encrypted, base64url.
    pub public_key: String,
    /// Since when.
    pub since: Timestamp,
    /// When a notice was last taken for it.
    pub last_delivered: Option<Timestamp>,
    /// When it last said that a notice was on its screen.
    pub last_shown: Option<Timestamp>,
    /// When it last said that somebody clicked one.
    pub last_clicked: Option<Timestamp>,
    /// Since when it can't be reached.
    pub failing_since: Option<Timestamp>,
}

impl Page for Kept {
    const TEMPLATE: &'static str = "account/kept.html";
}
