//! `watchbell doctor`: looks at everything that a running server depends on, and says what is wrong and what to do.
//!
//! What `check` sees is seen here too; on top of it comes what only shows when it is tried. Each look has a time of its own, so that one
//! that hangs is told like any other trouble.

mod clock;
mod database;
mod mail;
mod origin;
mod proxies;
mod push;
mod redis;
mod traces;

use super::check::{self, Opened};
use super::format;
use super::report::{Report, Verdict};
use crate::cli::Doctor;
use crate::config::Loaded;
use crate::say::Trouble;
use crate::settings;
use base::{Clock, Email, Keyring};
use futures_util::future::join_all;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use store::model::Tenant;
use tokio::time::timeout;

/// How long one look may take. Longer than any of the waits within it.
const LIMIT: Duration = Duration::from_secs(20);

/// What is looked at.
struct Patient {
    loaded: Loaded,
    is_dev: bool,
    /// Whom a test mail goes to.
    mail: Option<Email>,
    clock: Clock,
    inside: Option<Inside>,
}

/// What stands in the database.
struct Inside {
    store: Store,
    keyring: Option<Keyring>,
    tenants: Vec<Tenant>,
}

impl Patient {
    /// The address that people see: as it is set, or as `dev` chose it.
    fn origin(&self) -> Option<String> {
        let set = self.loaded.config.server.public_origin.as_ref().map(ToString::to_string);
        let known = || self.inside.as_ref()?.tenants.first().map(|tenant| tenant.origin.to_string());
        set.or_else(known)
    }
}

pub(super) fn run(options: &Doctor) -> Result<ExitCode, Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| Trouble::new(format!("start the runtime: {e}")))?;
    let report = runtime.block_on(look(options));
    // A look that hangs, as for a name that nobody answers for, is not waited for.
    runtime.shutdown_background();
    report.say(format(&options.common))
}

async fn look(options: &Doctor) -> Report {
    let mut report = Report::default();
    let loaded = match settings::for_command(&options.common) {
        Ok(loaded) => loaded,
        Err(trouble) => {
            report.add("configuration", Verdict::Wrong, trouble.to_string());
            return report;
        }
    };
    let is_dev = options.common.dev || options.common.data.is_some();
    check::configuration(&loaded, is_dev, &mut report);
    let mut patient = Patient { loaded, is_dev, mail: options.mail.clone(), clock: Clock::system(), inside: None };
    let config = patient.loaded.config.clone();
    let (found, inside) = in_time("database", async move {
        let mut report = Report::default();
        let opened = check::database(&config, &mut report).await;
        let inside = match opened {
            Some(Opened { store, keyring }) => Some(database::look(&config, (store, keyring), &mut report).await),
            None => None,
        };
        (report, inside)
    })
    .await;
    report.extend(found);
    patient.inside = inside.flatten();
    let patient = Arc::new(patient);
    for found in elsewhere(&patient).await {
        report.extend(found);
    }
    if let Some(inside) = &patient.inside {
        inside.store.close().await;
    }
    report
}

/// Looks at all that is not in the database, at the same time.
async fn elsewhere(patient: &Arc<Patient>) -> Vec<Report> {
    let of = || Arc::clone(patient);
    let others = of();
    let beside = async move {
        let mut report = Report::default();
        check::others(&others.loaded.config, &mut report);
        check::providers(&others.loaded.config, &mut report).await;
        (report, ())
    };
    let looks = vec![
        tokio::spawn(in_time("public address", origin::look(of()))),
        tokio::spawn(in_time("redis", redis::look(of()))),
        tokio::spawn(in_time("mail", mail::look(of()))),
        tokio::spawn(in_time("push", push::look(of()))),
        tokio::spawn(in_time("traces", traces::look(of()))),
        tokio::spawn(in_time("other settings", beside)),
    ];
    join_all(looks).await.into_iter().filter_map(|found| Some(found.ok()?.0)).collect()
}

/// Looks for a limited time.
async fn in_time<T: Send + 'static>(
    what: &'static str,
    look: impl Future<Output = (Report, T)> + Send + 'static,
) -> (Report, Option<T>) {
    // In a task of its own: one that blocks its thread does not hold up the clock that it is measured by.
    let trouble = match timeout(LIMIT, tokio::spawn(look)).await {
        Ok(Ok((report, found))) => return (report, Some(found)),
        Ok(Err(broken)) => format!("the look itself broke ({broken})"),
        Err(_) => format!("nothing was found out within {} seconds", LIMIT.as_secs()),
    };
    let mut report = Report::default();
    report.wrong(what, trouble, "see whether a firewall swallows what is sent, and whether names are answered (DNS)");
    (report, None)
}
