//! The functions of a program, as its symbols tell them.

use anyhow::{Context as _, Result, bail};
use object::{Object as _, ObjectSymbol as _, SymbolKind};
use std::collections::BTreeMap;
use std::path::Path;

/// A function of a program.
#[derive(Default)]
pub(crate) struct Function {
    /// Some have several.
    pub(crate) names: Vec<String>,
    /// In bytes.
    pub(crate) size: u64,
}

/// The functions of a program by their address in its file.
pub(crate) fn functions(program: &Path) -> Result<BTreeMap<u64, Function>> {
    let bytes = std::fs::read(program).with_context(|| program.display().to_string())?;
    let file = object::File::parse(&*bytes)?;
    let mut found: BTreeMap<u64, Function> = BTreeMap::new();
    for symbol in file.symbols() {
        // Without a size it is a place in a function of an assembler's.
        if symbol.kind() == SymbolKind::Text && symbol.is_definition() && symbol.size() > 0 {
            let function = found.entry(symbol.address()).or_default();
            function.names.push(symbol.name()?.to_owned());
            function.size = function.size.max(symbol.size());
        }
    }
    if found.is_empty() {
        bail!("{} has no symbols: build it with CARGO_PROFILE_RELEASE_STRIP=none", program.display());
    }
    Ok(found)
}
