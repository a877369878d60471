//! The log: `tracing` events to standard error, for people or as JSON; and beside it the spans of traces.

use crate::config::Config;
use crate::config::machine::LogFormat;
use crate::say::Trouble;
use crate::wiring;
use std::io;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

/// Spans that are gathered, until there is an HTTP client that can send them.
pub(crate) struct Traces {
    /// The origin that this client must be allowed to reach.
    pub(crate) origin: String,
    /// Where they wait.
    pub(crate) spans: traces::Waiting,
}

/// Starts the log for the life of the process, and the gathering of spans where the operator wants it. Secrets can't reach either: their
/// types have no `Debug`.
///
/// # Errors
/// [`Trouble`] when a setting can't be read or a log runs already.
pub(crate) fn start(config: &Config) -> Result<Option<Traces>, Trouble> {
    let log = &config.log;
    let filter = EnvFilter::try_new(&log.level).map_err(|e| Trouble::new(format!("log.level: {e}")))?;
    let never = format!("{}=off", base::TRACED).parse().map_err(|e| Trouble::new(format!("start the log: {e}")))?;
    // Spans of traces are none of the log's business. Where there are no traces they are thereby off.
    let filter = filter.add_directive(never);
    let settings = wiring::traces(config)?;
    let origin = settings.as_ref().map(traces::Settings::origin);
    let (started, spans) = match settings {
        None => (registry().with(filter).with(lines(log.format)).try_init(), None),
        Some(settings) => {
            let (layer, spans) = traces::start(settings);
            (registry().with(layer).with(lines(log.format).with_filter(filter)).try_init(), Some(spans))
        }
    };
    started.map_err(|e| Trouble::new(format!("start the log: {e}")))?;
    Ok(origin.zip(spans).map(|(origin, spans)| Traces { origin, spans }))
}

fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    match format {
        LogFormat::Text => fmt::layer().with_writer(io::stderr).with_ansi(false).with_target(false).boxed(),
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(io::stderr).boxed(),
    }
}
