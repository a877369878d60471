//! Opens an installation: database, keys, tenant.

use crate::config::{Config, Loaded};
use crate::say::Trouble;
use crate::{data_folder, master_key, wiring};
use app::{App, Here, Parts};
use base::{Clock, Id, Keyring, MasterKey, Origin, Rng};
use bus::{Bus, Member};
use meter::Meter;
use outbound::Outbound;
use std::error::Error;
use std::path::Path;
use std::time::Duration;
use store::{Store, StoreSettings};
use tokio::runtime::Handle;

/// An open installation.
pub(crate) struct Installation {
    /// The use cases.
    pub app: App,
    /// The database.
    pub store: Store,
    /// Opens what is sealed.
    pub keyring: Keyring,
    /// The HTTP client.
    pub outbound: Outbound,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    _farewell: Farewell,
}

/// How long a start waits for Redis to show whether it is there, and a command's end for what it told to leave.
const SETTLING: Duration = Duration::from_millis(250);

/// A command waits at its end until the servers were told of what it did.
struct Farewell(Option<Bus>);

impl Drop for Farewell {
    fn drop(&mut self) {
        if let (Some(bus), Ok(runtime)) = (&self.0, Handle::try_current()) {
            tokio::task::block_in_place(|| runtime.block_on(bus.flush(SETTLING)));
        }
    }
}

/// What to do when the installation's origin is not the configured one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherOrigin {
    /// Refuse, and say what to do.
    Refuse,
    /// Move the installation to the configured one.
    Move,
}

impl Installation {
    /// Opens it for a server, and makes what is not there yet: tables, master key, tenant.
    ///
    /// # Errors
    /// [`Trouble`] that says what to do.
    pub(crate) async fn open_for_server(loaded: &Loaded, other: OtherOrigin) -> Result<Self, Trouble> {
        let config = &loaded.config;
        let origin = config.server.public_origin.as_ref();
        let origin = origin.ok_or_else(|| Trouble::new(loaded.error("server.public_origin", "set it").to_string()))?;
        let store = open_store(config, Use::Serve).await?;
        bring_up_to_date(&store).await?;
        let (clock, rng) = (Clock::system(), Rng::system());
        let keyring = open_keyring(&store, config, (&clock, &rng)).await?;
        settle_origin(&store, loaded, origin, other).await?;
        app::setup::ensure_tenant(&store, &keyring, (&clock, &rng), (origin, &config.tenant.name)).await?;
        Self::assemble(config, store, keyring, ((clock, rng), Use::Serve)).await
    }

    /// Opens it for a command, beside a server that may be running.
    ///
    /// # Errors
    /// [`Trouble`] that says what to do.
    pub(crate) async fn open_for_command(loaded: &Loaded) -> Result<Self, Trouble> {
        let config = &loaded.config;
        let store = open_store(config, Use::Command).await?;
        bring_up_to_date(&store).await?;
        let (clock, rng) = (Clock::system(), Rng::system());
        let keyring = open_keyring(&store, config, (&clock, &rng)).await?;
        if let Some(origin) = config.server.public_origin.as_ref().filter(|_| loaded.file.is_some()) {
            settle_origin(&store, loaded, origin, OtherOrigin::Refuse).await?;
            app::setup::ensure_tenant(&store, &keyring, (&clock, &rng), (origin, &config.tenant.name)).await?;
        }
        // A command hashes one password at most.
        let mut config = config.clone();
        config.password.hashers = 1;
        Self::assemble(&config, store, keyring, ((clock, rng), Use::Command)).await
    }

    async fn assemble(
        config: &Config,
        store: Store,
        keyring: Keyring,
        ((clock, rng), usage): ((Clock, Rng), Use),
    ) -> Result<Self, Trouble> {
        let outbound = wiring::outbound(config)?;
        let meter = Meter::new();
        if let Some(address) = wiring::redis(config)? {
            let (node, listens) = (Id::new(&clock, &rng), usage == Use::Serve);
            let member = Member { secret: &keyring.subkey("redis"), node, listens, meter: meter.clone() };
            store.bus().join(address, &member);
            store.bus().settle(SETTLING).await;
        }
        let parts = Parts {
            store: store.clone(),
            clock: clock.clone(),
            rng: rng.clone(),
            keyring: keyring.clone(),
            outbound: outbound.clone(),
            check_subscription: wiring::check_subscription(config, outbound.clone()),
            settings: wiring::app(config)?,
            meter,
        };
        let app = App::open(parts).await?;
        let farewell = Farewell(Some(store.bus().clone()).filter(|_| usage == Use::Command));
        Ok(Self { app, store, keyring, outbound, clock, rng, _farewell: farewell })
    }

    /// The tenant that a command is about: the only one there is.
    ///
    /// # Errors
    /// [`Trouble`] when there is none yet.
    pub(crate) fn here(&self) -> Result<Here, Trouble> {
        let mut tenants = self.app.everywhere();
        match tenants.pop() {
            Some(here) => Ok(here),
            None => Err(Trouble::new("this installation has no tenant yet: start the server once")),
        }
    }
}

/// Who opens the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A server: there is one at a time on SQLite.
    Serve,
    /// A command, which may run beside a server.
    Command,
}

/// Opens the database, and makes the folder of an SQLite file for a server.
///
/// # Errors
/// [`Trouble`] that names the database and why it can't be opened.
pub(crate) async fn open_store(config: &Config, usage: Use) -> Result<Store, Trouble> {
    let url = config.database.url.reveal();
    match (sqlite_file(url), usage) {
        (Some(file), Use::Serve) => {
            if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                data_folder::open(folder)?;
            }
        }
        (Some(file), Use::Command) if !file.is_file() => {
            return Err(Trouble::new(format!("there is no database {} yet: start the server once", file.display())));
        }
        _ => {}
    }
    let settings = StoreSettings {
        pooler: config.database.pooler.into(),
        max_connections: config.database.max_connections,
        shared: usage == Use::Command,
        ..StoreSettings::default()
    };
    let shown = config.database.url.shown();
    let opened = Store::open(url, settings).await;
    let store = opened.map_err(|fault| {
        // What was being done is said already; its cause says the rest.
        let why = fault.source().map_or_else(|| fault.to_string(), ToString::to_string);
        Trouble::new(format!("the database {shown} can't be opened: {why}"))
    })?;
    // PostgreSQL is not asked anything before: told here, the trouble has the name of its setting.
    store.check().await.map_err(|e| {
        Trouble::new(format!(
            "the database {shown} does not answer ({e}): see that it runs and that database.url is right"
        ))
    })?;
    Ok(store)
}

/// Brings the tables up to date.
///
/// # Errors
/// [`Trouble`] when a step fails, and when a newer version has taken away what this one needs.
pub(crate) async fn bring_up_to_date(store: &Store) -> Result<(), Trouble> {
    store.migrate().await?;
    let lacking = store.lacking().await?;
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Trouble::new(format!(
        "a newer version of Watchbell has taken away from the tables what this one needs ({}): run that version, or the one \
         before it; or restore a backup that this version made",
        lacking.join(", ")
    )))
}

/// The file of an SQLite database.
pub(crate) fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// Finds the master key, or makes it for a database that has none yet.
///
/// # Errors
/// [`Trouble`] when the database was made with a key that is not there.
pub(crate) async fn open_keyring(
    store: &Store,
    config: &Config,
    (clock, rng): (&Clock, &Rng),
) -> Result<Keyring, Trouble> {
    let found = store.installation().await?;
    if found.as_ref().is_some_and(|installation| app::carry::is_under_way(&installation.wrapped_key)) {
        return Err(Trouble::new(
            "restoring a backup, or moving, into this database did not come to its end: run that command again",
        ));
    }
    let mut master = find_master_key(store, config, rng).await?;
    if let Some(found) = &found
        && master.unwrap_keyring(&found.wrapped_key).is_err()
        && let Some(next) = next_key(config, &found.wrapped_key)?
    {
        master = next;
    }
    app::setup::open_keyring(store, &master, (clock, rng)).await.map_err(|e| {
        Trouble::new(format!("{e}. Use the master key that this database was made with ({})", whence(config)))
    })
}

async fn find_master_key(store: &Store, config: &Config, rng: &Rng) -> Result<MasterKey, Trouble> {
    let file = &config.keys.master_key_file;
    let variable = std::env::var(master_key::VARIABLE).ok().filter(|text| !text.is_empty());
    let source = match &variable {
        Some(text) => master_key::Source::Variable(text),
        None => master_key::Source::File(file),
    };
    if let Some(key) = master_key::read(source)? {
        return Ok(key);
    }
    if store.installation().await?.is_some() {
        let text = format!(
            "there is no master key {}, and the database was made with one: put it back from your backup",
            file.display()
        );
        return Err(Trouble::new(text));
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        data_folder::open(folder)?;
    }
    master_key::create(file, rng)
}

/// The key of a change of the master key that was cut off when the database had taken the new one up: it is put in its place.
fn next_key(config: &Config, wrapped: &[u8]) -> Result<Option<MasterKey>, Trouble> {
    let file = &config.keys.master_key_file;
    let next = master_key::read(master_key::Source::File(&master_key::next_of(file)))?;
    let Some(next) = next.filter(|next| next.unwrap_keyring(wrapped).is_ok()) else { return Ok(None) };
    master_key::put_next(file)?;
    Ok(Some(next))
}

fn whence(config: &Config) -> String {
    match std::env::var_os(master_key::VARIABLE) {
        Some(_) => format!("environment variable {}", master_key::VARIABLE),
        None => config.keys.master_key_file.display().to_string(),
    }
}

async fn settle_origin(store: &Store, loaded: &Loaded, origin: &Origin, other: OtherOrigin) -> Result<(), Trouble> {
    let tenants = store.tenants().await?;
    let [only] = tenants.as_slice() else { return Ok(()) };
    if only.origin == *origin {
        return Ok(());
    }
    if other == OtherOrigin::Refuse {
        let what = format!(
            "{origin} is not the origin of this installation, {}. Set that, or start once with --accept-new-origin: \
             apps must then learn the new issuer, and browsers be signed in and subscribed again",
            only.origin
        );
        return Err(Trouble::new(loaded.error("server.public_origin", what).to_string()));
    }
    let mut moved = only.clone();
    moved.origin = origin.clone();
    Ok(store.update_tenant(&moved).await?)
}
