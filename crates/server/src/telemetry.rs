//! The log: `tracing` events to standard error, for people or as JSON.

use crate::config::machine::{Log, LogFormat};
use crate::say::Trouble;
use std::io;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts the log for the life of the process. Secrets can't reach it: their types have no `Debug`.
///
/// # Errors
/// [`Trouble`] when the filter can't be read or a log runs already.
pub(crate) fn start(log: &Log) -> Result<(), Trouble> {
    let filter = EnvFilter::try_new(&log.level).map_err(|e| Trouble::new(format!("log.level: {e}")))?;
    let layers = tracing_subscriber::registry().with(filter);
    let started = match log.format {
        LogFormat::Text => {
            layers.with(fmt::layer().with_writer(io::stderr).with_ansi(false).with_target(false)).try_init()
        }
        LogFormat::Json => layers.with(fmt::layer().json().flatten_event(true).with_writer(io::stderr)).try_init(),
    };
    started.map_err(|e| Trouble::new(format!("start the log: {e}")))
}
