//! What was agreed for one authorization beside its scope, and holds for every token of it.

use serde::{Deserialize, Serialize};

/// Kept with the grant. What an older build wrote lacks the newer members, so each has a default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GrantTerms {}
