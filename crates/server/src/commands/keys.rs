//! Signing keys.

use super::format;
use crate::cli::Common;
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use app::keys::Rotated;
use serde::Serialize;

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

/// Publishes new signing keys.
pub(super) async fn rotate(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let rotated = here.rotate_keys().await?;
    let mut waiting = here.waiting_keys().await?;
    waiting.retain(|key| rotated.iter().all(|new| new.kid != key.kid));
    let rows = |keys: Vec<Rotated>| keys.into_iter().map(Row::from).collect();
    let rotation = Rotation { rotated: rows(rotated), waiting: rows(waiting) };
    match format(common) {
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
