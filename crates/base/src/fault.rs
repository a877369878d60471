//! Trouble of the infrastructure, as against a refusal of the business.

use std::error::Error;
use std::fmt;

/// Opaque infrastructure trouble: a database that does not answer, a sealed value that can't be opened.
///
/// It is logged once, where it is met; a person sees "something went wrong on our side" and a request id.
#[derive(Debug)]
pub struct Fault {
    what: &'static str,
    busy: bool,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// Trouble with its cause. `what` says what was being done, as in "save the session".
    pub fn new(what: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, busy: false, cause: Some(cause.into()) }
    }

    /// Trouble that will pass, with its cause: a database that is away, a disk without room. Answered by 503 and Retry-After.
    pub fn passing(what: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, busy: true, cause: Some(cause.into()) }
    }

    /// Trouble that will pass: a queue that is full, a pool that is exhausted. Answered by 503 and Retry-After.
    pub const fn busy(what: &'static str) -> Self {
        Self { what, busy: true, cause: None }
    }

    /// An inner rule that does not hold.
    pub const fn broken(what: &'static str) -> Self {
        Self { what, busy: false, cause: None }
    }

    /// Whether trying again soon makes sense.
    pub const fn is_busy(&self) -> bool {
        self.busy
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {cause}", self.what),
            None => f.write_str(self.what),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Some(cause) => Some(cause.as_ref()),
            None => None,
        }
    }
}
