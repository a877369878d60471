//! The data folder of `watchbell dev`.

use crate::say::Trouble;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder that `watchbell dev` uses when none is named: the platform's place for a program's data.
///
/// # Errors
/// [`Trouble`] when the environment names no home.
pub(crate) fn default_path(environment: &[(String, String)]) -> Result<PathBuf, Trouble> {
    let get = |name: &str| {
        let found = environment.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| PathBuf::from(value))
    };
    let folder = if cfg!(windows) {
        get("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        get("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        // XDG Base Directory Specification: a relative path is invalid and to be ignored.
        get("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| get("HOME").map(|home| home.join(".local/share")))
    };
    folder
        .map(|folder| folder.join("watchbell-dev"))
        .ok_or_else(|| Trouble::new("no home folder is known here: name a data folder with --data DIR"))
}

/// Makes the folder where it does not exist yet, for its owner alone.
///
/// # Errors
/// [`Trouble`] when it can't be made.
pub(crate) fn open(path: &Path) -> Result<(), Trouble> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| Trouble::new(format!("the data folder {} can't be made: {e}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn data_lies_where_the_platform_keeps_it() {
        let path = |pairs: &[(&str, &str)]| default_path(&env(pairs)).unwrap().display().to_string();
        assert_eq!(path(&[("HOME", "/home/ann")]), "/home/ann/.local/share/watchbell-dev");
        assert_eq!(path(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "/data")]), "/data/watchbell-dev");
        assert_eq!(path(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "data")]), "/home/ann/.local/share/watchbell-dev");
        assert!(default_path(&env(&[])).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/b");
        open(&folder).unwrap();
        open(&folder).unwrap();
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
