//! A whole installation: backing it up, restoring it, moving it to another database.

use super::format;
use crate::cli::{Backup, Common, Move, Restore};
use crate::config::value::Private;
use crate::installation::{self, Installation, Use};
use crate::say::{self, Format, Trouble};
use crate::{master_key, settings};
use app::carry::{self, CarryError, Sums};
use base::Clock;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};
use store::{Store, StoreSettings};

/// Writes a backup beside a server that may be running.
pub(super) async fn backup(options: &Backup) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let file = &options.file;
    if file.exists() {
        return Err(Trouble::new(format!("{} is there already: name another file", file.display())));
    }
    // Under its own name there is never half of one.
    let unfinished = beside(file);
    let out = BufWriter::new(create(&unfinished).map_err(|e| unwritten(file, &e))?);
    let (store, now) = (&installation.store, installation.clock.now());
    let written = carry::backup(store, &installation.keyring, now, out, &mut told(&options.common)).await;
    let sums = match written.map_err(|e| why(file, &e)).and_then(|(out, sums)| {
        put_in_place(out, &unfinished, file).map_err(|e| unwritten(file, &e))?;
        Ok(sums)
    }) {
        Ok(sums) => sums,
        Err(trouble) => {
            drop(fs::remove_file(&unfinished));
            return Err(trouble);
        }
    };
    match format(&options.common) {
        Format::Json => say::json(&serde_json::json!({
            "file": file, "made_at": now.to_rfc3339(), "rows": rows(&sums),
        })),
        Format::Text => {
            say::line(format_args!(
                "Written: {}. Without the master key it can't be restored: keep a copy of that elsewhere.",
                file.display()
            ));
            Ok(())
        }
    }
}

/// Restores a backup into an empty database.
pub(super) async fn restore(options: &Restore) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let file = &options.file;
    let opened = File::open(file).map_err(|e| Trouble::new(format!("{} can't be read: {e}", file.display())))?;
    let key_file = &loaded.config.keys.master_key_file;
    let variable = std::env::var(master_key::VARIABLE).ok().filter(|text| !text.is_empty());
    let source = variable.as_deref().map_or(master_key::Source::File(key_file), master_key::Source::Variable);
    let Some(master) = master_key::read(source)? else {
        return Err(Trouble::new(format!(
            "there is no master key {}: put the one back that the backup was made with",
            key_file.display()
        )));
    };
    let store = installation::open_store(&loaded.config, Use::Serve).await?;
    let now = Clock::system().now();
    let restored = carry::restore(BufReader::new(opened), &master, &store, now, &mut told(&options.common)).await;
    store.close().await;
    let database = loaded.config.database.url.shown();
    let restored = restored.map_err(|e| match e {
        CarryError::InUse => Trouble::new(format!("{e}: {database}")),
        e => why(file, &e),
    })?;
    match format(&options.common) {
        Format::Json => say::json(&serde_json::json!({
            "database": database, "made_at": restored.made_at.to_rfc3339(), "rows": rows(&restored.sums),
        })),
        Format::Text => {
            say::line(format_args!(
                "Restored to {database}: everything as it was at {}. All sessions and tokens of that time have ended: people \
                 sign in again. Start the server.",
                restored.made_at.to_rfc3339()
            ));
            Ok(())
        }
    }
}

/// Carries an installation to another database.
pub(super) async fn move_to(options: &Move) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let url = match options.to.as_str() {
        "-" => first_line()?,
        url => Private::new(url),
    };
    if url == loaded.config.database.url {
        return Err(Trouble::new("--to names the database where the installation is: name another"));
    }
    let from = installation::open_store(&loaded.config, Use::Serve).await?;
    from.migrate().await?;
    let shown = url.shown();
    let to = Store::open(url.reveal(), StoreSettings::default()).await?;
    to.check().await.map_err(|e| Trouble::new(format!("the database {shown} does not answer ({e}): see --to")))?;
    let sums = carry::move_to(&from, &to, Clock::system().now(), &mut told(&options.common)).await;
    from.close().await;
    to.close().await;
    let sums = sums.map_err(|e| Trouble::new(format!("{e}: {shown}")))?;
    match format(&options.common) {
        Format::Json => say::json(&serde_json::json!({ "database": shown, "rows": rows(&sums) })),
        Format::Text => {
            say::line(format_args!(
                "Everything is in {shown}, and was read again and compared. Set database.url to it, start the server, and see \
                 that all is well before you remove {}.",
                loaded.config.database.url.shown()
            ));
            Ok(())
        }
    }
}

fn why(file: &Path, error: &CarryError) -> Trouble {
    match error {
        CarryError::File(_) | CarryError::NotABackup(_) | CarryError::Layout(_) | CarryError::Damaged(_) => {
            Trouble::new(format!("{}: {error}", file.display()))
        }
        _ => Trouble::new(error.to_string()),
    }
}

fn unwritten(file: &Path, error: &io::Error) -> Trouble {
    Trouble::new(format!("{} can't be written: {error}", file.display()))
}

/// Says how far it is, to a person.
fn told(common: &Common) -> impl FnMut(&str, u64) + use<> {
    let silent = format(common) == Format::Json;
    move |table, rows| {
        if !silent && rows > 0 {
            say::line(format_args!("{rows:>10}  {table}"));
        }
    }
}

fn rows(sums: &Sums) -> serde_json::Map<String, serde_json::Value> {
    sums.iter().map(|(table, sum)| (table.clone(), sum.rows.into())).collect()
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".unfinished");
    name.into()
}

/// For its owner's eyes alone.
fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn put_in_place(out: BufWriter<File>, unfinished: &Path, file: &Path) -> io::Result<()> {
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(unfinished, file)?;
    match file.parent() {
        Some(folder) if cfg!(unix) && !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn first_line() -> Result<Private, Trouble> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(|e| Trouble::new(format!("read standard input: {e}")))?;
    match line.trim() {
        "" => Err(Trouble::new("no address came on standard input")),
        url => Ok(Private::new(url)),
    }
}
