//! A whole set of rules by one word.

use serde::{Deserialize, Serialize};

/// What a client is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The product's own defaults.
    #[default]
    Plain,
    /// FAPI 2.0 Security Profile: pushed requests, PKCE, tokens bound to a key or certificate, and a proof that is no
    /// shared secret.
    Fapi2,
}
