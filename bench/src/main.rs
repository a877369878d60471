//! Measures Watchbell against a yardstick, in turns on one machine, and prints ratios.
//!
//! `cargo xtask bench` builds what it needs and runs it; see `docs/guide/src/performance.md`.

mod bell;
mod browser;
mod figures;
mod house;
mod load;
mod nodes;
mod outbox;
mod people;
mod product;
mod rounds;
mod server;
mod sink;
mod starts;
mod usage;
mod wire;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use house::Installation;
use load::Load;
use product::Product;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Parser)]
#[command(about = "Measure Watchbell against a yardstick, in turns, and print ratios")]
struct Options {
    /// The release build of Watchbell.
    #[arg(long)]
    watchbell: PathBuf,
    /// The release build of the yardstick.
    #[arg(long)]
    yardstick: PathBuf,
    /// What to measure, of the scenarios in the product files.
    #[arg(long, value_delimiter = ',', default_values = ["discovery", "jwks", "client_credentials",
        "client_credentials_rs256", "refresh", "sso", "userinfo", "userinfo_first_seen", "introspect",
        "introspect_first_seen", "login"])]
    scenarios: Vec<String>,
    /// Connections.
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// Performances per second, at their times whatever the answers; without it each connection goes on when it is answered.
    #[arg(long)]
    rate: Option<f64>,
    /// How many people there are; the product files say 50. An overload of sign-ins needs more: many tries at once on one account are guessing.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=2000))]
    users: Option<u32>,
    /// Another scenario at the same time, and its connections, as in login:16.
    #[arg(long)]
    beside: Option<String>,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Seconds before it that don't count.
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// How often each is measured, in turns; the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Measure Watchbell on this PostgreSQL database, which must be empty, instead of SQLite.
    #[arg(long)]
    database: Option<String>,
    /// Instead of scenarios: start so often with many people in the database, and make and restore a backup.
    #[arg(long)]
    starts: Option<usize>,
    /// How many people that is.
    #[arg(long, default_value_t = 100_000)]
    people: u32,
    /// Instead of scenarios: ring so many browsers, with security notices in the middle, and then an idle server's.
    #[arg(long, conflicts_with = "database")]
    rings: Option<u32>,
    /// Instead of scenarios: relay so many events that wait in the outbox.
    #[arg(long)]
    outbox: Option<u32>,
    /// Instead of scenarios: two nodes on the PostgreSQL database, and whether one waits for the other.
    #[arg(long, requires = "database")]
    nodes: bool,
    /// Settings of the yardstick, as in ALG=EdDSA.
    #[arg(long, value_delimiter = ',')]
    yardstick_set: Vec<String>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let products = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("products");
    let mut ours = Product::read(&products.join("watchbell.toml"))?;
    let mut yardstick = Product::read(&products.join("yardstick.toml"))?;
    if let Some(starts) = options.starts {
        let programs = (options.watchbell.as_path(), options.yardstick.as_path());
        let found = starts::measure(programs, &mut ours, options.database.as_deref(), (starts, options.people))?;
        return found.print(options.json);
    }
    if let Some(count) = options.rings {
        return bell::measure(&options.watchbell, &mut ours, count)?.print(options.json);
    }
    if let Some(count) = options.outbox {
        return outbox::measure(&options.watchbell, &mut ours, options.database.as_deref(), count)?.print(options.json);
    }
    if let Some(database) = options.database.as_deref().filter(|_| options.nodes) {
        let time = Duration::from_secs_f64(options.seconds);
        return nodes::measure(&options.watchbell, &mut ours, database, time)?.print(options.json);
    }
    if let Some(users) = options.users {
        (ours.users.count, yardstick.users.count) = (users, users);
    }
    let set = options.yardstick_set.iter().map(|pair| pair.split_once('=').context("a setting is NAME=VALUE"));
    let set =
        set.map(|pair| pair.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect::<Result<Vec<_>>>()?;
    let beside = options.beside.as_deref().map(|text| text.split_once(':').context("as in login:16"));
    let beside = beside.transpose()?.map(|(name, n)| n.parse().map(|n| (name.to_owned(), n))).transpose()?;
    let installation = Installation::new(&options.watchbell, options.database.as_deref())?;
    let servers = (server::yardstick(&options.yardstick, &set)?, installation.serve()?);
    ours.host = Some(installation.host(&servers.1.address));
    installation.furnish(&mut ours, options.scenarios.iter().any(|name| name.ends_with("_rs256")))?;
    let running = [servers.0.run(yardstick), servers.1.run(ours)];
    let mut rows = Vec::new();
    for scenario in &options.scenarios {
        let load = Load {
            scenario: scenario.clone(),
            connections: options.connections,
            rate: options.rate,
            beside: beside.clone(),
            warm_up: Duration::from_secs_f64(options.warm_up),
            time: Duration::from_secs_f64(options.seconds),
        };
        let found = rounds::compare(&running, &load, options.rounds)?;
        if !options.json {
            print!("{}", rounds::table(&found));
        }
        rows.extend(found);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        println!("start: yardstick {:?}, Watchbell {:?}", servers.0.start, servers.1.start);
    }
    match rows.iter().map(|row| row.median.errors).sum::<u64>() {
        0 => Ok(()),
        errors => bail!("{errors} errors: the figures don't count"),
    }
}
