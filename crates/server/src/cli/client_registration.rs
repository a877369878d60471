//! The commands about apps that register themselves.

use super::Common;
use clap::{Args, Subcommand};

/// Commands about the tokens with which apps may register themselves.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token with which apps may register themselves (RFC 7591). Prints it: the only time it is shown.
    #[command(after_help = "Examples:
  watchbell client token add --name \"Build server\" --uses 1
  watchbell client token add --name Partners --uses 50 --days 30 --json | jq -r .token")]
    Add(TokenAdd),
    /// List them.
    #[command(after_help = "Examples:
  watchbell client token list --dev
  watchbell client token list --json")]
    List(Common),
    /// Take one back. The apps that were registered with it stay.
    #[command(after_help = "Examples:
  watchbell client token withdraw 01999b7e-0000-7000-8000-000000000001")]
    Withdraw(TokenWithdraw),
}

/// Options of `client token add`.
#[derive(Debug, Args)]
pub(crate) struct TokenAdd {
    /// Whom you give it to, for your own list.
    #[arg(long)]
    pub name: String,
    /// How many apps may register with it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub uses: u32,
    /// How many days it works.
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub days: u16,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `client token withdraw`.
#[derive(Debug, Args)]
pub(crate) struct TokenWithdraw {
    /// Its id, as `client token list` shows it.
    pub id: String,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `client list`.
#[derive(Debug, Args)]
pub(crate) struct ClientList {
    /// Only apps that came without you: that registered themselves, or are what a document says.
    #[arg(long)]
    pub registered: bool,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `client remove`.
#[derive(Debug, Args)]
pub(crate) struct ClientRemove {
    /// The client id.
    pub id: String,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `client log`.
#[derive(Debug, Args)]
pub(crate) struct ClientLog {
    /// How far back. What apps did is kept for about a quarter of a year.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub days: u16,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `client purge`.
#[derive(Debug, Args)]
pub(crate) struct ClientPurge {
    /// Only those that came at least so many days ago.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub days: u16,
    /// Also those that people use: what they allowed is forgotten, and the apps' tokens end.
    #[arg(long)]
    pub also_used: bool,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}
