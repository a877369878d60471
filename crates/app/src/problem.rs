//! How a use case answers when it does not do what was asked.

use base::Fault;

/// A refusal of the business, or trouble of the infrastructure.
#[derive(Debug, thiserror::Error)]
pub enum Problem<R> {
    /// The answer is no, and the person or the app can be told why.
    #[error("refused")]
    Refusal(R),
    /// Something is wrong on our side.
    #[error(transparent)]
    Fault(Fault),
}

/// What a use case answers.
pub type Answer<T, R> = Result<T, Problem<R>>;

impl<R> From<Fault> for Problem<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Answers with a refusal.
pub fn refuse<T, R>(refusal: R) -> Answer<T, R> {
    Err(Problem::Refusal(refusal))
}

impl<R> Problem<R> {
    /// The same problem in the words of another use case.
    pub fn map<S>(self, refusal: impl FnOnce(R) -> S) -> Problem<S> {
        match self {
            Self::Refusal(inner) => Problem::Refusal(refusal(inner)),
            Self::Fault(fault) => Problem::Fault(fault),
        }
    }
}
