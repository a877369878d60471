//! `cargo xtask`: the project's tasks.
#![allow(clippy::print_stderr, reason = "a build tool speaks on the terminal")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{Trouble, bench, browsers, layout, packages, process, suite, tidy};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's tasks", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test: install what they need, start a private PostgreSQL, build the program once,
    /// then Rust, layout, assets, OpenID Connect clients and real browsers.
    Test(suite::Options),
    /// Check the layout: who may depend on whom, migrations in pairs, sizes of files, no paths of one machine.
    Tidy,
    /// Install what the tests need and is missing, and nothing else.
    Packages {
        /// Leave out what only the browser tests need.
        #[arg(long)]
        no_browsers: bool,
    },
    /// Write a picture of every page (light, dark, right-to-left) to the folder `screenshots`.
    Screenshots,
    /// Measure the release binary: starts, memory, the sign-in page's weight, how soon a notice is there.
    Measure,
    /// Measure the release binary against a yardstick that does the least work, in turns, and print ratios.
    Bench {
        /// What one core can do at all (hashing, signing, encryption, commits), instead of the server.
        #[arg(long)]
        limits: bool,
        /// Options of the load driver: `cargo xtask bench -- --help` lists them.
        #[arg(last = true)]
        options: Vec<String>,
    },
    /// Write down which functions the server calls, so that the linker puts them together (on x86-64).
    Layout,
}

fn main() -> ExitCode {
    if let Err(trouble) = process::mind_children() {
        eprintln!("{trouble}");
        return ExitCode::FAILURE;
    }
    let outcome = match Arguments::parse().task {
        Task::Test(options) => suite::run(&options),
        Task::Tidy => tidy::run(),
        Task::Packages { no_browsers } => packages::install(&packages::needed(true, !no_browsers)).map(|()| true),
        Task::Screenshots => browsers::screenshots(),
        Task::Measure => browsers::measure(),
        Task::Bench { limits, options } => {
            if limits {
                bench::limits(&options)
            } else {
                bench::run(&options)
            }
        }
        Task::Layout => layout::run(),
    };
    let left = process::sweep();
    if left > 0 {
        eprintln!("{left} processes were still running and have been ended");
    }
    exit(outcome)
}

fn exit(outcome: Result<bool, Trouble>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("error: {trouble}");
            ExitCode::FAILURE
        }
    }
}
