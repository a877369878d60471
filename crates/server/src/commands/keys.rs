//! Signing keys.

use super::format;
use crate::cli::Common;
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use serde::Serialize;

#[derive(Serialize)]
struct Row {
    alg: String,
    kid: String,
    signs_from: String,
}

/// Publishes new signing keys.
pub(super) async fn rotate(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let rotated = installation.here()?.rotate_keys().await?;
    let rows: Vec<Row> = rotated
        .into_iter()
        .map(|key| Row { alg: key.alg, kid: key.kid, signs_from: key.signs_from.to_jiff().to_string() })
        .collect();
    match format(common) {
        Format::Json => return say::json(&rows),
        Format::Text if rows.is_empty() => {
            say::line("New keys are published already and wait to sign; nothing was changed.");
        }
        Format::Text => {
            let cells: Vec<_> =
                rows.iter().map(|row| vec![row.alg.clone(), row.kid.clone(), row.signs_from.clone()]).collect();
            say::line(say::table(&["ALGORITHM", "NEW KEY", "SIGNS FROM"], &cells));
        }
    }
    Ok(())
}
