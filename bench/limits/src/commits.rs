//! Commits that are on disk when they are answered.

use crate::work::Work;
use anyhow::Result;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection, sql_query};

/// How many share a commit where they do.
const SHARED: u32 = 64;

pub(crate) fn sqlite() -> Result<Vec<Work>> {
    let one = rows_in_a_file()?;
    let many = rows_in_a_file()?;
    Ok(vec![
        Work::awaited("SQLite, one row in a commit (FULL)", 1, committing(one, 1)),
        Work::awaited("SQLite, 64 rows in a commit (FULL)", SHARED, committing(many, SHARED)),
    ])
}

/// In the folder for temporary files of the system: where that is memory, it says nothing of a disk.
fn rows_in_a_file() -> Result<(SqliteConnection, tempfile::TempDir)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("limits.db");
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         CREATE TABLE rows (id BLOB PRIMARY KEY NOT NULL, what TEXT NOT NULL) STRICT, WITHOUT ROWID",
    )?;
    Ok((conn, folder))
}

fn committing(
    (mut conn, folder): (SqliteConnection, tempfile::TempDir),
    rows: u32,
) -> impl FnMut() -> Result<()> + 'static {
    let text = "INSERT INTO rows VALUES (randomblob(16), 'what a small row says of somebody who signs in')";
    move || {
        // Held as long as the file is used.
        let _ = folder.path();
        conn.immediate_transaction(|conn| (0..rows).try_for_each(|_| sql_query(text).execute(conn).map(drop)))?;
        Ok(())
    }
}
