//! Which functions a program calls, in the order in which it calls each for the first time.
//!
//! `watchbell-calls record FILE PROGRAM ARGUMENTS...` runs a program with a trap at the beginning of each of its functions, and adds a
//! line to the file for each that is called: `start NAME` until it has settled, `use NAME` from then on, when all traps are set again.
//! `watchbell-calls list FILE PROGRAM` makes of that what the linker is told. The program must have its symbols. `cargo xtask layout` does
//! both.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod list;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod symbols;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod tracing;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod traps;

use anyhow::Result;
use clap::Parser;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Parser)]
#[command(about = "Which functions a program calls")]
enum Task {
    /// Run a program and write down what it calls.
    Record(Recording),
    /// Print what was written down as the linker is told it.
    List {
        /// What was written down.
        file: PathBuf,
        /// The program that was run.
        program: PathBuf,
    },
}

#[derive(clap::Args)]
struct Recording {
    /// Seconds after which the program has started and what it does is its use.
    #[arg(long, default_value_t = 2.0)]
    settle: f64,
    /// Where to write them, behind what is there.
    file: PathBuf,
    /// The program, with its symbols.
    program: PathBuf,
    /// Its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

fn main() -> Result<()> {
    run(Task::parse())
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn run(task: Task) -> Result<()> {
    match task {
        Task::Record(recording) => std::process::exit(tracing::run(recording)?),
        Task::List { file, program } => {
            list::of(&file, &program)?.iter().for_each(|name| println!("{name}"));
            Ok(())
        }
    }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn run(_: Task) -> Result<()> {
    anyhow::bail!("traps are set on Linux on x86-64 alone")
}
