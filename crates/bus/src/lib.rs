//! What nodes tell each other, and what they count together: hints, never a truth.
//!
//! Each process has a [`Bus`]. Alone, it carries what one part of the process tells another. Joined to Redis, it carries the same
//! between the nodes of an installation, counts requests over all of them ([`Bus::take`]) and remembers what came before
//! ([`Bus::has_seen`]). Redis can be gone, slow or empty at any moment: whoever is told nothing looks by itself a little later, what
//! is counted is counted here alone, and what was not seen is decided by the database. So nothing here may ever allow something;
//! it may say sooner what the database would say anyway.

mod address;
mod connection;
mod flood;
mod link;
mod listen;
mod local;
mod names;
mod seen;
mod speak;

pub use address::{Address, Mode, Place};
pub use flood::{Full, Rate, Where};
pub use link::{Found, Health};
pub use local::Watch;

use base::{Id, SecretHash};
use flood::Buckets;
use link::Link;
use local::Local;
use meter::Meter;
use names::Names;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Something that others may be waiting for. It can come for nothing, late, twice, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// There is something for the relay. One of all nodes takes it up.
    Work,
    /// What was read of apps and tokens before does not count any more. For every node.
    Outdated,
    /// Tenants, keys and scopes are others than before. For every node.
    Reload,
    /// Something came of a sensitive change. For every node: the page that waits for it may be open anywhere.
    Moved(Id),
}

/// The bus of this process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Bus(Arc<Inner>);

#[derive(Default)]
struct Inner {
    local: Arc<Local>,
    buckets: Buckets,
    joined: OnceLock<Joined>,
}

/// The other nodes, and what runs for it. It ends with the bus.
struct Joined {
    link: Arc<Link>,
    tasks: Mutex<JoinSet<()>>,
}

/// Who joins.
pub struct Member<'a> {
    /// A key that all nodes of the installation hold, and no other installation: it makes the names under which they meet.
    pub secret: &'a [u8; 32],
    /// This process.
    pub node: Id,
    /// Whether it listens to the others; a command only tells.
    pub listens: bool,
    /// Counts.
    pub meter: Meter,
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bus")
    }
}

impl Bus {
    /// Joins the other nodes by Redis. What is there already goes on in any case: Redis is reached in the background, now or
    /// later. Within a Tokio runtime; a second call does nothing.
    pub fn join(&self, address: Address, member: &Member<'_>) {
        let (local, names) = (Arc::clone(&self.0.local), Names::new(member.secret, member.node));
        let _ = self.0.joined.get_or_init(|| {
            let mut tasks = JoinSet::new();
            let (link, queue) = Link::new(address, names, (member.listens, member.meter.clone()));
            let link = Arc::new(link);
            tasks.spawn(link::keep(Arc::clone(&link)));
            tasks.spawn(speak::speak(Arc::clone(&link), queue));
            if member.listens {
                tasks.spawn(listen::listen(Arc::clone(&link), local));
            }
            Joined { link, tasks: Mutex::new(tasks) }
        });
    }

    fn link(&self) -> Option<&Arc<Link>> {
        self.0.joined.get().map(|joined| &joined.link)
    }

    /// Waits until it is known whether Redis is there, but no longer than that.
    pub async fn settle(&self, patience: Duration) {
        if let Some(link) = self.link() {
            let _ = tokio::time::timeout(patience, link.settled()).await;
        }
    }

    /// Waits until what was told has left, but no longer than that: for a process that is about to end.
    pub async fn flush(&self, patience: Duration) {
        if let Some(link) = self.link() {
            let _ = tokio::time::timeout(patience, link.flushed()).await;
        }
    }

    /// Tells the others no more and listens no more; takes back what stands in Redis for this node.
    pub async fn leave(&self) {
        let Some(joined) = self.0.joined.get() else { return };
        self.flush(Duration::from_millis(200)).await;
        let mut tasks = std::mem::take(&mut *joined.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        listen::forget(&joined.link).await;
        tasks.shutdown().await;
        joined.link.close();
    }

    /// How Redis is.
    pub fn health(&self) -> Health {
        self.link().map_or(Health::Off, |link| link.health())
    }

    /// Tells it to every part of this process and to the other nodes. Never waits.
    pub fn say(&self, news: News) {
        self.0.local.told(news);
        self.tell_others(news);
    }

    /// Tells it to the other nodes alone: this process knows already.
    pub fn tell_others(&self, news: News) {
        if let Some(link) = self.link() {
            link.tell(speak::Said::News(news));
        }
    }

    /// Told when there may be something for the relay.
    pub fn work(&self) -> Arc<Notify> {
        self.0.local.work()
    }

    /// Takes part in the work of all nodes, as long as this is polled: of those who do, one is told of each piece.
    pub async fn share_work(&self) {
        match self.link() {
            Some(link) => listen::share_work(Arc::clone(link), Arc::clone(&self.0.local)).await,
            None => std::future::pending().await,
        }
    }

    /// A number that changes with all [`News::Outdated`]: what was read under the same number still stands, as far as is known here.
    pub fn revision(&self) -> u64 {
        self.0.local.revision()
    }

    /// Waits until another process has changed tenants, keys or scopes.
    pub async fn reload_wanted(&self) {
        self.0.local.reload_wanted().await;
    }

    /// Watches a sensitive change from now on.
    pub fn watch(&self, change: Id) -> Watch {
        self.0.local.watch(change)
    }

    /// Takes one from a bucket: first from that of this process, then from that of all nodes. Without Redis this process's
    /// decides.
    ///
    /// # Errors
    /// [`Full`] when nothing is left in it.
    pub async fn take(&self, bucket: &SecretHash, rate: Rate) -> Result<(), Full> {
        self.0.buckets.take(bucket, rate)?;
        let Some(link) = self.link() else { return Ok(()) };
        let taken = flood::take_from_all(link, bucket, rate).await;
        if taken.is_err() {
            self.0.buckets.give_back(bucket, rate);
        }
        taken
    }

    /// Whether something that can come once is known to have come before. `true` is certain; `false` says nothing, and the
    /// database decides.
    pub async fn has_seen(&self, what: &SecretHash) -> bool {
        match self.link() {
            Some(link) => seen::has_seen(link, what).await,
            None => false,
        }
    }

    /// Remembers for a while what the database has taken down as used: only what it has is ever remembered here. Never waits.
    pub fn saw(&self, what: &SecretHash, keep: Duration) {
        if let Some(link) = self.link() {
            link.tell(speak::Said::Seen(*what, keep));
        }
    }
}
