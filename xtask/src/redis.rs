//! A private Redis for tests: on a free port, with nothing on disk, gone with its owner.
//!
//! As with PostgreSQL, a small shell minds the server and waits on a pipe: when the owner ends in any way, kill -9 included, the pipe
//! closes and the server is ended.

use std::fs;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::postgres::free_port;
use crate::{Trouble, packages};

/// What the minding shell does: `$1` is the folder, the rest starts the server. It is killed, not asked: it may be stopped.
const MINDER: &str = r#"
trap "" INT TERM HUP
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
echo "$server" >"$folder/pid"
read -r _
kill -KILL "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$folder"
"#;

/// Stands for the port where it is one for TLS.
const TLS: &str = "{port}";

/// The server is ended as soon as this is dropped.
pub struct Server {
    minder: Child,
    port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
}

impl Server {
    /// Starts one and waits until it takes connections.
    ///
    /// # Errors
    /// When Redis is not installed or does not start; the sentence holds the end of its log.
    pub fn start() -> Result<Self, Trouble> {
        Self::start_with(&[])
    }

    /// The same with more settings, as on its command line: `--cluster-enabled yes`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(arguments: &[&str]) -> Result<Self, Trouble> {
        let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
        // Between our choice of a free port and the server's bind somebody else may take it: then choose again.
        let mut last = Trouble::new("no free port");
        for _ in 0..5 {
            match Self::start_on(free_port()?, &arguments) {
                Ok(server) => return Ok(server),
                Err(trouble) => last = trouble,
            }
        }
        Err(last)
    }

    /// The same, by TLS alone.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_tls(arguments: &[&str]) -> Result<Self, Trouble> {
        Self::start_with(&[&["--tls-port", TLS, "--tls-auth-clients", "no"], arguments].concat())
    }

    /// Starts it at a port, for whoever has to know it before.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_on(port: u16, arguments: &[String]) -> Result<Self, Trouble> {
        let program = packages::on_path("redis-server").ok_or_else(|| {
            Trouble::new(
                "redis-server is nowhere: install it with `cargo xtask packages`, \
                 or set WATCHBELL_TEST_REDIS_URL to a server",
            )
        })?;
        let folder = fresh_folder()?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", MINDER, "minder"]).arg(&folder).arg(program);
        // A first argument that is a file holds settings of its own (a Sentinel's).
        let (file, rest) = match arguments.split_first() {
            Some((first, rest)) if !first.starts_with("--") => (Some(first), rest),
            _ => (None, arguments),
        };
        let by_tls = rest.iter().any(|argument| argument == TLS);
        let plain = if by_tls { 0 } else { port };
        command.args(file).args(["--port", &plain.to_string(), "--bind", "127.0.0.1", "--dir"]).arg(&folder);
        let rest = rest.iter().map(|argument| if argument == TLS { port.to_string() } else { argument.clone() });
        command.args(["--daemonize", "no"]).args(rest);
        if file.is_none() {
            command.args(["--save", "", "--appendonly", "no"]);
        }
        let minder = command
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(Trouble::during("start Redis"))?;
        let server = Self { minder, port, folder, arguments: arguments.to_vec() };
        server.wait()?;
        Ok(server)
    }

    fn wait(&self) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut log = String::new();
        while Instant::now() < deadline {
            log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            let ready = log.contains("eady to accept connections") || log.contains("Sentinel ID is");
            let address = ("127.0.0.1", self.port).to_socket_addrs().ok().and_then(|mut found| found.next());
            if ready && address.is_some_and(|address| TcpStream::connect(address).is_ok()) {
                return Ok(());
            }
            if log.contains("Failed listening") || log.contains("FATAL") {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let tail: Vec<&str> = log.lines().rev().take(3).collect();
        Err(Trouble::new(format!("Redis did not start: {}", tail.join(" | "))))
    }

    /// Its address, as in `WATCHBELL_TEST_REDIS_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where it keeps its files; gone when it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Stops it in the middle of whatever it does: it is there and answers nothing.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Has it go on.
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    /// Ends it at once. What it held is gone.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
        let deadline = Instant::now() + Duration::from_secs(5);
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts it again where it was, with nothing in it.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_again(&mut self) -> Result<(), Trouble> {
        *self = Self::start_on(self.port, &self.arguments.clone())?;
        Ok(())
    }

    fn signal(&self, signal: Signal) {
        let pid = fs::read_to_string(self.folder.join("pid")).ok().and_then(|pid| pid.trim().parse().ok());
        if let Some(pid) = pid.and_then(Pid::from_raw) {
            // One that has ended can't be ended again.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.minder.stdin.take());
        let _ = self.minder.wait();
    }
}

/// A new folder of our own.
fn fresh_folder() -> Result<PathBuf, Trouble> {
    for attempt in 0..10_000 {
        let folder = std::env::temp_dir().join(format!("watchbell-redis-{}-{attempt}", std::process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(taken) if taken.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(other) => return Err(Trouble::new(format!("make {}: {other}", folder.display()))),
        }
    }
    Err(Trouble::new(format!("{} is full of old test folders: remove them", std::env::temp_dir().display())))
}
