//! The commands that carry a whole installation.

use super::Common;
use clap::Args;
use std::path::PathBuf;

/// Options of `backup`.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write. It must not be there yet.
    pub file: PathBuf,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The file that `watchbell backup` wrote.
    pub file: PathBuf,
    /// Which installation: its configuration names the database, which must be empty, and the master key.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `move`.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The database to move to, which must be empty: postgres://USER:PASSWORD@HOST/NAME or sqlite:FILE. With - it is read
    /// from standard input, so that its password stands in no list of processes.
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}
