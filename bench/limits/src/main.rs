//! What one core can do of the work that Watchbell is made of: the ceilings below which everything else has to fit.
//!
//! `cargo xtask bench --limits` builds it and runs it; see `docs/guide/src/performance.md`.

mod commits;
mod hashing;
mod postgres;
mod push;
mod redis;
mod signing;
mod work;

use anyhow::{Context as _, Result};
use clap::Parser;
use work::{Found, Work};

#[derive(Parser)]
#[command(about = "Measure the ceilings of one core: hashing, signing, encryption, commits")]
struct Options {
    /// What to measure.
    #[arg(long, value_delimiter = ',', default_values = ["argon2", "signatures", "push", "sqlite"])]
    groups: Vec<String>,
    /// How often each is measured, in turns; the median counts.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// A PostgreSQL database for the group postgres, in which the tables watchbell_limits and watchbell_limits_tokens are made anew.
    #[arg(long)]
    database: Option<String>,
    /// A Redis for the group redis.
    #[arg(long)]
    redis: Option<String>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let mut found = Vec::new();
    for group in &options.groups {
        let works = works(group, options.database.as_deref(), options.redis.as_deref())?;
        found.extend(work::measure(works, options.rounds)?);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        print!("{}", Found::table(&found));
    }
    Ok(())
}

fn works(group: &str, database: Option<&str>, redis: Option<&str>) -> Result<Vec<Work>> {
    match (group, database) {
        ("argon2", _) => hashing::works(),
        ("signatures", _) => signing::works(),
        ("push", _) => push::works(),
        ("sqlite", _) => commits::sqlite(),
        ("redis", _) => redis::works(redis.context("the group redis needs --redis redis://…")?),
        ("postgres", Some(url)) => postgres::works(url),
        ("postgres", None) => anyhow::bail!("the group postgres needs --database postgres://…"),
        _ => anyhow::bail!("there is no group {group}: argon2, signatures, push, sqlite, postgres, redis"),
    }
}
