//! The commands about scopes and claims of the operator's own.

use super::Common;
use clap::{Args, Subcommand};

/// Commands about scopes.
#[derive(Debug, Subcommand)]
pub(crate) enum ScopeCommand {
    /// Define a scope, the claims that it opens, and what the consent page says of it. What was there of that name goes.
    #[command(after_help = "Examples:
  watchbell scope define work --claim department --claim employee_number=number \\
      --words en=\"see where you work\" --words de=\"sehen, wo Du arbeitest\"")]
    Define(ScopeDefine),
    /// List them.
    #[command(after_help = "Examples:
  watchbell scope list --json")]
    List(Common),
    /// Take one away: its claims are told to nobody any more.
    #[command(after_help = "Examples:
  watchbell scope remove work")]
    Remove(ScopeRemove),
}

/// Options of `scope define`.
#[derive(Debug, Args)]
pub(crate) struct ScopeDefine {
    /// The scope, one word.
    pub name: String,
    /// A claim that it opens, and the attribute of the account that is its value, when that has another name. May be given
    /// several times.
    #[arg(long, value_name = "CLAIM[=ATTRIBUTE]")]
    pub claim: Vec<String>,
    /// What the consent page says of it, in a language of the pages: en, de, ar. May be given several times.
    #[arg(long, value_name = "LANGUAGE=WORDS")]
    pub words: Vec<String>,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `scope remove`.
#[derive(Debug, Args)]
pub(crate) struct ScopeRemove {
    /// The scope.
    pub name: String,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}
