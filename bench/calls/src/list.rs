//! What was called, as the linker is told it.
//!
//! A name holds a hash of the compiler and of everything that the function's crate is built on. Without it the name lasts as long as the
//! function; but there may be many functions of that name, for all the types that they are made for.

use crate::symbols;
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// As much of a name is told where it says enough: names tell all types that a function is made for.
const ENOUGH: usize = 96;
/// How many letters the hash at the end of a name has, as in `17h0123456789abcdefE`.
const HASH: usize = 16;

/// What the functions of AWS-LC begin with, before the version of the library.
const AWS_LC: &str = "aws_lc_";

/// How large functions of one name are together, in bytes.
#[derive(Default)]
struct Sizes {
    all: u64,
    called: u64,
}

/// The functions that were written down for a program, one on a line: first what its use calls, then what only its start does, each in the order of the
/// first calls. A `*` stands for what changes with the compiler, where most of what it fits was called.
pub(crate) fn of(calls: &Path, program: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(calls).with_context(|| calls.display().to_string())?;
    let lines = || text.lines().filter_map(|line| line.split_once(' '));
    let in_use = lines().filter(|(when, _)| *when == "use");
    let in_order = in_use.chain(lines().filter(|(when, _)| *when != "use")).map(|(_, name)| name);
    let called: HashSet<&str> = lines().map(|(_, name)| name).collect();
    let mut sizes: HashMap<String, Sizes> = HashMap::new();
    for (name, size) in sizes_of(program)? {
        for form in forms(&name) {
            let of = sizes.entry(form).or_default();
            of.all = of.all.saturating_add(size);
            if called.contains(name.as_str()) {
                of.called = of.called.saturating_add(size);
            }
        }
    }
    let mut told = HashSet::new();
    let fits = |form: &String| sizes.get(form).is_some_and(|of| of.called.saturating_mul(2) >= of.all);
    let named = in_order.map(|name| forms(name).into_iter().find(fits).unwrap_or_else(|| name.to_owned()));
    Ok(named.filter(|name| told.insert(name.clone())).collect())
}

fn sizes_of(program: &Path) -> Result<BTreeMap<String, u64>> {
    let functions = symbols::functions(program)?;
    Ok(functions
        .into_values()
        .flat_map(|function| function.names.into_iter().map(move |name| (name, function.size)))
        .collect())
}

/// How a name can be told, the most lasting form first.
fn forms(name: &str) -> Vec<String> {
    let lasting = lasting(name);
    let short = lasting.get(..ENOUGH).map(|short| format!("{}*", short.trim_end_matches('*')));
    short.into_iter().chain([lasting]).collect()
}

/// A name without what changes with the compiler, or with the version of a library.
fn lasting(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("_R") {
        return format!("_R{}", without_crates(rest));
    }
    if let Some(versioned) = name.strip_prefix(AWS_LC) {
        return format!("{AWS_LC}*_{}", versioned.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_'));
    }
    let Some(at) = name.rfind("17h") else { return name.to_owned() };
    let (before, from) = name.split_at(at);
    match from.get(3..3 + HASH) {
        Some(hash) if hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            let after = from.get(3 + HASH..).unwrap_or_default();
            format!("{before}17h*{}", if after == "E" { "E" } else { "E*" })
        }
        _ => name.to_owned(),
    }
}

/// The newer names have a number for each crate instead, as in `CsjrHSEGnQ3l9_3std`.
fn without_crates(name: &str) -> String {
    let mut lasting = String::new();
    let mut rest = name;
    while let Some((before, from)) = rest.split_once("Cs") {
        lasting.push_str(before);
        let number = from.bytes().take_while(u8::is_ascii_alphanumeric).count();
        match from.get(number..) {
            Some(after) if after.starts_with('_') => {
                lasting.push_str("Cs*");
                rest = after;
            }
            _ => {
                lasting.push_str("Cs");
                rest = from;
            }
        }
    }
    lasting + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_lasts_without_its_hash() {
        assert_eq!(lasting("_ZN5store4kept17h0123456789abcdefE"), "_ZN5store4kept17h*E");
        assert_eq!(lasting("_ZN5store4kept17h0123456789abcdefE.llvm.77"), "_ZN5store4kept17h*E*");
        assert_eq!(lasting("_ZN5store4kept17hand_nothing_else"), "_ZN5store4kept17hand_nothing_else");
        assert_eq!(lasting("sqlite3VdbeExec"), "sqlite3VdbeExec");
        assert_eq!(lasting("aws_lc_0_47_0_SHA256_Update"), "aws_lc_*_SHA256_Update");
    }

    #[test]
    fn a_long_name_is_told_by_its_beginning_or_whole() {
        let name = format!("_ZN{}17h0123456789abcdefE", "5store".repeat(20));
        let [short, whole] = &forms(&name)[..] else { panic!("two forms") };
        assert_eq!(*short, format!("{}*", &name[..ENOUGH]));
        assert_eq!(*whole, format!("_ZN{}17h*E", "5store".repeat(20)));
        assert_eq!(forms("sqlite3VdbeExec"), ["sqlite3VdbeExec"]);
    }

    #[test]
    fn a_newer_name_lasts_without_the_numbers_of_crates() {
        let name = "_RNvXsa_NtCsjrHSEGnQ3l9_3std3envNtB5_4ArgsNtCsgEmfK2I1SDS_4core4next";
        assert_eq!(lasting(name), "_RNvXsa_NtCs*_3std3envNtB5_4ArgsNtCs*_4core4next");
    }
}
