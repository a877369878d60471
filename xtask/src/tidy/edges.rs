//! Who may depend on whom: the table of `docs/ARCHITECTURE.md`, over `cargo metadata`.

use serde_json::Value;

use crate::{Trouble, process};

/// Each crate and the crates of this workspace that it may use.
const TABLE: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("outbound", &["base"]),
    ("oauth", &["base"]),
    ("argon", &[]),
    ("identity", &["base", "argon"]),
    ("meter", &[]),
    ("bus", &["base", "meter"]),
    ("push", &["base", "outbound"]),
    ("upstream", &["base", "outbound"]),
    ("view", &["base", "identity"]),
    ("store", &["base", "oauth", "identity", "bus"]),
    ("app", &["base", "outbound", "oauth", "identity", "meter", "bus", "store", "upstream"]),
    ("events", &["base", "outbound", "oauth", "identity", "meter", "store", "push", "view"]),
    ("traces", &["base", "outbound", "meter"]),
    ("web", &["base", "app", "oauth", "identity", "meter", "view", "traces"]),
    (
        "watchbell",
        &[
            "base", "outbound", "oauth", "identity", "meter", "bus", "push", "upstream", "view", "store", "app",
            "events", "traces", "web",
        ],
    ),
    (
        "testkit",
        &[
            "base", "outbound", "oauth", "identity", "meter", "bus", "push", "upstream", "view", "store", "app",
            "events", "traces", "web", "xtask",
        ],
    ),
    ("inputs", &["base", "oauth"]),
    ("xtask", &[]),
];

/// A package of the workspace, and what it says it uses.
struct Package {
    name: String,
    uses: Vec<Use>,
}

struct Use {
    name: String,
    in_tests_only: bool,
}

pub(super) fn check() -> Result<Vec<String>, Trouble> {
    let json = process::output(process::cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let json: Value = serde_json::from_str(&json).map_err(Trouble::during("read cargo metadata"))?;
    Ok(judge(&packages(&json)))
}

fn packages(json: &Value) -> Vec<Package> {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    list(json, "packages")
        .iter()
        .map(|package| Package {
            name: text(package, "name"),
            uses: list(package, "dependencies")
                .iter()
                // What comes from this repository has a path.
                .filter(|dependency| dependency.get("path").is_some())
                .map(|dependency| Use {
                    name: text(dependency, "name"),
                    in_tests_only: text(dependency, "kind") == "dev",
                })
                .collect(),
        })
        .collect()
}

fn judge(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        let Some((_, may)) = TABLE.iter().find(|(name, _)| *name == package.name) else {
            found.push(format!("crate {} is not in the table of who may use whom: add it there", package.name));
            continue;
        };
        for used in &package.uses {
            let helper = used.in_tests_only && ["testkit", "xtask"].contains(&used.name.as_str());
            if !helper && !may.contains(&used.name.as_str()) {
                let may = if may.is_empty() { "none".to_owned() } else { may.join(", ") };
                found.push(format!("crate {} uses {}, but may use only: {may}", package.name, used.name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &str, in_tests_only: bool) -> Package {
        Package { name: name.into(), uses: vec![Use { name: uses.into(), in_tests_only }] }
    }

    #[test]
    fn a_forbidden_edge_is_named() {
        let found = judge(&[package("web", "store", false)]);
        assert_eq!(found, ["crate web uses store, but may use only: base, app, oauth, identity, meter, view, traces"]);
    }

    #[test]
    fn an_edge_of_the_table_is_fine() {
        assert!(judge(&[package("push", "outbound", false), package("events", "testkit", true)]).is_empty());
    }

    #[test]
    fn a_crate_nobody_heard_of_is_named() {
        assert_eq!(judge(&[package("helpers", "base", false)]).len(), 1);
    }
}
