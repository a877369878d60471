//! What a commit is to outlive.

/// What a commit is to outlive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut as well: the log is on disk before it answers.
    Synced,
    /// The end of a program, however it ends: on SQLite the operating system has it, and the next commit that writes and syncs takes it along. A
    /// PostgreSQL server is a program that ends by itself: there it is synced.
    Written,
    /// Nothing: the relay does it again by itself. At a PostgreSQL server a later commit that is synced takes it along, too.
    Redone,
}
