//! What is told to the other nodes: a queue that nobody waits for, emptied in batches.

use crate::News;
use crate::connection::Connection;
use crate::link::Link;
use base::{Id, SecretHash};
use redis::{RedisError, Value};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How much is told at once.
const BATCH: usize = 64;
/// About how many pieces a stream keeps. A node that is further behind looks by itself.
const KEPT: usize = 2_000;

/// Something that leaves.
pub(crate) enum Said {
    /// For other nodes.
    News(News),
    /// The database has it as used.
    Seen(SecretHash, Duration),
    /// Answered when all before it has left.
    Mark(oneshot::Sender<()>),
}

/// Empties the queue, for as long as it is polled.
pub(crate) async fn speak(link: Arc<Link>, mut queue: mpsc::Receiver<Said>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let (mut news, mut marks) = (Vec::new(), Vec::new());
        for said in batch.drain(..) {
            match said {
                // The same twice in a moment is once.
                Said::News(one) if news.contains(&one) => {}
                Said::News(one) => news.push(one),
                Said::Seen(what, keep) => remember(&link, &what, keep).await,
                Said::Mark(mark) => marks.push(mark),
            }
        }
        if !news.is_empty() {
            let _ = link.ask("tell", |connection| tell(&link, connection, &news)).await;
        }
        for mark in marks {
            // Whoever asked may be gone.
            let _ = mark.send(());
        }
    }
}

async fn tell(link: &Link, mut connection: Connection, news: &[News]) -> Result<(), RedisError> {
    let mut pipeline = redis::pipe();
    for one in news {
        let stream = if *one == News::Work { link.names.work() } else { link.names.news() };
        let (kind, of) = written(*one);
        pipeline.cmd("XADD").arg(stream).arg("MAXLEN").arg("~").arg(KEPT).arg("*");
        pipeline.arg("from").arg(&link.names.node).arg("news").arg(kind).arg("of").arg(of).ignore();
    }
    pipeline.query_async(&mut connection).await
}

async fn remember(link: &Link, what: &SecretHash, keep: Duration) {
    let name = link.names.seen(what);
    let millis = u64::try_from(keep.as_millis()).unwrap_or(u64::MAX).max(1);
    let set = |mut connection: Connection| async move {
        redis::cmd("SET").arg(name).arg(1).arg("PX").arg(millis).query_async::<Value>(&mut connection).await
    };
    let _ = link.ask("remember", set).await;
}

/// As it stands in a stream.
fn written(news: News) -> (&'static str, String) {
    match news {
        News::Work => ("work", String::new()),
        News::Outdated => ("outdated", String::new()),
        News::Reload => ("reload", String::new()),
        News::Moved(change) => ("moved", change.to_string()),
    }
}

/// What stands in a stream. `None` for what a newer version may say.
pub(crate) fn read(kind: &str, of: &str) -> Option<News> {
    match kind {
        "work" => Some(News::Work),
        "outdated" => Some(News::Outdated),
        "reload" => Some(News::Reload),
        "moved" => of.parse::<Id>().ok().map(News::Moved),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        for news in [News::Work, News::Outdated, News::Reload, News::Moved(Id::from_bytes([7; 16]))] {
            let (kind, of) = written(news);
            assert_eq!(read(kind, &of), Some(news));
        }
        assert_eq!((read("moved", "nobody"), read("later", "")), (None, None));
    }
}
