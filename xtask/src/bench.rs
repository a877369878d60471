//! `cargo xtask bench`: the server against the yardstick of `bench/`, in turns.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::suite::release_binary;
use crate::{Trouble, process, root};

/// Builds what it takes in release, and measures. `options` go to the load driver (`--help` lists them).
///
/// # Errors
/// When something can't be built or started.
pub fn run(options: &[String]) -> Result<bool, Trouble> {
    let watchbell = release_binary()?;
    let (driver, yardstick) = (built("watchbell-bench")?, built("yardstick")?);
    let mut driver = pinned(&driver);
    driver.arg("--watchbell").arg(watchbell).arg("--yardstick").arg(yardstick).args(options);
    let measured = driver.status().map_err(Trouble::during("start the load driver"))?;
    Ok(measured.success())
}

/// Measures what one core can do of the work that the server is made of. `options` go to that program.
///
/// # Errors
/// When it can't be built or started.
pub fn limits(options: &[String]) -> Result<bool, Trouble> {
    let mut program = pinned(&built("watchbell-limits")?);
    let measured = program.args(options).status().map_err(Trouble::during("start what measures the limits"))?;
    Ok(measured.success())
}

/// A program of `bench/`, built in release.
pub(crate) fn built(package: &str) -> Result<PathBuf, Trouble> {
    let folder = root().join("bench");
    let build = process::cargo()
        .current_dir(&folder)
        .args(["build", "--release", "--package", package, "--target-dir"])
        .arg(folder.join("target"))
        .status()
        .map_err(Trouble::during("start cargo"))?;
    if !build.success() {
        return Err(Trouble::new("a program of the bench can't be built"));
    }
    Ok(folder.join("target/release").join(package))
}

/// The load has the second core for itself, as the servers have the first: where there is `taskset`.
pub(crate) fn pinned(program: &Path) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if cores < 2 || !Command::new("taskset").arg("-V").output().is_ok_and(|done| done.status.success()) {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "1"]).arg(program);
    command
}
