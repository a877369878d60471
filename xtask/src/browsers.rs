//! The tests that are written in JavaScript: a certified OpenID Connect client, and real browsers.

use std::path::Path;
use std::process::Command;

use crate::report::{Count, Tally};
use crate::{Trouble, packages, process, root};

/// Installs the pinned packages of a folder, when they are not there already.
///
/// # Errors
/// When npm fails.
pub fn npm_ci(folder: &str) -> Result<(), Trouble> {
    let folder = root().join(folder);
    let lock = std::fs::read(folder.join("package-lock.json"))
        .map_err(Trouble::during(format!("read {}", folder.join("package-lock.json").display())))?;
    // npm ci starts over each time; a copy of the lock file tells that the last one is still good.
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|last| last == lock) {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]).current_dir(&folder);
    let status = process::run_lines(&mut command, |line| println!("{line}"))?;
    if !status.success() {
        return Err(Trouble::new(format!("npm ci failed in {} ({status})", folder.display())));
    }
    std::fs::write(&stamp, &lock).map_err(Trouble::during("remember what npm installed"))
}

/// Runs one file of Node tests and counts its results.
///
/// # Errors
/// When Node can't be started.
pub fn node_tests(folder: &str, file: &str, binary: &Path) -> Result<Count, Trouble> {
    npm_ci(folder)?;
    let mut tally = Tally::here();
    let mut command = node();
    command.args(["--test-reporter=spec", file]).current_dir(root().join(folder)).env("WATCHBELL_BIN", binary);
    let status = process::run_lines(&mut command, |line| {
        println!("{line}");
        tally.read(line);
    })?;
    let count = tally.finish(status.success());
    if count == Count::NONE {
        return Err(Trouble::new(format!("{folder}/{file} ran no test")));
    }
    Ok(count)
}

fn node() -> Command {
    let mut command = Command::new("node");
    let version = process::output(Command::new("node").arg("--version")).unwrap_or_default();
    if version.starts_with("v18.") {
        // Debian 12's Node keeps the standard `crypto` global behind this.
        command.arg("--experimental-global-webcrypto");
    }
    command
}

/// Takes a picture of every page into `screenshots/`.
///
/// # Errors
/// When something that is needed can't be had.
pub fn screenshots() -> Result<bool, Trouble> {
    packages::install(&packages::needed(false, true))?;
    let binary = crate::suite::release_binary()?;
    let count = node_tests("tests/e2e", "screenshots.test.mjs", &binary)?;
    println!("{count}; the pictures are in screenshots/");
    Ok(count.failed == 0)
}

/// Measures the running program: starts, memory, the sign-in page's weight, how soon a notice is there.
///
/// # Errors
/// When something that is needed can't be had.
pub fn measure() -> Result<bool, Trouble> {
    packages::install(&packages::needed(false, true))?;
    let binary = crate::suite::release_binary()?;
    npm_ci("tests/e2e")?;
    let mut command = node();
    command.arg("measure.mjs").current_dir(root().join("tests/e2e")).env("WATCHBELL_BIN", binary);
    let status = process::run_lines(&mut command, |line| println!("{line}"))?;
    Ok(status.success())
}
