//! The command line, as `--help` shows it.

mod carry;
mod client;
mod client_proof;
mod client_registration;
mod client_requests;
mod client_tokens;
mod doctor;
mod keys;
mod outbox;
mod scope;

pub(crate) use carry::{Backup, Move, Restore};
pub(crate) use client::{Alg, Ciba, ClientAdd, ClientCommand, ClientUpdate, LoginRules, LogoutRules, Require};
pub(crate) use client_proof::{Auth, CertificateName, Proof};
pub(crate) use client_registration::{
    ClientList, ClientLog, ClientPurge, ClientRemove, TokenAdd, TokenCommand, TokenWithdraw,
};
pub(crate) use client_requests::{Profile, Requests};
pub(crate) use client_tokens::{Form, Tokens};
pub(crate) use doctor::Doctor;
pub(crate) use keys::{KeysCommand, KeysRevoke, KeysRotate};
pub(crate) use outbox::{OutboxCommand, OutboxList, OutboxRetry};
pub(crate) use scope::{ScopeCommand, ScopeDefine, ScopeRemove};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::path::PathBuf;

/// Watchbell: a customer identity server. People sign in to your apps through it (OpenID Connect), and it rings
/// the browsers they own when something happens to their account.
#[derive(Debug, Parser)]
#[command(name = "watchbell", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line; ends the program, with words for the person, where it makes no sense.
    pub(crate) fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| with_nearest(error, std::env::args()).exit())
    }
}

/// Names the nearest command or option of a mistyped one: to the library, `dve` and `dev` have little in common.
fn with_nearest(mut error: clap::Error, words: impl IntoIterator<Item = String>) -> clap::Error {
    let mut command = Cli::command();
    for word in words.into_iter().skip(1) {
        let Some(next) = command.find_subcommand(&word) else { break };
        command = next.clone();
    }
    let (typed, near, names): (_, _, Vec<String>) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let names = command.get_subcommands().map(|one| one.get_name().to_owned());
            (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand, names.collect())
        }
        ErrorKind::UnknownArgument => {
            let names = command.get_arguments().filter_map(|one| Some(format!("--{}", one.get_long()?)));
            (ContextKind::InvalidArg, ContextKind::SuggestedArg, names.collect())
        }
        _ => return error,
    };
    let Some(ContextValue::String(typed)) = error.get(typed) else { return error };
    let bare = |word: &str| word.trim_start_matches('-').to_owned();
    let distance = |name: &String| strsim::damerau_levenshtein(&bare(typed), &bare(name));
    // Less than half of it may be wrong.
    let is_near = |name: &String| distance(name).saturating_mul(2) < bare(name).len();
    let nearest = names.into_iter().min_by_key(distance).filter(is_near);
    if let Some(nearest) = nearest {
        let value = match near {
            ContextKind::SuggestedSubcommand => ContextValue::Strings(vec![nearest]),
            _ => ContextValue::String(nearest),
        };
        error.insert(near, value);
    }
    error
}

const EXAMPLES: &str = "Examples:
  watchbell dev                      try it on this machine; nothing else is needed
  watchbell check --config FILE      see whether a configuration is fine
  watchbell serve --config FILE      run it for real";

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run on this machine with a demo app and a mail catcher; needs no file, database or certificate.
    #[command(after_help = "Examples:
  watchbell dev
  watchbell dev --port 9000 --data ./data
  WATCHBELL_LOG__LEVEL=info watchbell dev --port 0

Settings of the configuration can be changed by the environment, as in WATCHBELL_SIGN_IN__REGISTRATION=closed.
When the server answers it prints one line: ready URL")]
    Dev(Dev),
    /// Run for real. Refuses to start on an insecure setting, and says which.
    #[command(after_help = "Examples:
  watchbell serve --config /etc/watchbell/watchbell.toml
  WATCHBELL_DATABASE__URL=postgres://watchbell@db/watchbell watchbell serve

Without --config the file is that of WATCHBELL_CONFIG, or /etc/watchbell/watchbell.toml if there is one.
When the server answers it prints one line: ready URL")]
    Serve(Serve),
    /// Read the configuration, open the database and the keys, and say what is fine and what to do.
    #[command(after_help = "Examples:
  watchbell check --config /etc/watchbell/watchbell.toml
  watchbell check --dev --json")]
    Check(Common),
    /// Look at everything that a running server depends on, from the public address to the mail server, and say what is wrong and
    /// what to do.
    #[command(after_help = "Examples:
  watchbell doctor --config /etc/watchbell/watchbell.toml
  watchbell doctor --mail me@example.com
  watchbell doctor --json | jq -r '.findings[] | select(.verdict != \"ok\")'

It sends no mail but with --mail, and changes nothing. The exit status is 1 when something is wrong.")]
    Doctor(Doctor),
    /// Bring the database's tables up to date. `serve` and `dev` do so too when they start.
    #[command(after_help = "Examples:
  watchbell migrate --config /etc/watchbell/watchbell.toml")]
    Migrate(Common),
    /// Write a backup of everything but the master key into one file. The server may go on running.
    #[command(after_help = "Examples:
  watchbell backup /backup/watchbell-$(date +%F).backup
  watchbell backup now.backup --dev --json")]
    Backup(Backup),
    /// Restore a backup into an empty database, SQLite or PostgreSQL. Sessions and tokens of that time end: people sign in
    /// again.
    #[command(after_help = "Examples:
  watchbell restore /backup/watchbell-2026-11-25.backup --config /etc/watchbell/watchbell.toml")]
    Restore(Restore),
    /// Carry everything to another database, as from SQLite to PostgreSQL, while no server runs. Nobody notices.
    #[command(after_help = "Examples:
  watchbell move --to postgres://watchbell@db/watchbell
  watchbell move --to - < address-of-the-database

When it was cut off, run it again.")]
    Move(Move),
    /// Apps that people sign in to (OAuth clients).
    #[command(
        subcommand,
        after_help = "Examples:
  watchbell client add --dev --name \"My app\" --redirect-uri http://localhost:3000/callback
  watchbell client list --dev"
    )]
    Client(ClientCommand),
    /// People.
    #[command(
        subcommand,
        after_help = "Examples:
  watchbell user add --email ann@example.com --name \"Ann Lee\"
  watchbell user list
  watchbell user unlock ann@example.com"
    )]
    User(UserCommand),
    /// Scopes and claims of your own.
    #[command(
        subcommand,
        after_help = "Examples:
  watchbell scope define work --claim department
  watchbell scope list
  watchbell scope remove work"
    )]
    Scope(ScopeCommand),
    /// What the risk rules found, and attacks: see whether the rules fit.
    #[command(after_help = "Examples:
  watchbell risk --dev
  watchbell risk --days 14 --json")]
    Risk(Risk),
    /// The keys that sign tokens, that push services know this server by, and that seal the others.
    #[command(
        subcommand,
        after_help = "Examples:
  watchbell keys status
  watchbell keys rotate --config /etc/watchbell/watchbell.toml
  watchbell keys rotate --master
  watchbell keys revoke KID"
    )]
    Keys(KeysCommand),
    /// Notices, mails and calls to apps that could not be delivered and were given up.
    #[command(
        subcommand,
        after_help = "Examples:
  watchbell outbox list
  watchbell outbox retry --all"
    )]
    Outbox(OutboxCommand),
}

/// Options of `dev`.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// The port; the demo app and the mail catcher take the next two when they are free. 0 takes free ones.
    #[arg(long, value_name = "N", default_value_t = 8080, value_parser = port)]
    pub port: u16,
    /// The data folder. Default: where this platform keeps programs' data, like ~/.local/share/watchbell-dev.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Print the addresses as one line of JSON before the line `ready URL`.
    #[arg(long)]
    pub json: bool,
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "a port is a whole number from 0 to 65535")
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Move the installation to the origin that is configured now. Apps must learn the new issuer, and browsers
    /// have to be signed in and subscribed again.
    #[arg(long)]
    pub accept_new_origin: bool,
    /// Print the addresses as one line of JSON before the line `ready URL`.
    #[arg(long)]
    pub json: bool,
}

/// Which installation a command is about, and how it answers.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The configuration file of the installation.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dev", "data"])]
    pub config: Option<PathBuf>,
    /// The installation that `watchbell dev` made.
    #[arg(long)]
    pub dev: bool,
    /// The same, in this data folder.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Commands about people.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a person. Without a password they set one by "Forgot it?" on the sign-in page.
    #[command(after_help = "Examples:
  watchbell user add --email ann@example.com --name \"Ann Lee\"
  printf %s \"$PASSWORD\" | watchbell user add --dev --email ann@example.com --name Ann --password-stdin")]
    Add(UserAdd),
    /// Invite a person by mail: they make the account themselves. A running server sends the mail.
    #[command(after_help = "Examples:
  watchbell user invite ann@example.com
  watchbell user invite ann@example.com --name \"Ann Lee\" --dev")]
    Invite(UserInvite),
    /// List the people, oldest first.
    #[command(after_help = "Examples:
  watchbell user list --dev
  watchbell user list --json | jq -r '.[].email'")]
    List(Common),
    /// Set what else is known of a person, which apps see by the scopes profile and address. What is not named stays as it is.
    #[command(after_help = "Examples:
  watchbell user set ann@example.com given_name=Ann family_name=Lee
  watchbell user set ann@example.com --attribute department=Sales
  watchbell user set ann@example.com birthdate=1990-05-17 website=https://ann.example nickname=")]
    Set(UserSet),
    /// Let a person sign in again whose account too many wrong passwords have closed.
    #[command(after_help = "Examples:
  watchbell user unlock ann@example.com")]
    Unlock(UserUnlock),
    /// Make a link by which somebody who has lost everything sets a new password at once: for operators, who have no way
    /// back by mail, and for people whom you know. It works once, for a day. All that the account has rings, and can
    /// stop it; what signed in besides the password is removed when the link is used.
    #[command(after_help = "Examples:
  watchbell user recover ann@example.com
  watchbell user recover ann@example.com --json | jq -r .url")]
    Recover(UserUnlock),
}

/// Options of `user add`.
#[derive(Debug, Args)]
pub(crate) struct UserAdd {
    /// The mail address. You vouch for it: it counts as confirmed.
    #[arg(long)]
    pub email: String,
    /// The name.
    #[arg(long)]
    pub name: String,
    /// Read the password from standard input, to the end of its first line.
    #[arg(long)]
    pub password_stdin: bool,
    /// They run the installation.
    #[arg(long)]
    pub admin: bool,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `user invite`.
#[derive(Debug, Args)]
pub(crate) struct UserInvite {
    /// The mail address.
    pub email: String,
    /// What they are called; they may write another name.
    #[arg(long)]
    pub name: Option<String>,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `user set`.
#[derive(Debug, Args)]
pub(crate) struct UserSet {
    /// The mail address.
    pub email: String,
    /// What to set, as in given_name=Ann: the name of a claim, or of a part of the address. Nothing after = takes it away.
    #[arg(required_unless_present = "attribute", value_name = "NAME=VALUE")]
    pub details: Vec<String>,
    /// What to set by a name of your own, as in department=Sales: the value of claims of `watchbell scope define`.
    #[arg(long, value_name = "NAME=VALUE")]
    pub attribute: Vec<String>,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `user unlock` and `user recover`.
#[derive(Debug, Args)]
pub(crate) struct UserUnlock {
    /// The mail address.
    pub email: String,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `risk`.
#[derive(Debug, Args)]
pub(crate) struct Risk {
    /// How many days to look back.
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub days: u16,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mistyped_names_the_nearest_on_every_level() {
        for (line, near) in [
            ("watchbell dve", "'dev'"),
            ("watchbell sevre", "'serve'"),
            ("watchbell ckeck --dev", "'check'"),
            ("watchbell user recoverr ann@example.com", "'recover'"),
            ("watchbell user lsit", "'list'"),
            ("watchbell check --dve", "'--dev'"),
            ("watchbell user add --emial ann@example.com --name Ann", "'--email'"),
            ("watchbell keys rotate --cofnig x", "'--config'"),
        ] {
            let words = || line.split(' ').map(str::to_owned);
            let told = with_nearest(Cli::try_parse_from(words()).unwrap_err(), words()).to_string();
            assert!(told.contains("tip: ") && told.contains(near), "{line}: {told}");
        }
        for line in ["watchbell teapot", "watchbell user x", "watchbell check --teapot"] {
            let words = || line.split(' ').map(str::to_owned);
            let told = with_nearest(Cli::try_parse_from(words()).unwrap_err(), words()).to_string();
            assert!(!told.contains("similar"), "nothing is near: {told}");
        }
    }

    #[test]
    fn every_command_has_help_with_examples() {
        fn look(command: &clap::Command) {
            let leaf = command.get_subcommands().next().is_none();
            assert!(command.get_about().is_some(), "{}", command.get_name());
            if leaf {
                assert!(command.get_arguments().any(|a| a.get_id() == "json"), "{} has no --json", command.get_name());
            }
            {
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Examples:") && help.contains("watchbell"), "{}", command.get_name());
            }
            command.get_subcommands().for_each(look);
        }
        let command = Cli::command();
        command.clone().debug_assert();
        look(&command);
    }

    #[test]
    fn an_installation_is_named_one_way_at_a_time() {
        assert!(Cli::try_parse_from(["watchbell", "check", "--config", "x", "--dev"]).is_err());
        assert!(Cli::try_parse_from(["watchbell", "check", "--dev", "--data", "x"]).is_ok());
        for port in ["70000", "abc", "-1", ""] {
            let told = Cli::try_parse_from(["watchbell", "dev", &format!("--port={port}")]).unwrap_err().to_string();
            assert!(told.contains("a port is a whole number from 0 to 65535"), "{told}");
        }
    }
}
