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
    /// Whether a client id may be the address of a document that says what the app is.
    pub documents: bool,
    /// The hosts of such documents, with a dot in front for any below it; empty for any.
    pub document_hosts: Vec<String>,
    /// How many registrations one network may send, and how many new documents it may have us read.
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
            documents: false,
            document_hosts: Vec::new(),
            per_address: Limit { tries: 20, window: hour, longest_lock: Duration::ZERO, consecutive: None },
        }
    }
}
