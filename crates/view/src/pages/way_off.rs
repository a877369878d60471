//! The way off in a mail: asks first, as mail scanners open links.

use super::Page;
use serde::Serialize;

/// Asks whether mails of a topic stop, or says that they do.
///
/// Form: the query parameter `token` → POST [`base::routes::WAY_OFF`].
#[derive(Debug, Clone, Serialize)]
pub struct WayOffPage {
    /// The token of the link.
    pub token: String,
    /// The topic's name in the API.
    pub topic: &'static str,
    /// Whether the mails are sent.
    pub on: bool,
}

impl Page for WayOffPage {
    const TEMPLATE: &'static str = "way-off.html";
}
