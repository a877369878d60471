//! Readers: connections that see what is committed, and never wait for the writer.

use super::Conn;
use super::file::File;
use base::Fault;
use std::sync::{Arc, Mutex, PoisonError};

/// Idle readers. A query takes one and brings it back within a single poll (see `run`), so there are
/// never more than threads that poll, and nobody queues.
pub(crate) struct Readers {
    file: Arc<File>,
    idle: Mutex<Vec<Conn>>,
}

impl Readers {
    pub(crate) fn new(file: Arc<File>) -> Self {
        Self { file, idle: Mutex::new(Vec::new()) }
    }

    /// An idle reader, or a new one.
    pub(crate) fn get(self: &Arc<Self>) -> Result<Reader, Fault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.file.reader()?,
        };
        Ok(Reader { conn: Some(conn), home: Arc::clone(self) })
    }
}

/// A reader on loan.
pub(crate) struct Reader {
    conn: Option<Conn>,
    home: Arc<Readers>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
    }
}

impl Reader {
    /// The connection.
    pub(crate) fn conn(&mut self) -> Result<&mut Conn, Fault> {
        self.conn.as_mut().ok_or(Fault::broken("the reader was given back"))
    }
}
