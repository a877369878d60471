//! Files are rooms: none too large, none that knows the machine it was written on.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Trouble, process, root};

/// A source file longer than this holds more than one subject.
const MOST_LINES: usize = 450;

/// Folders of single machines. Split, so that this file does not break its own rule.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/")];

pub(super) fn check() -> Result<Vec<String>, Trouble> {
    let root = root();
    let listed = process::output(
        Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&root),
    )?;
    let mut found = Vec::new();
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        // Binary files and files that were deleted but not yet committed have no lines to check.
        let Ok(text) = fs::read_to_string(root.join(name)) else { continue };
        found.extend(too_long(name, &text));
        found.extend(knows_a_machine(name, &text));
        found.extend(without_lints(name, &text));
    }
    Ok(found)
}

fn too_long(name: &str, text: &str) -> Option<String> {
    let path = Path::new(name);
    let source = path.starts_with("crates") && path.extension().is_some_and(|ending| ending == "rs");
    let lines = text.lines().count();
    (source && path.components().any(|part| part.as_os_str() == "src") && lines > MOST_LINES)
        .then(|| format!("{name} has {lines} lines: a file is one subject, {MOST_LINES} lines at most"))
}

fn knows_a_machine(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for path in MACHINE_PATHS {
            if line.match_indices(path).any(|(at, _)| stands_alone(line, at, path.len())) {
                found.push(format!("{name}:{}: names a folder of one machine ({path}…)", number + 1));
            }
        }
    }
    found
}

/// A path of the file system begins here (not the middle of a URL or of a longer path), and a name follows.
fn stands_alone(line: &str, at: usize, length: usize) -> bool {
    let before = line.get(..at).and_then(|text| text.chars().next_back());
    let after = line.get(at + length..).and_then(|text| text.chars().next());
    !before.is_some_and(|c| c.is_alphanumeric() || "_-./}$>~".contains(c)) && after.is_some_and(char::is_alphanumeric)
}

fn without_lints(name: &str, text: &str) -> Option<String> {
    let member = name.ends_with("/Cargo.toml");
    (member && !text.contains("[lints]\nworkspace = true"))
        .then(|| format!("{name} does not take the workspace's lints: add `[lints] workspace = true`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_one_machine_is_found() {
        let line = format!("let data = \"{}x\";", MACHINE_PATHS[0]);
        assert_eq!(knows_a_machine("a.rs", &line).len(), 1);
    }

    #[test]
    fn urls_and_longer_paths_are_not_machine_folders() {
        let text = ["https://example.org", MACHINE_PATHS[0], "1\nsrc", MACHINE_PATHS[1], "b"].concat();
        assert!(knows_a_machine("a.md", &text).is_empty());
    }

    #[test]
    fn a_hall_of_a_file_is_found_only_in_the_crates() {
        let long = "x\n".repeat(MOST_LINES + 1);
        assert!(too_long("crates/web/src/lib.rs", &long).is_some());
        assert!(too_long("crates/web/tests/all.rs", &long).is_none());
        assert!(too_long("docs/guide.md", &long).is_none());
    }
}
