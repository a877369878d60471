//! The one writer, and how it commits for many at once.
//!
//! Waiting for the disk is what a transaction costs. So the transactions of the moment share one: each is a
//! savepoint on the single connection (the first needs none), and its `commit` releases it and passes the connection on.
//! The first to do so also calls the committer, a thread, which queues for the connection like everybody
//! else: all who stood in line before it come along, then it runs the shared COMMIT, which syncs the log,
//! and only then every one of them is answered. When nobody stands in line, the committer is next at once.
//!
//! What was answered is on disk, or else ([`Durability::Written`]) with the operating system: as long as only those share a transaction who
//! need not wait for the disk, its COMMIT does not. Somebody who needs it comes after it and begins a new one. What was not answered
//! may be lost in a crash. When the shared COMMIT fails, everybody in it gets a fault.

use super::Conn;
use super::file::File;
use super::run::Say;
use crate::durability::Durability;
use crate::fault::{fault, is_in_the_way};
use base::Fault;
use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};

/// What sets what commits outlive.
const fn pragma(durability: Durability) -> &'static str {
    match durability {
        Durability::Synced => "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000",
        // Nor does it fold the log into the file, which is synced then.
        Durability::Written => "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0",
        // The relay may have much to do and nobody to tell: now and then it does fold the log, which would grow.
        Durability::Redone => "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000",
    }
}

/// How often BEGIN is tried again while another process writes.
const AGAIN: Duration = Duration::from_millis(5);

/// What whoever shared a transaction is told when it was not kept.
const NOT_KEPT: &str = "the database could not commit: nothing was kept";
/// Why, when the database had given the transaction up before.
const GONE: &str = "the shared transaction was rolled back";

/// The writer. Its lock is fair: whoever asks first has the connection first.
pub(crate) struct Writer {
    group: Arc<Mutex<Group>>,
    committer: Option<(Sender<()>, JoinHandle<()>)>,
    wait: Duration,
    // Last: nobody else may have the file before the thread has ended.
    _file: Arc<File>,
}

/// The connection, and who shares its present transaction.
struct Group {
    conn: Conn,
    /// Whether BEGIN was said.
    open: bool,
    /// What the connection's commits outlive: it can be set between transactions alone.
    durability: Durability,
    /// Whether the store was closed.
    closed: bool,
    /// Who has released a savepoint and waits for the shared COMMIT.
    waiting: Vec<Waiting>,
    /// How often the committer was called for what was committed before it came.
    overtaken: usize,
    /// Told when what was committed has work for the relay.
    signal: Arc<Notify>,
}

struct Waiting {
    answer: oneshot::Sender<Result<(), String>>,
    signals: bool,
}

impl Writer {
    pub(crate) fn open(file: Arc<File>, wait: Duration, signal: Arc<Notify>) -> Result<Self, Fault> {
        let conn = file.writer()?;
        let group = Group {
            conn,
            open: false,
            durability: Durability::Synced,
            closed: false,
            waiting: Vec::new(),
            overtaken: 0,
            signal,
        };
        let group = Arc::new(Mutex::new(group));
        let (call, calls) = channel();
        let theirs = Arc::clone(&group);
        let thread = std::thread::Builder::new()
            .name("store-commit".to_owned())
            .spawn(move || commit_when_called(&theirs, &calls))
            .map_err(|error| Fault::new("start the committing thread", error))?;
        Ok(Self { group, committer: Some((call, thread)), wait, _file: file })
    }

    /// Waits for the connection, and sets a savepoint where others have written before it.
    pub(crate) async fn begin(self: &Arc<Self>, durability: Durability) -> Result<Turn, Fault> {
        let busy = || Fault::busy("too many changes wait to be written");
        tokio::time::timeout(self.wait, self.take(durability)).await.map_err(|_| busy())?
    }

    async fn take(self: &Arc<Self>, durability: Durability) -> Result<Turn, Fault> {
        let group = Arc::clone(&self.group).lock_owned().await;
        if group.closed {
            return Err(Fault::busy("the store was closed"));
        }
        // The guard first, BEGIN second: cancelled in between, its Drop puts things right.
        let mut turn = Turn { group: Some(group), savepoint: false, writer: Arc::clone(self) };
        let group = turn.group()?;
        if durability == Durability::Synced && group.durability != Durability::Synced {
            // Those before it are done at once, as nothing waits for the disk.
            group.overtaken = group.overtaken.saturating_add(usize::from(!group.waiting.is_empty()));
            group.commit();
        }
        // With nobody before it, what it takes back is all that there is: SQLite needs no copies of the pages for that.
        let shared = group.open;
        if !shared {
            group.outlive(durability).map_err(|error| fault("begin a transaction", error))?;
        }
        while !group.open {
            match group.say("BEGIN IMMEDIATE") {
                Ok(()) => group.open = true,
                Err(error) if is_in_the_way(&error) => tokio::time::sleep(AGAIN).await,
                Err(error) => return Err(fault("begin a transaction", error)),
            }
        }
        if shared {
            group.say("SAVEPOINT turn").map_err(|error| fault("begin a transaction", error))?;
            turn.savepoint = true;
        }
        Ok(turn)
    }

    /// Begins no more; what was committed is folded into the file.
    pub(crate) async fn close(&self) {
        let mut group = self.group.lock().await;
        group.commit();
        group.closed = true;
        // Best effort: the log is read back at the next start as well.
        let _ = group.run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some((call, thread)) = self.committer.take() {
            drop(call);
            // No turn is left, as each holds the writer: the thread finds the connection free and ends.
            let _ = thread.join();
        }
    }
}

fn commit_when_called(group: &Mutex<Group>, calls: &Receiver<()>) {
    while calls.recv().is_ok() {
        let mut group = group.blocking_lock();
        match group.overtaken.checked_sub(1) {
            // Those who have written since call for themselves, and others may still come along.
            Some(left) => group.overtaken = left,
            None => group.commit(),
        }
    }
}

impl Group {
    /// Says now what is said for every transaction.
    fn say(&mut self, sql: &'static str) -> QueryResult<()> {
        Say(sql).to(&mut self.conn)
    }

    /// Runs statements now.
    fn run(&mut self, sql: &str) -> QueryResult<()> {
        self.conn.batch_execute(sql)
    }

    /// Sets what the next transaction's commit outlives.
    fn outlive(&mut self, durability: Durability) -> QueryResult<()> {
        if self.durability != durability {
            // Not kept as a statement: SQLite does it when it is prepared.
            self.run(pragma(durability))?;
            self.durability = durability;
        }
        Ok(())
    }

    /// Commits what the group shares, and answers everybody in it.
    fn commit(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        crate::kill::point("commit for all");
        let done = if self.open { self.say("COMMIT").map_err(|error| error.to_string()) } else { Err(GONE.to_owned()) };
        crate::kill::point("committed for all");
        match done {
            Ok(()) => {
                self.open = false;
                if self.waiting.iter().any(|waiting| waiting.signals) {
                    wake(&self.signal);
                }
                self.answer(&Ok(()));
            }
            Err(why) => self.abandon(why),
        }
    }

    /// Rolls everything back: those who wait learn that nothing of theirs was kept.
    fn abandon(&mut self, why: String) {
        // When SQLite has rolled back by itself (a full disk), there is nothing to roll back: no matter.
        let _ = self.run("ROLLBACK");
        self.open = false;
        self.answer(&Err(why));
    }

    fn answer(&mut self, kept: &Result<(), String>) {
        for waiting in self.waiting.drain(..) {
            // Whoever has gone away needs no answer.
            let _ = waiting.answer.send(kept.clone());
        }
    }
}

/// Wakes whoever listens, and leaves a note for who listens next.
fn wake(signal: &Notify) {
    signal.notify_waiters();
    signal.notify_one();
}

/// One transaction: the connection, from its savepoint on. Dropped without [`Turn::commit`] it rolls back to
/// its savepoint, or all where it was the first, on the spot, and passes the connection on.
pub(crate) struct Turn {
    group: Option<OwnedMutexGuard<Group>>,
    savepoint: bool,
    // After the guard: the last writer to go joins its thread, which needs the lock.
    writer: Arc<Writer>,
}

impl Turn {
    fn group(&mut self) -> Result<&mut Group, Fault> {
        self.group.as_deref_mut().ok_or(Fault::broken("the transaction is over"))
    }

    /// The connection.
    pub(crate) fn conn(&mut self) -> Result<&mut Conn, Fault> {
        Ok(&mut self.group()?.conn)
    }

    /// Releases the savepoint, passes the connection on, and waits for the shared COMMIT.
    pub(crate) async fn commit(mut self, signals: bool) -> Result<(), Fault> {
        let savepoint = self.savepoint;
        let group = self.group()?;
        if savepoint {
            group.say("RELEASE turn").map_err(|error| fault("commit", error))?;
        }
        let (answer, answered) = oneshot::channel();
        let first = group.waiting.is_empty();
        group.waiting.push(Waiting { answer, signals });
        // From here on there is nothing of its own to roll back.
        self.group = None;
        if first && let Some((call, _)) = &self.writer.committer {
            call.send(()).map_err(|_| Fault::broken("the committing thread has stopped"))?;
        }
        match answered.await {
            Ok(Ok(())) => Ok(()),
            // Most likely the disk is full: nothing is lost by asking again.
            Ok(Err(why)) => Err(Fault::passing(NOT_KEPT, why)),
            Err(_) => Err(Fault::broken(NOT_KEPT)),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut group) = self.group.take() else { return };
        if !group.open {
            return;
        }
        if group.waiting.is_empty() {
            group.abandon(GONE.to_owned());
        } else if self.savepoint && group.run("ROLLBACK TO turn; RELEASE turn").is_err() {
            // The shared transaction is gone, and the others' savepoints with it.
            group.abandon(GONE.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
