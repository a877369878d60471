//! What a commit is to outlive.

/// What a commit is to outlive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut as well: the log is on disk before it answers.
    Synced,
    /// On SQLite the end of the program, however it ends: the operating system has it. On PostgreSQL not always the end of the server. The next
    /// commit that writes and syncs takes it along.
    Written,
}
