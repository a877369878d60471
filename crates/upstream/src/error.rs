//! Why a provider vouches for nobody.

/// What went wrong with a provider. The texts are for the operator's log; they hold nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It does not answer, or says that it is out of order.
    #[error("the provider does not answer: {0}")]
    Unreachable(String),
    /// Its documents or answers are not what the standards say, or it does not accept our credentials. Trying again is
    /// of no use before somebody has changed something.
    #[error("the provider can't be used: {0}")]
    Unusable(String),
    /// It does not take the code: used, too old, or not its own.
    #[error("the provider refused the code: {0}")]
    Refused(String),
    /// What it answered does not hold.
    #[error("the provider's answer does not hold: {0}")]
    NotProven(String),
}

/// The answer names another issuer than the provider that was asked, or none where there must be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer comes from another issuer")]
pub struct WrongIssuer;
