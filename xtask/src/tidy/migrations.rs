//! Migrations come in pairs: the same names for both databases, each with a way up and a way down.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::Trouble;

pub(super) fn check(folder: &Path) -> Result<Vec<String>, Trouble> {
    let postgres = names(&folder.join("postgres"))?;
    let sqlite = names(&folder.join("sqlite"))?;
    let mut found = Vec::new();
    for name in postgres.symmetric_difference(&sqlite) {
        let missing = if postgres.contains(name) { "sqlite" } else { "postgres" };
        found.push(format!("migration {name} is missing in migrations/{missing}"));
    }
    for (side, names) in [("postgres", &postgres), ("sqlite", &sqlite)] {
        for name in names {
            for file in ["up.sql", "down.sql"] {
                if !folder.join(side).join(name).join(file).is_file() {
                    found.push(format!("migrations/{side}/{name} has no {file}"));
                }
            }
        }
    }
    Ok(found)
}

fn names(folder: &Path) -> Result<BTreeSet<String>, Trouble> {
    let entries = fs::read_dir(folder).map_err(Trouble::during(format!("read {}", folder.display())))?;
    Ok(entries.flatten().filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()).collect())
}
