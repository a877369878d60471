//! Starting programs so that none outlives its task.
//!
//! A task is made the reaper of all its descendants: whoever they detach from, they stay in our tree of processes,
//! and [`sweep`] finds and ends them. That holds for browsers, which like to lead process groups of their own.
//! This is Linux; elsewhere programs are ended by whoever started them, and nobody looks for stragglers.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::Trouble;

/// We were asked to stop: nothing new may begin.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// How long a program has to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(8);

/// Adopts orphaned descendants, and ends every descendant when this process is asked to stop.
pub fn mind_children() -> Result<(), Trouble> {
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(getpid()))
        .map_err(Trouble::during("become the reaper of child processes"))?;
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(Trouble::during("listen for signals"))?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            STOPPING.store(true, Ordering::SeqCst);
            sweep();
            remove_scratch();
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// A temporary folder for all that the programs of this run leave behind when they are ended.
static SCRATCH: OnceLock<PathBuf> = OnceLock::new();

/// Gives the programs that are run from now on a temporary folder of their own, until [`remove_scratch`].
///
/// # Errors
/// When it can't be made.
pub fn make_scratch() -> Result<(), Trouble> {
    let folder = std::env::temp_dir().join(format!("watchbell-run-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(Trouble::during(format!("make {}", folder.display())))?;
    let _ = SCRATCH.set(folder);
    Ok(())
}

/// Removes that folder.
pub fn remove_scratch() {
    if let Some(folder) = SCRATCH.get() {
        let _ = fs::remove_dir_all(folder);
    }
}

/// Runs a program to its end and hands every line of its standard output to `line`.
///
/// # Errors
/// When the program can't be started.
pub fn run_lines(command: &mut Command, mut line: impl FnMut(&str)) -> Result<ExitStatus, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    if let Some(folder) = SCRATCH.get() {
        command.env("TMPDIR", folder);
    }
    // A group of its own: Ctrl-C reaches us alone, and we end the programs in order.
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(Trouble::during(format!("start {name}")))?;
    if let Some(out) = child.stdout.take() {
        let mut reader = BufReader::new(out);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            line(String::from_utf8_lossy(&bytes).trim_end_matches('\n'));
            bytes.clear();
        }
    }
    let status = child.wait().map_err(Trouble::during(format!("wait for {name}")));
    while STOPPING.load(Ordering::SeqCst) {
        // Its end is not its own doing, and the thread that sweeps is about to end us, too.
        thread::sleep(Duration::from_secs(1));
    }
    status
}

/// Runs a program quietly and answers what it printed.
///
/// # Errors
/// When it can't be started or fails; the sentence holds its standard error.
pub fn output(command: &mut Command) -> Result<String, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.stdin(Stdio::null()).output().map_err(Trouble::during(format!("start {name}")))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(Trouble::new(format!("{name} failed ({}): {said}", done.status)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// A `cargo` command without the variables that `cargo run` gave to us: they would make crates build again.
#[must_use]
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_");
        if ours || text == "CARGO_CRATE_NAME" || text == "CARGO_BIN_NAME" || text == "OUT_DIR" {
            command.env_remove(&name);
        }
    }
    command.current_dir(crate::root());
    command
}

/// Asks a child process to stop (SIGTERM).
pub fn ask_to_end(child: &std::process::Child) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

/// Has a child process make no file longer than so many bytes, as on a disk without room, until it is told `None`. It is the soft
/// limit alone, which anybody may raise again; a program that does not ignore SIGXFSZ is ended by it.
///
/// # Errors
/// When the child is gone.
#[cfg(target_os = "linux")]
pub fn limit_files(child: &std::process::Child, bytes: Option<u64>) -> Result<(), Trouble> {
    use rustix::process::{Resource, Rlimit, getrlimit, prlimit};
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let maximum = getrlimit(Resource::Fsize).maximum;
    prlimit(pid, Resource::Fsize, Rlimit { current: bytes.or(maximum), maximum })
        .map(drop)
        .map_err(Trouble::during("limit the files of a program"))
}

/// Ends all descendants, politely first; answers how many there were.
pub fn sweep() -> usize {
    let found = descendants();
    let count = found.len();
    signal_all(&found, Signal::TERM);
    let deadline = Instant::now() + PATIENCE;
    loop {
        reap();
        let rest = descendants();
        if rest.is_empty() {
            return count;
        }
        if Instant::now() > deadline {
            signal_all(&rest, Signal::KILL);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn signal_all(pids: &[Pid], signal: Signal) {
    for pid in pids {
        // It may have gone since we looked: that is what we want.
        let _ = kill_process(*pid, signal);
    }
}

/// Collects the exit codes of adopted processes that have ended, else they would stay as zombies.
fn reap() {
    while matches!(waitpid(None, WaitOptions::NOHANG), Ok(Some(_))) {}
}

/// The live processes below this one, from `/proc`.
fn descendants() -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // "pid (name) state ppid …": the name may hold spaces and brackets, so read from the last bracket.
        let mut rest = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let state = rest.next();
        let Some(parent) = rest.next().and_then(|text| text.parse::<i32>().ok()) else { continue };
        if state != Some("Z") {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = Vec::new();
    let mut next = vec![getpid().as_raw_nonzero().get()];
    while let Some(parent) = next.pop() {
        for child in children.get(&parent).into_iter().flatten() {
            next.push(*child);
            found.extend(Pid::from_raw(*child));
        }
    }
    found
}
