//! Moving an installation to another database. Nothing of it changes: sessions and tokens go on.

use super::arrive::{finish, marker, prepare, verify};
use super::{BATCH, CarryError, Progress, Sum, Sums};
use base::Timestamp;
use store::Store;
use store::carry::Layout;

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
    let mut snapshot = from.snapshot().await?;
    let mut loader = to.loader().await?;
    let mut sums = Sums::new();
    for table in &layout.tables {
        let mut sum = Sum::default();
        let mut after: Option<String> = None;
        loop {
            let rows = snapshot.rows(table, after.as_deref(), BATCH).await?;
            if !rows.iter().all(|row| sum.add(table, row)) {
                return Err(CarryError::Damaged(format!("a row of {} can't be read", table.name)));
            }
            if !rows.is_empty() {
                loader.load(table, &rows).await?;
            }
            let last = rows.len() < BATCH;
            after = rows.into_iter().next_back();
            if last {
                break;
            }
        }
        progress(&table.name, sum.rows);
        sums.insert(table.name.clone(), sum);
    }
    drop(loader);
    verify(to, &layout, &sums).await?;
    finish(to, &marker, &installation, None).await?;
    Ok(sums)
}
