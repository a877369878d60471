//! `watchbell check`: reads, opens, and says what is fine and what to do.

use super::format;
use super::report::{Report, Verdict};
use crate::cli::Common;
use crate::config::value::SmtpUrl;
use crate::config::{Config, Loaded, production};
use crate::installation::{self, Use};
use crate::say::Trouble;
use crate::{master_key, settings, wiring};
use base::{Keyring, MasterKey};
use identity::login::{Assurance, Method, Methods, Stricter};
use oauth::client::Client;
use std::process::ExitCode;
use std::time::Duration;
use store::Store;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long the mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(common: &Common) -> Result<ExitCode, Trouble> {
    let loaded = settings::for_command(common)?;
    let is_dev = common.dev || common.data.is_some();
    let mut report = Report::default();
    configuration(&loaded, is_dev, &mut report);
    if let Some(opened) = database(&loaded.config, &mut report).await {
        opened.store.close().await;
    }
    redis(&loaded.config, &mut report).await;
    others(&loaded.config, &mut report);
    providers(&loaded.config, &mut report).await;
    match &loaded.config.mail.smtp_url {
        Some(url) if !is_dev => mail_server(url, &mut report).await,
        _ => {}
    }
    report.say(format(common))
}

/// Where the settings come from, and whether they are safe where that matters.
pub(super) fn configuration(loaded: &Loaded, is_dev: bool, report: &mut Report) {
    let file = loaded
        .file
        .as_ref()
        .map_or_else(|| "no file; defaults and environment".to_owned(), |f| f.display().to_string());
    report.add("configuration", Verdict::Ok, file);
    if !is_dev {
        safety(loaded, report);
    }
}

fn safety(loaded: &Loaded, report: &mut Report) {
    let insecure = production::insecure(loaded, master_key::mode(&loaded.config.keys.master_key_file));
    for error in &insecure {
        report.add("safety", Verdict::Wrong, error.to_string());
    }
    if insecure.is_empty() {
        report.add("safety", Verdict::Ok, "every setting is safe in production");
    }
}

/// A database that could be opened.
pub(super) struct Opened {
    pub(super) store: Store,
    /// The keys in it, where the master key opens them.
    pub(super) keyring: Option<Keyring>,
}

/// That the database can be opened, and what is sealed in it.
pub(super) async fn database(config: &Config, report: &mut Report) -> Option<Opened> {
    let shown = config.database.url.shown();
    let is_file = installation::sqlite_file(config.database.url.reveal());
    if is_file.is_some_and(|file| !file.is_file()) {
        report.add("database", Verdict::Warning, format!("{shown} is not there yet: the first start makes it"));
        key_file(config, None, report);
        return None;
    }
    let store = match installation::open_store(config, Use::Command).await {
        Ok(store) => store,
        Err(e) => {
            report.add("database", Verdict::Wrong, e.to_string());
            return None;
        }
    };
    report.add("database", Verdict::Ok, shown);
    // Tables that are not there yet make this fail; a new database is no mistake.
    let wrapped = store.installation().await.ok().flatten().map(|installation| installation.wrapped_key);
    if wrapped.is_none() {
        report.add("tables", Verdict::Warning, "no installation is in it yet: the first start makes it");
    }
    let keyring = key_file(config, wrapped.as_deref(), report);
    if let Some(keyring) = &keyring {
        signing_keys(&store, keyring, report).await;
    }
    if let Ok(clients) = clients(&store).await {
        for client in clients.iter().filter(|client| !lets_somebody_in(config, client)) {
            let text = format!(
                "nobody can sign in to {} ({}): what it asks for is not to be had here any more. Compare its rules \
                 (watchbell client update {}) with sign_in.methods and [[upstream]]",
                client.name, client.client_id, client.client_id
            );
            report.add("apps", Verdict::Wrong, text);
        }
    }
    Some(Opened { store, keyring })
}

/// That Redis answers, where there is one.
async fn redis(config: &Config, report: &mut Report) {
    let address = match wiring::redis(config) {
        Ok(Some(address)) => address,
        Ok(None) => return,
        Err(e) => return report.add("redis", Verdict::Wrong, e.to_string()),
    };
    let shown = address.shown();
    match address.check().await {
        Ok(found) => report.add("redis", Verdict::Ok, format!("{shown} answers (version {})", found.version)),
        Err(why) => report.add(
            "redis",
            Verdict::Wrong,
            format!("{shown} is of no use ({why}): see redis.url. Until then nodes go on without it, more slowly"),
        ),
    }
    if installation::sqlite_file(config.database.url.reveal()).is_some() {
        report.add("redis", Verdict::Warning, "a node on SQLite is alone, and needs no Redis");
    }
}

async fn clients(store: &Store) -> Result<Vec<Client>, base::Fault> {
    let mut found = Vec::new();
    for tenant in store.tenants().await? {
        found.extend(store.read(tenant.id).await?.list_clients().await?);
    }
    Ok(found)
}

/// Whether what an app asks for can still be had: it was looked at when the app was saved, and settings change.
fn lets_somebody_in(config: &Config, client: &Client) -> bool {
    let here =
        if config.upstream.is_empty() { config.sign_in.policy_without_others() } else { config.sign_in.policy() };
    let methods = client.login.methods.as_ref();
    let stricter = Stricter {
        methods: methods.map(|words| Methods::of(words.iter().filter_map(|word| Method::from_name(word)))),
        require: client.login.min_acr.as_deref().and_then(Assurance::of_acr),
        ..Stricter::default()
    };
    here.with(&stricter).lets_somebody_in()
}

/// The master key: that it is there, and opens what the database holds.
fn key_file(config: &Config, wrapped: Option<&[u8]>, report: &mut Report) -> Option<Keyring> {
    let file = &config.keys.master_key_file;
    let variable = std::env::var(master_key::VARIABLE).ok().filter(|text| !text.is_empty());
    let (source, shown) = match &variable {
        Some(text) => (master_key::Source::Variable(text), format!("environment variable {}", master_key::VARIABLE)),
        None => (master_key::Source::File(file), file.display().to_string()),
    };
    let key: Option<MasterKey> = match master_key::read(source) {
        Ok(key) => key,
        Err(e) => {
            report.add("master key", Verdict::Wrong, e.to_string());
            return None;
        }
    };
    match (key, wrapped) {
        (Some(key), Some(wrapped)) => match key.unwrap_keyring(wrapped) {
            Ok(keyring) => {
                report.add("master key", Verdict::Ok, format!("{shown} opens this database's keys"));
                return Some(keyring);
            }
            Err(_) => report.add(
                "master key",
                Verdict::Wrong,
                format!("{shown} is not the key that this database was made with: put that one back from your backup"),
            ),
        },
        (None, Some(_)) => report.add(
            "master key",
            Verdict::Wrong,
            format!("there is no {shown}, and the database was made with one: put it back from your backup"),
        ),
        (Some(_), None) => report.add("master key", Verdict::Ok, shown),
        (None, None) => {
            report.add("master key", Verdict::Warning, format!("{shown} is not there yet: the first start makes it"))
        }
    }
    None
}

/// That each sealed private key can be opened.
async fn signing_keys(store: &Store, keyring: &Keyring, report: &mut Report) {
    let mut opened = 0_usize;
    let found = async {
        for tenant in store.tenants().await? {
            for usage in [store::model::KeyUse::Sign, store::model::KeyUse::Vapid] {
                for key in store.read(tenant.id).await?.list_keys(usage).await? {
                    let place = format!("keys.private/{}", key.id);
                    keyring.open(&place, &key.private).map_err(|e| base::Fault::new("open a sealed key", e))?;
                    opened += 1;
                }
            }
        }
        Ok::<(), base::Fault>(())
    };
    match found.await {
        Ok(()) => report.add("sealed keys", Verdict::Ok, format!("{opened} can be opened")),
        Err(fault) => {
            report.add("sealed keys", Verdict::Wrong, format!("{fault}: put the database back from your backup"))
        }
    }
}

/// What is set beside.
pub(super) fn others(config: &Config, report: &mut Report) {
    match wiring::outbound(config) {
        Ok(_) => report.add("outgoing connections", Verdict::Ok, "ready"),
        Err(e) => report.add("outgoing connections", Verdict::Wrong, e.to_string()),
    }
    match wiring::geo(config) {
        Ok(Some(_)) => report.add("places", Verdict::Ok, "the database of places can be read"),
        Ok(None) => {
            report.add("places", Verdict::Warning, "notices name no place: geo.mmdb_file is not set");
            let blind = config.risk.need_places();
            if !blind.is_empty() {
                let text = format!("without geo.mmdb_file these see nothing: {}", blind.join(", "));
                report.add("risk rules", Verdict::Warning, text);
            }
        }
        Err(e) => report.add("places", Verdict::Wrong, e.to_string()),
    }
    if config.risk.shadow {
        report.add("risk rules", Verdict::Warning, "they only record: risk.shadow is on");
    }
    if !config.upstream.is_empty() && !config.sign_in.policy().methods.has(Method::Upstream) {
        let text = "there are [[upstream]], and no button for them: \"upstream\" is not in sign_in.methods";
        report.add("sign-in by others", Verdict::Warning, text);
    }
}

/// That each provider's documents can be had and are right. Whether it takes our secret shows at the first sign-in.
pub(super) async fn providers(config: &Config, report: &mut Report) {
    let Ok(outbound) = wiring::outbound(config) else { return };
    for provider in wiring::upstreams(config) {
        let shown = format!("{} ({})", provider.name, provider.issuer());
        let checked = upstream::Upstream::new(provider, outbound.clone()).check(base::Clock::system().now()).await;
        match checked {
            Ok(()) => report.add("sign-in by others", Verdict::Ok, shown),
            Err(trouble) => report.add("sign-in by others", Verdict::Wrong, format!("{shown}: {trouble}")),
        }
    }
}

async fn mail_server(url: &SmtpUrl, report: &mut Report) {
    let shown = url.shown();
    let Some(address) = url.authority() else { return };
    match timeout(PATIENCE, TcpStream::connect(&address)).await {
        Ok(Ok(_)) => report.add("mail server", Verdict::Ok, format!("{shown} takes connections")),
        Ok(Err(e)) => {
            report.add("mail server", Verdict::Wrong, format!("{shown} can't be reached ({e}): see mail.smtp_url"))
        }
        Err(_) => report.add(
            "mail server",
            Verdict::Wrong,
            format!("{shown} does not answer: see mail.smtp_url and the firewall"),
        ),
    }
}
