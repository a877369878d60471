//! `cargo xtask tidy`: the rules of the house that no compiler checks.

mod edges;
mod files;
mod migrations;

use crate::{Trouble, root};

/// Checks every rule and prints what breaks one; answers whether all is well.
///
/// # Errors
/// When the repository can't be read.
pub fn run() -> Result<bool, Trouble> {
    let found = check()?;
    for line in &found {
        println!("{line}");
    }
    if found.is_empty() {
        println!("tidy: all is well");
    }
    Ok(found.is_empty())
}

/// What breaks a rule, one sentence each.
///
/// # Errors
/// When the repository can't be read.
pub fn check() -> Result<Vec<String>, Trouble> {
    let mut found = edges::check()?;
    found.extend(migrations::check(&root().join("migrations"))?);
    found.extend(files::check()?);
    found.extend(crate::releases::check());
    Ok(found)
}
