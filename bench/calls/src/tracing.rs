//! A program that is run step by step from trap to trap (ptrace(2)).

use crate::traps::{Met, Traps};
use crate::{Recording, symbols};
use anyhow::{Context as _, Result, bail};
use nix::libc;
use nix::sys::ptrace::{self, Options as Trace};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What is shared with the thread that waits until the program has settled.
struct Shared {
    traps: Mutex<Traps>,
    settled: AtomicBool,
}

impl Shared {
    fn traps(&self) -> MutexGuard<'_, Traps> {
        self.traps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the program to its end, and answers how it exits.
pub(crate) fn run(recording: Recording) -> Result<i32> {
    let functions = symbols::functions(&recording.program)?;
    let mut file = OpenOptions::new().create(true).append(true).open(&recording.file)?;
    let pid = stopped(&recording)?;
    // Told as soon as possible: whoever started this means the program.
    pass_on(pid)?;
    let traps = Traps::lay(pid, &recording.program, functions)?;
    let shared = Arc::new(Shared { traps: Mutex::new(traps), settled: AtomicBool::new(false) });
    let (settles, after) = (Arc::clone(&shared), Duration::from_secs_f64(recording.settle));
    std::thread::spawn(move || {
        std::thread::sleep(after);
        settles.settled.store(true, Ordering::SeqCst);
        // It may be over by now.
        let _ = settles.traps().set();
    });
    ptrace::cont(pid, None)?;
    follow(pid, &shared, &mut file)
}

/// Starts the program, and stops it before its first instruction.
fn stopped(recording: &Recording) -> Result<Pid> {
    // It stops itself while it still is the shell, so that there is time to take hold of it.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"kill -STOP $$; exec "$0" "$@""#]).arg(&recording.program).args(&recording.arguments);
    let pid = Pid::from_raw(i32::try_from(shell.spawn()?.id())?);
    waitpid(pid, Some(WaitPidFlag::WUNTRACED))?;
    ptrace::attach(pid).context("take hold of the program")?;
    waitpid(pid, None)?;
    ptrace::setoptions(pid, Trace::PTRACE_O_TRACEEXEC | Trace::PTRACE_O_TRACECLONE | Trace::PTRACE_O_EXITKILL)?;
    kill(pid, Signal::SIGCONT)?;
    ptrace::cont(pid, None)?;
    loop {
        match waitpid(pid, None)? {
            WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_EXEC) => return Ok(pid),
            WaitStatus::Exited(..) | WaitStatus::Signaled(..) => bail!("the program could not be started"),
            _ => ptrace::cont(pid, None)?,
        }
    }
}

/// What we are asked, it is asked.
fn pass_on(pid: Pid) -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let signal = if signal == SIGINT { Signal::SIGINT } else { Signal::SIGTERM };
            // It may be over by now.
            let _ = kill(pid, signal);
        }
    });
    Ok(())
}

/// Lets all threads run from trap to trap, until the program ends.
fn follow(program: Pid, shared: &Shared, file: &mut File) -> Result<i32> {
    loop {
        match waitpid(None, Some(WaitPidFlag::__WALL))? {
            WaitStatus::Exited(pid, code) if pid == program => return Ok(code),
            WaitStatus::Signaled(pid, signal, _) if pid == program => bail!("the program was ended by {signal}"),
            WaitStatus::Stopped(thread, Signal::SIGTRAP) => {
                met(thread, shared, file)?;
                go_on(thread, None);
            }
            // A new thread begins with it.
            WaitStatus::Stopped(thread, Signal::SIGSTOP) => go_on(thread, None),
            WaitStatus::Stopped(thread, signal) => go_on(thread, Some(signal)),
            WaitStatus::PtraceEvent(thread, ..) => go_on(thread, None),
            _ => {}
        }
    }
}

/// A thread that was killed meanwhile does not go on, and need not.
fn go_on(thread: Pid, signal: Option<Signal>) {
    let _ = ptrace::cont(thread, signal);
}

fn met(thread: Pid, shared: &Shared, file: &mut File) -> Result<()> {
    let mut registers = ptrace::getregs(thread)?;
    // The trap itself is one byte, and has been passed.
    let address = registers.rip.wrapping_sub(1);
    let Some(met) = shared.traps().meet(address)? else { return Ok(()) };
    if let Met::First(names) = met {
        let when = if shared.settled.load(Ordering::SeqCst) { "use" } else { "start" };
        let lines: String = names.iter().map(|name| format!("{when} {name}\n")).collect();
        file.write_all(lines.as_bytes())?;
    }
    registers.rip = address;
    ptrace::setregs(thread, registers)?;
    Ok(())
}
