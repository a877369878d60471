//! How the program is linked.
//!
//! Where it is loaded is decided at its start, and all addresses that it holds are set then. As a list of them that is a megabyte, read at
//! each start and kept in memory; packed it is some pages. What starts programs has to know the packing: glibc does since 2.36.
//!
//! What is called lies together. A quarter of the code is, and mapped into memory is what lies around it as well: scattered, that was
//! nearly all. `called.txt` names those functions; `cargo xtask layout` writes it. What is not there any more is no harm.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PACKED_SINCE: (u32, u32) = (2, 36);
const CALLED: &str = "called.txt";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={CALLED}");
    let target_is = |what: &str, value: &str| var(&format!("CARGO_CFG_TARGET_{what}")) == value;
    // It runs where it is built, or where the same is installed: elsewhere nobody knows what will start it.
    if var("HOST") == var("TARGET") && target_is("ENV", "gnu") && glibc().is_some_and(|v| v >= PACKED_SINCE) {
        // A linker that does not know it leaves the list as it was.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    if var("PROFILE") == "release" && target_is("OS", "linux") {
        let folder = PathBuf::from(var("OUT_DIR"));
        let script = folder.join("called.ld");
        fs::write(&script, called_first(&fs::read_to_string(CALLED)?))?;
        let argument = format!("-Wl,-T,{}", script.display());
        if links_with(&argument, &folder) {
            println!("cargo:rustc-link-arg-bins={argument}");
        } else {
            println!(
                "cargo:warning=the linker takes no script: the program works, and needs more memory (LLD and GNU ld do)"
            );
        }
    }
    Ok(())
}

fn var(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The version of this machine's, as in "glibc 2.36".
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?.stdout;
    let (major, minor) = std::str::from_utf8(&said).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// A linker script that puts these functions in front of all others, and leaves the rest as it is.
fn called_first(names: &str) -> String {
    // What the compiler takes for unlikely has a section of another name.
    let lines = names.lines().filter(|line| !line.starts_with('#'));
    let sections: String = lines.map(|name| format!("    *(.text.{name} .text.unlikely.{name})\n")).collect();
    format!("SECTIONS {{\n  .text.called : {{\n{sections}  }}\n}}\nINSERT BEFORE .text;\n")
}

/// Whether the linker takes an argument: mold, for one, has no scripts of this kind. LLD and GNU ld do.
fn links_with(argument: &str, folder: &Path) -> bool {
    let source = folder.join("empty.rs");
    if fs::write(&source, "fn main() {}").is_err() {
        return false;
    }
    let mut compiler = Command::new(var("RUSTC"));
    compiler.arg(&source).arg("--target").arg(var("TARGET")).arg("-o").arg(folder.join("empty"));
    if let Ok(linker) = std::env::var("RUSTC_LINKER") {
        compiler.arg(format!("-Clinker={linker}"));
    }
    compiler.args(var("CARGO_ENCODED_RUSTFLAGS").split('\x1f').filter(|flag| !flag.is_empty()));
    compiler.arg(format!("-Clink-arg={argument}"));
    compiler.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|done| done.success())
}
