//! What an operator lets apps do by themselves.

use identity::limit::Limit;
use oauth::registration::Policy;
use std::time::Duration;

/// Who may register an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RegistrationMode {
    /// Nobody but the operator.
    #[default]
    Off,
    /// Whoever has an initial access token of the operator's.
    Token,
    /// Everybody.
    Open,
}

/// Somebody who vouches for apps by software statements (RFC 7591 §2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementIssuer {
    /// `iss`, byte for byte.
    pub issuer: String,
    /// Where its keys are published.
    pub jwks_uri: String,
}

/// How apps register themselves.
#[derive(Debug, Clone)]
pub struct RegistrationSettings {
    /// Who may.
    pub mode: RegistrationMode,
    /// What may be registered.
    pub policy: Policy,
    /// Whose software statements are believed.
    pub issuers: Vec<StatementIssuer>,
    /// Whether only apps with such a statement are taken.
    pub statement_required: bool,
    /// How many registrations one network may send.
    pub per_address: Limit,
}

impl Default for RegistrationSettings {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self {
            mode: RegistrationMode::Off,
            policy: Policy::default(),
            issuers: Vec::new(),
            statement_required: false,
            per_address: Limit { tries: 20, window: hour, longest_lock: Duration::ZERO, consecutive: None },
        }
    }
}
