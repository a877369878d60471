//! The `watchbell` binary.
fn main() {}
