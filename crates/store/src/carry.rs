//! A whole database as rows that both databases understand: for backups, for restoring them, and for moving from one
//! database to the other.
//!
//! A row is a JSON object with a member for each column: ids and bytes in hex, moments in microseconds since 1970, truth as
//! 0 or 1, documents as text. [`Layout`] says which columns of which tables, so that rows of an earlier version can be
//! read: they are loaded into the tables of that version, which are then brought up to date.

mod layout;
mod loader;
mod snapshot;
mod sql;

pub use layout::{BadLayout, Column, Kind, Layout, Table};
pub use loader::Loader;
pub use snapshot::Snapshot;

use diesel::QueryableByName;

/// A row as it is read.
#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Text)]
    told: String,
}
