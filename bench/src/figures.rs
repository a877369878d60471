//! Figures that are no scenarios of a product file.

use anyhow::Result;
use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
}

/// All that were found.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Figures(Vec<Figure>);

impl Figures {
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.0.push(Figure { name: name.into(), value, unit });
    }

    /// Prints them: a table, or JSON.
    pub(crate) fn print(&self, json: bool) -> Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        for figure in &self.0 {
            println!("{:<88} {:>12.1} {}", figure.name, figure.value, figure.unit);
        }
        Ok(())
    }
}

/// The value at a part of all, from 0 to 1; not a number when there are none.
pub(crate) fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let place = (part * last as f64).round() as usize;
    values.get(place).copied().unwrap_or(f64::NAN)
}
