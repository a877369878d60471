//! The database beyond "it opens": its version, its tables, its place.

use super::super::report::Report;
use super::Inside;
use super::clock::{self, Span};
use crate::config::Config;
use crate::installation;
use base::{Clock, Keyring};
use std::path::Path;
use std::time::Duration;
use store::{Condition, Store};

/// The oldest PostgreSQL that its makers still mend.
const OLDEST_POSTGRES: u32 = 14;
/// Less free space is told; much less is wrong: the next backup or night of many sign-ins may fill it.
const LITTLE: u64 = 1 << 30;
const HARDLY_ANY: u64 = 64 << 20;

/// Looks at an open database.
pub(super) async fn look(config: &Config, (store, keyring): (Store, Option<Keyring>), report: &mut Report) -> Inside {
    let file = installation::sqlite_file(config.database.url.reveal());
    let ours = Clock::system();
    // Once before, so that making the connection does not count.
    let warm = store.condition().await;
    let from = ours.now();
    let condition = match warm {
        Ok(_) => store.condition().await,
        Err(fault) => Err(fault),
    };
    let span = Span { from, until: ours.now() };
    match &condition {
        Ok(condition) => {
            version(condition, file.is_some(), report);
            tables(condition, report);
            if let Some(said) = condition.clock {
                clock::compare("the database's clock", span, (said, Duration::ZERO), report);
            }
        }
        Err(fault) => report.wrong("database", format!("it does not tell how it is ({fault})"), "see its log"),
    }
    if let Some(file) = file {
        place(file, report);
    }
    let tenants = store.tenants().await.unwrap_or_default();
    if let (Some(set), [only]) = (&config.server.public_origin, tenants.as_slice())
        && only.origin != *set
    {
        report.wrong(
            "issuer",
            format!("server.public_origin is {set}, and this installation is {}", only.origin),
            "set that, or start once with --accept-new-origin: apps must then learn the new issuer",
        );
    }
    Inside { store, keyring, tenants }
}

fn version(condition: &Condition, is_sqlite: bool, report: &mut Report) {
    let version = &condition.version;
    if is_sqlite {
        return report.ok("database", format!("SQLite {version}"));
    }
    let major = version.split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_some_and(|major| major < OLDEST_POSTGRES) {
        let next = format!("move to PostgreSQL {OLDEST_POSTGRES} or later");
        return report.warn("database", format!("PostgreSQL {version} is not mended any more"), next);
    }
    report.ok("database", format!("PostgreSQL {version}"));
}

fn tables(condition: &Condition, report: &mut Report) {
    let Condition { missing, unknown, .. } = condition;
    if !unknown.is_empty() {
        let text = format!("a newer version of Watchbell has changed the tables ({})", unknown.join(", "));
        return report.warn("tables", text, "run that version here, too, unless you are just rolling it out");
    }
    if missing.is_empty() {
        return report.ok("tables", "they are up to date");
    }
    let text = format!("{} steps of this version are not taken yet ({})", missing.len(), missing.join(", "));
    report.warn("tables", text, "restart the server with this version, or run watchbell migrate");
}

/// Where the file lies: who can read it, and whether it can grow.
fn place(file: &Path, report: &mut Report) {
    let shown = file.display();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        match std::fs::metadata(file).map(|metadata| metadata.permissions().mode() & 0o777) {
            Ok(mode) if mode & 0o077 != 0 => {
                let text = format!("{shown} can be read by others (mode {mode:03o})");
                report.wrong("database file", text, format!("run chmod 600 {shown}"));
            }
            Ok(mode) => report.ok("database file", format!("{shown} is for its owner alone (mode {mode:03o})")),
            Err(e) => {
                report.wrong("database file", format!("{shown} can't be looked at ({e})"), "see its folder's owner")
            }
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Ok(disk) = rustix::fs::statvfs(folder) {
            space(&folder.display().to_string(), disk.f_bavail.saturating_mul(disk.f_frsize), report);
        }
    }
    #[cfg(not(unix))]
    report.ok("database file", shown.to_string());
}

/// Whether the file can grow.
#[cfg(unix)]
fn space(folder: &str, free: u64, report: &mut Report) {
    let text = format!("{} MiB are free in {folder}", free >> 20);
    let next = "make room there, or move the database to another disk";
    if free < HARDLY_ANY {
        report.wrong("disk", text, next);
    } else if free < LITTLE {
        report.warn("disk", text, next);
    } else {
        report.ok("disk", text);
    }
}
