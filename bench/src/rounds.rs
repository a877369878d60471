//! Products in turns, and the ratio of their medians: both see the same machine.

use crate::load::{Load, Measured, measure};
use crate::product::Product;
use crate::usage::Usage;
use anyhow::Result;
use serde::Serialize;
use std::thread::sleep;
use std::time::Duration;

/// A product that runs.
pub(crate) struct Running {
    pub(crate) product: Product,
    /// Its process.
    pub(crate) server: u32,
}

/// A row of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) product: String,
    pub(crate) scenario: String,
    pub(crate) rounds: usize,
    /// The median of each figure.
    #[serde(flatten)]
    pub(crate) median: Measured,
    /// Performances per CPU second against the yardstick's in the same round: the median of the ratios.
    pub(crate) of_yardstick: f64,
}

/// Measures a scenario on each product in turns. The first is the yardstick.
pub(crate) fn compare(products: &[Running], load: &Load, rounds: usize) -> Result<Vec<Row>> {
    let mut all: Vec<Vec<Measured>> = products.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (running, measured) in products.iter().zip(&mut all) {
            measured.push(measure(&running.product, running.server, load)?);
            rest(running.server);
        }
    }
    let yardstick: Vec<f64> = all.first().into_iter().flatten().map(|one| one.per_cpu_second).collect();
    let row = |(running, measured): (&Running, &Vec<Measured>)| {
        let ratios = measured.iter().zip(&yardstick).map(|(one, yardstick)| one.per_cpu_second / yardstick);
        Row {
            product: running.product.name.clone(),
            scenario: load.scenario.clone(),
            rounds,
            median: medians(measured),
            of_yardstick: median(ratios),
        }
    };
    Ok(products.iter().zip(&all).map(row).collect())
}

/// Waits until a server has done what was left to do when its turn ended: passwords that nobody waits for any more would be
/// hashed in the other's time. A minute at most.
fn rest(server: u32) {
    let tick = Duration::from_millis(200);
    let mut before = Usage::of(Some(server)).cpu;
    for _ in 0..300 {
        sleep(tick);
        let now = Usage::of(Some(server)).cpu;
        if now - before < 0.02 {
            return;
        }
        before = now;
    }
}

fn medians(all: &[Measured]) -> Measured {
    let of = |figure: fn(&Measured) -> f64| median(all.iter().map(figure));
    Measured {
        per_second: of(|one| one.per_second),
        per_cpu_second: of(|one| one.per_cpu_second),
        p50_ms: of(|one| one.p50_ms),
        p95_ms: of(|one| one.p95_ms),
        p99_ms: of(|one| one.p99_ms),
        errors: all.iter().map(|one| one.errors).sum(),
        first_error: all.iter().find_map(|one| one.first_error.clone()),
        refused: all.iter().map(|one| one.refused).sum::<u64>() / u64::try_from(all.len()).unwrap_or(1).max(1),
        refused_p99_ms: of(|one| one.refused_p99_ms),
        resident_mib: of(|one| one.resident_mib),
        server_cores: of(|one| one.server_cores),
        driver_cores: of(|one| one.driver_cores),
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The table, for people.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut out = format!(
        "{:<22} {:<20} {:>9} {:>10} {:>9} {:>9} {:>9} {:>6} {:>6} {:>9}\n",
        "operation", "product", "/s", "/cpu-s", "p50 ms", "p95 ms", "p99 ms", "MiB", "errors", "of first"
    );
    for row in rows {
        let of = &row.median;
        out.push_str(&format!(
            "{:<22} {:<20} {:>9.0} {:>10.0} {:>9.2} {:>9.2} {:>9.2} {:>6.0} {:>6} {:>8.0}%\n",
            row.scenario,
            row.product,
            of.per_second,
            of.per_cpu_second,
            of.p50_ms,
            of.p95_ms,
            of.p99_ms,
            of.resident_mib,
            of.errors,
            row.of_yardstick * 100.0
        ));
        if of.refused > 0 {
            out.push_str(&format!("  refused in a round: {}, p99 {:.2} ms\n", of.refused, of.refused_p99_ms));
        }
        if let Some(error) = &of.first_error {
            out.push_str(&format!("  {error}\n"));
        }
    }
    out
}
