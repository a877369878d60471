//! `cargo xtask bench`: the server against the yardstick of `bench/`, in turns.

use std::process::Command;

use crate::suite::release_binary;
use crate::{Trouble, process, root};

/// Builds what it takes in release, and measures. `options` go to the load driver (`--help` lists them).
///
/// # Errors
/// When something can't be built or started.
pub fn run(options: &[String]) -> Result<bool, Trouble> {
    let watchbell = release_binary()?;
    let folder = root().join("bench");
    let built = process::cargo()
        .current_dir(&folder)
        .args(["build", "--release", "--workspace", "--target-dir"])
        .arg(folder.join("target"))
        .status()
        .map_err(Trouble::during("start cargo"))?;
    if !built.success() {
        return Err(Trouble::new("the load driver and the yardstick can't be built"));
    }
    let program = |name: &str| folder.join("target/release").join(name);
    let mut driver = pinned(&program("watchbell-bench"));
    driver.arg("--watchbell").arg(watchbell).arg("--yardstick").arg(program("yardstick")).args(options);
    let measured = driver.status().map_err(Trouble::during("start the load driver"))?;
    Ok(measured.success())
}

/// The load has the second core for itself, as the servers have the first: where there is `taskset`.
fn pinned(program: &std::path::Path) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if cores < 2 || !Command::new("taskset").arg("-V").output().is_ok_and(|done| done.status.success()) {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "1"]).arg(program);
    command
}
