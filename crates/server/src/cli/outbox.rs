//! The commands about what could not be delivered.

use super::Common;
use clap::{ArgGroup, Args, Subcommand};

/// Commands about the outbox.
#[derive(Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// List what was given up, newest first: what it tells of, how often it was tried, and what went wrong last.
    #[command(after_help = "Examples:
  watchbell outbox list
  watchbell outbox list --json | jq -r '.[].why'")]
    List(OutboxList),
    /// Have it sent again, with as much time as it had at first. A running server does it at once.
    #[command(after_help = "Examples:
  watchbell outbox retry 01993f2e-6ad0-7cc0-9b6e-6f3f0b0f4d2a
  watchbell outbox retry --all")]
    Retry(OutboxRetry),
}

/// Options of `outbox list`.
#[derive(Debug, Args)]
pub(crate) struct OutboxList {
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub most: u32,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `outbox retry`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["ids", "all"]))]
pub(crate) struct OutboxRetry {
    /// Its id, as `outbox list` shows it. May be given several times.
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// All of them.
    #[arg(long)]
    pub all: bool,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}
