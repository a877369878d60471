//! What went wrong, in the house's terms.

use base::Fault;
use diesel::result::{DatabaseErrorKind, Error};
use std::error::Error as StdError;

/// A fault of the database. What passes by itself (a deadlock, a lock that was not had in time) is busy.
pub(crate) fn fault(what: &'static str, error: Error) -> Fault {
    if passes(&error) { Fault::busy("the database is busy") } else { Fault::new(what, error) }
}

fn passes(error: &Error) -> bool {
    let Error::DatabaseError(kind, info) = error else { return false };
    let message = info.message();
    matches!(kind, DatabaseErrorKind::SerializationFailure)
        || ["deadlock detected", "due to lock timeout", "database is locked"].iter().any(|text| message.contains(text))
}

/// A database that can't be reached.
pub(crate) fn unreachable_database(error: impl StdError + Send + Sync + 'static) -> Fault {
    Fault::new("connect to the database", error)
}
