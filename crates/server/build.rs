//! How the program is linked.
//!
//! Where it is loaded is decided at its start, and all addresses that it holds are set then. As a list of them that is a megabyte, read at
//! each start and kept in memory; packed it is some pages. What starts programs has to know the packing: glibc does since 2.36.

use std::process::Command;

const PACKED_SINCE: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // It runs where it is built, or where the same is installed: elsewhere nobody knows what will start it.
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    if var("HOST") == var("TARGET")
        && var("CARGO_CFG_TARGET_ENV") == "gnu"
        && glibc().is_some_and(|v| v >= PACKED_SINCE)
    {
        // A linker that does not know it leaves the list as it was.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's, as in "glibc 2.36".
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?.stdout;
    let (major, minor) = std::str::from_utf8(&said).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
