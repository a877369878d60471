//! SQLite: one writer that commits for many at once, several readers, and the queries compiled for it.

/// There is one writer: whoever has its turn holds every lock.
macro_rules! locked {
    ($query:expr) => {
        $query
    };
}
/// As [`locked!`]: nothing has to be asked.
macro_rules! hold {
    ($conn:expr, $query:expr) => {
        let _ = $query;
    };
}
/// As [`locked!`].
macro_rules! skip_locked {
    ($query:expr) => {
        $query
    };
}

pub(crate) mod batches;
pub(crate) mod counts;
mod file;
pub(crate) mod outbox;
mod reader;
mod run;
mod writer;

#[path = "../queries/mod.rs"]
pub(crate) mod queries;

pub(crate) use file::File;
pub(crate) use run::{Run, RunQueryDsl};
pub(crate) use writer::Turn;

use crate::durability::Durability;
use base::Fault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// A connection, which runs its statements where it is polled.
pub(crate) type Conn = diesel::SqliteConnection;

/// One open database file. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Db {
    writer: Arc<writer::Writer>,
    readers: Arc<reader::Readers>,
    file: Arc<File>,
}

impl Db {
    /// Opens the file; `shared` means: beside a server that may be running.
    pub(crate) fn open(path: &str, shared: bool, wait: Duration, signal: Arc<Notify>) -> Result<Self, Fault> {
        let file = Arc::new(File::take(path, shared)?);
        let writer = Arc::new(writer::Writer::open(Arc::clone(&file), wait, signal)?);
        let readers = Arc::new(reader::Readers::new(Arc::clone(&file)));
        Ok(Self { writer, readers, file })
    }

    /// Begins a transaction when its turn comes.
    pub(crate) async fn begin(&self, durability: Durability) -> Result<Turn, Fault> {
        self.writer.begin(durability).await
    }

    /// A connection that sees what is committed.
    pub(crate) fn reader(&self) -> Result<reader::Reader, Fault> {
        self.readers.get()
    }

    /// Where the file is.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Begins no more transactions, and folds the log into the file.
    pub(crate) async fn close(&self) {
        self.writer.close().await;
    }
}
