//! Making a backup, beside a server that goes on working.

use super::archive::{Head, Mark, Writer};
use super::sums::each_row;
use super::{CarryError, Progress, Sums};
use base::{Keyring, Timestamp};
use std::io::Write;
use store::Store;
use store::carry::{Layout, Table};

/// Writes everything as it is at this moment. What it writes holds password hashes and sealed secrets: keep it apart from the
/// master key.
///
/// # Errors
/// [`CarryError`]: then the file is of no use.
pub async fn backup<W: Write>(
    store: &Store,
    keyring: &Keyring,
    now: Timestamp,
    out: W,
    progress: Progress<'_>,
) -> Result<(W, Sums), CarryError> {
    let layout = Layout::current();
    let installation = store.installation().await?.ok_or(CarryError::Nothing)?;
    let mut writer = Writer::begin(out, keyring, &Head::new(&installation, layout.clone(), now))?;
    let mut current = String::new();
    let write = async |table: &Table, rows: &[String]| {
        if current != table.name {
            table.name.clone_into(&mut current);
            writer.mark(&Mark::Table(table.name.clone()))?;
        }
        rows.iter().try_for_each(|row| writer.line(row))
    };
    let sums = each_row(store, &layout, write, progress).await?;
    Ok((writer.finish(sums.clone())?, sums))
}
