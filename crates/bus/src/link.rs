//! The connection over which is asked and told, and when it is let go.
//!
//! One loop keeps it: it connects, looks once in a second whether Redis answers, and lets go of a connection that broke or was too
//! slow several times in a row. While there is none, whoever asks is told so at once: nobody waits for a Redis that is known to be
//! away, and no request finds out whether it is back.

use crate::address::Address;
use crate::connection::{Connection, REACHING};
use crate::names::Names;
use crate::speak::Said;
use arc_swap::ArcSwapOption;
use meter::Meter;
use redis::{RedisError, RetryMethod, ServerErrorKind};
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

/// How long it rests between two tries to connect: at first, and at most.
const REST: Duration = Duration::from_millis(200);
const LONGEST_REST: Duration = Duration::from_secs(2);
/// How often it looks whether Redis answers.
const LOOK: Duration = Duration::from_secs(1);
/// So many slow answers in a row are too many.
const SLOW: u32 = 3;
/// How much may wait to be told. What comes on top is forgotten.
const QUEUE: usize = 1_024;

/// How Redis is, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// There is none: this process is alone.
    Off,
    /// It answers.
    Up,
    /// It does not, and this is why.
    Away(String),
}

/// What everything here stands on.
pub(crate) struct Link {
    pub(crate) address: Address,
    pub(crate) names: Names,
    present: ArcSwapOption<Connection>,
    slow: AtomicU32,
    broken: Notify,
    closed: AtomicBool,
    why: Mutex<String>,
    tried: watch::Sender<bool>,
    listened: watch::Sender<bool>,
    queue: mpsc::Sender<Said>,
    meter: Meter,
}

impl Link {
    pub(crate) fn new(address: Address, names: Names, (listens, meter): (bool, Meter)) -> (Self, mpsc::Receiver<Said>) {
        let (queue, told) = mpsc::channel(QUEUE);
        let link = Self {
            address,
            names,
            present: ArcSwapOption::empty(),
            slow: AtomicU32::new(0),
            broken: Notify::new(),
            closed: AtomicBool::new(false),
            why: Mutex::new("it was not reached yet".to_owned()),
            tried: watch::Sender::new(false),
            listened: watch::Sender::new(!listens),
            queue,
            meter,
        };
        (link, told)
    }

    /// Asks something. `None` when Redis is away, slow, or does not understand: the caller goes on without an answer.
    pub(crate) async fn ask<T, F>(&self, what: &'static str, question: impl FnOnce(Connection) -> F) -> Option<T>
    where
        F: Future<Output = Result<T, RedisError>>,
    {
        let Some(connection) = self.present.load_full() else {
            self.meter.redis(what, "away");
            return None;
        };
        let answer = timeout(self.address.timeout, question(Connection::clone(&connection))).await;
        let (outcome, why, drop_it) = match answer {
            Ok(Ok(answer)) => {
                self.slow.store(0, Ordering::Relaxed);
                self.meter.redis(what, "ok");
                return Some(answer);
            }
            Ok(Err(error)) if !error.is_timeout() => ("failed", told(&error), is_useless(&error)),
            Ok(Err(_)) | Err(_) => {
                let slow = self.slow.fetch_add(1, Ordering::Relaxed).saturating_add(1);
                ("slow", format!("it did not answer within {} ms", self.address.timeout.as_millis()), slow >= SLOW)
            }
        };
        self.meter.redis(what, outcome);
        tracing::debug!(what, why, "Redis gave no answer");
        if drop_it {
            self.let_go(&connection, why);
        }
        None
    }

    /// Uses a connection no more; the loop that keeps it looks for another.
    fn let_go(&self, connection: &Arc<Connection>, why: String) {
        let present = self.present.load();
        // Somebody else may have let go of it, and there may be a new one by now.
        if present.as_ref().is_some_and(|present| Arc::ptr_eq(present, connection)) {
            self.present.store(None);
            self.note(why);
            self.broken.notify_one();
        }
    }

    fn note(&self, why: String) {
        *self.why.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// Lets go for good.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.present.store(None);
    }

    pub(crate) fn health(&self) -> Health {
        match self.present.load().is_some() {
            true => Health::Up,
            false => Health::Away(self.why.lock().unwrap_or_else(PoisonError::into_inner).clone()),
        }
    }

    /// Puts something in the queue of what is told. A full one means that Redis can't keep up: then it is forgotten.
    pub(crate) fn tell(&self, said: Said) {
        if self.queue.try_send(said).is_err() {
            self.meter.redis("tell", "forgotten");
        }
    }

    /// Waits until what is in the queue was told.
    pub(crate) async fn flushed(&self) {
        let (done, told) = oneshot::channel();
        if self.queue.send(Said::Mark(done)).await.is_ok() {
            let _ = told.await;
        }
    }

    /// Waits until Redis was reached, or was found away, for the first time: to ask it, and to listen.
    pub(crate) async fn settled(&self) {
        let _ = self.tried.subscribe().wait_for(|tried| *tried).await;
        let _ = self.listened.subscribe().wait_for(|listened| *listened).await;
    }

    /// It listens now, or could not.
    pub(crate) fn listened(&self) {
        self.listened.send_replace(true);
    }
}

/// Keeps the connection, for as long as it is polled.
pub(crate) async fn keep(link: Arc<Link>) {
    let mut rest = REST;
    while !link.closed.load(Ordering::SeqCst) {
        match reach(&link).await {
            Ok(connection) => {
                tracing::info!(redis = link.address.shown(), "joined the other nodes");
                link.slow.store(0, Ordering::Relaxed);
                link.present.store(Some(Arc::new(connection)));
                link.tried.send_replace(true);
                rest = REST;
                while link.present.load().is_some() {
                    tokio::select! {
                        () = link.broken.notified() => {}
                        () = sleep(LOOK) => drop(link.ask("look", ping).await),
                    }
                }
                let why = link.why.lock().unwrap_or_else(PoisonError::into_inner).clone();
                tracing::warn!(redis = link.address.shown(), why, "goes on without Redis, more slowly");
            }
            Err(why) => {
                if link.tried.send_replace(true) {
                    tracing::debug!(redis = link.address.shown(), why, "Redis is still away");
                } else {
                    tracing::warn!(redis = link.address.shown(), why, "begins without Redis, more slowly");
                }
                link.note(why);
            }
        }
        sleep(rest).await;
        rest = rest.saturating_mul(2).min(LONGEST_REST);
    }
}

async fn reach(link: &Link) -> Result<Connection, String> {
    let open = async {
        let connection = Connection::open(&link.address, link.address.timeout).await?;
        ping(connection.clone()).await.map(|()| connection)
    };
    match timeout(REACHING.saturating_mul(2), open).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(told(&error)),
        Err(_) => Err("it can't be reached in time".to_owned()),
    }
}

async fn ping(mut connection: Connection) -> Result<(), RedisError> {
    redis::cmd("PING").query_async::<redis::Value>(&mut connection).await.map(drop)
}

/// What an operator reads. No error of Redis holds what was sent.
pub(crate) fn told(error: &RedisError) -> String {
    error.to_string()
}

/// Whether the connection is of no use any more. One of a primary that became a replica takes no writes.
fn is_useless(error: &RedisError) -> bool {
    matches!(error.retry_method(), RetryMethod::Reconnect | RetryMethod::ReconnectFromInitialConnections)
        || error.is_io_error()
        || matches!(
            error.kind(),
            redis::ErrorKind::Server(
                ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown | ServerErrorKind::BusyLoading
            ) | redis::ErrorKind::AuthenticationFailed
                | redis::ErrorKind::ClusterConnectionNotFound
        )
}

impl Address {
    /// Whether Redis answers there and is new enough.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub async fn check(&self) -> Result<Found, String> {
        let look = async {
            let mut connection = Connection::open(self, REACHING).await?;
            redis::cmd("INFO").query_async::<redis::Value>(&mut connection).await
        };
        let found = match timeout(REACHING.saturating_mul(3), look).await {
            Ok(Ok(found)) => format!("{found:?}"),
            Ok(Err(error)) => return Err(told(&error)),
            Err(_) => return Err("it can't be reached in time".to_owned()),
        };
        let version = field(&found, "redis_version:");
        let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
        let newest = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        // XGROUP CREATECONSUMER.
        if newest < (6, 2) {
            return Err(format!("version {version} is too old: it takes Redis 6.2 or Valkey"));
        }
        let limit = field(&found, "maxmemory:").parse().unwrap_or_default();
        Ok(Found { version, policy: field(&found, "maxmemory_policy:"), limit })
    }
}

/// What answers at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its version.
    pub version: String,
    /// What it does when its memory is full, as `noeviction`; empty where it does not say.
    pub policy: String,
    /// How much memory it may take, in bytes; 0 is as much as there is.
    pub limit: u64,
}

/// What stands behind a name in the answer to INFO, of the first node that has it.
fn field(info: &str, name: &str) -> String {
    let after = info.split(name).nth(1).unwrap_or_default();
    after.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect()
}
