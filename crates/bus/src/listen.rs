//! What other nodes tell: streams with consumer groups.
//!
//! *News* are for every node: each has a group of its own with one consumer. *Work* is for whoever is free: one group for all,
//! with a consumer for each. Nothing is acknowledged, for nothing has to be told twice. A node that is gone leaves its group or
//! its consumer behind; any other takes them away once they have not read for a minute.

use crate::connection::Connection;
use crate::link::{Link, told};
use crate::local::Local;
use crate::names::SHARED;
use crate::speak;
use redis::streams::StreamReadReply;
use redis::{RedisError, Script, Value};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// How long one read waits for something.
const WAIT: Duration = Duration::from_secs(1);
/// How much longer its answer may take before the connection counts as broken.
const LATE: Duration = Duration::from_secs(1);
/// How much is read at once.
const MOST: usize = 100;
/// How long it rests before it begins again: at first, and at most.
const REST: Duration = Duration::from_millis(200);
const LONGEST_REST: Duration = Duration::from_secs(2);
/// How often it is looked for groups and consumers of nodes that are gone, and for how long these have not read.
const TIDY: Duration = Duration::from_secs(30);
const GONE: Duration = Duration::from_secs(60);

/// Takes away consumers that do not read any more, and the groups that only they were in.
static TIDY_UP: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local function field(flat, name)
  for i = 1, #flat, 2 do if flat[i] == name then return flat[i + 1] end end
end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local gone = 0
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local name, had, left = field(group, 'name'), 0, 0
  for _, one in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], name)) do
    had = had + 1
    if field(one, 'idle') > tonumber(ARGV[1]) then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], name, field(one, 'name'))
      gone = gone + 1
    else
      left = left + 1
    end
  end
  if had > 0 and left == 0 and name ~= ARGV[2] then redis.call('XGROUP', 'DESTROY', KEYS[1], name) end
end
return gone
",
    )
});

/// Hears what is for every node, for as long as it is polled.
pub(crate) async fn listen(link: Arc<Link>, local: Arc<Local>) {
    let (stream, group) = (link.names.news(), link.names.node.clone());
    // What was told before it listened, it looks for by itself.
    let joined = |listens: bool| {
        if listens {
            local.missed();
        }
        link.listened();
    };
    follow(&link, (&stream, &group), joined, |news| local.heard(news)).await;
}

/// Takes part in the work, for as long as it is polled.
pub(crate) async fn share_work(link: Arc<Link>, local: Arc<Local>) {
    let stream = link.names.work();
    let joined = |listens: bool| {
        if listens {
            local.wake();
        }
    };
    follow(&link, (&stream, SHARED), joined, |news| local.heard(news)).await;
}

/// Reads a stream in a group, and begins again whatever happens.
async fn follow(link: &Link, place: (&str, &str), joined: impl Fn(bool), heard: impl Fn(crate::News)) {
    let mut rest = REST;
    loop {
        match timeout(WAIT + LATE, join(link, place)).await {
            Ok(Ok(connection)) => {
                rest = REST;
                joined(true);
                let ended = read_on(link, place, connection, &heard).await;
                tracing::debug!(why = ended, "stopped listening to other nodes; begins again");
            }
            Ok(Err(error)) => {
                tracing::debug!(why = told(&error), "can't listen to other nodes");
                joined(false);
            }
            Err(_) => {
                tracing::debug!("can't listen to other nodes in time");
                joined(false);
            }
        }
        sleep(rest).await;
        rest = rest.saturating_mul(2).min(LONGEST_REST);
    }
}

/// A connection of its own, for a read that waits holds up whatever else goes over it; and the group.
async fn join(link: &Link, (stream, group): (&str, &str)) -> Result<Connection, RedisError> {
    let mut connection = Connection::open(&link.address, WAIT + LATE).await?;
    let mut make = redis::cmd("XGROUP");
    make.arg("CREATE").arg(stream).arg(group).arg("$").arg("MKSTREAM");
    match make.query_async::<Value>(&mut connection).await {
        Ok(_) => {}
        // It is there already.
        Err(error) if error.code() == Some("BUSYGROUP") => {}
        Err(error) => return Err(error),
    }
    let mut enter = redis::cmd("XGROUP");
    enter.arg("CREATECONSUMER").arg(stream).arg(group).arg(&link.names.node);
    enter.query_async::<Value>(&mut connection).await?;
    Ok(connection)
}

/// Reads until something goes wrong; says what.
async fn read_on(
    link: &Link,
    (stream, group): (&str, &str),
    mut connection: Connection,
    heard: &impl Fn(crate::News),
) -> String {
    let mut tidied = Instant::now();
    loop {
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(group).arg(&link.names.node).arg("COUNT").arg(MOST);
        read.arg("BLOCK").arg(WAIT.as_millis().to_string()).arg("NOACK").arg("STREAMS").arg(stream).arg(">");
        let found = match timeout(WAIT + LATE, read.query_async::<Option<StreamReadReply>>(&mut connection)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return told(&error),
            Err(_) => return "no answer in time".to_owned(),
        };
        for entry in found.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids) {
            let text = |name| entry.get::<String>(name).unwrap_or_default();
            // What this node told it knows, but for work: of that it may be the one that is free.
            let own = text("from") == link.names.node;
            if let Some(news) = speak::read(&text("news"), &text("of")).filter(|_| !own || group == SHARED) {
                heard(news);
            }
        }
        if tidied.elapsed() >= TIDY {
            tidied = Instant::now();
            tidy(&mut connection, stream, GONE).await;
        }
    }
}

/// Takes away what is left of nodes that have not read for so long.
async fn tidy(connection: &mut Connection, stream: &str, gone: Duration) {
    let idle = u64::try_from(gone.as_millis()).unwrap_or(u64::MAX);
    let tidied = TIDY_UP.key(stream).arg(idle).arg(SHARED).invoke_async::<u64>(connection).await;
    match tidied {
        Ok(0) => {}
        Ok(gone) => tracing::info!(gone, "took away what nodes that are gone had left in Redis"),
        Err(error) => tracing::debug!(why = told(&error), "could not look for what nodes that are gone have left"),
    }
}

/// Takes away what stands for this node.
pub(crate) async fn forget(link: &Link) {
    let forget = |mut connection: Connection| async move {
        let mut leave = redis::cmd("XGROUP");
        leave.arg("DESTROY").arg(link.names.news()).arg(&link.names.node);
        leave.query_async::<Value>(&mut connection).await?;
        let mut stop = redis::cmd("XGROUP");
        stop.arg("DELCONSUMER").arg(link.names.work()).arg(SHARED).arg(&link.names.node);
        stop.query_async::<Value>(&mut connection).await
    };
    let _ = link.ask("leave", forget).await;
}
