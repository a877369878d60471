//! Restoring a backup into an empty database.

use super::archive::{Head, Mark, Reader};
use super::arrive::{finish, marker, prepare, verify};
use super::{BATCH, CarryError, Progress, Sum, Sums};
use base::{MasterKey, Timestamp};
use std::io::{Read, Seek, SeekFrom};
use store::Store;
use store::carry::{Loader, Table};

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: Timestamp,
    /// What it held.
    pub sums: Sums,
}

/// Restores a backup. The file is read to its end before anything is written; then what was issued before ends, so that what
/// was used, ended or revoked since is not valid again: people sign in anew. When it was cut off it can be begun again.
///
/// # Errors
/// [`CarryError`].
pub async fn restore<F: Read + Seek>(
    mut file: F,
    master: &MasterKey,
    store: &Store,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<Restored, CarryError> {
    let (head, sums, seal) = check(&mut file, master)?;
    let marker = marker(seal.as_bytes());
    prepare(store, &head.layout, &marker, now).await?;
    file.seek(SeekFrom::Start(0))?;
    load(&mut file, store, progress).await?;
    verify(store, &head.layout, &sums).await?;
    finish(store, &marker, &head.installation()?, Some(now)).await?;
    Ok(Restored { made_at: head.made_at, sums })
}

/// Reads all of it: that it is whole, that nobody changed it, and that this master key opens what is in it.
fn check(file: &mut (impl Read + Seek), master: &MasterKey) -> Result<(Head, Sums, String), CarryError> {
    let (mut reader, head) = Reader::begin(file)?;
    let keyring = master.unwrap_keyring(&head.installation()?.wrapped_key).map_err(|_| CarryError::OtherKey)?;
    reader.sealed_by(&keyring);
    let mut found = Sums::new();
    let mut table: Option<&Table> = None;
    let mut sum = Sum::default();
    let damaged = |why: &str| Err(CarryError::Damaged(why.to_owned()));
    let told = loop {
        let line = reader.line()?;
        reader.seen(&line);
        match (serde_json::from_str::<Mark>(&line), table) {
            (Ok(mark), _) => {
                if let Some(table) = table {
                    found.insert(table.name.clone(), std::mem::take(&mut sum));
                }
                match mark {
                    Mark::Table(name) => table = Some(named(&head, &name)?),
                    Mark::End(sums) => break sums,
                    Mark::Seal(_) => return damaged("it ends too early"),
                }
            }
            (Err(_), Some(table)) if sum.add(table, &line) => {}
            (Err(_), _) => return damaged("there is a line that is no row"),
        }
    };
    if told != found {
        return damaged("its rows are not those that it was made of");
    }
    match serde_json::from_str(&reader.line()?) {
        Ok(Mark::Seal(seal)) if reader.is_sealed(&seal) => Ok((head, found, seal)),
        _ => damaged("its seal is not the one of this installation"),
    }
}

fn named<'a>(head: &'a Head, name: &str) -> Result<&'a Table, CarryError> {
    let found = head.layout.tables.iter().find(|table| table.name == name);
    found.ok_or_else(|| CarryError::Damaged("it has rows of a table that it does not describe".to_owned()))
}

/// Writes the rows of a file that was checked.
async fn load(file: &mut (impl Read + Seek), store: &Store, progress: Progress<'_>) -> Result<(), CarryError> {
    let (mut reader, head) = Reader::begin(file)?;
    let mut loader = store.loader().await?;
    let mut current: Option<(&Table, u64)> = None;
    let mut rows = Vec::with_capacity(BATCH);
    loop {
        let line = reader.line()?;
        match serde_json::from_str::<Mark>(&line) {
            Err(_) => rows.push(line),
            Ok(mark) => {
                if let Some((table, loaded)) = current {
                    let loaded = flush(&mut loader, table, &mut rows, loaded).await?;
                    progress(&table.name, loaded);
                }
                match mark {
                    Mark::Table(name) => current = Some((named(&head, &name)?, 0)),
                    Mark::End(_) | Mark::Seal(_) => return Ok(()),
                }
            }
        }
        if rows.len() == BATCH
            && let Some((table, loaded)) = current
        {
            current = Some((table, flush(&mut loader, table, &mut rows, loaded).await?));
        }
    }
}

async fn flush(loader: &mut Loader, table: &Table, rows: &mut Vec<String>, loaded: u64) -> Result<u64, CarryError> {
    if !rows.is_empty() {
        loader.load(table, rows).await?;
    }
    let more = u64::try_from(rows.len()).unwrap_or_default();
    rows.clear();
    Ok(loaded.saturating_add(more))
}
