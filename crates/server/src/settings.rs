//! Which configuration a command works with: that of `serve`, or that of `dev`.

use crate::cli::Common;
use crate::config::value::{Private, SmtpUrl};
use crate::config::{self, Config, ConfigError, Loaded};
use crate::data_folder;
use crate::say::Trouble;
use std::path::{Path, PathBuf};

/// Where `dev` sends mail while its catcher does not run: nowhere.
pub(crate) const NO_MAIL: &str = "smtp://127.0.0.1:9";
const USUAL_FILE: &str = "/etc/watchbell/watchbell.toml";

/// The environment that settings are read from; names and values that are no Unicode are left out.
pub(crate) fn environment() -> Vec<(String, String)> {
    let pairs = std::env::vars_os();
    pairs.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect()
}

/// The configuration for `serve`.
///
/// # Errors
/// [`Trouble`] with every mistake.
pub(crate) fn for_serve(file: Option<&Path>) -> Result<Loaded, Trouble> {
    let environment = environment();
    let file = file.map(Path::to_owned).or_else(|| usual_file(&environment));
    config::load(&Config::default(), file.as_deref(), &environment).map_err(|errors| listed(&errors))
}

/// The configuration for `dev` with its data in a folder. `smtp_port` is the mail catcher's, when it runs.
///
/// # Errors
/// [`Trouble`] with every mistake in the environment.
pub(crate) fn for_dev(folder: &Path, origin: Option<&str>, smtp_port: Option<u16>) -> Result<Loaded, Trouble> {
    let mut defaults = Config::default();
    defaults.database.url = Private::new(format!("sqlite:{}", folder.join("watchbell.db").display()));
    defaults.keys.master_key_file = folder.join("master.key");
    defaults.log.level = "warn".to_owned();
    defaults.limits.connections_per_worker = 1024;
    let literal = |e: String| Trouble::new(format!("a default is broken: {e}"));
    defaults.mail.from = Some("Watchbell <no-reply@watchbell.example>".parse().map_err(literal)?);
    defaults.push.contact = Some("mailto:developer@watchbell.example".parse().map_err(literal)?);
    if let Some(origin) = origin {
        defaults.server.public_origin = Some(origin.parse().map_err(|e| Trouble::new(format!("{origin}: {e}")))?);
    }
    // Without the catcher nothing is sent: a command adds rows, and a running server sends.
    let smtp = smtp_port.map_or_else(|| NO_MAIL.to_owned(), |port| format!("smtp://127.0.0.1:{port}"));
    let smtp: SmtpUrl = smtp.parse().map_err(literal)?;
    defaults.mail.smtp_url = Some(smtp);
    config::load(&defaults, None, &environment()).map_err(|errors| listed(&errors))
}

/// The configuration of the installation that a command is about.
///
/// # Errors
/// [`Trouble`] with every mistake, or when no installation is named and none can be guessed.
pub(crate) fn for_command(common: &Common) -> Result<Loaded, Trouble> {
    if common.dev || common.data.is_some() {
        let folder = dev_folder(common.data.as_deref())?;
        if !folder.is_dir() {
            let text =
                format!("there is no data of watchbell dev in {}: start `watchbell dev` first", folder.display());
            return Err(Trouble::new(text));
        }
        return for_dev(&folder, None, None);
    }
    let environment = environment();
    let named = common.config.is_some()
        || usual_file(&environment).is_some()
        || environment.iter().any(|(name, _)| name == "WATCHBELL_DATABASE__URL");
    if named {
        return for_serve(common.config.as_deref());
    }
    Err(Trouble::new(
        "which installation? Add --dev for that of `watchbell dev`, or --config FILE for that of `watchbell serve`",
    ))
}

/// The data folder of `dev`.
///
/// # Errors
/// [`Trouble`] when none is named and the environment knows no home.
pub(crate) fn dev_folder(named: Option<&Path>) -> Result<PathBuf, Trouble> {
    match named {
        Some(folder) => std::path::absolute(folder).map_err(|e| Trouble::new(format!("{}: {e}", folder.display()))),
        None => data_folder::default_path(&environment()),
    }
}

/// Several mistakes as one text, each on a line of its own.
pub(crate) fn listed(errors: &[ConfigError]) -> Trouble {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    match lines.as_slice() {
        [one] => Trouble::new(one),
        several => {
            Trouble::new(format!("the configuration has {} mistakes:\n  {}", several.len(), several.join("\n  ")))
        }
    }
}

fn usual_file(environment: &[(String, String)]) -> Option<PathBuf> {
    let named = environment.iter().find(|(name, value)| name == "WATCHBELL_CONFIG" && !value.is_empty());
    named
        .map(|(_, value)| PathBuf::from(value))
        .or_else(|| Some(PathBuf::from(USUAL_FILE)).filter(|path| path.is_file()))
}
