//! What a sign-in to one client takes.

use serde::{Deserialize, Serialize};

/// What a sign-in to this client takes beyond what is asked of everybody. The words are those of whoever signs people in;
/// here they are only kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginRules {
    /// The least that a sign-in must prove, as a value of the claim `acr` (OpenID Connect Core §2).
    pub min_acr: Option<String>,
    /// The methods that count for it.
    pub methods: Option<Vec<String>>,
    /// Who can make an account on the way to it: `open`, `invited`, `closed`.
    pub sign_up: Option<String>,
    /// How many days an account may do without a second factor that is required.
    pub enrolment_grace_days: Option<u16>,
    /// Which passwords are good enough for accounts that are made on the way to it.
    pub password_preset: Option<String>,
}
