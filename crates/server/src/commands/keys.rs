//! The keys: how they stand, new ones, and the end of one.

use super::client_tokens::signing;
use super::format;
use crate::cli::{Common, KeysRevoke, KeysRotate};
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::{master_key, settings};
use app::Problem;
use app::keys::{KeyState, KeyStatus, NewMaster, RevokeRefusal, Rotated};
use oauth::jose::SigningAlg;
use serde::Serialize;
use store::model::KeyUse;

#[derive(Serialize)]
struct Row {
    alg: String,
    kid: String,
    signs_from: String,
}

impl From<Rotated> for Row {
    fn from(key: Rotated) -> Self {
        Self { alg: key.alg, kid: key.kid, signs_from: key.signs_from.to_jiff().to_string() }
    }
}

/// What `keys rotate` answers.
#[derive(Serialize)]
struct Rotation {
    /// The keys that it made.
    rotated: Vec<Row>,
    /// Keys of an earlier rotation that do not sign yet; their algorithms were left alone.
    waiting: Vec<Row>,
}

/// A key, as it is listed.
#[derive(Serialize)]
struct Listed {
    usage: &'static str,
    alg: String,
    kid: String,
    state: &'static str,
    created_at: String,
    signs_from: String,
    retired_at: Option<String>,
}

impl From<KeyStatus> for Listed {
    fn from(key: KeyStatus) -> Self {
        Self {
            usage: match key.usage {
                KeyUse::Sign => "signing",
                KeyUse::Vapid => "vapid",
            },
            alg: key.alg,
            kid: key.kid,
            state: match key.state {
                KeyState::Waiting => "waiting",
                KeyState::InUse => "in_use",
                KeyState::Retired => "retired",
                KeyState::Over => "over",
            },
            created_at: key.created_at.to_rfc3339(),
            signs_from: key.signs_from.to_rfc3339(),
            retired_at: key.retired_at.map(base::Timestamp::to_rfc3339),
        }
    }
}

/// Lists the keys.
pub(super) async fn status(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let keys: Vec<Listed> = installation.here()?.keys_status().await?.into_iter().map(Listed::from).collect();
    match format(common) {
        Format::Json => say::json(&keys),
        Format::Text => {
            let row = |key: Listed| {
                let state = key.state.replace('_', " ");
                vec![key.usage.to_owned(), key.alg, key.kid, state, key.signs_from, key.retired_at.unwrap_or_default()]
            };
            let rows: Vec<_> = keys.into_iter().map(row).collect();
            say::line(say::table(&["FOR", "ALGORITHM", "KEY", "STATE", "SIGNS FROM", "RETIRED"], &rows));
            Ok(())
        }
    }
}

/// Takes one away.
pub(super) async fn revoke(options: &KeysRevoke) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    installation.here()?.revoke_key(&options.kid).await.map_err(|problem| match problem {
        Problem::Refusal(RevokeRefusal::Unknown) => {
            Trouble::new(format!("there is no key {}: see `watchbell keys status`", options.kid))
        }
        Problem::Fault(fault) => fault.into(),
    })?;
    match format(&options.common) {
        Format::Json => say::json(&serde_json::json!({ "revoked": options.kid })),
        Format::Text => {
            say::line(format_args!(
                "Revoked {}. A running server knows it within half a minute; apps, when they fetch the keys again.",
                options.kid
            ));
            Ok(())
        }
    }
}

/// Makes new keys.
pub(super) async fn rotate(options: &KeysRotate) -> Result<(), Trouble> {
    match (options.vapid, options.master) {
        (true, _) => rotate_vapid(&options.common).await,
        (_, true) => rotate_master(&options.common).await,
        (false, false) => rotate_signing(options).await,
    }
}

async fn rotate_vapid(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    installation.here()?.rotate_vapid().await?;
    match format(common) {
        Format::Json => say::json(&serde_json::json!({ "rotated": "vapid" })),
        Format::Text => {
            say::line(
                "Made. Browsers take it up when a page of yours is open in them; until then the earlier key rings them.",
            );
            Ok(())
        }
    }
}

/// The new key is in a file before the database wants it, and in its place after.
async fn rotate_master(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let file = &loaded.config.keys.master_key_file;
    if std::env::var_os(master_key::VARIABLE).is_some_and(|text| !text.is_empty()) {
        return Err(Trouble::new(format!(
            "the master key comes from {}: put it into the file {}, run this without the variable, and set the variable to \
             what is in the file then",
            master_key::VARIABLE,
            file.display()
        )));
    }
    let installation = Installation::open_for_command(&loaded).await?;
    let next = master_key::prepare_next(file, &installation.rng)?;
    if installation.app.change_master_key(&next).await? == NewMaster::Overtaken {
        return Err(Trouble::new(
            "somebody else changed the master key at the same time: see that its file is the right one",
        ));
    }
    let earlier = master_key::put_next(file)?;
    match format(common) {
        Format::Json => say::json(&serde_json::json!({ "file": file, "earlier": earlier })),
        Format::Text => {
            say::line(format_args!(
                "{} holds a new key: keep a copy elsewhere. The earlier one is in {}: backups made until now need it, and \
                 nothing else does. Destroy it with the last of them.",
                file.display(),
                earlier.display()
            ));
            Ok(())
        }
    }
}

/// Publishes new signing keys.
async fn rotate_signing(options: &KeysRotate) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let named: Vec<_> = options.alg.iter().copied().map(signing).collect();
    let algs = if named.is_empty() { SigningAlg::ALL.as_slice() } else { named.as_slice() };
    let rotated = here.rotate_keys(algs).await?;
    let mut waiting = here.waiting_keys().await?;
    waiting.retain(|key| rotated.iter().all(|new| new.kid != key.kid));
    let rows = |keys: Vec<Rotated>| keys.into_iter().map(Row::from).collect();
    let rotation = Rotation { rotated: rows(rotated), waiting: rows(waiting) };
    match format(&options.common) {
        Format::Json => return say::json(&rotation),
        Format::Text => {
            if !rotation.rotated.is_empty() {
                say::line(table("NEW KEY", &rotation.rotated));
            }
            if !rotation.waiting.is_empty() {
                say::line("These were published before and wait to sign; nothing was changed about them:");
                say::line(table("WAITING KEY", &rotation.waiting));
            }
        }
    }
    Ok(())
}

fn table(head: &str, rows: &[Row]) -> String {
    let cells: Vec<_> = rows.iter().map(|row| vec![row.alg.clone(), row.kid.clone(), row.signs_from.clone()]).collect();
    say::table(&["ALGORITHM", head, "SIGNS FROM"], &cells)
}
