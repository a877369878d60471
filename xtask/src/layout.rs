//! `cargo xtask layout`: which functions the server calls, for the linker to put them together (`crates/server/called.txt`).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::bench::{built, pinned};
use crate::{Trouble, process, root};

/// What people and apps do all day. Each for a second: whatever is called is called by then.
const SCENARIOS: [&str; 6] = ["--rounds", "1", "--seconds", "1", "--warm-up", "0.5"];
/// Browsers that are rung.
const RINGS: [&str; 2] = ["--rings", "200"];
const LIST: &str = "crates/server/called.txt";

/// Builds the server with its symbols, has the bench use it while what it calls is written down, and writes the list.
///
/// # Errors
/// When something can't be built or started.
pub fn run() -> Result<bool, Trouble> {
    let folder = root().join("target/layout");
    let build = process::cargo()
        .args(["build", "--release", "--package", "watchbell", "--target-dir"])
        .arg(&folder)
        .env("CARGO_PROFILE_RELEASE_STRIP", "none")
        .status()
        .map_err(Trouble::during("start cargo"))?;
    if !build.success() {
        return Err(Trouble::new("the server can't be built"));
    }
    let server = folder.join("release/watchbell");
    let (calls, bench, yardstick) = (built("watchbell-calls")?, built("watchbell-bench")?, built("yardstick")?);
    let written = folder.join("calls");
    // Those of another build have other names.
    let _ = fs::remove_file(&written);
    let recorded = folder.join("recorded");
    write_program(&recorded, &recorder(&calls, &written, &server))?;
    for what in [&SCENARIOS[..], &RINGS[..]] {
        let mut bench = pinned(&bench);
        bench.arg("--watchbell").arg(&recorded).arg("--yardstick").arg(&yardstick).args(what);
        if !bench.status().map_err(Trouble::during("start the load driver"))?.success() {
            return Err(Trouble::new("the server could not be used while what it calls was written down"));
        }
    }
    let list = process::output(std::process::Command::new(calls).arg("list").args([&written, &server]))?;
    let head =
        "# The functions that a start and usual requests call. `cargo xtask layout` writes this; build.rs reads it.";
    fs::write(root().join(LIST), format!("{head}\n{list}")).map_err(Trouble::during("write the list"))?;
    Ok(true)
}

/// A program that is the server, and writes down what it calls when it serves: its commands are not what should lie together.
fn recorder(calls: &Path, written: &Path, server: &Path) -> String {
    let (calls, written, server) = (calls.display(), written.display(), server.display());
    format!(
        "#!/bin/sh\ncase \" $* \" in\n*' serve '*|*' dev '*) exec '{calls}' record '{written}' '{server}' \"$@\" ;;\nesac\n\
         exec '{server}' \"$@\"\n"
    )
}

fn write_program(path: &Path, text: &str) -> Result<(), Trouble> {
    fs::write(path, text)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o755)))
        .map_err(Trouble::during("write the program that stands for the server"))
}
