//! What one part of the process tells another.

use crate::News;
use base::Id;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Notify, broadcast};

/// How many changes a page may be behind before it looks in any case.
const BEHIND: usize = 64;

/// The ears of this process.
pub(crate) struct Local {
    work: Arc<Notify>,
    revision: AtomicU64,
    reload: Notify,
    /// `None` stands for any of them.
    moved: broadcast::Sender<Option<Id>>,
}

impl Default for Local {
    fn default() -> Self {
        Self {
            work: Arc::default(),
            revision: AtomicU64::new(0),
            reload: Notify::new(),
            moved: broadcast::Sender::new(BEHIND),
        }
    }
}

impl Local {
    /// A part of this process tells it.
    pub(crate) fn told(&self, news: News) {
        match news {
            News::Work => self.wake(),
            News::Outdated => {
                self.revision.fetch_add(1, Ordering::SeqCst);
            }
            // Whoever tells it has read them again.
            News::Reload => {}
            // Nobody may be waiting.
            News::Moved(change) => drop(self.moved.send(Some(change))),
        }
    }

    /// Another node tells it.
    pub(crate) fn heard(&self, news: News) {
        match news {
            News::Reload => self.reload.notify_one(),
            News::Work | News::Outdated | News::Moved(_) => self.told(news),
        }
    }

    /// Something may have been told while nobody listened.
    pub(crate) fn missed(&self) {
        self.heard(News::Outdated);
        self.heard(News::Reload);
        drop(self.moved.send(None));
    }

    /// Wakes the relay: the loop that rests, or the one that is about to.
    pub(crate) fn wake(&self) {
        self.work.notify_waiters();
        self.work.notify_one();
    }

    pub(crate) fn work(&self) -> Arc<Notify> {
        Arc::clone(&self.work)
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }

    pub(crate) async fn reload_wanted(&self) {
        self.reload.notified().await;
    }

    pub(crate) fn watch(&self, change: Id) -> Watch {
        Watch { change, told: self.moved.subscribe() }
    }
}

/// Whoever waits for something to come of a sensitive change.
pub struct Watch {
    change: Id,
    told: broadcast::Receiver<Option<Id>>,
}

impl Watch {
    /// Waits until something may have come of it, since it was watched or since this was called last.
    pub async fn moved(&mut self) {
        loop {
            match self.told.recv().await {
                Ok(Some(other)) if other != self.change => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn whoever_watches_a_change_is_told_of_it_alone() {
        let (local, mine, other) = (Local::default(), Id::from_bytes([1; 16]), Id::from_bytes([2; 16]));
        let mut watch = local.watch(mine);
        local.told(News::Moved(other));
        assert!(timeout(SOON, watch.moved()).await.is_err());
        local.told(News::Moved(mine));
        assert!(timeout(SOON, watch.moved()).await.is_ok());
        local.missed();
        assert!(timeout(SOON, watch.moved()).await.is_ok(), "what was missed may have been this");
    }

    #[tokio::test]
    async fn whoever_changed_the_keys_reads_them_no_second_time() {
        let local = Local::default();
        local.told(News::Reload);
        assert!(timeout(SOON, local.reload_wanted()).await.is_err());
        local.heard(News::Reload);
        assert!(timeout(SOON, local.reload_wanted()).await.is_ok());
    }

    #[tokio::test]
    async fn what_is_outdated_has_another_number() {
        let local = Local::default();
        let before = local.revision();
        local.told(News::Work);
        assert_eq!(local.revision(), before);
        local.heard(News::Outdated);
        assert_ne!(local.revision(), before);
    }
}
