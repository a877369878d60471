//! The `watchbell` binary: configuration, wiring, the command line.

mod config;
mod data_folder;
mod dev;
mod listen;
mod master_key;
mod say;
mod telemetry;

fn main() {}
