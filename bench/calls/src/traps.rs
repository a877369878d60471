//! Traps in a running program: one at the beginning of each function.

use crate::symbols::Function;
use anyhow::{Context as _, Result};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// The instruction INT3.
const INT3: u8 = 0xcc;

/// The traps of a program that runs.
pub(crate) struct Traps {
    memory: File,
    functions: BTreeMap<u64, Trap>,
}

struct Trap {
    names: Vec<String>,
    /// What is there without a trap.
    byte: u8,
    is_set: bool,
}

/// What a stopped thread met.
pub(crate) enum Met {
    /// A function that is called for the first time, under these names.
    First(Vec<String>),
    /// One whose trap another thread has just met.
    Again,
}

impl Traps {
    /// Sets all traps in a program that has just been loaded.
    pub(crate) fn lay(pid: Pid, program: &Path, functions: BTreeMap<u64, Function>) -> Result<Self> {
        let base = base(pid, program)?;
        let memory = OpenOptions::new().read(true).write(true).open(format!("/proc/{pid}/mem"))?;
        let functions = functions.into_iter().map(|(address, function)| {
            let (address, mut byte) = (base.wrapping_add(address), [0]);
            memory.read_exact_at(&mut byte, address).context("read the program's memory")?;
            Ok((address, Trap { names: function.names, byte: byte[0], is_set: false }))
        });
        let functions = functions.collect::<Result<_>>()?;
        let mut traps = Self { memory, functions };
        traps.set()?;
        Ok(traps)
    }

    /// Sets those that are not set any more.
    pub(crate) fn set(&mut self) -> Result<()> {
        for (address, function) in self.functions.iter_mut().filter(|(_, function)| !function.is_set) {
            self.memory.write_all_at(&[INT3], *address).context("write to the program's memory")?;
            function.is_set = true;
        }
        Ok(())
    }

    /// Takes away the trap at an address, if there is a function of ours.
    pub(crate) fn meet(&mut self, address: u64) -> Result<Option<Met>> {
        let Some(function) = self.functions.get_mut(&address) else { return Ok(None) };
        if !std::mem::take(&mut function.is_set) {
            return Ok(Some(Met::Again));
        }
        self.memory.write_all_at(&[function.byte], address).context("write to the program's memory")?;
        Ok(Some(Met::First(function.names.clone())))
    }
}

/// Where a program was loaded.
fn base(pid: Pid, program: &Path) -> Result<u64> {
    let program = program.canonicalize()?.display().to_string();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let first =
        maps.lines().find(|line| line.ends_with(&program)).context("the program is not where it was started")?;
    let (from, _) = first.split_once('-').context("a line of /proc/pid/maps begins with two addresses")?;
    Ok(u64::from_str_radix(from, 16)?)
}
