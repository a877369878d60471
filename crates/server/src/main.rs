//! The `watchbell` binary: configuration, wiring, the command line.

mod cli;
mod commands;
mod config;
mod data_folder;
mod dev;
mod installation;
mod listen;
mod master_key;
mod operations;
mod say;
mod serving;
mod settings;
mod telemetry;
mod tls;
mod wiring;

use std::process::ExitCode;

/// Requests ask for memory some hundred times each, and a tenth of a sign-in went there.
#[cfg(target_os = "linux")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match commands::run(cli::Cli::read().command) {
        Ok(code) => code,
        Err(trouble) => {
            say::trouble(&trouble);
            ExitCode::FAILURE
        }
    }
}
