//! The release before this version: while an update rolls on, nodes of both run side by side, and the tests try that.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Trouble, process, root};

/// Its tag. Nothing until there is a second release: from then on `cargo xtask tidy` asks for it.
const BEFORE: Option<&str> = None;
/// The version of the first release.
const FIRST: &str = "0.1.0";

/// Builds the debug binary of the release before this version, and answers where it is.
///
/// # Errors
/// When its tag is not here (a clone may lack it: `git fetch --tags`), or does not build.
pub fn binary_before() -> Result<Option<PathBuf>, Trouble> {
    BEFORE.map(|tag| build(&root(), tag)).transpose()
}

fn build(repository: &Path, tag: &str) -> Result<PathBuf, Trouble> {
    let releases = root().join("target").join("releases");
    let (source, target) = (releases.join(tag), releases.join("target"));
    if !source.is_dir() {
        let mut checkout = Command::new("git");
        checkout.current_dir(repository).args(["worktree", "add", "--force", "--detach"]).arg(&source).arg(tag);
        process::output(&mut checkout)?;
    }
    let mut cargo = process::cargo();
    cargo.current_dir(&source).args(["build", "--locked", "--package", "watchbell", "--target-dir"]).arg(&target);
    let status = process::run_lines(&mut cargo, |_| ())?;
    if !status.success() {
        return Err(Trouble::new(format!("the release before, {tag}, does not build ({status})")));
    }
    Ok(target.join("debug").join("watchbell"))
}

/// What is wrong with what is said here.
pub(crate) fn check() -> Option<String> {
    is_missing(env!("CARGO_PKG_VERSION"), BEFORE)
}

fn is_missing(version: &str, before: Option<&str>) -> Option<String> {
    (version != FIRST && before.is_none()).then(|| {
        format!(
            "xtask/src/releases.rs does not name the tag of the release before {version}: tests run it beside this one"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::is_missing;

    #[test]
    fn the_second_release_and_each_after_it_name_the_one_before() {
        assert_eq!(is_missing("0.1.0", None), None);
        assert_eq!(is_missing("0.2.0", Some("v0.1.0")), None);
        assert!(is_missing("0.2.0", None).is_some());
    }
}
