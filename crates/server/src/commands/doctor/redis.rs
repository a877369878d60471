//! Redis, where there is one.

use super::super::report::Report;
use super::Patient;
use crate::{installation, wiring};
use std::sync::Arc;

/// Looks whether it answers, and what it does when it is full.
pub(super) async fn look(patient: Arc<Patient>) -> (Report, ()) {
    let (mut report, config) = (Report::default(), &patient.loaded.config);
    let address = match wiring::redis(config) {
        Ok(Some(address)) => address,
        Ok(None) => return (report, ()),
        Err(trouble) => {
            report.wrong("redis", trouble.to_string(), "mend redis.url");
            return (report, ());
        }
    };
    let shown = address.shown();
    match address.check().await {
        Ok(found) => {
            report.ok("redis", format!("{shown} answers (version {})", found.version));
            let policy = if found.policy.is_empty() { "unknown" } else { &found.policy };
            // 0 is no limit: it is never full.
            if found.limit > 0 && policy == "noeviction" {
                let text = format!("it takes nothing more when its {} MiB are full (noeviction)", found.limit >> 20);
                report.warn("redis", text, "set maxmemory-policy allkeys-lru: nothing is kept in it alone");
            } else {
                report.ok("redis", format!("when its memory is full: {policy}"));
            }
        }
        Err(why) => report.wrong(
            "redis",
            format!("{shown} is of no use ({why}); nodes go on without it, more slowly"),
            "see that it runs and that redis.url is right",
        ),
    }
    if installation::sqlite_file(config.database.url.reveal()).is_some() {
        report.warn("redis", "a node on SQLite is alone, and needs no Redis", "leave redis.url out, or use PostgreSQL");
    }
    (report, ())
}
