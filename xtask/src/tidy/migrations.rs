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
    for (side, names) in [("postgres", &postgres), ("sqlite", &sqlite)] {
        for name in names.iter().filter(|name| name.as_str() > FIRST_RELEASE) {
            let up = fs::read_to_string(folder.join(side).join(name).join("up.sql")).unwrap_or_default();
            if let Some(word) = takes_away(&up) {
                found.push(format!(
                    "migrations/{side}/{name} says {word}: the version before still needs what was there. Take it away a version \
                     later, and say since when nothing reads it: -- contract: VERSION"
                ));
            }
        }
    }
    Ok(found)
}

/// The last migration of the first release, which is still to come: nobody runs anything older beside it.
const FIRST_RELEASE: &str = "0027_deliveries_of_event";

/// What would break a binary of the version before, which may run beside this one.
const TAKES_AWAY: [&str; 6] =
    ["DROP COLUMN", "DROP TABLE", "RENAME", "SET NOT NULL", "ALTER COLUMN", "DROP CONSTRAINT"];

fn takes_away(up: &str) -> Option<&'static str> {
    if up.lines().any(|line| line.trim_start().starts_with("-- contract: ")) {
        return None;
    }
    let code: Vec<&str> = up.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let words = code.join(" ").to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let asks = |step: &str| step.contains("ADD COLUMN") && step.contains("NOT NULL") && !step.contains("DEFAULT");
    let taken = TAKES_AWAY.into_iter().find(|word| words.contains(word));
    taken.or_else(|| words.split(';').any(asks).then_some("NOT NULL without DEFAULT"))
}

fn names(folder: &Path) -> Result<BTreeSet<String>, Trouble> {
    let entries = fs::read_dir(folder).map_err(Trouble::during(format!("read {}", folder.display())))?;
    Ok(entries.flatten().filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::takes_away;

    #[test]
    fn a_migration_adds_and_takes_nothing_away() {
        assert_eq!(takes_away("ALTER TABLE grants ADD COLUMN note text; -- no DROP COLUMN here"), None);
        assert_eq!(takes_away("ALTER TABLE grants\n  drop column note;"), Some("DROP COLUMN"));
        assert_eq!(takes_away("ALTER TABLE grants RENAME COLUMN a TO b;"), Some("RENAME"));
        assert_eq!(takes_away("ALTER TABLE grants ADD COLUMN n integer NOT NULL DEFAULT 0;"), None);
        assert!(takes_away("ALTER TABLE grants ADD COLUMN n integer NOT NULL; SELECT 1 AS DEFAULT;").is_some());
        assert_eq!(takes_away("-- contract: 0.3.0\nALTER TABLE grants DROP COLUMN note;"), None);
    }
}
