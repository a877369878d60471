//! The commands about keys.

use super::{Alg, Common};
use clap::{Args, Subcommand};

/// Commands about keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List the keys, and how each stands.
    #[command(after_help = "Examples:
  watchbell keys status
  watchbell keys status --json | jq -r '.[] | select(.state == \"in_use\") | .kid'")]
    Status(Common),
    /// Publish new signing keys. They sign after keys.announce_minutes, so that no app meets an unknown key; the old
    /// ones stay published for keys.keep_hours. With --vapid or --master those keys instead.
    #[command(after_help = "Examples:
  watchbell keys rotate --config /etc/watchbell/watchbell.toml
  watchbell keys rotate --alg es256
  watchbell keys rotate --vapid
  watchbell keys rotate --master")]
    Rotate(KeysRotate),
    /// Take a key away at once, because somebody else may have it. What it signed is worth nothing any more; running servers
    /// know within half a minute. Where it was in use, a new one takes its place.
    #[command(after_help = "Examples:
  watchbell keys revoke U3p1VvBqfN9a")]
    Revoke(KeysRevoke),
}

/// Options of `keys rotate`.
#[derive(Debug, Args)]
pub(crate) struct KeysRotate {
    /// The signing key of this algorithm alone. May be given several times. Default: those of all.
    #[arg(long, value_enum, value_name = "ALG", conflicts_with_all = ["vapid", "master"])]
    pub alg: Vec<Alg>,
    /// A new key for push services to know this server by. Browsers take it up one by one, when they come here.
    #[arg(long, conflicts_with = "master")]
    pub vapid: bool,
    /// A new master key: the file of keys.master_key_file is replaced, and the earlier key opens this database no more.
    #[arg(long)]
    pub master: bool,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `keys revoke`.
#[derive(Debug, Args)]
pub(crate) struct KeysRevoke {
    /// The key's id, as `keys status` shows it.
    // One in 64 begins with a hyphen.
    #[arg(allow_hyphen_values = true)]
    pub kid: String,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}
