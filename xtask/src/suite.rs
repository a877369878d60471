//! `cargo xtask test`: every test there is, with one command.

use std::path::PathBuf;
use std::process::Command;

use clap::{Args, ValueEnum};

use crate::postgres::Cluster;
use crate::report::{Count, Report, Tally};
use crate::{Trouble, browsers, packages, process, python, redis, root, tidy};

/// What to run.
#[derive(Args, Debug, Clone, Default)]
pub struct Options {
    /// Run this part alone (may be given several times).
    #[arg(long, value_enum)]
    pub only: Vec<Part>,
    /// Leave out the tests that drive real browsers.
    #[arg(long)]
    pub no_browsers: bool,
    /// Drive the release binary where a whole program is needed, instead of the debug build that the tests make anyway.
    #[arg(long)]
    pub release: bool,
}

/// The parts of the test suite.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `cargo test --workspace`, on SQLite and PostgreSQL.
    Rust,
    /// The layout of the house.
    Tidy,
    /// The built scripts and styles are those of their sources.
    Assets,
    /// Clients that others wrote, a certified one among them, another provider to sign in by, and the guide's snippets, against
    /// the running binary.
    Conformance,
    /// Real Firefox and Chromium against the running binary.
    Browsers,
}

/// The tests of protocols, each with the step's name: against programs that others wrote.
const CONFORMANCE: [(&str, &str); 7] = [
    ("conformance", "conformance.test.mjs"),
    ("oauth4webapi", "oauth4webapi.test.mjs"),
    ("Authlib", "authlib.test.mjs"),
    ("mod_auth_openidc", "apache.test.mjs"),
    ("snippets of the guide", "guide.test.mjs"),
    ("apps told of a logout", "logout.test.mjs"),
    ("other providers", "upstream.test.mjs"),
];

impl Options {
    fn wants(&self, part: Part) -> bool {
        if self.only.is_empty() { part != Part::Browsers || !self.no_browsers } else { self.only.contains(&part) }
    }
}

/// Runs the wanted parts; answers whether all passed.
///
/// # Errors
/// When there is no room for temporary files; other troubles are failures of their step.
pub fn run(options: &Options) -> Result<bool, Trouble> {
    let mut report = Report::default();
    process::make_scratch()?;
    let wants = |part| options.wants(part);
    let ready = report.step("packages", || {
        packages::install(&packages::needed(wants(Part::Conformance), wants(Part::Browsers)))?;
        Ok(Count::NONE)
    });
    if ready {
        if wants(Part::Tidy) {
            report.step("tidy", || Ok(if tidy::run()? { Count::ONE } else { Count::FAILURE }));
        }
        if wants(Part::Assets) {
            report.step("assets", assets);
        }
        parts_with_binary(options, &mut report);
    }
    report.step("no process left behind", || match process::sweep() {
        0 => Ok(Count::ONE),
        left => Err(Trouble::new(format!("{left} processes were still running after the tests"))),
    });
    process::remove_scratch();
    Ok(report.close())
}

/// The parts that need a whole program: it is built once.
fn parts_with_binary(options: &Options, report: &mut Report) {
    let wants = |part| options.wants(part);
    if !(wants(Part::Rust) || wants(Part::Conformance) || wants(Part::Browsers)) {
        return;
    }
    let mut binary = PathBuf::new();
    let built = report.step("build", || {
        binary = match (options.release, wants(Part::Rust)) {
            (true, _) => release_binary()?,
            // The tests of the program itself have it built, before any test runs: a build of its own, with the features
            // of one package, would build most of the house twice.
            (false, true) => place("debug")?,
            (false, false) => debug_binary()?,
        };
        Ok(Count::NONE)
    });
    if !built {
        return;
    }
    if wants(Part::Rust) {
        report.step("cargo test", || rust(&binary));
        report.step("bench", bench);
    }
    if wants(Part::Conformance) {
        for (step, file) in CONFORMANCE {
            report.step(step, || {
                python::requirements("tests/conformance")?;
                browsers::node_tests("tests/conformance", file, &binary)
            });
        }
    }
    if wants(Part::Browsers) {
        report.step("browsers", || {
            // The provider that people sign in by there.
            browsers::npm_ci("tests/conformance")?;
            browsers::node_tests("tests/e2e", "e2e.test.mjs", &binary)
        });
    }
}

fn rust(binary: &std::path::Path) -> Result<Count, Trouble> {
    let given = std::env::var("WATCHBELL_TEST_POSTGRES_URL").ok();
    let own = if given.is_none() { Some(Cluster::start()?) } else { None };
    let url = given.or_else(|| own.as_ref().map(Cluster::url)).unwrap_or_default();
    let given = std::env::var("WATCHBELL_TEST_REDIS_URL").ok();
    let own_redis = if given.is_none() { Some(redis::Server::start()?) } else { None };
    let redis_url = given.or_else(|| own_redis.as_ref().map(redis::Server::url)).unwrap_or_default();
    let mut tally = Tally::here();
    let mut command = process::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    command.env("WATCHBELL_TEST_POSTGRES_URL", url).env("WATCHBELL_TEST_REDIS_URL", redis_url);
    command.env("WATCHBELL_BIN", binary);
    // Points at which the program ends at once are in a debug build alone.
    command.env("WATCHBELL_DEBUG_BIN", place("debug")?);
    let status = process::run_lines(&mut command, |line| {
        println!("{line}");
        tally.read(line);
    })?;
    Ok(tally.finish(status.success()))
}

/// The bench is a workspace of its own, and is built on some of the house's crates: it still fits them.
fn bench() -> Result<Count, Trouble> {
    let mut tally = Tally::here();
    let mut command = process::cargo();
    command.args(["test", "--workspace", "--no-fail-fast", "--manifest-path", "bench/Cargo.toml", "--target-dir"]);
    let status = process::run_lines(command.arg(target()?).current_dir(root()), |line| {
        println!("{line}");
        tally.read(line);
    })?;
    Ok(tally.finish(status.success()))
}

/// Builds the release binary and answers where it is.
///
/// # Errors
/// When it does not build.
pub fn release_binary() -> Result<PathBuf, Trouble> {
    binary(&["--release"], "release")
}

/// Builds the debug binary and answers where it is.
///
/// # Errors
/// When it does not build.
pub fn debug_binary() -> Result<PathBuf, Trouble> {
    binary(&[], "debug")
}

fn binary(arguments: &[&str], folder: &str) -> Result<PathBuf, Trouble> {
    let status =
        process::run_lines(process::cargo().args(["build", "--package", "watchbell"]).args(arguments), |_| ())?;
    if !status.success() {
        return Err(Trouble::new(format!("the {folder} build failed ({status})")));
    }
    place(folder)
}

/// Where cargo puts the program.
fn place(folder: &str) -> Result<PathBuf, Trouble> {
    Ok(target()?.join(folder).join("watchbell"))
}

/// Where cargo puts what it builds.
fn target() -> Result<PathBuf, Trouble> {
    let metadata = process::output(process::cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).map_err(Trouble::during("read cargo metadata"))?;
    let target = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    let target = target.ok_or_else(|| Trouble::new("cargo metadata names no target folder"))?;
    Ok(PathBuf::from(target))
}

/// The scripts and styles in the repository are those that their sources build to.
fn assets() -> Result<Count, Trouble> {
    browsers::npm_ci("assets")?;
    for task in ["check", "build"] {
        let mut command = Command::new("npm");
        command.args(["run", "--silent", task]).current_dir(root().join("assets"));
        let status = process::run_lines(&mut command, |line| println!("{line}"))?;
        if !status.success() {
            return Err(Trouble::new(format!("npm run {task} failed in assets/ ({status})")));
        }
    }
    let changed =
        process::output(Command::new("git").args(["status", "--porcelain", "--", "assets/dist"]).current_dir(root()))?;
    if changed.is_empty() {
        return Ok(Count::ONE);
    }
    Err(Trouble::new(format!(
        "assets/dist is not what its sources build to: commit what `npm run build` made\n{changed}"
    )))
}
