//! Transactions and reads, on either database.

use crate::fault::fault;
use crate::{pg, sqlite};
use base::{Fault, Id};
use bus::{Bus, News};
use diesel::QueryResult;
use futures_util::future::BoxFuture;
use tracing::Span;

/// What a database answers, in time.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Fault>>;

/// A write transaction of one tenant. Dropped without [`Tx::commit`] it leaves nothing and blocks nobody.
///
/// It awaits nothing but the database: on SQLite it is the only writer while it lives. After a fault it is
/// of no use any more; every later call answers with a fault.
pub struct Tx {
    turn: Turn,
    tenant: Option<Id>,
    failed: bool,
    signals: bool,
    outdates: bool,
    moved: Vec<Id>,
    bus: Bus,
    /// From the wait for a turn to the end of the commit.
    _span: Span,
}

/// A commit under way that outdates something: told when it is over, however it ends.
struct Outdating(Option<Bus>);

impl Drop for Outdating {
    fn drop(&mut self) {
        if let Some(bus) = &self.0 {
            bus.say(News::Outdated);
        }
    }
}

pub(crate) enum Turn {
    Pg(pg::Turn),
    Sqlite(sqlite::Turn),
}

impl Tx {
    pub(crate) const fn new(turn: Turn, tenant: Option<Id>, bus: Bus, span: Span) -> Self {
        Self { turn, tenant, failed: false, signals: false, outdates: false, moved: Vec::new(), bus, _span: span }
    }

    /// Sets the tenant whose rows the next calls find and save: for the relay, which works for all.
    pub fn for_tenant(&mut self, tenant: Id) -> &mut Self {
        self.tenant = Some(tenant);
        self
    }

    /// Keeps everything. When it answers, the change survives a crash, and a power cut too unless it was begun unsynced or for
    /// the relay.
    ///
    /// # Errors
    /// [`Fault`] when the database could not commit: nothing was kept. After a lost connection to
    /// PostgreSQL it is not known whether it was.
    pub fn commit(self) -> Answer<'static, ()> {
        Box::pin(async move {
            if self.failed {
                return Err(FAILED);
            }
            crate::kill::point("commit");
            let _outdating = Outdating(self.outdates.then(|| self.bus.clone()));
            match self.turn {
                // On SQLite the one who commits for all also wakes the relay.
                Turn::Sqlite(turn) => {
                    turn.commit(self.signals).await?;
                    if self.signals {
                        self.bus.tell_others(News::Work);
                    }
                }
                Turn::Pg(turn) => {
                    turn.commit().await?;
                    if self.signals {
                        self.bus.say(News::Work);
                    }
                }
            }
            for change in self.moved {
                self.bus.say(News::Moved(change));
            }
            crate::kill::point("committed");
            Ok(())
        })
    }

    pub(crate) fn tenant(&self) -> Result<Id, Fault> {
        self.tenant.ok_or(Fault::broken("the transaction has no tenant"))
    }

    /// The connection's turn, unless a statement has failed before.
    pub(crate) const fn turn(&mut self) -> Result<&mut Turn, Fault> {
        if self.failed { Err(FAILED) } else { Ok(&mut self.turn) }
    }

    /// Remembers a failure: PostgreSQL refuses what follows, and SQLite may have rolled back by itself.
    pub(crate) fn settle<T>(&mut self, what: &'static str, done: QueryResult<T>) -> Result<T, Fault> {
        done.map_err(|error| {
            self.failed = true;
            fault(what, error)
        })
    }

    /// Remembers that nothing of it can be kept.
    pub(crate) const fn void(&mut self) {
        self.failed = true;
    }

    /// Remembers that what was read of apps and tokens before does not count after the commit.
    pub(crate) const fn outdates(&mut self) {
        self.outdates = true;
    }

    /// Remembers that something came of a sensitive change, for those who wait for it after the commit.
    pub(crate) fn moves(&mut self, change: Id) {
        self.moved.push(change);
    }

    /// Remembers that the relay has something to do after the commit.
    pub(crate) const fn signals(&mut self) {
        self.signals = true;
    }
}

const FAILED: Fault = Fault::broken("an earlier statement of the transaction failed");

/// Looks at what one tenant has committed. Each call sees the newest.
pub struct Read {
    pub(crate) source: Source,
    pub(crate) tenant: Id,
}

pub(crate) enum Source {
    Pg(pg::Pool),
    Sqlite(sqlite::Db),
}
