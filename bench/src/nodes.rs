//! Two nodes on one PostgreSQL: whether one waits for the other.
//!
//! On a machine of two cores two nodes do no more than one, so what is compared is latency at a rate that one core does easily: of one node
//! alone, beside another that does the same, and beside one that was frozen in the middle of its work, with whatever it held.

use crate::figures::Figures;
use crate::house::Installation;
use crate::load::{Load, Measured, measure as perform};
use crate::product::Product;
use crate::server::Server;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Connections, and performances per second, of each node.
const CONNECTIONS: u32 = 8;
const RATE: f64 = 50.0;
const SCENARIOS: [&str; 2] = ["refresh", "sso"];

/// Measures on the empty PostgreSQL database `database`, each for `time`.
pub(crate) fn measure(watchbell: &Path, product: &mut Product, database: &str, time: Duration) -> Result<Figures> {
    let installation = Installation::new(watchbell, Some(database))?;
    let (first, second) = (installation.serve()?, installation.serve()?);
    product.users.count = 10;
    installation.furnish(product, false)?;
    product.host = Some(installation.host(&first.address));
    let mut found = Figures::default();
    for scenario in SCENARIOS {
        let load = Load {
            scenario: scenario.to_owned(),
            connections: CONNECTIONS,
            rate: Some(RATE),
            beside: None,
            warm_up: Duration::from_secs(2),
            time,
        };
        note(&mut found, scenario, "alone", &on(&first, product, &load)?)?;
        let (one, _) = both((&first, &second), product, &load, || Ok(()))?;
        note(&mut found, scenario, "while another does the same", &one)?;
        let (one, _) = both((&first, &second), product, &load, || {
            std::thread::sleep(load.warm_up);
            signal(&second, "-STOP")
        })?;
        signal(&second, "-CONT")?;
        note(&mut found, scenario, "while another is frozen in the middle of that", &one)?;
    }
    Ok(found)
}

fn on(server: &Server, product: &Product, load: &Load) -> Result<Measured> {
    let running = server.run(product.clone());
    perform(&running.product, running.server, load)
}

/// The load on both nodes at once, and something that happens meanwhile. Nothing is said of the second where it was frozen.
fn both(
    (first, second): (&Server, &Server),
    product: &Product,
    load: &Load,
    meanwhile: impl FnOnce() -> Result<()>,
) -> Result<(Measured, Option<Measured>)> {
    std::thread::scope(|scope| {
        let other = scope.spawn(|| on(second, product, load).ok());
        let one = scope.spawn(|| on(first, product, load));
        meanwhile()?;
        let ended = |_| anyhow::anyhow!("a measurement was broken off");
        Ok((one.join().map_err(ended)??, other.join().map_err(ended)?))
    })
}

fn note(found: &mut Figures, scenario: &str, when: &str, one: &Measured) -> Result<()> {
    if let Some(error) = &one.first_error {
        bail!("{scenario}, {when}: {} errors: {error}", one.errors);
    }
    let name = format!("{scenario}, {RATE} a second, one node {when}");
    found.add(format!("{name}: done"), one.per_second, "/s");
    found.add(format!("{name}: p50"), one.p50_ms, "ms");
    found.add(format!("{name}: p99"), one.p99_ms, "ms");
    Ok(())
}

fn signal(server: &Server, signal: &str) -> Result<()> {
    if !Command::new("kill").arg(signal).arg(server.pid().to_string()).status()?.success() {
        bail!("the other node is gone");
    }
    Ok(())
}
