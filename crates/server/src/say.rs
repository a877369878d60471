//! The one place that prints.
//!
//! Standard output carries what a script may read: the line `ready URL`, the answers of commands, JSON when
//! it was asked for. Standard error carries why something could not be done, and the log. A reader who has
//! gone away (`watchbell user list | head -1`) is no trouble.

use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// How the answers of a command are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Sentences and tables for a person.
    Text,
    /// One JSON document for a program.
    Json,
}

/// Why a command could not do what was asked: what a person reads on standard error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Trouble(String);

impl Trouble {
    /// Trouble in one clear sentence that names the next step.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl From<base::Fault> for Trouble {
    fn from(fault: base::Fault) -> Self {
        Self(fault.to_string())
    }
}

/// Writes one line to standard output at once, also when it leads into a pipe.
pub(crate) fn line(text: impl Display) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Writes a value as indented JSON to standard output.
///
/// # Errors
/// [`Trouble`] when the value can't be written as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Trouble> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Trouble::new(format!("write JSON: {e}")))?;
    line(text);
    Ok(())
}

/// Writes a value as one line of JSON to standard output.
///
/// # Errors
/// [`Trouble`] when the value can't be written as JSON.
pub(crate) fn json_line(value: &impl Serialize) -> Result<(), Trouble> {
    let text = serde_json::to_string(value).map_err(|e| Trouble::new(format!("write JSON: {e}")))?;
    line(text);
    Ok(())
}

/// The line that scripts wait for: the server answers at this address from now on.
pub(crate) fn ready(url: &str) {
    line(format_args!("ready {url}"));
}

/// Writes why the program stops to standard error.
pub(crate) fn trouble(trouble: &Trouble) {
    let mut err = io::stderr().lock();
    drop(writeln!(err, "watchbell: {trouble}").and_then(|()| err.flush()));
}

/// Writes to standard error what may not be meant so, though it was done.
pub(crate) fn warning(text: impl Display) {
    let mut err = io::stderr().lock();
    drop(writeln!(err, "watchbell: warning: {text}").and_then(|()| err.flush()));
}

/// Lays rows out in columns, each as wide as its widest cell, two spaces apart.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|h| h.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let write = |cells: &mut dyn Iterator<Item = &str>| {
        let cells = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![write(&mut head.iter().copied())];
    lines.extend(rows.iter().map(|row| write(&mut row.iter().map(String::as_str))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = vec![vec!["Zoë".into(), "x".into()], vec!["Al".into(), "longer".into()]];
        assert_eq!(table(&["NAME", "B"], &rows), "NAME  B\nZoë   x\nAl    longer");
    }
}
