//! The command that looks for trouble.

use super::Common;
use base::Email;
use clap::Args;

/// Options of `doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Send a test mail to this address.
    #[arg(long, value_name = "ADDRESS")]
    pub mail: Option<Email>,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}
