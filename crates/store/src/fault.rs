//! What went wrong, in the house's terms.

use base::Fault;
use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error};
use std::error::Error as StdError;

/// What PostgreSQL and SQLite say of others that are in the way.
const IN_THE_WAY: [&str; 3] = ["deadlock detected", "due to lock timeout", "database is locked"];

/// What they say when they end, have just begun, or have no room on their disk: somebody will see to it. A database that says so
/// has kept nothing of the statement.
const AWAY: [&str; 8] = [
    "terminating connection",
    "the database system is",
    "canceling statement due to statement timeout",
    "No space left on device",
    "database or disk is full",
    "disk I/O error",
    "server closed the connection",
    "connection closed",
];

/// A fault of the database. What passes by itself is busy: a deadlock, a lock that was not had in time, a database that went away.
pub(crate) fn fault(what: &'static str, error: Error) -> Fault {
    if is_in_the_way(&error) {
        Fault::busy("the database is busy")
    } else if is_away(&error) {
        Fault::passing(what, error)
    } else {
        Fault::new(what, error)
    }
}

/// Whether rows could be added as none of them was there.
pub(crate) fn is_new(added: QueryResult<()>) -> QueryResult<bool> {
    match added {
        Ok(()) => Ok(true),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether somebody else holds what was asked for.
pub(crate) fn is_in_the_way(error: &Error) -> bool {
    let Error::DatabaseError(kind, info) = error else { return false };
    matches!(kind, DatabaseErrorKind::SerializationFailure) || says(info.message(), &IN_THE_WAY)
}

/// The same, where only the text is left.
pub(crate) fn tells_of_others(message: &str) -> bool {
    says(message, &IN_THE_WAY)
}

/// Whether the database is gone, ending or full. One that takes no changes is the standby, or was the primary.
pub(crate) fn is_away(error: &Error) -> bool {
    match error {
        Error::DatabaseError(kind, info) => {
            matches!(
                kind,
                DatabaseErrorKind::UnableToSendCommand
                    | DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::ReadOnlyTransaction
            ) || says(info.message(), &AWAY)
        }
        // The connection broke in the middle of a transaction, which ended with it.
        Error::BrokenTransactionManager => true,
        Error::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_away(rollback_error) || is_away(commit_error)
        }
        _ => false,
    }
}

fn says(message: &str, words: &[&str]) -> bool {
    words.iter().any(|text| message.contains(text))
}

/// A database that can't be reached. It is asked again with the next request.
pub(crate) fn unreachable_database(error: impl StdError + Send + Sync + 'static) -> Fault {
    Fault::passing("connect to the database", error)
}
