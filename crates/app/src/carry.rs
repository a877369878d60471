//! A whole installation at once: backups, restoring them, and moving to another database.
//!
//! All three carry the same rows ([`store::carry`]) and count them as they go ([`Sums`]): nothing counts as done before what
//! arrived was read again and compared. What arrives in a database is marked as under way until then, so that no server
//! takes it for an installation.

mod archive;
mod arrive;
mod backup;
mod moving;
mod restore;
mod sums;

pub use archive::{Head, MAX_LINE};
pub use arrive::is_under_way;
pub use backup::backup;
pub use moving::move_to;
pub use restore::{Restored, restore};
pub use sums::{Sum, Sums};

use base::Fault;
use std::io;
use store::carry::BadLayout;

/// Rows that are read and written at once.
const BATCH: usize = 500;

/// Why nothing was carried, or not all.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// The file or the disk.
    #[error("{0}")]
    File(#[from] io::Error),
    /// A database.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// It is no backup of ours.
    #[error("this is no backup that `watchbell backup` made: {0}")]
    NotABackup(&'static str),
    /// It has tables that this version does not know.
    #[error("this backup can't be read: {0}")]
    Layout(#[from] BadLayout),
    /// It ends too early, or something in it was changed.
    #[error("this backup is damaged: {0}. Take an earlier one")]
    Damaged(String),
    /// It was made with another master key.
    #[error("the master key is not the one that this backup was made with: put that one back first")]
    OtherKey,
    /// There is something in the database.
    #[error("there is an installation in that database already: name one that is empty")]
    InUse,
    /// What arrived is not what was sent.
    #[error("what arrived in {0} is not what was sent: empty the database and begin anew")]
    Differs(String),
    /// There is nothing to carry.
    #[error("there is no installation in this database yet")]
    Nothing,
}

/// Told after each table: its name, and how many rows it has.
pub type Progress<'a> = &'a mut dyn FnMut(&str, u64);
