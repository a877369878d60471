//! A private PgBouncer for tests, in transaction mode: on a free port, gone with its owner.
//!
//! As with PostgreSQL, a small shell minds it and waits on a pipe: when the owner ends in any way, the pipe closes and it is ended.

use std::fs;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::postgres::{Runner, as_runner, folder_in, free_port, runner};
use crate::{Trouble, packages, process};

/// What the minding shell does: `$1` is the folder, the rest starts the pooler.
const MINDER: &str = r#"
trap "" INT TERM HUP
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
read -r _
kill -KILL "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$folder"
"#;

/// Where PostgreSQL is, and as whom the pooler comes there.
#[derive(Debug, Clone)]
pub struct Behind {
    /// The host's name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The role.
    pub user: String,
    /// Its password, if it needs one.
    pub password: Option<String>,
}

/// The pooler is ended as soon as this is dropped.
pub struct Pooler {
    minder: Child,
    port: u16,
    folder: PathBuf,
}

impl Pooler {
    /// Starts one and waits until it takes connections. It lends at most `connections` of each database.
    ///
    /// # Errors
    /// When PgBouncer is not installed or does not start; the sentence holds the end of its log.
    pub fn start(behind: &Behind, connections: usize) -> Result<Self, Trouble> {
        let program = program()?;
        let runner = runner()?;
        // Between our choice of a free port and its bind somebody else may take it: then choose again.
        let mut last = Trouble::new("no free port");
        for _ in 0..5 {
            let folder = folder_in(&std::env::temp_dir(), "pgbouncer", runner.as_ref())?;
            let port = free_port()?;
            fs::write(folder.join("pgbouncer.ini"), settings(behind, port, connections))
                .map_err(Trouble::during("write PgBouncer's settings"))?;
            match serve(&program, &folder, port, runner.as_ref()) {
                Ok(pooler) => return Ok(pooler),
                Err(trouble) => last = trouble,
            }
        }
        Err(last)
    }

    /// Its port, on this machine.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.minder.stdin.take());
        let _ = self.minder.wait();
    }
}

/// Whether the one that is installed keeps prepared statements in transaction mode: from version 1.21 on.
///
/// # Errors
/// When PgBouncer is not installed or does not say its version.
pub fn keeps_prepared() -> Result<bool, Trouble> {
    let said = process::output(Command::new(program()?).arg("--version"))?;
    let number = said.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Ok((major, minor) >= (1, 21))
}

/// `WATCHBELL_TEST_PGBOUNCER` names another than the system's.
fn program() -> Result<PathBuf, Trouble> {
    std::env::var_os("WATCHBELL_TEST_PGBOUNCER")
        .map(PathBuf::from)
        .or_else(|| packages::on_path("pgbouncer"))
        .ok_or_else(|| Trouble::new("pgbouncer is nowhere: install it with `cargo xtask packages`"))
}

fn settings(behind: &Behind, port: u16, connections: usize) -> String {
    let Behind { host, port: theirs, user, password } = behind;
    let password = password.as_ref().map(|password| format!(" password={password}")).unwrap_or_default();
    // Versions before 1.21 know no prepared statements, and say so when they are asked to keep some.
    let kept = if keeps_prepared().unwrap_or_default() { "max_prepared_statements = 100\n" } else { "" };
    format!(
        "[databases]\n* = host={host} port={theirs} user={user}{password}\n\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
         pool_mode = transaction\ndefault_pool_size = {connections}\nmax_client_conn = 400\n{kept}"
    )
}

fn serve(program: &Path, folder: &Path, port: u16, runner: Option<&Runner>) -> Result<Pooler, Trouble> {
    let mut command = as_runner(Command::new("/bin/sh"), runner);
    command.args(["-c", MINDER, "minder"]).arg(folder).arg(program).arg(folder.join("pgbouncer.ini"));
    let minder = command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(Trouble::during("start PgBouncer"))?;
    let pooler = Pooler { minder, port, folder: folder.to_path_buf() };
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut log = String::new();
    while Instant::now() < deadline {
        log = fs::read_to_string(pooler.folder.join("log")).unwrap_or_default();
        if log.contains("process up") && TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(pooler);
        }
        if log.contains("FATAL") {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let tail: Vec<&str> = log.lines().rev().take(3).collect();
    Err(Trouble::new(format!("PgBouncer did not start: {}", tail.join(" | "))))
}
