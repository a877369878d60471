//! The workshop: the tasks that `cargo xtask` runs, and the private PostgreSQL, PgBouncer and Redis that tests use.
//!
//! Nothing here is part of the product. It speaks on the terminal, starts programs, and cleans up after them.
#![allow(clippy::print_stdout, reason = "a build tool speaks on the terminal")]

pub mod bench;
pub mod browsers;
pub mod layout;
pub mod packages;
pub mod pgbouncer;
pub mod postgres;
pub mod process;
pub mod python;
pub mod redis;
pub mod releases;
pub mod report;
pub mod suite;
pub mod tidy;
mod trouble;

use std::path::{Path, PathBuf};

pub use trouble::Trouble;

/// The folder of the repository, found from where this crate lies.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
