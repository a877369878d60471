//! Starts with many people in the database, and their backup and restore.

use crate::figures::{Figures, quantile};
use crate::house::Installation;
use crate::product::Product;
use crate::usage::Usage;
use crate::{people, server};
use anyhow::Result;
use std::path::Path;
use std::time::{Duration, Instant};

/// Starts yardstick and Watchbell in turns, `starts` times, with `count` people; makes a backup beside the running server and restores it
/// into a new SQLite file, or into the PostgreSQL database `database`, which must be empty.
pub(crate) fn measure(
    (watchbell, yardstick): (&Path, &Path),
    product: &mut Product,
    database: Option<&str>,
    (starts, count): (usize, u32),
) -> Result<Figures> {
    let installation = Installation::new(watchbell, None)?;
    let first = installation.serve()?;
    product.users.count = 1;
    installation.furnish(product, false)?;
    first.stop()?;
    let begun = Instant::now();
    people::add(&mut people::open(&installation.file("watchbell.db"))?, count)?;
    let mut found = Figures::default();
    found.add(format!("{count} people written by SQL (not by the product)"), begun.elapsed().as_secs_f64(), "s");
    let from_start = |n: usize, of: &str| format!("{n} starts, {of}: from exec to the first 200");
    let (mut ours, mut theirs, mut resident) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..starts {
        theirs.push(server::yardstick(yardstick, &[])?.start.as_secs_f64() * 1e3);
        let running = installation.serve()?;
        ours.push(running.start.as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(500));
        resident.push(Usage::of(Some(running.pid())).resident);
        running.stop()?;
    }
    found.add(format!("{}, median", from_start(starts, "yardstick, nobody")), quantile(&mut theirs, 0.5), "ms");
    found.add(format!("{}, median", from_start(starts, "Watchbell")), quantile(&mut ours, 0.5), "ms");
    found.add(format!("{}, longest", from_start(starts, "Watchbell")), quantile(&mut ours, 1.0), "ms");
    found.add("resident half a second later, median", quantile(&mut resident, 0.5), "MiB");
    let running = installation.serve()?;
    let file = installation.file("backup");
    let begun = Instant::now();
    installation.run(&["backup", &file.to_string_lossy()], "")?;
    found.add("backup beside the running server", begun.elapsed().as_secs_f64(), "s");
    found.add("the backup's size", std::fs::metadata(&file)?.len() as f64 / 1_048_576.0, "MiB");
    running.stop()?;
    let again = Installation::new(watchbell, database)?;
    std::fs::copy(installation.file("master.key"), again.file("master.key"))?;
    let begun = Instant::now();
    again.run(&["restore", &file.to_string_lossy()], "")?;
    let into = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    found.add(format!("restore into {into}"), begun.elapsed().as_secs_f64(), "s");
    let mut restored = Vec::new();
    for _ in 0..starts {
        let running = again.serve()?;
        restored.push(running.start.as_secs_f64() * 1e3);
        running.stop()?;
    }
    found.add(from_start(starts, "what was restored") + ", median", quantile(&mut restored, 0.5), "ms");
    Ok(found)
}
