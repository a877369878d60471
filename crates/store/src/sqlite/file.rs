//! The database file: who may use it, and how a connection to it is set up.

use super::Conn;
use crate::fault::{fault, unreachable_database};
use base::Fault;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use std::fs::{OpenOptions, TryLockError};
use std::path::Path;

/// A database file that this process has taken.
pub(crate) struct File {
    path: String,
    /// Held by a server, not by a visitor: the operating system lets go of it when the process ends, however it ends.
    _lock: Option<std::fs::File>,
}

/// Every connection's settings. `FULL` makes a commit survive a power cut (in WAL mode, `NORMAL` would not).
const EVERY: &str = "PRAGMA busy_timeout = 5000; \
    PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; \
    PRAGMA trusted_schema = OFF; \
    PRAGMA temp_store = MEMORY; \
    PRAGMA journal_size_limit = 67108864;";

impl File {
    /// Takes the file for this process; makes it when it is missing, readable by its owner alone.
    ///
    /// # Errors
    /// When a server has taken it already, unless `shared`; when it can't be made.
    pub(crate) fn take(path: &str, shared: bool) -> Result<Self, Fault> {
        create(Path::new(path)).map_err(|error| Fault::new("make the database file", Named::new(path, error)))?;
        let lock = if shared { None } else { Some(lock(path)?) };
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A connection that writes. It does not wait by itself: its caller does, without holding a thread.
    pub(crate) fn writer(&self) -> Result<Conn, Fault> {
        let mut conn = self.connect("PRAGMA cache_size = -4000")?;
        conn.batch_execute("PRAGMA busy_timeout = 0").map_err(|error| fault("open the database file", error))?;
        Ok(conn)
    }

    /// A connection that reads.
    pub(crate) fn reader(&self) -> Result<Conn, Fault> {
        self.connect("PRAGMA cache_size = -4000; PRAGMA busy_timeout = 1000; PRAGMA query_only = ON")
    }

    /// A connection for migrations.
    pub(crate) fn apart(&self) -> Result<Conn, Fault> {
        self.connect("")
    }

    /// The file by which those who would migrate take turns, as a command and a server do that start at once. It is let go of
    /// when it is dropped.
    ///
    /// # Errors
    /// When it can't be made.
    pub(crate) fn turn_to_migrate(&self) -> Result<std::fs::File, Fault> {
        let beside = format!("{}.migrate", self.path);
        let file = OpenOptions::new().create(true).append(true).open(&beside);
        file.map_err(|error| Fault::new("take a turn to migrate", Named::new(&beside, error)))
    }

    fn connect(&self, own: &str) -> Result<Conn, Fault> {
        let mut conn = Conn::establish(&self.path).map_err(unreachable_database)?;
        conn.batch_execute(&format!("{EVERY} {own}")).map_err(|error| fault("open the database file", error))?;
        Ok(conn)
    }
}

/// Makes the file unless it is there. One that is there is not opened: closing it again would let go of
/// the locks that SQLite holds on it in this process.
fn create(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

fn lock(path: &str) -> Result<std::fs::File, Fault> {
    let beside = format!("{path}.lock");
    let trouble = |error| Fault::new("lock the database file", Named::new(&beside, error));
    let file = OpenOptions::new().create(true).append(true).open(&beside).map_err(trouble)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::new("open the database file", Taken(path.to_owned()))),
        Err(TryLockError::Error(error)) => Err(trouble(error)),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("another server is using {0}: stop it first, or give this one a database of its own")]
struct Taken(String);

#[derive(Debug, thiserror::Error)]
#[error("{path}: {error}")]
struct Named {
    path: String,
    error: std::io::Error,
}

impl Named {
    fn new(path: &str, error: std::io::Error) -> Self {
        Self { path: path.to_owned(), error }
    }
}
