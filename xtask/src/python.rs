//! The packages of Python that tests drive, in an environment of their own.

use std::fs;
use std::process::Command;

use crate::{Trouble, process, root};

/// Installs what a folder's `requirements.txt` pins, with its hashes, into the folder's `.venv`, when it is not there already.
///
/// # Errors
/// When Python or pip fails.
pub fn requirements(folder: &str) -> Result<(), Trouble> {
    let folder = root().join(folder);
    let file = folder.join("requirements.txt");
    let wanted = fs::read(&file).map_err(Trouble::during(format!("read {}", file.display())))?;
    let environment = folder.join(".venv");
    // A copy of the list tells that the last installation is still good.
    let stamp = environment.join("installed-requirements.txt");
    if fs::read(&stamp).is_ok_and(|last| last == wanted) {
        return Ok(());
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    let mut install = Command::new(environment.join("bin/pip"));
    install
        .args(["install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes", "-r"])
        .arg(&file);
    for mut command in [make, install] {
        let status = process::run_lines(&mut command, |line| println!("{line}"))?;
        if !status.success() {
            return Err(Trouble::new(format!("Python's packages can't be had for {} ({status})", folder.display())));
        }
    }
    fs::write(&stamp, &wanted).map_err(Trouble::during("remember what pip installed"))
}
