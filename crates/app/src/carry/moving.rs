//! Moving an installation to another database. Nothing of it changes: sessions and tokens go on.

use super::arrive::{finish, marker, prepare, verify};
use super::sums::each_row;
use super::{CarryError, Progress, Sums};
use base::Timestamp;
use store::Store;
use store::carry::{Layout, Table};

/// Carries everything from one database, which no server uses, to another, which is empty. When it was cut off it can be
/// begun again.
///
/// # Errors
/// [`CarryError`]: the database that it came from is as it was.
pub async fn move_to(from: &Store, to: &Store, now: Timestamp, progress: Progress<'_>) -> Result<Sums, CarryError> {
    let layout = Layout::current();
    let installation = from.installation().await?.ok_or(CarryError::Nothing)?;
    let marker = marker(&installation.wrapped_key);
    prepare(to, &layout, &marker, now).await?;
    let mut loader = to.loader().await?;
    let load = async |table: &Table, rows: &[String]| {
        if !rows.is_empty() {
            loader.load(table, rows).await?;
        }
        Ok(())
    };
    let sums = each_row(from, &layout, load, progress).await?;
    verify(to, &layout, &sums).await?;
    finish(to, &marker, &installation, None).await?;
    Ok(sums)
}
